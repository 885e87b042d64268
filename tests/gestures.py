"""Small projects for tests of edits and gestures, and the check of a gesture."""

from copy import deepcopy

from engine.catalog.expressions import parse
from engine.graph.block_params import BlockParam
from engine.graph.compose import free_name
from engine.graph.edits import Batch
from engine.graph.model import End, Graph, Node, Project, Wire
from tests.strategies import GraphBuilder


def wires(project: Project, graph: str = "Net") -> list[str]:
    return [f"{wire.source} {wire.target}" for wire in project.graphs[graph].wires]


def done(project: Project, gesture: Batch) -> Project:
    """The project after a gesture, which must undo and redo exactly."""
    after, before = deepcopy(project), repr(project)
    undo = gesture.apply(after)
    result = repr(after)
    redo = undo.apply(after)
    assert repr(after) == before
    redo.apply(after)
    assert repr(after) == result
    return after


def chain(*kinds: str) -> Project:
    """Nodes in a row, each named by the stem of its kind."""
    project = Project()
    builder = GraphBuilder(project, "Net")
    end = builder.add("Input", name="image")
    for kind in kinds:
        end = builder.add(kind, end, name=free_name(builder.graph, kind)) or end
    return project


def stem_project(repeat: int = 1) -> Project:
    project = Project()
    inner = GraphBuilder(project, "Stem")
    inner.add("Output", inner.add("ReLU", inner.add("Input", name="x"), name="relu"), name="y")
    net = GraphBuilder(project, "Net")
    image = net.add("Input", name="image")
    stem = net.add("Block", image, node=Node("Block", graph="Stem", repeat=repeat, pos=(200.0, 10.0)), name="stem")
    net.add("Output", stem, name="out")
    return project


def exactly(project: Project) -> str:
    """All of a project, including the order of everything; nan equals itself here."""
    return repr(project)


def small() -> Project:
    """Two convolutions in a row, a block that is used once, and a node and a block that are not."""
    stem = Graph(
        {"x": Node("Input"), "relu": Node("ReLU", {"inplace": parse("depth > size(x, 1)")}), "y": Node("Output")},
        [Wire(End("x", "output"), End("relu", "input")), Wire(End("relu", "output"), End("y", "input"))],
        params={"width": BlockParam("int", 4), "depth": BlockParam("int", 2, min=1)},
    )
    net = Graph(
        {
            "image": Node("Input"),
            "conv1": Node("Conv2d", {"out_channels": 8, "kernel_size": 3}),
            "conv2": Node("Conv2d", shares="conv1"),
            "stem": Node("Block", {"width": 5, "depth": 3}, graph="Stem"),
            "spare": Node("ReLU"),
            "out": Node("Output"),
        },
        [
            Wire(End("image", "output"), End("conv1", "input")),
            Wire(End("conv1", "output"), End("conv2", "input")),
            Wire(End("conv2", "output"), End("stem", "x")),
            Wire(End("stem", "y"), End("out", "input")),
        ],
    )
    return Project(
        graphs={"Net": net, "Unused": Graph({"x": Node("Input"), "loop": Node("Loop", graph="Stem")}), "Stem": stem}
    )
