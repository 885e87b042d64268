"""The LR schedules after the first one: a card each, how long each lasts, and a button that adds one."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from engine.catalog.params import Int, Value
from engine.catalog.schedules import SCHEDULES
from engine.graph.model import SchedulePart, Unset
from gui.forms.form import LABEL_PX, Form
from gui.forms.part_form import PartForm, compatible_values, with_value
from gui.inspector.optimization.entry_card import EntryCard
from gui.theme import Theme
from gui.widgets.removal import remove_widget

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


class LaterSchedulesForm(QWidget):
    """``changed``: the whole list, and the label of the edit. ``length``: how long the first one lasts."""

    changed = Signal(object, str)
    help_changed = Signal(str)

    def __init__(self, theme: Theme, gesture: Callable[[], int], label_px: int = LABEL_PX) -> None:
        super().__init__()
        self._theme, self._gesture, self._label_px = theme, gesture, label_px
        self._parts: list[SchedulePart] = []
        self.cards: list[ScheduleCard] = []
        self.length = Form(SCHEDULE_LENGTH, theme, gesture, live=False, label_px=label_px)
        self.length.edited.connect(lambda unit, value, _: self._set(0, with_length(self._parts[0], unit, value)))
        self.length.help_changed.connect(self.help_changed)
        self.add = QPushButton("Add a schedule")
        self.add.setToolTip("A schedule that follows, such as a decay after a warm-up.")
        self.add.clicked.connect(self._add)
        self._list = QVBoxLayout()
        self._list.setSpacing(6)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.length)
        column.addLayout(self._list)
        column.addWidget(self.add, 0, Qt.AlignmentFlag.AlignLeft)

    def show_schedules(self, schedule: SchedulePart | None) -> None:
        """Show what comes after the first schedule; nothing where there is none."""
        self._parts = list(schedule.parts) if schedule else []
        later = self._parts[1:]
        self.setVisible(bool(self._parts))
        self.length.setVisible(bool(later))
        if later:
            self.length.show_values({"steps": self._parts[0].steps, "epochs": self._parts[0].epochs})
        while len(self.cards) > len(later):
            remove_widget(self.cards.pop())
        while len(self.cards) < len(later):
            card = ScheduleCard(len(self.cards) + 1, self._theme, self._gesture, self._label_px)
            card.edited.connect(self._set)
            card.removed.connect(self._remove)
            card.help_changed.connect(self.help_changed)
            self.cards.append(card)
            self._list.addWidget(card)
        for card, part in zip(self.cards, later, strict=True):
            card.show_schedule(part, is_last=part is later[-1])

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

    def _set(self, place: int, part: SchedulePart) -> None:
        self._emit([*self._parts[:place], part, *self._parts[place + 1 :]], f"Change {part.kind}")

    def _remove(self, place: int) -> None:
        self._emit([*self._parts[:place], *self._parts[place + 1 :]], f"Remove {self._parts[place].kind}")


class ScheduleCard(EntryCard):
    """``edited``: its place, and the schedule."""

    edited = Signal(int, object)
    help_changed = Signal(str)

    def __init__(self, place: int, theme: Theme, gesture: Callable[[], int], label_px: int) -> None:
        self.schedule = PartForm("schedule", SCHEDULES, theme, gesture, label_px=label_px)
        self.length = Form(SCHEDULE_LENGTH, theme, gesture, live=False, label_px=label_px)
        super().__init__(place, "then", theme, (self.schedule, self.length))
        self._part = SchedulePart("")
        self.schedule.kind_chosen.connect(self._choose)
        self.schedule.edited.connect(self._set_param)
        self.length.edited.connect(
            lambda unit, value, _: self.edited.emit(self.place, with_length(self._part, unit, value))
        )
        for form in (self.schedule, self.length):
            form.help_changed.connect(self.help_changed)

    def show_schedule(self, part: SchedulePart, *, is_last: bool) -> None:
        """Show a schedule; the last one has no length."""
        self._part = part
        self.schedule.show_part(part.kind, part.params)
        self.length.setVisible(not is_last)
        self.length.show_values({"steps": part.steps, "epochs": part.epochs})

    def _choose(self, kind: str) -> None:
        if kind in SCHEDULES:
            params = compatible_values(self._part.params, SCHEDULES[kind])
            self.edited.emit(self.place, replace(self._part, kind=kind, params=params))

    def _set_param(self, name: str, value: Value | Unset) -> None:
        self.edited.emit(self.place, replace(self._part, params=with_value(self._part.params, name, value)))


def with_length(part: SchedulePart, unit: str, value: Value | Unset) -> SchedulePart:
    """The schedule with another length, in steps or epochs."""
    count = value if isinstance(value, int) else None
    return replace(part, steps=count if unit == "steps" else None, epochs=count if unit == "epochs" else None)
