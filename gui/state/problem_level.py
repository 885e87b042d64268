"""The tone in which a problem is shown: unfinished parts are not errors until the user trains or asks for problems.

Codes and severities do not change; ``check``, training and export use those.
"""

from collections.abc import Container
from types import MappingProxyType
from typing import Literal

from engine.check.diagnostics import Diagnostic

Tone = Literal["error", "warning", "unfinished", "info"]
Key = tuple[str, str | None, str | None, str]

UNFINISHED = frozenset(
    {
        "G005",  # an input without a wire
        "G007",  # a gap among the wires of one input
        "G008",  # a node that leads nowhere yet
        "G018",  # inputs that belong together, wired in part
        "G020",  # a graph without an output
        "D108",  # data without a file
        "D113",  # no data
        "T001",  # no loss
        "T010",  # nothing leads to a loss
    }
)
"""The codes of problems that every project has while it is being built."""

RANK = MappingProxyType({"": 0, "info": 1, "unfinished": 2, "warning": 3, "error": 4})


def key(problem: Diagnostic) -> Key:
    """The identity of a problem across analyses."""
    return problem.code, problem.node, problem.port, problem.message


def tone(problem: Diagnostic, reported: Container[Key]) -> Tone:
    """The tone of a problem; ``reported``: the problems that were shown by Train or F8."""
    if problem.code in UNFINISHED and key(problem) not in reported:
        return "unfinished"
    return problem.severity
