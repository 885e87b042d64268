"""The speed of a training and its remaining time."""

from collections import deque

from gui.formatting.run_text import clock

_LATEST = 400  # reports; at 20 a second the last 20 seconds
_CALM = 0.85  # weight of the former rate in the shown one


class Speed:
    """Gets every report of steps; call `rest` after a pause or an interruption."""

    def __init__(self) -> None:
        self._reports: deque[tuple[float, float]] = deque(maxlen=_LATEST)
        self.epoch = 0.0
        self.samples_per_s = 0.0

    def report(self, t_s: float, epoch: float, samples_per_s: float) -> None:
        """Add a report about some steps."""
        self._reports.append((t_s, epoch))
        self.epoch = epoch
        former = self.samples_per_s or samples_per_s
        self.samples_per_s = _CALM * former + (1 - _CALM) * samples_per_s

    def rest(self) -> None:
        """Ignore the time until the next report: it was not spent training."""
        self._reports.clear()

    def seconds_left(self, epochs: int) -> float | None:
        """The seconds until the end at the recent speed; ``None`` while it is unknown."""
        if len(self._reports) < 2:
            return None
        (t0, e0), (t1, e1) = self._reports[0], self._reports[-1]
        if e1 <= e0 or t1 <= t0:
            return None
        return max(0.0, epochs - e1) * (t1 - t0) / (e1 - e0)

    def text(self, epochs: int, *, is_paused: bool = False) -> str:
        """One line: epoch, samples per second, time left."""
        parts = [f"epoch {min(int(self.epoch) + 1, epochs or 1)} / {epochs}"]
        if is_paused:
            parts.append("paused")
        elif self.samples_per_s:
            parts.append(f"{_round(self.samples_per_s):,} samples/s")
            left = self.seconds_left(epochs)
            parts.append("" if left is None else f"{clock(left)} left")
        return " · ".join(filter(None, parts))


def _round(rate: float) -> int:
    """Round to three digits, so that the last ones do not flicker."""
    unit: int = 10 ** max(0, len(str(int(rate))) - 3)
    return round(rate / unit) * unit
