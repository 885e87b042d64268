"""What two runs were trained with, and where that differs."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from engine.catalog.data.datasets import datasets
from engine.catalog.data.transforms import transforms
from engine.catalog.index import layer
from engine.catalog.optimizers import OPTIMIZERS
from engine.catalog.params import Param, Value
from engine.catalog.schedules import SCHEDULES
from engine.catalog.spec import effective
from engine.catalog.weights.initializers import INITIALIZERS
from engine.catalog.weights.parametrizations import PARAMETRIZATIONS
from engine.graph.model import Data, Graph, Part, Phase, Project, Training
from engine.graph.weights import WeightSettings

NOTHING = "–"


class Difference(NamedTuple):
    """One setting, and its value in each run."""

    name: str
    values: tuple[str, ...]


def differences(projects: Sequence[Project]) -> list[Difference]:
    """The settings that are not alike everywhere: training first, then data, then the drawing; never places."""
    all_settings = [settings(project) for project in projects]
    names = dict.fromkeys(name for each in all_settings for name in each)
    found = []
    for name in names:
        values = tuple(each.get(name, NOTHING) for each in all_settings)
        if len(set(values)) > 1 and not _is_told_by_its_node(name, all_settings):
            found.append(Difference(name, values))
    return found


def settings(project: Project) -> dict[str, str]:
    """Every setting with its value, also those left at their default."""
    return own_settings(project) | graph_settings(project)


def own_settings(project: Project) -> dict[str, str]:
    """Those of the training and of the data."""
    return _training(project.training) | _data(project.data)


def graph_settings(project: Project) -> dict[str, str]:
    """Those of the graphs: nodes, their parameters, and wires."""
    found: dict[str, str] = {}
    for name, graph in project.graphs.items():
        found |= _graph(graph, "" if name == project.main else f"{name}: ")
    return found


def _is_told_by_its_node(name: str, all_settings: list[dict[str, str]]) -> bool:
    """Whether it belongs to a node that some of the projects do not have at all."""
    node = name.rpartition(".")[0]
    return bool(node) and any(node in each for each in all_settings) and not all(node in each for each in all_settings)


def _training(training: Training) -> dict[str, str]:
    found = {
        "epochs": text(training.epochs),
        "batch size": text(training.batch_size),
        "seed": text(training.seed),
        "device": training.device,
        "threads": text(training.threads),
        "drop last batch": text(training.drop_last),
    }
    found |= _part("optimizer", training.optimizer, OPTIMIZERS)
    if training.schedule:
        found |= _part("schedule", training.schedule, SCHEDULES)
        found["schedule every"] = training.schedule.every or "default"
    found |= {"L1 penalty": text(training.l1), "L2 penalty": text(training.l2)}
    if training.clip:
        found["clip gradients"] = f"{training.clip.by} {text(training.clip.at)}"
    if stop := training.early_stop:
        found["early stop"] = f"{stop.watch}, {stop.patience} epochs, {text(stop.min_delta)}"
    found["best by"] = training.best.watch or "default"
    for phase in training.phases:
        found |= _phase(phase)
    return found


def _phase(phase: Phase) -> dict[str, str]:
    """One phase of the training step; what it takes from the training is not said again."""
    name = f"phase {phase.name}"
    found = {name: ", ".join(phase.losses)}
    found[f"{name}.learns"] = "what no other phase does" if phase.learns is None else ", ".join(phase.learns)
    found |= _part(f"{name}.optimizer", phase.optimizer, OPTIMIZERS) if phase.optimizer else {}
    if phase.schedule:
        found |= _part(f"{name}.schedule", phase.schedule, SCHEDULES)
        found[f"{name}.schedule every"] = phase.schedule.every or "default"
    if phase.clip:
        found[f"{name}.clip gradients"] = f"{phase.clip.by} {text(phase.clip.at)}"
    counts = {"times": phase.times, "every": phase.every, "accumulate": phase.accumulate}
    given = {"L1 penalty": phase.l1, "L2 penalty": phase.l2, **counts}
    found |= {f"{name}.{key}": text(value) for key, value in given.items() if value is not None}
    if phase.epochs:
        found[f"{name}.epochs"] = f"{phase.epochs[0]} to {phase.epochs[1]}"
    return found


def _data(data: Data) -> dict[str, str]:
    found = _part("data", Part(data.kind, data.params), datasets())
    split = data.split
    found |= {
        "validation share": text(split.validation),
        "test share": text(split.test),
        "split seed": text(split.seed),
        "stratified": text(split.stratify),
    }
    for place, each in enumerate(data.transforms, 1):
        found |= _part(f"transform {place}", each, transforms())
    return found


def _part(name: str, part: Part, known: Mapping[str, object]) -> dict[str, str]:
    declared = known.get(part.kind)
    params: tuple[Param, ...] = getattr(declared, "params", ())
    values: Mapping[str, Value] = effective(params, part.params) | part.params
    return {name: part.kind} | {f"{name}.{key}": text(value) for key, value in values.items()}


def _weights(path: str, settings: WeightSettings) -> dict[str, str]:
    """The settings of the weights of a node."""
    found: dict[str, str] = {}
    for weight, part in settings.init.items():
        found |= _part(f"{path}.{weight} begins with", part, INITIALIZERS)
    for weight, part in settings.parametrize.items():
        found |= _part(f"{path}.{weight} computed by", part, PARAMETRIZATIONS)
    learning = {"frozen": settings.frozen, "lr_scale": settings.lr_scale, "decay": settings.decay}
    found |= {f"{path}.{name}": text(value) for name, value in learning.items() if value is not None}
    if settings.weights:
        prefix = f", {settings.weights.prefix}" if settings.weights.prefix else ""
        found[f"{path}.starts from"] = f"{settings.weights.path}{prefix}"
    if follows := settings.follows:
        pace = f"every {follows.every} steps" if follows.every is not None else f"keeps {text(follows.decay)}"
        found[f"{path}.follows"] = f"{follows.node}, {pace}"
    return found


def _graph(graph: Graph, before: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, node in graph.nodes.items():
        path = before + name
        repeat = f" × {node.repeat}" if node.repeat != 1 else ""
        found[path] = f"{node.graph or node.kind}{repeat}{' (bypassed)' if node.bypass else ''}"
        declared = layer(node.kind)
        values = effective(declared.params, node.params) | node.params if declared else node.params
        found |= {f"{path}.{key}": text(value) for key, value in values.items()}
        if node.shares:
            found[f"{path}.weights"] = f"of {node.shares}"
        found |= _weights(path, node.settings)
    for wire in graph.wires:
        found[f"{before}{wire.target}"] = f"from {wire.source}"
    return found


def text(value: object) -> str:
    """A value as people write it."""
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
