"""The work that each further layer takes, in calls of Python functions, which a busy machine does not change.

`bench.analysis` measures the times.
"""

from itertools import pairwise

import pytest

from engine.check.rules import graph_problems
from engine.codegen.model import generate
from engine.graph.model import End, Graph, Node, Project, Wire
from engine.runtime.analysis.analyse import analyse
from engine.runtime.analysis.layer_cache import LayerCache
from engine.runtime.data.fields import FieldSpec
from tests.calls import calls

FIELDS = {"image": FieldSpec((3, 8, 8), "float32")}
FEW, MANY = 30, 90
CONV = {"out_channels": 8, "kernel_size": 3, "padding": 1}
KINDS = (("Conv2d", CONV), ("BatchNorm2d", {}), ("ReLU", {}))


def deep(count: int) -> Project:
    layers = {f"layer{place}": Node(*KINDS[place % len(KINDS)]) for place in range(count)}
    nodes = {"image": Node("Input"), **layers, "y": Node("Output")}
    wires = [Wire(End(a, "output"), End(b, "input")) for a, b in pairwise(nodes)]
    return Project(graphs={"Net": Graph(nodes, wires)})


def source(project: Project, cache: LayerCache) -> int:
    derived = analyse(project, FIELDS, cache).derived
    return calls(lambda: generate(project, derived))


def rules(project: Project, _: LayerCache) -> int:
    return calls(lambda: graph_problems(project))


def analysis(project: Project, cache: LayerCache) -> int:
    return calls(lambda: analyse(project, FIELDS, cache))


@pytest.mark.parametrize(("work", "most"), [(source, 110), (rules, 45), (analysis, 120)])
def test_each_further_layer_takes_few_calls(work, most) -> None:
    """Measured when times were last as asked, with a tenth more; a rule that looks at every node may raise them."""
    cache = LayerCache()
    few, many = deep(FEW), deep(MANY)
    analyse(many, FIELDS, cache)
    work(many, cache)  # what is found once for a kind
    assert (work(many, cache) - work(few, cache)) / (MANY - FEW) <= most
