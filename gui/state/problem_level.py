"""How loudly a problem is shown: what is merely not finished yet is no error until a person asks.

Codes and severities stay what they are; ``check``, training and export go by those.
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
        "D108",  # data whose file is not named
        "T001",  # no loss
        "T010",  # nothing leads to a loss
    }
)
"""What every drawing goes through while it is made."""

RANK = MappingProxyType({"": 0, "info": 1, "unfinished": 2, "warning": 3, "error": 4})


def key(problem: Diagnostic) -> Key:
    """What tells a problem from others, however often it is found."""
    return problem.code, problem.node, problem.port, problem.message


def tone(problem: Diagnostic, reported: Container[Key]) -> Tone:
    """How a problem is shown; ``asked``: those that a person was told of by Train or F8."""
    if problem.code in UNFINISHED and key(problem) not in reported:
        return "unfinished"
    return problem.severity
