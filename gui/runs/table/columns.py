"""The columns of the list of runs: the text, the value to sort by and the value to copy."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from gui.formatting.formats import number
from gui.formatting.run_text import (
    STATES,
    base_name,
    duration,
    is_share,
    leading_metric,
    metric_label,
    metric_text,
    metric_title,
    when,
)
from gui.runs.known_runs.inventory import RunEntry

NAME, STATE, SCORE, TAGS, FOLDER = "name", "state", "score", "tags", "folder"
Raw = str | int | float | None


@dataclass(frozen=True, slots=True)
class Column:
    """``key``: its name in the preferences. ``raw``: the value to sort by and to copy; ``None`` if the run has none."""

    key: str
    title: str
    text: Callable[[RunEntry], str]
    raw: Callable[[RunEntry], Raw]
    width_px: int
    is_figure: bool = False
    tip: str = ""


def score(run: RunEntry) -> tuple[str, float] | None:
    """The full name and the value of the leading metric of a run, in its best epoch if it has one, else the last."""
    metrics = run.summary.best or run.summary.metrics
    held_out = {base_name(name): (name, value) for name, value in metrics.items() if name.startswith("val_")}
    name = leading_metric(held_out)
    return held_out[name] if name is not None else None


def _score_text(run: RunEntry) -> str:
    best = score(run)
    if best is None:
        return ""
    name = base_name(best[0])
    return (
        f"{metric_text(*best)} {name.replace('_', ' ')}"
        if is_share(name)
        else f"{metric_title(name)} {metric_text(*best)}"
    )


def _score_raw(run: RunEntry) -> float | None:
    best = score(run)
    return best[1] if best else None


def _epochs_text(run: RunEntry) -> str:
    target = run.target_epochs
    return f"{run.summary.epochs} / {target}" if run.summary.epochs != target else str(target)


def home_less(path: Path) -> str:
    """A folder with ``~`` for the home folder."""
    try:
        return f"~/{path.relative_to(Path.home())}"
    except (ValueError, RuntimeError):
        return str(path)


def metric(name: str) -> Column:
    """The column of a metric, by its full name such as ``val_accuracy``."""
    part = {"train": "Training ", "val": "Validation "}.get(name.partition("_")[0], "")
    title = f"{part}{metric_label(base_name(name))}" if part else metric_title(name)

    def raw(run: RunEntry) -> float | None:
        return (run.summary.best or run.summary.metrics).get(name)

    def text(run: RunEntry) -> str:
        value = raw(run)
        return "" if value is None else metric_text(name, value)

    return Column(name, title, text, raw, 108 if name == "val_loss" else 124, is_figure=True, tip=AT_BEST)


def _with_commas(raw: Callable[[RunEntry], int | None]) -> Callable[[RunEntry], str]:
    def text(run: RunEntry) -> str:
        value = raw(run)
        return "" if value is None else f"{value:,}"

    return text


def _words(key: str, title: str, raw: Callable[[RunEntry], str], width_px: int, tip: str = "") -> Column:
    return Column(key, title, raw, raw, width_px, tip=tip)


def _count(key: str, title: str, raw: Callable[[RunEntry], int | None], width_px: int, tip: str = "") -> Column:
    return Column(key, title, _with_commas(raw), raw, width_px, is_figure=True, tip=tip)


def _lr_text(run: RunEntry) -> str:
    lr = run.summary.setup.lr
    return "" if lr is None else number(lr) if lr >= 0.001 else f"{lr:g}"


AT_BEST = "In the best epoch of the run; while it trains, in the last one"
COLUMNS = (
    Column(NAME, "Run", lambda run: run.summary.name, lambda run: run.summary.name, 224),
    Column(STATE, "State", lambda run: STATES[run.summary.state], lambda run: run.summary.state, 98),
    Column("started", "Started", lambda run: when(run.summary.started_at), lambda run: run.summary.started_at, 112),
    Column("epochs", "Epochs", _epochs_text, lambda run: run.summary.epochs, 88, is_figure=True),
    metric("val_loss"),
    Column(SCORE, "At best epoch", _score_text, _score_raw, 118, is_figure=True, tip=AT_BEST),
    Column("seconds", "Trained", lambda run: duration(run.seconds), lambda run: run.seconds, 84, is_figure=True),
    _words(TAGS, "Tags", lambda run: ", ".join(run.summary.label.tags), 120),
    Column("lr", "Learning rate", _lr_text, lambda run: run.summary.setup.lr, 108, is_figure=True,
           tip="Of the optimizer, from which a schedule starts"),
    _count("batch_size", "Batch size", lambda run: run.summary.setup.batch_size, 84),
    _count("parameters", "Parameters", lambda run: run.summary.parameters, 92, "Numbers that the network learns"),
    _words("optimizer", "Optimizer", lambda run: run.summary.setup.optimizer, 88),
    _words("schedule", "Schedule", lambda run: run.summary.setup.schedule, 120),
    _words("data", "Data", lambda run: run.summary.setup.data, 96),
    _count("best_epoch", "Best epoch", lambda run: run.summary.best_epoch, 88),
    _count("seed", "Seed", lambda run: run.started.seed if run.started else None, 64),
    _words("device", "Device", lambda run: run.started.device if run.started else "", 84),
    _words(FOLDER, "Folder", lambda run: home_less(run.path.parent), 130),
)  # fmt: skip
DEFAULT = (NAME, STATE, "started", "epochs", "val_loss", SCORE, "seconds")


def metrics_of(runs: Iterable[RunEntry]) -> list[str]:
    """The full names of all metrics of these runs, in order of first appearance."""
    names = (name for run in runs for name in (*run.summary.best, *run.summary.metrics))
    return list(dict.fromkeys(names))


def legal(keys: Iterable[str]) -> list[str]:
    """The chosen columns without duplicates, always with the name; the defaults if none is chosen."""
    columns = list(dict.fromkeys(key for key in keys if key))
    if not columns:
        return list(DEFAULT)
    return columns if NAME in columns else [NAME, *columns]
