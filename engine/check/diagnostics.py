"""A problem that a person can cause by editing: a value, never an exception."""

from dataclasses import dataclass
from typing import Literal

from engine.graph.edits import Edit

Severity = Literal["error", "warning", "info"]


@dataclass(frozen=True, slots=True)
class Fix:
    """One click that mends a problem."""

    label: str
    edit: Edit


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """What is wrong, where, with the numbers, and what to do about it.

    ``code``: ``G`` graph, ``P`` parameter, ``S`` shape, ``D`` data, ``T`` training or ``W`` weights, and three digits;
    never reused.
    ``node``: its path from the main graph with dots (``stem.conv1``), or ``None`` when no node is to blame.
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
        """The fields that the command line and the worker's answers carry."""
        return {
            "code": self.code,
            "severity": self.severity,
            "node": self.node,
            "port": self.port,
            "message": self.message,
            "hint": self.hint,
        }


def errors(problems: tuple[Diagnostic, ...]) -> tuple[Diagnostic, ...]:
    """Those that keep a project from being trained or exported."""
    return tuple(problem for problem in problems if problem.severity == "error")
