"""Short ways to analyse networks: fields of every sort, chains of nodes, losses."""

from itertools import pairwise

from engine.catalog.index import layers
from engine.check.diagnostics import Diagnostic
from engine.graph.model import Node, Project
from engine.runtime.analysis.analyse import Analysis, analyse
from engine.runtime.data.field_spec import FieldSpec
from tests.small_projects import project

FIELDS = {
    "image": FieldSpec((1, 8, 8), "float32"),
    "wide": FieldSpec((3, 32, 32), "float32"),
    "features": FieldSpec((4,), "float32"),
    "series": FieldSpec((12, 6), "float32"),
    "tokens": FieldSpec((7,), "int64"),
    "label": FieldSpec((), "int64", 10),
    "yes": FieldSpec((), "int64", 2),
    "target": FieldSpec((1,), "float32"),
    "number": FieldSpec((), "float32"),
}


def analysis_of(network: Project) -> Analysis:
    return analyse(network, FIELDS)


def only(network: Project) -> Diagnostic:
    """The project's single problem."""
    problems = analysis_of(network).problems
    assert len(problems) == 1, problems
    return problems[0]


def assert_fixed(network: Project, problem: Diagnostic) -> None:
    """The problem's fix leaves no problem."""
    assert problem.fix is not None
    problem.fix.edit.apply(network)
    assert analysis_of(network).problems == ()


def through(field: str, *kinds: Node | str, wires: tuple[str, ...] = (), **more: Node | str) -> Project:
    """A field through some nodes, called n1, n2 ..., to the output y."""
    names = [f"n{place}" for place in range(1, len(kinds) + 1)]
    nodes = {field: "Input", **dict(zip(names, kinds, strict=True)), "y": "Output", **more}
    return project(nodes, *(_first(nodes, a, b) for a, b in pairwise([field, *names, "y"])), *wires)


def _first(nodes: dict[str, Node | str], source: str, target: str) -> str:
    """The wire between the first ports of two nodes."""
    kinds = [each.kind if isinstance(each, Node) else each for each in (nodes[source], nodes[target])]
    return f"{source}.{layers()[kinds[0]].outputs[0].name} > {target}.{layers()[kinds[1]].inputs[0].name}"


def scored(field: str, *kinds: Node | str, loss: Node | str, target: str) -> Project:
    """The same, with a loss on the last value."""
    last = f"n{len(kinds)}" if kinds else field
    return through(
        field, *kinds, wires=(f"{last} > score", f"{target} > score.target"), score=loss, **{target: "Input"}
    )
