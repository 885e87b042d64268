"""The metrics of a run, and those that decide which weights are best, when to stop, and when the LR falls."""

from msgspec import Struct

from engine.catalog.index import layer, usual_metrics
from engine.catalog.schedules import SCHEDULES
from engine.catalog.spec import effective
from engine.graph.default_metric import implied_metric
from engine.graph.model import Project, SchedulePart
from engine.graph.schedules import watching


def metric_names(project: Project) -> tuple[str, ...]:
    """The metrics that a run reports each epoch, such as ``val_loss``; ``val_`` only with validation samples.

    Where the training lists phases, no pass computes all outputs of a training sample: then only losses are reported.
    """
    metrics, losses = _metrics(project), _of_role(project, "loss")
    names = [f"train_{name}" for name in ("loss", *(() if project.training.phases else metrics), *losses)]
    if project.data.split.validation > 0:
        names += [f"val_{name}" for name in ("loss", *metrics, *losses)]
    return tuple(dict.fromkeys(names))


def _metrics(project: Project) -> list[str]:
    """The metrics of the graph, else the one that a loss implies."""
    names = _of_role(project, "metric")
    implied = None if names else implied_metric(project)
    return [implied[1].usual_name] if implied else names


def _of_role(project: Project, role: str) -> list[str]:
    graph = project.graphs.get(project.main)
    declared = {name: layer(node.kind) for name, node in graph.nodes.items()} if graph else {}
    return [name for name, entry in declared.items() if entry and entry.role == role]


class WatchedMetric(Struct, frozen=True):
    """A metric by its name in events (``val_loss``), and whether it should fall."""

    name: str
    lower_is_better: bool


def is_lower_better(project: Project, metric: str) -> bool:
    """Whether a metric such as ``val_mae`` should fall: every loss and every error should, other metrics rise."""
    name = metric.partition("_")[2]
    node = project.graphs[project.main].nodes.get(name)
    declared = layer(node.kind) if node else usual_metrics().get(name)
    if name == "loss" or declared is None:
        return name == "loss"
    return declared.role == "loss" or declared.lower_is_better


def best_metric(project: Project) -> WatchedMetric | None:
    """The metric that decides which weights are the best: the first one, unless the project names one.

    ``None`` for several phases without a named metric: the last epoch is then the best.
    """
    if project.training.best.watch is None and len(project.training.phases) > 1:
        return None
    return _watched_or_first(project)


def _watched_or_first(project: Project) -> WatchedMetric:
    part = "val" if project.data.split.validation > 0 else "train"
    metrics = _metrics(project) if part == "val" or not project.training.phases else []
    metric = project.training.best.watch or f"{part}_{next(iter(metrics), 'loss')}"
    return WatchedMetric(metric, is_lower_better(project, metric))


def stop_metric(project: Project) -> WatchedMetric | None:
    """The metric that early stopping waits for, or ``None``."""
    stop = project.training.early_stop
    return WatchedMetric(stop.watch, is_lower_better(project, stop.watch)) if stop else None


def schedule_metric(project: Project, part: SchedulePart | None) -> str | None:
    """The metric that an LR schedule gets each epoch, or ``None`` when it needs none.

    One that waits for a fall gets the loss, one that waits for a rise gets the metric that decides the best weights.
    """
    watcher = watching(part)
    if watcher is None:
        return None
    if effective(SCHEDULES[watcher.kind].params, watcher.params).get("mode") == "max":
        return _watched_or_first(project).name
    return "val_loss" if "val_loss" in metric_names(project) else "train_loss"
