"""Exporting: what, from where and whereto, with a look at what will be written."""

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
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from engine.catalog.exports import EXPORTS, Choice, Preview, choices
from engine.catalog.params import Value, freeze
from engine.codegen.scripts import DATA, FILES
from engine.graph.model import UNSET
from engine.places import from_home
from engine.project.existence import is_file, nearest_folder
from engine.protocol.answers import Answer, ExportPreviewed, Failed
from engine.runs.folder import RunFolder
from gui.actions.actions import NO_RUN
from gui.code.source_view import SourceView
from gui.common_dialogs.dialog import Dialog, labelled
from gui.common_dialogs.file_dialog import FileDialog
from gui.context.context import Context
from gui.dialogs.output_paths import free, short
from gui.forms.combo import Combo
from gui.forms.form import Form
from gui.runs.inventory.inventory import RunEntry
from gui.widgets.removal import remove_widget
from gui.workers.analysis_questions import export_preview
from gui.workers.export import Export, Which, weights_in

_WHICH = {"best": "of the best epoch", "last": "of the last epoch"}
_WORKING = "Working out what will be written ..."
CHOICES_PX = 390  # a run's name and figure fit in


class ExportDialog(Dialog):
    """Asks and writes; ``written`` is called with the place when it is there."""

    def __init__(
        self,
        context: Context,
        written: Callable[[Path], object],
        choice: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("export", "Export", parent)
        self._context, self._written = context, written
        self._files: dict[str, str] = {}
        self.export = Export(self)
        self.export.done.connect(self._finish)
        self.export.failed.connect(self._fail)
        self.choices = {each.key: each for export in EXPORTS.values() for each in choices(export)}
        self.radios: dict[str, QRadioButton] = {}
        self.options: dict[str, Value] = {}
        self._form = QVBoxLayout()
        self.about_run, self.runs, self.which, self.place = QWidget(), Combo(), Combo(), QLineEdit()
        self.files = QTabBar()
        self.files.setUsesScrollButtons(False)
        self.files.setExpanding(False)
        self.view = SourceView(context.theme)
        self.said = labelled("", "error", wrap=True)
        self.said.hide()
        across = QHBoxLayout()
        across.setSpacing(20)
        across.addWidget(self._choices())
        across.addLayout(self._preview(), 1)
        self.body.addLayout(across, 1)
        self.cancel = self.add_button("Cancel")
        self.cancel.clicked.connect(self.reject)
        self.go = self.add_button("Export", "button_export_now", default=True)
        self.go.clicked.connect(self._start)
        self.resize(1120, 680)
        wanted = self.radios.get(choice)
        chosen = wanted if wanted and wanted.isEnabled() else next(iter(self.radios.values()))
        chosen.setChecked(True)
        chosen.setFocus()
        self._turn()

    # What it is made of

    def _choices(self) -> QWidget:
        box = QWidget()
        box.setFixedWidth(CHOICES_PX)
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        group = QButtonGroup(self)
        self.runs.elides = Qt.TextElideMode.ElideMiddle  # names differ at their ends, where the figure stands, too
        self.runs.currentTextChanged.connect(self.runs.setToolTip)
        found = self._fill_runs()
        for key, choice in self.choices.items():
            radio = QRadioButton(choice.offer.title)
            radio.setObjectName(f"export_{key}")
            radio.setEnabled(found or not choice.of_run)
            group.addButton(radio)
            words = labelled(choice.offer.summary if radio.isEnabled() else NO_RUN, "small", wrap=True)
            words.setContentsMargins(26, 0, 0, 9)
            column.addWidget(radio)
            column.addWidget(words)
            self.radios[key] = radio
        grid = QGridLayout(self.about_run)
        grid.setContentsMargins(0, 8, 0, 0)
        grid.setVerticalSpacing(8)
        grid.setHorizontalSpacing(14)
        grid.setColumnStretch(1, 1)
        for value, text in _WHICH.items():
            self.which.addItem(text, value)
        for row, (name, widget) in enumerate((("run", self.runs), ("weights", self.which))):
            widget.setObjectName(f"export_choose_{name}")
            widget.setAccessibleName(name)
            grid.addWidget(labelled(name.capitalize(), "dim"), row, 0)
            grid.addWidget(widget, row, 1)
        column.addWidget(self.about_run)
        column.addLayout(self._form)
        column.addSpacing(14)
        column.addWidget(labelled("Write to", "dim"))
        column.addLayout(self._place_row())
        column.addSpacing(6)
        column.addWidget(self.said)
        column.addStretch(1)
        for radio in self.radios.values():
            radio.toggled.connect(lambda on: self._turn() if on else None)
        self.runs.currentIndexChanged.connect(self._turn)
        return box

    def _place_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(6)
        self.place.setObjectName("export_place")
        self.place.setAccessibleName("Write to")
        self.place.textChanged.connect(lambda: self._say(""))
        self.place.textChanged.connect(self.place.setToolTip)
        choose = QPushButton("Choose...")
        choose.setAutoDefault(False)
        choose.clicked.connect(self._choose_place)
        row.addWidget(self.place, 1)
        row.addWidget(choose)
        return row

    def _preview(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(0)
        self.files.setDrawBase(False)
        self.files.setExpanding(False)
        self.files.currentChanged.connect(self._show_file)
        self.view.setObjectName("export_preview")
        self.view.setAccessibleName("What will be written")
        self.files.setAccessibleName("Files")
        column.addWidget(self.files)
        column.addWidget(self.view, 1)
        return column

    def _fill_runs(self) -> bool:
        """List the runs, those of this project first; tells whether there is one."""
        runs = sorted(self._context.runs.inventory.runs, key=lambda known: not known.in_project)
        for known in runs:
            self.runs.addItem(_titled(known), known.path)
        paths, meant = [known.path for known in runs], self._context.runs.current.export_run
        if meant in paths:  # Qt's own search never finds a path
            self.runs.setCurrentIndex(paths.index(meant))
        return bool(runs)

    # What is chosen

    @property
    def choice(self) -> Choice:
        """What is to be exported."""
        chosen = (key for key, radio in self.radios.items() if radio.isChecked())
        return self.choices[next(chosen, next(iter(self.choices)))]

    @property
    def run(self) -> Path | None:
        """The run that is chosen, where one is wanted."""
        found = self.runs.currentData()
        return found if self.choice.of_run and isinstance(found, Path) else None

    def _turn(self) -> None:
        """Show what belongs to the choice."""
        self.about_run.setVisible(self.choice.of_run)
        self._show_options()
        self.place.setText(short(self._proposal()))
        self._say("")
        if self.run is None:
            self._show_files({"model.py": _WORKING})
            self._context.analysis.ask(export_preview(self.choice.export.name), self._previewed)
        else:
            self._show_files(_PREVIEWS[self.choice.export.preview](self.run))

    def _show_options(self) -> None:
        """Ask for the options of the chosen export, if it has any."""
        while item := self._form.takeAt(0):
            if old := item.widget():
                remove_widget(old)
        self.options = {}
        if params := self.choice.export.options:
            form = Form(params, self._context.theme, lambda: 0, live=False)
            form.setObjectName("export_options")
            form.show_values({})
            form.edited.connect(self._set_option)
            self._form.addWidget(form)

    def _set_option(self, name: str, value: object, _gesture: int) -> None:
        self.options.pop(name, None)
        if value is not UNSET:
            self.options[name] = freeze(value)

    def _proposal(self) -> Path:
        document = self._context.document
        base = nearest_folder(document.path.parent) if document.path else Path.home()
        name = self.run.name if self.run else document.project.name
        export = self.choice.export
        return free(base / (f"{name}{export.suffix}" if export.suffix else f"{name}-{export.name}"))

    def _choose_place(self) -> None:
        now, context = from_home(self.place.text()), self._context
        dialog = FileDialog(self, context.theme, "Write to", map(Path, context.preferences.values.recent))
        export = self.choice.export
        if export.suffix:
            place = dialog.to_save(now, f"{export.title} (*{export.suffix})")
        else:
            folder = dialog.to_choose_folder(now.parent)
            place = free(folder / now.name) if folder else None
        if place:
            self.place.setText(short(place))

    def _previewed(self, answer: Answer) -> None:
        if not self.choice.of_run:
            match answer:
                case ExportPreviewed(files=files):
                    self._show_files(files)
                case Failed(message=message, hint=hint):
                    self._show_files({})
                    self._say(f"{message} {hint}".strip())

    def _show_files(self, files: dict[str, str]) -> None:
        self._files = files
        self.files.blockSignals(True)
        while self.files.count():
            self.files.removeTab(0)
        for name in files:
            self.files.addTab(name)
        self.files.blockSignals(False)
        self._show_file(0)

    def _show_file(self, at: int) -> None:
        texts = list(self._files.values())
        self.view.set_source(texts[at] if 0 <= at < len(texts) else "")

    # Writing

    def _start(self) -> None:
        place = from_home(self.place.text())
        if not self.place.text().strip() or not place.is_absolute():
            self._say("Choose a place to write to.")
            return
        self._set_busy(busy=True)
        if self.run is None:
            document = self._context.document
            base = document.path.parent if document.path else Path.cwd()
            self.export.graph(document.project, base, place, self.choice.export.name, self.options)
        else:
            which: Which = "last" if self.which.currentData() == "last" else "best"
            self.export.run(self.run, self.choice.export.name, place, which, self.options)

    def _say(self, text: str) -> None:
        """Tell what keeps the export from being written, or nothing."""
        self.said.setText(text)
        self.said.setVisible(bool(text))

    def _set_busy(self, *, busy: bool) -> None:
        self.go.setEnabled(not busy)
        self.go.setText("Writing ..." if busy else "Export")

    def _finish(self, place: Path) -> None:
        self._set_busy(busy=False)
        self.accept()
        self._written(place)

    def _fail(self, text: str) -> None:
        self._set_busy(busy=False)
        self._say(text)

    def reject(self) -> None:
        self.export.cancel()
        super().reject()


def _titled(known: RunEntry) -> str:
    best = known.summary.best or known.summary.metrics
    accuracy = best.get("val_accuracy")
    return f"{known.summary.name}{f'  ({accuracy:.1%})' if accuracy is not None else ''}"


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return f"{path.name} cannot be read."


def _program(run: Path) -> dict[str, str]:
    """The program in a run's folder, by file."""
    places = (run / name for name in (*FILES, *DATA))
    return {path.name: _read(path) for path in places if is_file(path)}


def _tensors(run: Path) -> dict[str, str]:
    """The tensors of a run's latest checkpoint, by file, one a line."""
    return {"weights.safetensors": _weights_text(RunFolder(run))}


def _weights_text(run: RunFolder) -> str:
    try:
        steps = sorted((path for path in run.checkpoints.iterdir() if path.name.isdecimal()), key=lambda p: int(p.name))
    except OSError:
        steps = []
    tensors = weights_in(steps[-1] / "weights.safetensors") if steps else {}
    wide = max(map(len, tensors), default=0)
    lines = (f"{name:<{wide}}  {kind}  {' x '.join(map(str, shape))}" for name, (kind, shape) in tensors.items())
    return "\n".join(lines) or "The checkpoint cannot be read."


_PREVIEWS: dict[Preview, Callable[[Path], dict[str, str]]] = {"program": _program, "tensors": _tensors}
"""What a run's export will hold, by file."""
