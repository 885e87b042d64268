"""Valid networks: blocks, repeats, shared weights, several inputs, outputs, losses and metrics, names that clash."""

from dataclasses import replace

from hypothesis import strategies as st

from engine.codegen.plan import plan_main
from engine.codegen.wiring import Wiring
from engine.errors import EngineError
from engine.graph.model import Graph, Node, Phase, Project, Training
from tests.strategies.endings import add_input, add_sink, finish
from tests.strategies.learning import say
from tests.strategies.network_builder import NetworkBuilder
from tests.strategies.sizes import ROWS, Network, follow

PHASES = ("critic", "x", "forward", "phase", "call_impl", "outputs", "_a")
_FIELD_SHAPES = st.sampled_from(((ROWS, 4), (ROWS, 3), (ROWS, 4, 3), (ROWS, 3, 4)))


@st.composite
def networks(draw: st.DrawFn, steps: int = 10, *, draws: bool = False) -> Network:
    """A valid network with up to three blocks, of which later ones may use earlier ones.

    ``draws``: it may also draw random numbers and differentiate values.
    """
    project = Project(name="drawn", graphs={})
    network = Network(project)
    blocks: tuple[str, ...] = ()
    for name in ("Stem", "Body", "Tail")[: draw(st.integers(0, 3))]:
        project.graphs[name] = Graph()
        builder = NetworkBuilder(draw, network, name, blocks=blocks, draws=draws)
        for _ in range(draw(st.integers(1, 2))):
            add_input(builder, draw(_FIELD_SHAPES))
        builder.grow(draw(st.integers(1, 4)))
        for end in draw(st.lists(st.sampled_from(list(builder.shapes)), min_size=1, max_size=2)):
            add_sink(builder, Node("Output"), end, stem="y")
        blocks = (*blocks, name)
    project.graphs["Net"] = Graph()
    builder = NetworkBuilder(draw, network, "Net", blocks=blocks, draws=draws)
    for _ in range(draw(st.integers(1, 3))):
        add_input(builder, draw(_FIELD_SHAPES), fielded=True)
    builder.grow(draw(st.integers(1, steps)))
    finish(builder)
    for name in project.graphs:
        _shuffle(draw, project.graphs[name])
    names = draw(st.permutations(list(project.graphs)))
    project.graphs = {name: project.graphs[name] for name in names}
    project.training = Training(phases=draw(_phases(project)))
    inputs = project.graphs["Net"].of_kind("Input")
    network.derived.clear()
    follow(network, "Net", {name: network.fields.get(_field(node, name), (ROWS,)) for name, node in inputs.items()})
    if draw(st.booleans()):
        say(draw, network)
    return network


@st.composite
def _phases(draw: st.DrawFn, project: Project) -> tuple[Phase, ...]:
    """None, or up to three phases with all losses; each has one that reads what the network computes."""
    wiring = Wiring(project, "Net")
    losses = [name for name in project.graphs["Net"].nodes if wiring.role(name) == "loss"]
    if not losses or draw(st.integers(0, 2)) == 0:
        return ()
    names = draw(st.lists(st.sampled_from(PHASES), min_size=1, max_size=3, unique=True))
    losses_by_phase = [draw(st.lists(st.sampled_from(losses), min_size=1, unique=True)) for _ in names]
    losses_by_phase[-1] += [name for name in losses if not any(name in own for own in losses_by_phase)]
    phases = tuple(Phase(name, tuple(own)) for name, own in zip(names, losses_by_phase, strict=True))
    return phases if all(_computes(project, phase) for phase in phases) else ()


def _computes(project: Project, phase: Phase) -> bool:
    try:
        plan_main(replace(project, training=Training(phases=(phase,))))
    except EngineError as refused:
        if refused.code == "T010":
            return False
        raise
    return True


def _field(node: Node, name: str) -> str:
    return node.params.get("field") or name


def _shuffle(draw: st.DrawFn, graph: Graph) -> None:
    """Change the order of nodes, except of Input and Output nodes, which is the order of a block's ports."""
    if draw(st.booleans()):
        return
    names = draw(st.permutations(list(graph.nodes)))
    ends = iter([name for name in graph.nodes if graph.nodes[name].kind in ("Input", "Output")])
    names = [next(ends) if graph.nodes[name].kind in ("Input", "Output") else name for name in names]
    graph.nodes = {name: graph.nodes[name] for name in names}
