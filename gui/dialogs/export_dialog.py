"""The export: what to write, from which run, where to, and a preview of the files."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QButtonGroup,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from engine.catalog.exports import EXPORTS, Choice, choices
from engine.catalog.params import Value, freeze
from engine.graph.model import UNSET
from engine.places import from_home
from engine.project.existence import nearest_folder
from engine.protocol.answers import Answer, ExportPreviewed, Failed
from gui.actions.actions import NO_RUN
from gui.common_dialogs.dialog import Dialog, text_label
from gui.common_dialogs.file_dialog import FileDialog
from gui.context.context import Context
from gui.dialogs.export_preview import ExportPreview, preview_of_run
from gui.dialogs.output_paths import unused_path, with_tilde
from gui.forms.combo import Combo
from gui.forms.form import Form
from gui.runs.known_runs.inventory import RunEntry
from gui.widgets.removal import remove_widget
from gui.workers.analysis_questions import export_preview
from gui.workers.export import Export, Which

_WHICH = {"best": "of the best epoch", "last": "of the last epoch"}
_WAITING = "Working out what will be written ..."
CHOICES_PX = 390  # wide enough for the name and accuracy of a run


class ExportDialog(Dialog):
    """Asks what to export and writes it. ``on_export`` is called with the path when it is written."""

    def __init__(
        self,
        context: Context,
        on_export: Callable[[Path], object],
        choice: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("export", "Export", parent)
        self._context, self._on_export = context, on_export
        self.export = Export(self)
        self.export.done.connect(self._finish)
        self.export.failed.connect(self._fail)
        self.choices = {each.key: each for export in EXPORTS.values() for each in choices(export)}
        self.radios: dict[str, QRadioButton] = {}
        self.options: dict[str, Value] = {}
        self._options_column = QVBoxLayout()
        self.run_settings, self.runs, self.which, self.path = QWidget(), Combo(), Combo(), QLineEdit()
        self.preview = ExportPreview(context.theme)
        self.problem = text_label("", "error", wrap=True)
        self.problem.hide()
        row = QHBoxLayout()
        row.setSpacing(20)
        row.addWidget(self._choices())
        row.addWidget(self.preview, 1)
        self.body.addLayout(row, 1)
        self.cancel = self.add_button("Cancel")
        self.cancel.clicked.connect(self.reject)
        self.go = self.add_button("Export", "button_export_now", default=True)
        self.go.clicked.connect(self._start)
        self.resize(1120, 680)
        radio = self.radios.get(choice)
        if radio is None or not radio.isEnabled():
            radio = next(iter(self.radios.values()))
        radio.setChecked(True)
        radio.setFocus()
        self._show_choice()

    # Layout

    def _choices(self) -> QWidget:
        box = QWidget()
        box.setFixedWidth(CHOICES_PX)
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        group = QButtonGroup(self)
        self.runs.elides = Qt.TextElideMode.ElideMiddle  # names differ at their ends, and the accuracy is there
        self.runs.currentTextChanged.connect(self.runs.setToolTip)
        has_runs = self._fill_runs()
        for key, choice in self.choices.items():
            radio = QRadioButton(choice.offer.title)
            radio.setObjectName(f"export_{key}")
            radio.setEnabled(has_runs or not choice.of_run)
            group.addButton(radio)
            summary = text_label(choice.offer.summary if radio.isEnabled() else NO_RUN, "small", wrap=True)
            summary.setContentsMargins(26, 0, 0, 9)
            column.addWidget(radio)
            column.addWidget(summary)
            self.radios[key] = radio
        grid = QGridLayout(self.run_settings)
        grid.setContentsMargins(0, 8, 0, 0)
        grid.setVerticalSpacing(8)
        grid.setHorizontalSpacing(14)
        grid.setColumnStretch(1, 1)
        for value, text in _WHICH.items():
            self.which.addItem(text, value)
        for row, (name, widget) in enumerate((("run", self.runs), ("weights", self.which))):
            widget.setObjectName(f"export_choose_{name}")
            widget.setAccessibleName(name)
            grid.addWidget(text_label(name.capitalize(), "dim"), row, 0)
            grid.addWidget(widget, row, 1)
        column.addWidget(self.run_settings)
        column.addLayout(self._options_column)
        column.addSpacing(14)
        column.addWidget(text_label("Write to", "dim"))
        column.addLayout(self._path_row())
        column.addSpacing(6)
        column.addWidget(self.problem)
        column.addStretch(1)
        for radio in self.radios.values():
            radio.toggled.connect(lambda on: self._show_choice() if on else None)
        self.runs.currentIndexChanged.connect(self._show_choice)
        return box

    def _path_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(6)
        self.path.setObjectName("export_place")
        self.path.setAccessibleName("Write to")
        self.path.textChanged.connect(lambda: self._say(""))
        self.path.textChanged.connect(self.path.setToolTip)
        choose = QPushButton("Choose...")
        choose.setAutoDefault(False)
        choose.clicked.connect(self._choose_path)
        row.addWidget(self.path, 1)
        row.addWidget(choose)
        return row

    def _fill_runs(self) -> bool:
        """List the runs, those of this project first; returns whether there is one."""
        runs = sorted(self._context.runs.inventory.runs, key=lambda entry: not entry.in_project)
        for entry in runs:
            self.runs.addItem(_run_title(entry), entry.path)
        paths, current = [entry.path for entry in runs], self._context.runs.current.export_run
        if current in paths:  # Qt's own search never finds a path
            self.runs.setCurrentIndex(paths.index(current))
        return bool(runs)

    # The choice

    @property
    def choice(self) -> Choice:
        """The selected export."""
        keys = (key for key, radio in self.radios.items() if radio.isChecked())
        return self.choices[next(keys, next(iter(self.choices)))]

    @property
    def run(self) -> Path | None:
        """The selected run; ``None`` if the export is of the open graph."""
        path = self.runs.currentData()
        return path if self.choice.of_run and isinstance(path, Path) else None

    def _show_choice(self) -> None:
        """Show the options, the path and the preview of the selected export."""
        self.run_settings.setVisible(self.choice.of_run)
        self._show_options()
        self.path.setText(with_tilde(self._proposal()))
        self._say("")
        if self.run is None:
            self.preview.show_files({"model.py": _WAITING})
            self._context.analysis.ask(export_preview(self.choice.export.name), self._show_preview)
        else:
            self.preview.show_files(preview_of_run(self.choice.export.preview, self.run))

    def _show_options(self) -> None:
        """Show a form for the options of the selected export, if it has any."""
        while item := self._options_column.takeAt(0):
            if old := item.widget():
                remove_widget(old)
        self.options = {}
        if params := self.choice.export.options:
            form = Form(params, self._context.theme, lambda: 0, live=False)
            form.setObjectName("export_options")
            form.show_values({})
            form.edited.connect(self._set_option)
            self._options_column.addWidget(form)

    def _set_option(self, name: str, value: object, _gesture: int) -> None:
        self.options.pop(name, None)
        if value is not UNSET:
            self.options[name] = freeze(value)

    def _proposal(self) -> Path:
        document = self._context.document
        base = nearest_folder(document.path.parent) if document.path else Path.home()
        name = self.run.name if self.run else document.project.name
        export = self.choice.export
        return unused_path(base / (f"{name}{export.suffix}" if export.suffix else f"{name}-{export.name}"))

    def _choose_path(self) -> None:
        now, context = from_home(self.path.text()), self._context
        dialog = FileDialog(
            self, context.theme, "Write to", [Path(path).parent for path in context.preferences.values.recent]
        )
        export = self.choice.export
        if export.suffix:
            path = dialog.to_save(now, f"{export.title} (*{export.suffix})")
        else:
            folder = dialog.to_choose_folder(now.parent)
            path = unused_path(folder / now.name) if folder else None
        if path:
            self.path.setText(with_tilde(path))

    def _show_preview(self, answer: Answer) -> None:
        if not self.choice.of_run:
            match answer:
                case ExportPreviewed(files=files):
                    self.preview.show_files(files)
                case Failed(message=message, hint=hint):
                    self.preview.show_files({})
                    self._say(f"{message} {hint}".strip())

    # Writing

    def _start(self) -> None:
        path = from_home(self.path.text())
        if not self.path.text().strip() or not path.is_absolute():
            self._say("Choose a place to write to.")
            return
        self._set_busy(busy=True)
        if self.run is None:
            document = self._context.document
            base = document.path.parent if document.path else Path.cwd()
            self.export.graph(document.project, base, path, self.choice.export.name, self.options)
        else:
            which: Which = "last" if self.which.currentData() == "last" else "best"
            self.export.run(self.run, self.choice.export.name, path, which, self.options)

    def _say(self, text: str) -> None:
        """Show what prevents the export; empty for nothing."""
        self.problem.setText(text)
        self.problem.setVisible(bool(text))

    def _set_busy(self, *, busy: bool) -> None:
        self.go.setEnabled(not busy)
        self.go.setText("Writing ..." if busy else "Export")

    def _finish(self, path: Path) -> None:
        self._set_busy(busy=False)
        self.accept()
        self._on_export(path)

    def _fail(self, text: str) -> None:
        self._set_busy(busy=False)
        self._say(text)

    def reject(self) -> None:
        self.export.cancel()
        super().reject()


def _run_title(run: RunEntry) -> str:
    best = run.summary.best or run.summary.metrics
    accuracy = best.get("val_accuracy")
    return f"{run.summary.name}{f'  ({accuracy:.1%})' if accuracy is not None else ''}"
