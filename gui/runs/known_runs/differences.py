"""The settings of projects as text, and in which of them several projects differ."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from engine.catalog.averages import AVERAGES
from engine.catalog.data.datasets import datasets
from engine.catalog.data.transforms import transforms
from engine.catalog.index import layer
from engine.catalog.optimizers import OPTIMIZERS
from engine.catalog.params import Param, Value
from engine.catalog.schedules import SCHEDULES
from engine.catalog.spec import effective
from engine.catalog.weight_settings.initializers import INITIALIZERS
from engine.catalog.weight_settings.parametrizations import PARAMETRIZATIONS
from engine.graph.model import MATRICES, Data, Graph, OtherOptimizer, Part, Phase, Project, SchedulePart, Training
from engine.graph.off import Off
from engine.graph.weights import WeightSettings

NOTHING = "–"


class Difference(NamedTuple):
    """One setting with its value in each project."""

    name: str
    values: tuple[str, ...]


def differences(projects: Sequence[Project]) -> list[Difference]:
    """The settings with different values: training first, then data, then graphs; node positions are ignored."""
    all_settings = [settings(project) for project in projects]
    names = dict.fromkeys(name for each in all_settings for name in each)
    result = []
    for name in names:
        values = tuple(each.get(name, NOTHING) for each in all_settings)
        if len(set(values)) > 1 and not _is_of_a_missing_node(name, all_settings):
            result.append(Difference(name, values))
    return result


def settings(project: Project) -> dict[str, str]:
    """All settings with their values, defaults included."""
    return own_settings(project) | graph_settings(project)


def own_settings(project: Project) -> dict[str, str]:
    """The settings of the training and the data."""
    return _training(project.training) | _data(project.data)


def graph_settings(project: Project) -> dict[str, str]:
    """The settings of the graphs: nodes, their parameters, and wires."""
    settings: dict[str, str] = {}
    for name, graph in project.graphs.items():
        settings |= _graph(graph, "" if name == project.main else f"{name}: ")
    return settings


def _is_of_a_missing_node(name: str, all_settings: list[dict[str, str]]) -> bool:
    """Whether the setting belongs to a node that some of the projects lack: the node itself is a difference then."""
    node = name.rpartition(".")[0]
    return bool(node) and any(node in each for each in all_settings) and not all(node in each for each in all_settings)


def _training(training: Training) -> dict[str, str]:
    settings = {
        "epochs": text(training.epochs),
        "batch size": text(training.batch_size),
        "seed": text(training.seed),
        "device": training.device,
        "threads": text(training.threads),
        "drop last batch": text(training.drop_last),
    }
    settings |= _optimizers("optimizer", training.optimizer, training.other_optimizers)
    if training.schedule:
        settings |= _schedule("schedule", training.schedule)
    settings |= {"L1 penalty": text(training.l1), "L2 penalty": text(training.l2)}
    if training.clip:
        settings["clip gradients"] = f"{training.clip.by} {text(training.clip.at)}"
    if stop := training.early_stop:
        settings["early stop"] = f"{stop.watch}, {stop.patience} epochs, {text(stop.min_delta)}"
    settings["best by"] = training.best.watch or "default"
    settings |= _part("average", training.average, AVERAGES) if training.average else {}
    for phase in training.phases:
        settings |= _phase(phase)
    return settings


def _optimizers(name: str, first: Part, others: tuple[OtherOptimizer, ...]) -> dict[str, str]:
    settings = _part(name, first, OPTIMIZERS)
    for place, other in enumerate(others, start=2):
        settings |= _part(f"{name} {place}", other, OPTIMIZERS)
        settings[f"{name} {place} for"] = other.of if other.of == MATRICES else ", ".join(other.of)
    return settings


def _schedule(name: str, schedule: SchedulePart) -> dict[str, str]:
    settings: dict[str, str] = {}
    for place, part in enumerate(schedule.parts, start=1):
        title = f"{name} {place}" if schedule.then else name
        settings |= _part(title, part, SCHEDULES)
        settings[f"{title} every"] = part.every or "default"
        lengths = {"steps": part.steps, "epochs": part.epochs}
        settings |= {f"{title} {unit}": text(count) for unit, count in lengths.items() if count is not None}
    return settings


def _phase(phase: Phase) -> dict[str, str]:
    """The settings of one phase; what it takes over from the training is left out."""
    name = f"phase {phase.name}"
    settings = {name: ", ".join(phase.losses)}
    settings[f"{name}.learns"] = "what no other phase does" if phase.learns is None else ", ".join(phase.learns)
    if phase.optimizer:
        settings |= _optimizers(f"{name}.optimizer", phase.optimizer, phase.other_optimizers)
    if isinstance(phase.schedule, Off):
        settings[f"{name}.schedule"] = "none"
    elif phase.schedule:
        settings |= _schedule(f"{name}.schedule", phase.schedule)
    if isinstance(phase.clip, Off):
        settings[f"{name}.clip gradients"] = "none"
    elif phase.clip:
        settings[f"{name}.clip gradients"] = f"{phase.clip.by} {text(phase.clip.at)}"
    counts = {"times": phase.times, "every": phase.every, "accumulate": phase.accumulate}
    numbers = {"L1 penalty": phase.l1, "L2 penalty": phase.l2, **counts}
    settings |= {f"{name}.{key}": text(value) for key, value in numbers.items() if value is not None}
    if phase.epochs:
        settings[f"{name}.epochs"] = f"{phase.epochs[0]} to {phase.epochs[1]}"
    return settings


def _data(data: Data) -> dict[str, str]:
    settings = _part("data", Part(data.kind, data.params), datasets())
    split = data.split
    settings |= {
        "validation share": text(split.validation),
        "test share": text(split.test),
        "split seed": text(split.seed),
        "stratified": text(split.stratify),
        "split by groups of": text(split.group or "none"),
    }
    for place, each in enumerate(data.transforms, 1):
        settings |= _part(f"transform {place}", each, transforms())
    return settings


def _part(name: str, part: Part, declarations: Mapping[str, object]) -> dict[str, str]:
    declared = declarations.get(part.kind)
    params: tuple[Param, ...] = getattr(declared, "params", ())
    values: Mapping[str, Value] = effective(params, part.params) | part.params
    return {name: part.kind} | {f"{name}.{key}": text(value) for key, value in values.items()}


def _weights(path: str, weight_settings: WeightSettings) -> dict[str, str]:
    """The settings of the weights of a node."""
    values: dict[str, str] = {}
    for weight, part in weight_settings.init.items():
        values |= _part(f"{path}.{weight} begins with", part, INITIALIZERS)
    for weight, part in weight_settings.parametrize.items():
        values |= _part(f"{path}.{weight} computed by", part, PARAMETRIZATIONS)
    learning = {"frozen": weight_settings.frozen, "lr_scale": weight_settings.lr_scale, "decay": weight_settings.decay}
    values |= {f"{path}.{name}": text(value) for name, value in learning.items() if value is not None}
    values |= {f"{path}.{key}": f"is {weight}" for key, weight in weight_settings.shares.items()}
    if weight_settings.weights:
        prefix = f", {weight_settings.weights.prefix}" if weight_settings.weights.prefix else ""
        values[f"{path}.starts from"] = f"{weight_settings.weights.path}{prefix}"
    if follows := weight_settings.follows:
        rule = f"every {follows.every} steps" if follows.every is not None else f"keeps {text(follows.decay)}"
        values[f"{path}.follows"] = f"{follows.node}, {rule}"
    return values


def _graph(graph: Graph, before: str) -> dict[str, str]:
    settings: dict[str, str] = {}
    for name, node in graph.nodes.items():
        path = before + name
        repeat = f" × {node.repeat}" if node.repeat != 1 else ""
        settings[path] = f"{node.graph or node.kind}{repeat}{' (bypassed)' if node.is_bypassed else ''}"
        declared = layer(node.kind)
        values = effective(declared.params, node.params) | node.params if declared else node.params
        settings |= {f"{path}.{key}": text(value) for key, value in values.items()}
        if node.shares:
            settings[f"{path}.weights"] = f"of {node.shares}"
        settings |= _weights(path, node.settings)
    for wire in graph.wires:
        settings[f"{before}{wire.target}"] = f"from {wire.source}"
    return settings


def text(value: object) -> str:
    """A value as text for the user."""
    match value:
        case None:
            return "none"
        case bool():
            return "yes" if value else "no"
        case float():
            return f"{value:g}"
        case tuple():
            return " × ".join(map(text, value))
    return str(value)
