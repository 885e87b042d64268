"""The LR schedules after the first one: a card each, how long each lasts, and a button that adds one."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from engine.catalog.params import Int, Value
from engine.catalog.schedules import SCHEDULES
from engine.check.no_effect import Effects
from engine.graph.model import SchedulePart, Unset
from gui.forms.form import LABEL_PX, Form
from gui.forms.part_form import PartForm, compatible_values, with_value
from gui.inspector.training.entry_card import CardList, EntryCard
from gui.inspector.training.training_params import SCHEDULE_INTERVAL, interval_of
from gui.theme import Theme

SCHEDULE_LENGTH = (
    Int("steps", None, min=1, none="no number", unit="steps", help="How many steps it lasts; or give it epochs."),
    Int("epochs", None, min=1, none="no number", unit="epochs", help="How many epochs it lasts; or give it steps."),
)
USUAL_LAST = next(
    kind
    for kind, declared in SCHEDULES.items()
    for param in declared.params
    if param.name == declared.run_length and param.default is None and not declared.ends
)
"""Usual after a warm-up: it covers what is left of the run."""


class ScheduleCard(EntryCard):
    """A schedule after another one, what moves it, and how long it lasts."""

    def __init__(self, place: int, theme: Theme, gesture: Callable[[], int], label_px: int) -> None:
        self.schedule = PartForm("schedule", SCHEDULES, theme, gesture, label_px=label_px)
        self.interval = Form(SCHEDULE_INTERVAL, theme, gesture, live=False, label_px=label_px)
        self.length = Form(SCHEDULE_LENGTH, theme, gesture, live=False, label_px=label_px)
        super().__init__(place, "then", theme, (self.schedule, self.interval, self.length))
        self._part = SchedulePart("")
        self.schedule.kind_chosen.connect(self._choose)
        self.schedule.edited.connect(self._set_param)
        self.interval.edited.connect(lambda _, value, __: self._change(replace(self._part, every=interval_of(value))))
        self.length.edited.connect(lambda unit, value, _: self._change(with_length(self._part, unit, value)))
        for form in (self.schedule, self.interval, self.length):
            form.help_changed.connect(self.help_changed)

    def show_schedule(self, part: SchedulePart, effects: Effects, *, is_last: bool) -> None:
        """Show a schedule; the last one has no length."""
        self._part = part
        self.schedule.show_part(part.kind, part.params, effects=effects)
        self.interval.show_values({"every": part.every})
        self.length.setVisible(not is_last)
        self.length.show_values({"steps": part.steps, "epochs": part.epochs})

    def _change(self, part: SchedulePart) -> None:
        self.edited.emit(self.place, part, f"Change {part.kind}")

    def _choose(self, kind: str) -> None:
        if kind in SCHEDULES:
            params = compatible_values(self._part.params, SCHEDULES[kind])
            self._change(replace(self._part, kind=kind, params=params))

    def _set_param(self, name: str, value: Value | Unset) -> None:
        self._change(replace(self._part, params=with_value(self._part.params, name, value)))


class LaterSchedulesForm(CardList[ScheduleCard]):
    """``changed`` carries all schedules. ``length``: how long the first one lasts."""

    def __init__(self, theme: Theme, gesture: Callable[[], int], label_px: int = LABEL_PX) -> None:
        self.length = Form(SCHEDULE_LENGTH, theme, gesture, live=False, label_px=label_px)
        super().__init__("Add a schedule", "A schedule that follows, such as a decay after a warm-up.", self.length)
        self._theme, self._gesture, self._label_px = theme, gesture, label_px
        self._parts: list[SchedulePart] = []
        self.length.edited.connect(lambda unit, value, _: self._set_length(unit, value))
        self.length.help_changed.connect(self.help_changed)

    def show_schedules(self, schedule: SchedulePart | None, effects: Sequence[Effects]) -> None:
        """Show what comes after the first schedule, or nothing. ``effects``: of each of them, the first too."""
        self._parts = list(schedule.parts) if schedule else []
        later = self._parts[1:]
        self.setVisible(bool(self._parts))
        self.length.setVisible(bool(later))
        if later:
            self.length.show_values({"steps": self._parts[0].steps, "epochs": self._parts[0].epochs})
        self._show_count(len(later))
        for card, part in zip(self.cards, later, strict=True):
            card.show_schedule(part, effects[card.place], is_last=part is later[-1])

    def _card(self, index: int) -> ScheduleCard:
        return ScheduleCard(index + 1, self._theme, self._gesture, self._label_px)

    def _emit(self, parts: list[SchedulePart], label: str) -> None:
        parts[-1] = replace(parts[-1], steps=None, epochs=None)
        after = SchedulePart.of_parts(parts)
        if after != SchedulePart.of_parts(self._parts):
            self.changed.emit(after, label)

    def _add(self) -> None:
        *before, last = self._parts
        if last.steps is None and last.epochs is None:
            last = replace(last, epochs=1)
        self._emit([*before, last, SchedulePart(USUAL_LAST)], f"Add {USUAL_LAST}")

    def _set(self, place: int, entry: object, label: str) -> None:
        if isinstance(entry, SchedulePart):
            self._emit([*self._parts[:place], entry, *self._parts[place + 1 :]], label)

    def _set_length(self, unit: str, value: Value | Unset) -> None:
        first = with_length(self._parts[0], unit, value)
        self._set(0, first, f"Change {first.kind}")

    def _remove(self, place: int) -> None:
        self._emit([*self._parts[:place], *self._parts[place + 1 :]], f"Remove {self._parts[place].kind}")


def with_length(part: SchedulePart, unit: str, value: Value | Unset) -> SchedulePart:
    """The schedule with another length, in steps or epochs."""
    count = value if isinstance(value, int) else None
    return replace(part, steps=count if unit == "steps" else None, epochs=count if unit == "epochs" else None)
