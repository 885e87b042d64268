"""Valid networks: blocks, repeats, shared weights, several inputs, outputs, losses and metrics, names that clash."""

from hypothesis import strategies as st

from engine.graph.model import Graph, Node, Project
from tests.strategies.endings import add_input, add_sink, finish
from tests.strategies.learning import say
from tests.strategies.pen import Pen
from tests.strategies.sizes import ROWS, Network, follow

_FIELD_SHAPES = st.sampled_from(((ROWS, 4), (ROWS, 3), (ROWS, 4, 3), (ROWS, 3, 4)))


@st.composite
def networks(draw: st.DrawFn, steps: int = 10) -> Network:
    """A valid network with up to three blocks, of which later ones may use earlier ones."""
    project = Project(name="drawn", graphs={})
    network = Network(project)
    blocks: tuple[str, ...] = ()
    for name in ("Stem", "Body", "Tail")[: draw(st.integers(0, 3))]:
        project.graphs[name] = Graph()
        pen = Pen(draw, network, name, blocks=blocks)
        for _ in range(draw(st.integers(1, 2))):
            add_input(pen, draw(_FIELD_SHAPES))
        pen.grow(draw(st.integers(1, 4)))
        for end in draw(st.lists(st.sampled_from(list(pen.shapes)), min_size=1, max_size=2)):
            add_sink(pen, Node("Output"), end, stem="y")
        blocks = (*blocks, name)
    project.graphs["Net"] = Graph()
    pen = Pen(draw, network, "Net", blocks=blocks)
    for _ in range(draw(st.integers(1, 3))):
        add_input(pen, draw(_FIELD_SHAPES), fielded=True)
    pen.grow(draw(st.integers(1, steps)))
    finish(pen)
    for name in project.graphs:
        _shuffle(draw, project.graphs[name])
    names = draw(st.permutations(list(project.graphs)))
    project.graphs = {name: project.graphs[name] for name in names}
    inputs = project.graphs["Net"].of_kind("Input")
    network.derived.clear()
    follow(network, "Net", {name: network.fields.get(_field(node, name), (ROWS,)) for name, node in inputs.items()})
    if draw(st.booleans()):
        say(draw, network)
    return network


def _field(node: Node, name: str) -> str:
    return node.params.get("field") or name


def _shuffle(draw: st.DrawFn, graph: Graph) -> None:
    """Another order of nodes; Input and Output nodes keep theirs, for it is the order of a block's ports."""
    if draw(st.booleans()):
        return
    names = draw(st.permutations(list(graph.nodes)))
    ends = iter([name for name in graph.nodes if graph.nodes[name].kind in ("Input", "Output")])
    names = [next(ends) if graph.nodes[name].kind in ("Input", "Output") else name for name in names]
    graph.nodes = {name: graph.nodes[name] for name in names}
