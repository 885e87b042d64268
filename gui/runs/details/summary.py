"""The summary of one run: the metrics of its best epoch, and the best value of each metric."""

from collections.abc import Mapping

from engine.check.training import needs_loss
from engine.graph.model import Project
from engine.graph.watched_metrics import best_metric, is_lower_better
from gui.formatting.formats import plural
from gui.formatting.run_text import STATES, base_name, duration, metric_label, metric_text, when
from gui.runs.curve_data.history import History
from gui.runs.known_runs.inventory import RunEntry


def summary(run: RunEntry, project: Project | None = None, history: History | None = None) -> dict[str, str]:
    """Texts by name, in order. The best epoch is that of one metric; others may have been better in another epoch."""
    run_summary, started = run.summary, run.started
    project = project if project and _is_trainable(project) else None
    started_at = f", started {when(run_summary.started_at)}" if run_summary.started_at else ""
    rows = {"State": f"{STATES[run_summary.state]}{started_at}"}
    rows["Trained"] = f"{duration(run.seconds)}, {plural(run_summary.epochs, 'epoch')}"
    if run_summary.best_epoch:
        metric = best_metric(project) if project else None
        by = f", by {metric_label(base_name(metric.name))}" if metric else ""
        rows["Best epoch"] = f"{run_summary.best_epoch}{by}"
    metrics = _held_out(run_summary.best or run_summary.metrics)
    rows |= {
        f"{'Its' if run_summary.best else 'Last'} {metric_label(base_name(name))}": metric_text(name, metrics[name])
        for name in metrics
    }
    if project and history:
        rows |= _peaks(metrics, project, history, run_summary.best_epoch)
    if started is not None:
        rows["Parameters"] = f"{started.parameters:,}"
        rows["Samples"] = ", ".join(f"{count:,} {part}" for part, count in started.rows.items() if count)
        rows["Device"] = f"{started.device}, {plural(started.threads, 'thread')}"
        rows["Batch size"] = f"{started.batch_size}, seed {started.seed}"
    return rows


def _is_trainable(project: Project) -> bool:
    """Whether a run can come from this project; the copy in its folder may have been edited by hand."""
    return project.main in project.graphs and not list(needs_loss(project))


def _held_out(metrics: Mapping[str, float]) -> dict[str, float]:
    """The validation metrics, without a single loss that equals the total one."""
    whole = metrics.get("val_loss")
    return {
        name: value
        for name, value in metrics.items()
        if name.startswith("val_") and (name == "val_loss" or value != whole)
    }


def _peaks(metrics: Mapping[str, float], project: Project, history: History, best_epoch: int | None) -> dict[str, str]:
    """The metrics that were better in another epoch than the best one."""
    rows = {}
    for name, value in metrics.items():
        is_low = is_lower_better(project, name)
        peak = (history.lowest if is_low else history.highest).get(name)
        if peak and (peak[0] < value if is_low else peak[0] > value) and peak[1] != best_epoch:
            word = "Lowest" if is_low else "Highest"
            rows[f"{word} {metric_label(base_name(name))}"] = f"{metric_text(name, peak[0])}, in epoch {peak[1]}"
    return rows
