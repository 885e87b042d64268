"""How the network is trained, as forms made from declarations; every change is one undo step."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from engine.catalog.averages import AVERAGES
from engine.catalog.optimizers import OPTIMIZERS
from engine.catalog.params import Value
from engine.catalog.schedules import SCHEDULES
from engine.check import no_effect
from engine.graph.edits import Edit, SetTraining
from engine.graph.model import Best, Clip, EarlyStop, Part, SchedulePart, Training, Unset
from engine.graph.phases import weight_owners
from engine.graph.watched_metrics import metric_names
from engine.protocol.answers import Answer, DevicesFound
from gui.forms.choice_editors import ChoiceEditor
from gui.forms.form import Form
from gui.forms.part_form import PartForm, compatible_values, with_value
from gui.forms.sections import Section
from gui.inspector.training.later_schedules_form import LaterSchedulesForm
from gui.inspector.training.other_optimizers_form import OtherOptimizersForm
from gui.inspector.training.phases_form import PhasesForm
from gui.inspector.training.training_params import BEST, CLIP, DETAILS, RUN, SCHEDULE_INTERVAL, STOP, USUAL, interval_of
from gui.state.analysis_results import matters
from gui.state.document import Document
from gui.theme import Theme
from gui.workers.analysis_link import AnalysisLink
from gui.workers.analysis_questions import DEVICES


class TrainingForm(QWidget):
    """The project's training settings."""

    help_changed = Signal(str)

    def __init__(self, document: Document, theme: Theme, analysis: AnalysisLink | None = None) -> None:
        super().__init__()
        self.setObjectName("training_form")
        self._document, self._theme = document, theme
        gesture = document.gesture
        self.run = Form(RUN, theme, gesture, live=False)
        self.optimizer = PartForm("optimizer", OPTIMIZERS, theme, gesture)
        self.other_optimizers = OtherOptimizersForm(theme, gesture)
        self.schedule = PartForm("schedule", SCHEDULES, theme, gesture, none="none")
        self.interval = Form(SCHEDULE_INTERVAL, theme, gesture, live=False)
        self.later_schedules = LaterSchedulesForm(theme, gesture)
        self.stop = Form(STOP, theme, gesture, live=False)
        self.best = Form(BEST, theme, gesture, live=False)
        self.average = PartForm("average", AVERAGES, theme, gesture, none="none")
        self.clip = Form(CLIP, theme, gesture, live=False)
        self.details = Form(DETAILS, theme, gesture, live=False)
        self.phases = PhasesForm(document, theme)
        self._lay_out()
        self._connect()
        document.edited.connect(self._follow)
        document.replaced.connect(self.refresh)
        if analysis is not None:
            analysis.ask(DEVICES, self._offer_devices)
        self.refresh()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        sections = (
            ("Run", (self.run,), True),
            ("Optimizer", (self.optimizer, self.other_optimizers), True),
            ("Learning-rate schedule", (self.schedule, self.interval, self.later_schedules), True),
            ("Early stop, best, average", (self.stop, self.best, self.average), True),
            ("Clipping, penalties, details", (self.clip, self.details), False),
            ("Phases", (self.phases,), True),
        )
        for title, forms, is_open in sections:
            box = QWidget()
            inside = QVBoxLayout(box)
            inside.setContentsMargins(0, 0, 0, 8)
            inside.setSpacing(6)
            for form in forms:
                inside.addWidget(form)
            column.addWidget(Section(title, self._theme, box, is_open=is_open))
            column.addWidget(box)

    def _connect(self) -> None:
        for form in (self.run, self.details):
            form.edited.connect(lambda name, value, _: self._set(name, value))
        for part in (
            self.optimizer, self.other_optimizers, self.schedule, self.later_schedules, self.average, self.phases,
        ):  # fmt: skip
            part.help_changed.connect(self.help_changed)
        for form in (self.run, self.details, self.interval, self.stop, self.best, self.clip):
            form.help_changed.connect(self.help_changed)
        self.optimizer.kind_chosen.connect(self._choose_optimizer)
        self.optimizer.edited.connect(self._set_optimizer)
        self.other_optimizers.changed.connect(lambda others, label: self._do(label, other_optimizers=others))
        self.later_schedules.changed.connect(lambda schedule, label: self._do(label, schedule=schedule))
        self.average.kind_chosen.connect(self._choose_average)
        self.average.edited.connect(self._set_average)
        self.schedule.kind_chosen.connect(self._choose_schedule)
        self.schedule.edited.connect(self._set_schedule)
        self.interval.edited.connect(lambda _, value, __: self._set_interval(value))
        self.stop.edited.connect(lambda name, value, _: self._set_stop(name, value))
        self.best.edited.connect(lambda _, value, __: self._do("Change the best weights", best=Best(_none(value))))
        self.clip.edited.connect(lambda name, value, _: self._set_clip(name, value))

    @property
    def _training(self) -> Training:
        return self._document.project.training

    def _displayed_settings(self) -> object:
        """What the form shows, to find out whether an edit changes it."""
        project = self._document.project
        return self._training, metric_names(project), self._weight_owners(), self.phases.displayed_settings()

    def _weight_owners(self) -> tuple[str, ...]:
        """The nodes that an optimizer can be for; none where there is one optimizer."""
        project = self._document.project
        graph = project.graphs.get(project.main)
        return tuple(weight_owners(graph)) if graph and self._training.other_optimizers else ()

    def refresh(self) -> None:
        """Show the present settings."""
        training, project = self._training, self._document.project
        self._displayed = self._displayed_settings()
        self.phases.refresh()
        self.run.show_values({name: getattr(training, name) for name in self.run.rows})
        self.details.show_values({name: getattr(training, name) for name in self.details.rows})
        optimizer, schedule = training.optimizer, training.schedule
        self.optimizer.show_part(optimizer.kind, optimizer.params, effects=no_effect.of_optimizer(training, optimizer))
        self.other_optimizers.show_optimizers(training, self._weight_owners())
        effects = no_effect.of_schedules(schedule, training.epochs)
        self.later_schedules.show_schedules(schedule, effects)
        average = training.average or Part("")
        self.average.show_part(average.kind, average.params)
        part = schedule or Part("")
        self.schedule.show_part(part.kind, part.params, effects=effects[0] if effects else None)
        self.interval.show_values({"every": schedule.every if schedule else None})
        self.interval.setVisible(schedule is not None)
        metrics = {name: name for name in metric_names(project)}
        _offer(self.stop, "watch", metrics)
        _offer(self.best, "best", metrics)
        self._show_stop(training.early_stop)
        self.best.show_values({"best": training.best.watch})
        clip = training.clip
        self.clip.show_values({"clip": clip.by if clip else None, "at": clip.at if clip else 1.0})
        _show_rows(self.clip, ("at",), visible=clip is not None)

    def _show_stop(self, stop: EarlyStop | None) -> None:
        displayed = stop or EarlyStop()
        values: dict[str, Value] = {
            "watch": displayed.watch,
            "patience": displayed.patience,
            "min_delta": displayed.min_delta,
        }
        no_effects = no_effect.of_early_stop(self._training)
        self.stop.show_values({"early_stop": stop is not None, **values}, effects=no_effects)
        _show_rows(self.stop, tuple(values), visible=stop is not None)

    def _follow(self, edit: Edit) -> None:
        if matters(edit) and self._displayed_settings() != self._displayed:
            self.refresh()

    def _do(self, label: str, **changes: object) -> None:
        changed = replace(self._training, **changes)  # type: ignore[arg-type] # each by its form's declaration
        if changed != self._training:
            self._document.do(SetTraining(changed, label))

    def _set(self, name: str, value: Value | Unset) -> None:
        self._do(f"Set {name}", **{name: getattr(USUAL, name) if isinstance(value, Unset) else value})

    def _choose_optimizer(self, kind: str) -> None:
        params = compatible_values(self._training.optimizer.params, OPTIMIZERS[kind]) if kind in OPTIMIZERS else {}
        self._do(f"Use {kind}", optimizer=Part(kind, params))

    def _set_optimizer(self, name: str, value: Value | Unset) -> None:
        part = self._training.optimizer
        self._do(f"Set {name} of {part.kind}", optimizer=replace(part, params=with_value(part.params, name, value)))

    def _choose_schedule(self, kind: str) -> None:
        before = self._training.schedule
        if kind in SCHEDULES:
            params = compatible_values(before.params if before else {}, SCHEDULES[kind])
            self._do(f"Use {kind}", schedule=replace(before or SchedulePart(kind), kind=kind, params=params))
        elif not kind:
            self._do("Use no schedule", schedule=None)

    def _set_schedule(self, name: str, value: Value | Unset) -> None:
        part = self._training.schedule
        if part is not None:
            self._do(f"Set {name} of {part.kind}", schedule=replace(part, params=with_value(part.params, name, value)))

    def _choose_average(self, kind: str) -> None:
        before = self._training.average
        if kind in AVERAGES:
            params = compatible_values(before.params if before else {}, AVERAGES[kind])
            self._do(f"Average by {kind}", average=Part(kind, params))
        elif not kind:
            self._do("Do not average", average=None)

    def _set_average(self, name: str, value: Value | Unset) -> None:
        part = self._training.average
        if part is not None:
            self._do(f"Set {name} of {part.kind}", average=replace(part, params=with_value(part.params, name, value)))

    def _set_interval(self, value: Value | Unset) -> None:
        if self._training.schedule is not None:
            changed = replace(self._training.schedule, every=interval_of(value))
            self._do("Set the interval of the schedule", schedule=changed)

    def _set_stop(self, name: str, value: Value | Unset) -> None:
        stop = self._training.early_stop
        if name == "early_stop":
            watch = "val_loss" if "val_loss" in metric_names(self._document.project) else "train_loss"
            self._do("Switch early stop", early_stop=EarlyStop(watch) if value is True else None)
        elif stop is not None:
            changes: dict[str, Any] = {name: getattr(EarlyStop(), name) if isinstance(value, Unset) else value}
            self._do(f"Set {name} of early stop", early_stop=replace(stop, **changes))

    def _set_clip(self, name: str, value: Value | Unset) -> None:
        clip = self._training.clip
        if name == "clip":
            changed = replace(clip or Clip(), by="value" if value == "value" else "norm")
            self._do("Change clipping", clip=changed if isinstance(value, str) else None)
        elif clip is not None and isinstance(value, Unset | int | float):
            self._do("Set the clipping bound", clip=replace(clip, at=1.0 if isinstance(value, Unset) else float(value)))

    def _offer_devices(self, answer: Answer) -> None:
        if isinstance(answer, DevicesFound):
            devices = {each["name"]: f"{each['name']} \u2013 {each['text']}" for each in answer.devices}
            _offer(self.run, "device", {"auto": "auto", **devices})


def _none(value: Value | Unset) -> str | None:
    return value if isinstance(value, str) else None


def _offer(form: Form, name: str, options: Mapping[str, str]) -> None:
    editor = form.rows[name].editor
    if isinstance(editor, ChoiceEditor):
        editor.set_options(options)


def _show_rows(form: Form, names: tuple[str, ...], *, visible: bool) -> None:
    for name in names:
        form.rows[name].set_visible(visible=visible)
