"""One phase of a training: its losses, the weights that it learns, when it runs, and its own settings."""

from collections.abc import Container
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QPointF, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from engine.catalog.optimizers import OPTIMIZERS
from engine.catalog.params import Value
from engine.catalog.schedules import SCHEDULES
from engine.check import no_effect
from engine.graph.model import Clip, Part, Phase, SchedulePart, Training, Unset
from engine.graph.off import OFF, Off
from gui.forms.entry_buttons import EntryButtons
from gui.forms.form import Form
from gui.forms.names_picker import NamesPicker
from gui.forms.part_form import OFF_KIND, PartForm, compatible_values, with_value
from gui.forms.sections import Section
from gui.inspector.training.later_schedules_form import LaterSchedulesForm
from gui.inspector.training.other_optimizers_form import OtherOptimizersForm
from gui.inspector.training.training_params import (
    ABOVE,
    COUNTS,
    LAST_EPOCH,
    OFF_TEXT,
    PHASE_CLIP,
    PHASE_PENALTIES,
    SCHEDULE_INTERVAL,
    PhaseName,
    interval_of,
)
from gui.state.document import Document
from gui.theme import Theme

DOT_PX = 12
LABEL_PX = 88  # of the names in a card, which is narrower than a form
MAX_LETTERS = 22  # of a name in the head of a card
USUAL = Phase("")


