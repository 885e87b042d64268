"""The progress of a run on the terminal: a bar with rate and time left, a table at the end."""

from types import TracebackType
from typing import Self

from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn
from rich.table import Table

from engine.cli.report import console, problem_line
from engine.runs.events import Continued, EpochDone, Event, Paused, Problem, Resumed, Started, StepDone, encode

RUN_AWAY = 1e6


class JsonLines:
    """Prints each event as it is appended."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return

    def __call__(self, event: Event) -> None:
        print(encode(event), flush=True)


class RunView:
    """Shows a run's events: a live bar on a terminal, otherwise one line for each epoch."""

    def __init__(self) -> None:
        self._console = console()
        self._bar: Progress | None = None
        self._task: TaskID | None = None
        self._epochs = 0
        self._steps = 0
        self._from = 0  # the step that a resumed run continues from

    def __enter__(self) -> Self:
        if self._console.is_terminal:
            self._bar = Progress(
                TextColumn("{task.description}"),
                BarColumn(),
                TextColumn("{task.percentage:>3.0f} %"),
                TextColumn("{task.fields[rate]}"),
                TimeRemainingColumn(),
                TextColumn("left"),
                console=self._console,
            )
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        if self._bar:
            self._bar.stop()

    def __call__(self, event: Event) -> None:
        match event:
            case Started():
                self._epochs, self._steps = event.epochs, event.steps_per_epoch
                self._begin()
            case Resumed():
                self._epochs, self._from = event.epochs, event.step
                self._line(f"Resumed at step {event.step:,}. {event.note}".strip())
                for difference in event.differences:
                    self._line(difference)
            case StepDone():
                self._step(event)
            case EpochDone():
                self._line(self._epoch_text(event))
            case Paused():
                self._line(f"Paused at step {event.step:,}.")
            case Continued():
                self._line("Continued.")
            case Problem():
                self._line(problem_line(event.diagnostic()))
            case _:
                pass

    def _begin(self) -> None:
        if self._bar and self._task is None:
            total = max(1, self._epochs * self._steps)
            self._task = self._bar.add_task("training", total=total, completed=self._from, rate="")

    def _step(self, event: StepDone) -> None:
        if self._bar is None:
            return
        step = event.first_step + len(event.losses) - 1
        self._steps = self._steps or round(step / event.epoch)  # a resumed run has no Started event
        self._begin()
        if self._task is not None:
            epoch = min(int(event.epoch) + 1, self._epochs)
            self._bar.update(
                self._task,
                completed=step,
                description=f"epoch {epoch}/{self._epochs}  loss {_short(event.losses[-1])}",
                rate=f"{event.samples_per_s:,.0f} samples/s",
            )

    def _epoch_text(self, event: EpochDone) -> str:
        metrics = "  ".join(f"{name} {_short(value)}" for name, value in event.metrics.items())
        return f"epoch {event.epoch}/{self._epochs}  {metrics}  {event.seconds:.1f} s"

    def _line(self, text: str) -> None:
        self._console.print(text, markup=False, soft_wrap=True)


def _short(value: float) -> str:
    """Four decimals, so that lines are aligned; for a very large number four digits."""
    return f"{value:.4f}" if abs(value) < RUN_AWAY else f"{value:.4g}"


def metrics_table(metrics: dict[str, float], best: dict[str, float], best_epoch: int | None) -> Table:
    """The last and the best metrics side by side."""
    title = f"best (epoch {best_epoch})" if best_epoch is not None else "best"
    table = Table("metric", "last", title, box=None, pad_edge=False)
    for name, value in metrics.items():
        table.add_row(name, metric_text(name, value), metric_text(name, best[name]) if name in best else "")
    return table


def metric_text(name: str, value: float) -> str:
    """A metric as text: accuracies in percent, others with four digits."""
    return f"{100 * value:.2f} %" if name.endswith("accuracy") else f"{value:.4g}"
