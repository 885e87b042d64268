"""A problem that editing can cause: a value, never an exception."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from engine.graph.edits import Edit

Severity = Literal["error", "warning", "info"]


@dataclass(frozen=True, slots=True)
class Fix:
    """An edit that removes a problem, with its label."""

    label: str
    edit: Edit


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """What is wrong, where, with the numbers, and what to do about it.

    ``code``: ``G`` graph, ``P`` parameter, ``S`` shape, ``D`` data, ``T`` training or ``W`` weights, and three digits;
    never reused.
    ``node``: its path from the main graph with dots (``stem.conv1``), or ``None`` for a problem of no single node.
    """

    code: str
    severity: Severity
    message: str
    hint: str = ""
    node: str | None = None
    port: str | None = None
    graph: str | None = None
    fix: Fix | None = None

    def as_json(self) -> dict[str, str | None]:
        """The fields that the command line prints and the worker sends."""
        return {
            "code": self.code,
            "severity": self.severity,
            "node": self.node,
            "port": self.port,
            "message": self.message,
            "hint": self.hint,
        }


def errors(problems: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """The problems that keep a project from being trained or exported."""
    return tuple(problem for problem in problems if problem.severity == "error")
