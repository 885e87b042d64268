"""The lines and legend entries of charts of runs: validation solid, training dashed.

Each run has a colour; in the live panel, which shows a single run, training and validation have one each.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from gui.formatting.formats import number
from gui.formatting.run_text import base_name, leading_metric, metric_text, metric_title
from gui.runs.charts.loss_lines import LOSSES, LossLines
from gui.runs.curve_data.curve import Curve
from gui.runs.curve_data.follower import Follower
from gui.runs.curve_data.history import History
from gui.runs.plots.legend import Entry
from gui.runs.plots.line import Line, Marks
from gui.runs.plots.scale import Scale, Unit, scale_of
from gui.theme import Tokens

LOSS, RATE = "loss", "learning rate"
PARTS = {"train": "train", "val": "validation"}
Colours = Callable[[Path, str], str]
"""The colour of a run's part, ``train`` or ``val``."""


def drawable_names(histories: Sequence[History]) -> list[str]:
    """The names that a chart of these runs can show: the loss, every metric, and the learning rate."""
    metrics = (name for each in histories for name in each.names if name != LOSS)
    several = [LOSSES] if len(histories) == 1 and histories[0].losses.are_several else []
    return [LOSS, *several, *dict.fromkeys(metrics), *([RATE] if any(len(each.rates) for each in histories) else [])]


def second_name(histories: Sequence[History], choice: str | None) -> str | None:
    """The name that the second chart shows: the choice of the user, else the leading metric.

    Without any metric it is the learning rate; ``None`` while there is nothing to draw.
    """
    names = drawable_names(histories)
    losses = {name for each in histories for name in each.losses.losses} if LOSSES in names else set()
    metrics = [base_name(name) for name in names if name not in (LOSS, LOSSES, RATE, *losses)]
    is_measured = any(each.metrics or each.is_over for each in histories)
    return choice if choice in names else leading_metric(metrics) or (RATE if RATE in names and is_measured else None)


def heading(name: str) -> str:
    """The title of a chart."""
    return metric_title(name)


def text_of(name: str) -> Callable[[float], str]:
    """The function that formats values with this name."""
    return _rate if name == RATE else lambda value: metric_text(name, value)


def _rate(value: float) -> str:
    return number(value) if value == 0 or value >= 0.001 else f"{value:.3g}"


class RunLines:
    """Makes the lines of runs for charts; ``unit`` is the unit of the x axis."""

    def __init__(self, follower: Follower, colours: Colours, tokens: Callable[[], Tokens]) -> None:
        self._follower, self._colour, self._tokens = follower, colours, tokens
        self.unit: Unit = "epoch"

    def lines(self, name: str, titles: Mapping[Path, str]) -> list[Line]:
        """Two lines per run, training and validation; or one of its learning rate; or all losses of a single run."""
        if name == LOSSES:
            return [line for run in titles if (loss_lines := self._losses(run)) for line in loss_lines.lines()]
        if name == RATE:
            return [self._rate_line(run, titles[run] or RATE) for run in titles]
        return [
            self._line(run, name, part, " ".join(filter(None, (titles[run], _word(part, titles)))), len(titles) == 1)
            for run in titles
            for part in PARTS
        ]

    def entries(self, name: str, titles: Mapping[Path, str], faint: str) -> list[Entry]:
        """Legend entries with the latest values."""
        histories = [history for run in titles if (history := self._follower.history(run))]
        if name == LOSSES:
            return [entry for run in titles if (loss_lines := self._losses(run)) for entry in loss_lines.entries()]
        if name == RATE:
            return [self._entry(each.path, "train", titles[each.path], each.lr, _rate) for each in histories]
        text = text_of(name)
        if len(titles) > 1:
            newest = [
                self._entry(each.path, "val", titles[each.path], each.latest(f"val_{name}"), text) for each in histories
            ]
            return [*newest, Entry(faint, PARTS["train"], dashed=True)]
        return [entry for each in histories for entry in self._entries_of_one(each, name)]

    def marks(self, name: str | None, history: History) -> Marks:
        """The marks of a single run."""
        scale = scale_of(history, self.unit)
        line = -1 if name == LOSSES else 1  # with several losses, none alone decides which epoch is best
        return Marks(history.now, tuple(history.drops), history.best, best_line=line, scale=scale)

    def _losses(self, run: Path) -> LossLines | None:
        history = self._follower.history(run)
        if history is None:
            return None

        def scale() -> Scale:
            return scale_of(self._follower.history(run), self.unit)

        return LossLines(history, lambda: self._follower.history(run), self._tokens(), scale)

    def _entries_of_one(self, history: History, name: str) -> list[Entry]:
        """Entries for training and validation, and for the value in the best epoch."""
        text, run = text_of(name), history.path
        entries = [
            Entry(
                self._colour(run, part), f"{word} {text(value)}", dashed=part == "train", tight=f"{part} {text(value)}"
            )
            for part, word in PARTS.items()
            if (value := newest_of(history, part, name)) is not None
        ]
        curve = history.metrics.get(f"val_{name}")
        best = curve.nearest(history.best, 0.5) if curve and history.best is not None else None
        if best is not None:
            value_text = text(best[1])
            entries.append(
                Entry(
                    self._colour(run, "val"),
                    f"best epoch {value_text}",
                    ring=True,
                    short=f"best {value_text}",
                    tight="best",
                )
            )
        return entries

    def _entry(self, run: Path, part: str, title: str, value: float | None, text: Callable[[float], str]) -> Entry:
        value_text = "" if value is None else text(value)
        return Entry(self._colour(run, part), f"{title} {value_text}".strip(), short=value_text)

    def _line(self, run: Path, name: str, part: str, title: str, has_raw: bool) -> Line:
        is_steps = name == LOSS and part == "train"

        def of() -> Curve | None:
            history = self._follower.history(run)
            if history is None:
                return None
            return history.smooth.curve if is_steps else history.metrics.get(f"{part}_{name}")

        def raw() -> Curve | None:
            history = self._follower.history(run)
            return history.loss if history and has_raw and is_steps else None

        return Line(
            title,
            self._colour(run, part),
            of,
            text_of(name),
            raw,
            dashed=part == "train",
            dots=not is_steps,
            scale=lambda: scale_of(self._follower.history(run), self.unit),
        )

    def _rate_line(self, run: Path, title: str) -> Line:
        def of() -> Curve | None:
            history = self._follower.history(run)
            return history.rates if history else None

        return Line(
            title,
            self._colour(run, "train"),
            of,
            _rate,
            scale=lambda: scale_of(self._follower.history(run), self.unit),
        )


def newest_of(history: History, part: str, name: str) -> float | None:
    """The latest value of a part; for the training loss, that of its moving average."""
    if part == "train" and name == LOSS and (last := history.smooth.curve.last):
        return last[1]
    return history.latest(f"{part}_{name}")


def _word(part: str, titles: Mapping[Path, str]) -> str:
    """The word for a part in the name of a line; validation lines of several runs need none."""
    return "" if part == "val" and any(titles.values()) and len(titles) > 1 else PARTS[part]
