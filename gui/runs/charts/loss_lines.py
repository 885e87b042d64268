"""The lines of all losses of one run: each phase by step, and each loss by epoch."""

from collections.abc import Callable

from gui.formatting.formats import number
from gui.runs.curve_data.curve import Curve
from gui.runs.curve_data.history import History
from gui.runs.plots.legend import Entry
from gui.runs.plots.line import Line
from gui.runs.plots.scale import Scale
from gui.theme import Tokens

LOSSES = "all losses"
TOTAL = "loss"

Get = Callable[[], History | None]


class LossLines:
    """Without phases there is one line for the total loss. Losses are validation losses if there are any."""

    def __init__(self, history: History, get: Get, tokens: Tokens, scale: Callable[[], Scale]) -> None:
        self._run_losses, self._get, self._scale = history.losses, get, scale
        hues = tokens.phases
        self._phases = {name: hues[place % len(hues)] for place, name in enumerate(self._run_losses.phases)}
        self._losses = {name: tokens.series[at % len(tokens.series)] for at, name in enumerate(self._run_losses.losses)}
        self._total = tokens.train

    def lines(self) -> list[Line]:
        """All lines; those by step are dashed, like all training curves."""
        step_lines = [self._phase_line(name, colour) for name, colour in self._phases.items()] or [self._total_line()]
        return [*step_lines, *(self._loss_line(name, colour) for name, colour in self._losses.items())]

    def entries(self) -> list[Entry]:
        """Legend entries with the latest values."""
        entries = []
        for line in self.lines():
            curve = line.of()
            value = "" if curve is None or curve.last is None else number(curve.last[1])
            text = f"{line.name} {value}".strip()
            entries.append(Entry(line.colour, text, dashed=line.dashed, short=line.name, is_name=True))
        return entries

    def _phase_line(self, name: str, colour: str) -> Line:
        def smooth() -> Curve | None:
            history = self._get()
            phase = history.phases.get(name) if history else None
            return phase.smooth if phase else None

        def raw() -> Curve | None:
            history = self._get()
            phase = history.phases.get(name) if history else None
            return phase.raw if phase else None

        return Line(name, colour, smooth, number, raw, dashed=True, scale=self._scale)

    def _total_line(self) -> Line:
        def smooth() -> Curve | None:
            history = self._get()
            return history.smooth.curve if history else None

        def raw() -> Curve | None:
            history = self._get()
            return history.loss if history else None

        return Line(TOTAL, self._total, smooth, number, raw, dashed=True, scale=self._scale)

    def _loss_line(self, name: str, colour: str) -> Line:
        def of() -> Curve | None:
            history = self._get()
            metrics = history.metrics if history else {}
            return metrics.get(f"val_{name}", metrics.get(f"train_{name}"))

        return Line(name, colour, of, number, dots=True, scale=self._scale)
