"""How ``step.py`` makes the LR schedule of a phase."""

from collections.abc import Iterator

from engine.catalog.schedules import SCHEDULES, covers_run
from engine.codegen.scripts.data_description import SnippetName, keywords
from engine.graph import schedules
from engine.graph.model import SchedulePart


class ScheduleCode:
    """Writes the call. ``optimizer``: the expression of the optimizer. ``is_several``: whether it has members.

    ``epochs_text``: the expression of the updates in some epochs, with the number in place of ``{}``.
    """

    def __init__(
        self, part: SchedulePart | None, optimizer: str, epochs_text: str, *, is_several: bool = False
    ) -> None:
        self.part, self._optimizer, self._epochs_text, self._is_several = part, optimizer, epochs_text, is_several

    @property
    def every_step(self) -> bool:
        """Whether it moves with each update."""
        return self.part is not None and schedules.interval(self.part) == "step"

    @property
    def every_epoch(self) -> bool:
        """Whether it moves once an epoch."""
        return self.part is not None and not self.every_step

    @property
    def covers_run(self) -> bool:
        """Whether its length is that of the run."""
        return schedules.covers_run(self.part)

    @property
    def counts_epochs(self) -> bool:
        """Whether it moves with each update, and some part of it lasts some epochs."""
        return self.part is not None and self.every_step and any(each.epochs is not None for each in self.part.parts)

    def snippet_names(self) -> Iterator[SnippetName]:
        """The snippets that are used."""
        if self.part is not None and self.part.then:
            yield "training.schedule_list", "ScheduleList"
        if self.part is not None and self._is_several:
            yield "training.schedule_list", "Schedules"
        if self.covers_run and self.part is not None and (self.part.then or self._is_several):
            yield "training.run_schedule", "RunSchedule"

    def call(self) -> str:
        """The expression; ``moves`` in it is the length of a schedule that covers the run."""
        if self.part is None:
            return ""
        if not self.part.then:
            return self._call(self.part, "moves")
        lengths = [self._length(part) for part in self.part.parts[:-1]]
        rest = f"max(1, moves - {' - '.join(lengths)})" if self.covers_run else ""
        parts = (
            f"({length}, lambda: {self._call(part, length if length != 'None' else rest)})"
            for part, length in zip(self.part.parts, [*lengths, "None"], strict=True)
        )
        return f"ScheduleList({self._optimizer}, {', '.join(parts)})"

    def _length(self, part: SchedulePart) -> str:
        if part.epochs is None:
            return str(part.steps)
        return self._epochs_text.format(part.epochs).removeprefix("1 * ") if self.every_step else str(part.epochs)

    def _call(self, part: SchedulePart, moves: str) -> str:
        optimizer = "each" if self._is_several else self._optimizer
        call = _scheduler(part, optimizer, moves)
        return f"Schedules({call} for each in {self._optimizer}.members)" if self._is_several else call


def _scheduler(part: SchedulePart, optimizer: str, moves: str) -> str:
    """The call that makes an LR scheduler of torch."""
    declared = SCHEDULES[part.kind]
    is_covering = covers_run(part.kind, part.params)
    values = keywords(declared.params, part.params, skip=(declared.run_length,) if is_covering else ())
    parts = [optimizer, *([values] if values else []), *([f"{declared.run_length}={moves}"] if is_covering else [])]
    return f"{declared.target.removeprefix('torch.')}({', '.join(parts)})"
