"""The memory that training a network needs, and whether this machine has it."""

from collections.abc import Iterator, Mapping

from engine.catalog.optimizers import OPTIMIZERS
from engine.catalog.spec import effective
from engine.check.diagnostics import Diagnostic
from engine.graph.effective_settings import learns
from engine.graph.model import Part, Phase, Project, Training
from engine.graph.repetitions import dotted_names
from engine.runtime.analysis.node_analysis import NodeAnalysis
from engine.runtime.device import has_gpu
from resources.snippets.memory import memory_left, size_text

FLOAT_BYTES = 4


def values_per_weight(training: Training) -> int:
    """How many values the optimizer keeps for each weight; of those of several optimizers, the least."""
    phases = training.phases or (Phase(""),)
    return min(_values_kept_by(part) for phase in phases for part in _optimizers(training, phase))


def _optimizers(training: Training, phase: Phase) -> tuple[Part, ...]:
    if phase.optimizer:
        return phase.optimizer, *phase.other_optimizers
    return training.optimizer, *training.other_optimizers


def _values_kept_by(part: Part) -> int:
    declaration = OPTIMIZERS.get(part.kind)
    if declaration is None:
        return 0
    values = effective(declaration.params, part.params)
    pairs = values.get(declaration.keeps_twice)
    more = 2 * pairs if isinstance(pairs, int) else 0
    return declaration.keeps + more + sum(bool(values[name]) for name in declaration.keeps_with)


def weights_bytes(project: Project, nodes: Mapping[str, NodeAnalysis], parameters: int) -> int:
    """The bytes of weights, their average, gradients and optimizer state: the least that training needs.

    Weights that do not learn have no gradient and no state.
    """
    frozen = sum(nodes[name].parameters for name in _layers(nodes) if not learns(project, name.split(".")))
    learning = max(0, parameters - frozen)
    copies = 2 if project.training.average else 1
    return (parameters * copies + learning * (1 + values_per_weight(project.training))) * FLOAT_BYTES


def largest_layer(nodes: Mapping[str, NodeAnalysis]) -> str | None:
    """The path of the layer with the most parameters; a block is not a layer."""
    return max(_layers(nodes), key=lambda name: nodes[name].parameters, default=None)


def _layers(nodes: Mapping[str, NodeAnalysis]) -> list[str]:
    blocks = {name.rpartition(".")[0] for name in nodes}
    return [name for name in nodes if name not in blocks]


def problems(project: Project, nodes: Mapping[str, NodeAnalysis], parameters: int) -> Iterator[Diagnostic]:
    """A warning; training itself refuses.

    Only for the processor, whose memory is known without asking a device.
    """
    training = project.training
    need = weights_bytes(project, nodes, parameters)
    if not _is_on_processor(training.device) or need <= (left := memory_left()):
        return
    count = values_per_weight(training)
    state = (
        f" and {count} more number{'s' if count > 1 else ''} that {training.optimizer.kind} keeps for each"
        if count
        else ""
    )
    most = largest_layer(nodes)
    share_text = f" {most} holds {nodes[most].parameters:,} of them." if most else ""
    most = dotted_names(most) if most else None
    yield Diagnostic(
        "T012",
        "warning",
        f"Training needs at least {size_text(need)} of memory for {parameters:,} parameters, their gradients{state}; "
        f"{size_text(left)} are left.{share_text}",
        f"Make {most} smaller." if most else "",
        node=most,
        graph=_graph_of(project, most) if most else None,
    )


def _is_on_processor(device: str) -> bool:
    return device == "cpu" or (device == "auto" and not has_gpu())


def _graph_of(project: Project, path: str) -> str | None:
    """The graph that holds the node at a dotted path."""
    name: str | None = project.main
    for use in path.split(".")[:-1]:
        name = project.graphs[name].nodes[use].graph if name else None
    return name
