"""The problems of a network by their code, and the network after a fix."""

from engine.check.diagnostics import Diagnostic
from engine.check.rules import graph_problems
from engine.graph.model import Project


def problems_of(network: Project, code: str) -> list[Diagnostic]:
    """The problems of one code, at least one."""
    problems = graph_problems(network)
    assert code in {problem.code for problem in problems}, problems
    return [problem for problem in problems if problem.code == code]


def only(network: Project, code: str) -> Diagnostic:
    """The project's single problem."""
    problems = graph_problems(network)
    assert [problem.code for problem in problems] == [code], problems
    return problems[0]


def after_fix(network: Project, problem: Diagnostic) -> tuple[str, ...]:
    """The codes that are left after the problem's fix."""
    assert problem.fix is not None
    problem.fix.edit.apply(network)
    return tuple(left.code for left in graph_problems(network))
