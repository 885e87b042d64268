"""Texts about runs: metrics, durations, dates and states."""

from collections.abc import Iterable
from datetime import UTC, datetime

from engine.runs.summary import RunState
from gui.formatting.formats import number

STATES: dict[RunState, str] = {
    "running": "Running",
    "paused": "Paused",
    "finished": "Finished",
    "stopped": "Stopped",
    "failed": "Failed",
    "interrupted": "Broken off",
    "lost": "Gone",
}
_NAMES = {"mae": "MAE", "mse": "MSE", "rmse": "RMSE", "r2": "R²", "f1": "F1", "auc": "AUC"}
_SHARES = ("accuracy", "precision", "recall")


def base_name(figure: str) -> str:
    """The name of a metric without its part: ``accuracy`` of ``val_accuracy``."""
    return figure.removeprefix("train_").removeprefix("val_")


def base_names(metrics: Iterable[str]) -> list[str]:
    """The names without their parts, without duplicates, in order."""
    return list(dict.fromkeys(map(base_name, metrics)))


def metric_title(name: str) -> str:
    """The name of a metric as a title."""
    return _NAMES.get(name, name.replace("_", " ").capitalize() if name.islower() else name)


def metric_label(name: str) -> str:
    """The name of a metric within a sentence: MAE, but accuracy."""
    return _NAMES.get(name, name.replace("_", " "))


def is_share(name: str) -> bool:
    """Whether a metric is shown in percent."""
    return base_name(name).endswith(_SHARES)


def leading_metric(names: Iterable[str]) -> str | None:
    """The most important of these metrics beside the loss; names without parts."""
    others = [name for name in names if name != "loss"]
    return next((name for name in ("accuracy", "mae") if name in others), others[0] if others else None)


def metric_text(name: str, value: float) -> str:
    """The value of a metric: shares in percent, others with three or four digits."""
    if is_share(name):
        return f"{100 * value:.1f}%" if value < 1 else "100%"
    return number(value)


def clock(seconds: float) -> str:
    """A duration as 00:12, 12:05 or 1:02:03."""
    whole = max(0, round(seconds))
    hours, rest = divmod(whole, 3600)
    minutes, left = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes:02}:{left:02}"


def duration(seconds: float) -> str:
    """A duration in its two largest units."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return (
        f"{whole // 3600} h {whole % 3600 // 60} min"
        if whole < 86400
        else f"{whole // 86400} d {whole % 86400 // 3600} h"
    )


def when(started_at: str, now: datetime | None = None) -> str:
    """A UTC time in ISO 8601 as local time: today 14:05, yesterday 9:30, 3 Nov 14:05."""
    moment = moment_of(started_at)
    if moment is None:
        return ""
    moment, today = moment.astimezone(), (now or datetime.now(UTC)).astimezone()
    days = (today.date() - moment.date()).days
    time = f"{moment:%H:%M}"
    if days in (0, 1):
        return f"{('today', 'yesterday')[days]} {time}"
    day = f"{moment.day} {moment:%b}"
    return f"{day} {time}" if moment.year == today.year else f"{day} {moment.year}"


def moment_of(started_at: str) -> datetime | None:
    """The time of an ISO 8601 text; ``None`` if it is invalid."""
    try:
        moment = datetime.fromisoformat(started_at)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