class PhaseCard(QFrame):
    """``edited``: its place, the new phase, and the label of the edit. ``moved``, ``removed``: its place."""

    edited = Signal(int, object, str)
    moved = Signal(int, int)
    removed = Signal(int)
    help_changed = Signal(str)

    def __init__(self, place: int, document: Document, theme: Theme, *, is_open: bool = False) -> None:
        super().__init__()
        self.setObjectName("phase_card")
        self.setProperty("role", "problem")
        self.place, self._document = place, document
        self._phase = USUAL
        gesture = document.gesture
        name = PhaseName(
            "name", None, required=True, help="The phase's name, in the code too.", other_names=self._other_names
        )
        self.name = Form((name,), theme, gesture, live=False, label_px=LABEL_PX)
        self.losses = NamesPicker("losses", "Add a loss", "No loss yet.", theme, "What this phase minimizes.", LABEL_PX)
        self.learns = NamesPicker(
            "learns",
            "Add a layer",
            "All weights that its losses reach and no other phase names.",
            theme,
            "The layers and blocks whose weights this phase changes.",
            LABEL_PX,
        )
        self.counts = Form(COUNTS, theme, gesture, live=False, label_px=LABEL_PX)
        self.optimizer = PartForm("optimizer", OPTIMIZERS, theme, gesture, none=ABOVE, label_px=LABEL_PX)
        self.other_optimizers = OtherOptimizersForm(theme, gesture, LABEL_PX)
        self.later_schedules = LaterSchedulesForm(theme, gesture, LABEL_PX)
        self.schedule = PartForm("schedule", SCHEDULES, theme, gesture, none=ABOVE, label_px=LABEL_PX)
        self.schedule.offer_off(OFF_TEXT)
        self.interval = Form(SCHEDULE_INTERVAL, theme, gesture, live=False, label_px=LABEL_PX)
        self.clip = Form(PHASE_CLIP, theme, gesture, live=False, label_px=LABEL_PX)
        self.penalties = Form(PHASE_PENALTIES, theme, gesture, live=False, label_px=LABEL_PX)
        self.dot = PhaseDot(theme, place)
        self.buttons = EntryButtons(theme)
        self._lay_out(theme, is_open=is_open)
        self._connect()

    def _lay_out(self, theme: Theme, *, is_open: bool) -> None:
        body = QWidget()
        inside = QVBoxLayout(body)
        inside.setContentsMargins(0, 4, 0, 2)
        inside.setSpacing(6)
        for part in (
            self.name, self.losses, self.learns, self.counts, self.optimizer, self.other_optimizers, self.schedule,
            self.interval, self.later_schedules, self.clip, self.penalties,
        ):  # fmt: skip
            inside.addWidget(part)
        self.head = Section("", theme, body, is_open=is_open)
        self.head.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)  # a long name widens nothing
        row = QHBoxLayout()
        row.setSpacing(4)
        row.addWidget(self.dot)
        row.addWidget(self.head, 1)
        row.addWidget(self.buttons)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 5, 6, 6)
        column.setSpacing(2)
        column.addLayout(row)
        column.addWidget(body)

    def _connect(self) -> None:
        self.buttons.moved.connect(lambda by: self.moved.emit(self.place, by))
        self.buttons.removed.connect(lambda: self.removed.emit(self.place))
        self.losses.changed.connect(lambda names: self._change("Change the losses", losses=names))
        self.learns.changed.connect(lambda names: self._change("Change what is learned", learns=names or None))
        self.name.edited.connect(lambda _, value, __: self._rename(value))
        self.counts.edited.connect(lambda name, value, _: self._set_count(name, value))
        self.optimizer.kind_chosen.connect(self._choose_optimizer)
        self.optimizer.edited.connect(self._set_optimizer)
        self.schedule.kind_chosen.connect(self._choose_schedule)
        self.schedule.edited.connect(self._set_schedule)
        self.interval.edited.connect(lambda _, value, __: self._set_interval(value))
        self.clip.edited.connect(lambda name, value, _: self._set_clip(name, value))
        self.penalties.edited.connect(lambda name, value, _: self._set_penalty(name, value))
        self.other_optimizers.changed.connect(lambda others, label: self._change(label, other_optimizers=others))
        self.later_schedules.changed.connect(lambda schedule, label: self._change(label, schedule=schedule))
        for form in (
            self.name, self.counts, self.optimizer, self.other_optimizers, self.schedule, self.interval,
            self.later_schedules, self.clip, self.penalties,
        ):  # fmt: skip
            form.help_changed.connect(self.help_changed)

    def show_phase(self, training: Training, losses: tuple[str, ...], weight_owners: tuple[str, ...]) -> None:
        """Show the phase at the card's place; ``losses`` and ``weight_owners``: the choices in the main graph."""
        phase = self._phase = training.phases[self.place]
        short = phase.name if len(phase.name) <= MAX_LETTERS else f"{phase.name[:MAX_LETTERS]}\u2026"
        self.head.setText(short)
        self.head.setToolTip(phase.name)
        self.buttons.show_place(phase.name, is_first=self.place == 0, is_last=self.place == len(training.phases) - 1)
        self.name.show_values({"name": phase.name})
        self.losses.show_names(phase.losses, losses)
        self.learns.show_names(phase.learns or (), weight_owners)
        first, last = phase.epochs or (1, LAST_EPOCH)
        self.counts.show_values(
            {
                **{name: getattr(phase, name) for name in ("times", "every", "accumulate")},
                "first_epoch": None if phase.epochs is None or first == 1 else first,
                "last_epoch": None if phase.epochs is None or last == LAST_EPOCH else last,
            }
        )
        self._show_optimizers(training, weight_owners)
        schedule = SchedulePart(OFF_KIND) if isinstance(phase.schedule, Off) else phase.schedule or SchedulePart("")
        effects = no_effect.of_schedules(self._own_schedule, training.epochs)
        self.schedule.show_part(schedule.kind, schedule.params, effects=effects[0] if effects else None)
        self.later_schedules.show_schedules(self._own_schedule, effects)
        self.interval.show_values({"every": schedule.every})
        self.interval.setVisible(isinstance(phase.schedule, SchedulePart))
        clip = phase.clip if isinstance(phase.clip, Clip) else None
        by = OFF_TEXT if isinstance(phase.clip, Off) else clip.by if clip else None
        self.clip.show_values({"clip": by, "at": clip.at if clip else 1.0})
        self.clip.rows["at"].set_visible(visible=clip is not None)
        self.penalties.show_values({"l1": phase.l1, "l2": phase.l2})

    def _show_optimizers(self, training: Training, weight_owners: tuple[str, ...]) -> None:
        """Show the optimizers of the phase, with what the schedule in effect sets of them."""
        phase = self._phase
        schedule = None if isinstance(phase.schedule, Off) else phase.schedule or training.schedule
        own = replace(training, schedule=schedule, other_optimizers=phase.other_optimizers)
        optimizer = phase.optimizer or Part("")
        effects = no_effect.of_optimizer(own, optimizer)
        self.optimizer.show_part(optimizer.kind, optimizer.params, effects=effects)
        self.other_optimizers.setVisible(phase.optimizer is not None)
        self.other_optimizers.show_optimizers(own, weight_owners)

    def _other_names(self) -> Container[str]:
        phases = self._document.project.training.phases
        return {phase.name for place, phase in enumerate(phases) if place != self.place}

    def _change(self, label: str, **changes: object) -> None:
        changed = replace(self._phase, **changes)  # type: ignore[arg-type] # each by its form's declaration
        if changed != self._phase:
            self.edited.emit(self.place, changed, f"{label} of {changed.name}")

    def _set(self, name: str, value: object) -> None:
        self._change(f"Set {name}", **{name: value})

    def _set_penalty(self, name: str, value: Value | Unset) -> None:
        self._set(name, None if isinstance(value, Unset) else value)

    def _rename(self, value: Value | Unset) -> None:
        if isinstance(value, str) and self.name.params[0].problem(value) is None:
            changed = replace(self._phase, name=value)
            if changed != self._phase:
                self.edited.emit(self.place, changed, f"Rename {self._phase.name} to {value}")

    def _set_count(self, name: str, value: Value | Unset) -> None:
        number = value if isinstance(value, int) else None
        if not name.endswith("_epoch"):
            self._set(name, getattr(USUAL, name) if number is None else number)
            return
        first, last = self._phase.epochs or (1, LAST_EPOCH)
        first, last = (number or 1, last) if name == "first_epoch" else (first, number or LAST_EPOCH)
        self._change("Set the epochs", epochs=None if (first, last) == (1, LAST_EPOCH) else (first, last))

    def _choose_optimizer(self, kind: str) -> None:
        if not kind:
            self._change("Use the common optimizer", optimizer=None, other_optimizers=())
        elif kind in OPTIMIZERS:
            before = self._phase.optimizer or self._document.project.training.optimizer
            self._change(f"Use {kind}", optimizer=Part(kind, compatible_values(before.params, OPTIMIZERS[kind])))

    def _set_optimizer(self, name: str, value: Value | Unset) -> None:
        if part := self._phase.optimizer:
            self._set("optimizer", replace(part, params=with_value(part.params, name, value)))

    def _choose_schedule(self, kind: str) -> None:
        if not kind:
            self._change("Use the common schedule", schedule=None)
        elif kind == OFF_KIND:
            self._change("Remove the schedule", schedule=OFF)
        elif kind in SCHEDULES:
            before = self._own_schedule or self._document.project.training.schedule
            params = compatible_values(before.params if before else {}, SCHEDULES[kind])
            own = self._own_schedule or SchedulePart(kind)
            self._change(f"Use {kind}", schedule=replace(own, kind=kind, params=params))

    @property
    def _own_schedule(self) -> SchedulePart | None:
        """The schedule that the phase has for itself, if it has one."""
        return self._phase.schedule if isinstance(self._phase.schedule, SchedulePart) else None

    def _set_schedule(self, name: str, value: Value | Unset) -> None:
        if part := self._own_schedule:
            self._set("schedule", replace(part, params=with_value(part.params, name, value)))

    def _set_interval(self, value: Value | Unset) -> None:
        if part := self._own_schedule:
            self._change("Set the interval of the schedule", schedule=replace(part, every=interval_of(value)))

    def _set_clip(self, name: str, value: Value | Unset) -> None:
        clip = self._phase.clip if isinstance(self._phase.clip, Clip) else None
        if name == "clip" and value == OFF_TEXT:
            self._change("Switch clipping off", clip=OFF)
        elif name == "clip":
            by: Any = value if value in ("norm", "value") else None
            self._change("Change clipping", clip=replace(clip or Clip(), by=by) if by else None)
        elif clip is not None and isinstance(value, Unset | int | float):
            at = 1.0 if isinstance(value, Unset) else float(value)
            self._change("Set the clipping bound", clip=replace(clip, at=at))


class PhaseDot(QWidget):
    """A dot in the colour that the losses of a phase have on the canvas."""

    def __init__(self, theme: Theme, place: int) -> None:
        super().__init__()
        self._theme, self._place = theme, place
        self.setFixedSize(DOT_PX, DOT_PX)
        theme.changed.connect(self.update)

    @property
    def colour(self) -> str:
        """The colour in the theme."""
        hues = self._theme.tokens.phases
        return hues[self._place % len(hues)]

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(self.colour))
        painter.setBrush(QColor(self.colour))
        painter.drawEllipse(QPointF(DOT_PX / 2, DOT_PX / 2), DOT_PX / 2 - 2, DOT_PX / 2 - 2)
        painter.end()
