"""The panel that asks the network of the shown run."""

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QStackedLayout, QVBoxLayout, QWidget

from engine.protocol.asking import AskForm, NodeOutput, Reply
from gui.asking.answer_view import AnswerView
from gui.asking.editor import Editor
from gui.asking.editors import editor_for, title_for
from gui.asking.explanation_view import ExplanationView
from gui.asking.file_picker import FilePicker
from gui.asking.sample_picker import SamplePicker
from gui.asking.session import AskSession
from gui.forms.controls import IconButton
from gui.runs.context.current_run import CurrentRun
from gui.theme import Theme
from gui.widgets.heading_choice import Switch
from gui.workers.analysis_link import AnalysisLink

SAMPLE, FILE = "Sample", "File"
SHOW = "Show on the graph what each node gives for this sample"
HIDE = "Hide from the graph what the nodes give"


class AskingPanel(QWidget):
    """Asks after each change of the input. ``nodes_shown``: the outputs of nodes by path, empty to show none."""

    nodes_shown = Signal(object)

    def __init__(self, current: CurrentRun, analysis: AnalysisLink, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("asking")
        self._theme, self._current = theme, current
        self.session = AskSession(current, analysis, self)
        self.editors: dict[str, Editor] = {}
        self._form: AskForm | None = None
        self.ways = Switch(theme, (SAMPLE, FILE))
        self.sample, self.file = SamplePicker(theme), FilePicker(theme)
        self.answer, self.explanation = AnswerView(theme), ExplanationView(theme)
        self.graph = IconButton(theme, "eye", SHOW, size_px=16)
        self.graph.setCheckable(True)
        self.about = QLabel()
        self._build()
        self.ways.current_changed.connect(lambda _: self._choose_way())
        self.sample.changed.connect(self._ask)
        self.file.changed.connect(self._ask)
        self.explanation.changed.connect(self._ask)
        self.graph.toggled.connect(self._show_nodes)
        self.session.form_changed.connect(self._show_form)
        self.session.replied.connect(self._show_reply)
        self.session.failed.connect(self._show_failure)
        self._show_form()

    def _build(self) -> None:
        self.about.setProperty("voice", "small")
        self.about.setWordWrap(True)
        self._empty = QLabel()
        self._empty.setProperty("voice", "dim")
        self._empty.setWordWrap(True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._empty.setContentsMargins(12, 6, 12, 12)
        self._editors = QWidget()
        self._editor_column = QVBoxLayout(self._editors)
        self._editor_column.setContentsMargins(0, 0, 0, 0)
        self._editor_column.setSpacing(8)
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(12, 2, 12, 12)
        column.setSpacing(10)
        head = QHBoxLayout()
        head.addWidget(self.ways, 1)
        head.addWidget(self.graph)
        column.addWidget(self.about)
        column.addLayout(head)
        for widget in (self._editors, self.sample, self.file, _line(), self.answer):
            column.addWidget(widget)
        column.addWidget(self.explanation)
        column.addStretch(1)
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(body)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self._empty)
        self._pages.addWidget(area)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.session.switch(is_on=True)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.session.switch(is_on=False)
        self.graph.setChecked(False)

    # The question

    def question(self) -> dict[str, object] | None:
        """What is asked now, without explanations; ``None`` while there is nothing to ask about."""
        if self.ways.current == SAMPLE:
            return self.sample.question()
        if self.ways.current == FILE:
            return self.file.question()
        if path := next((each.path for each in self.editors.values() if each.path), ""):
            return {"file": path}
        values = {name: editor.value() for name, editor in self.editors.items()}
        return {"fields": values} if values and all(value is not None for value in values.values()) else None

    def _ask(self) -> None:
        question = self.question()
        if self._form is None or question is None:
            self.session.cancel()
            self.answer.show_reply(None, self._hint())
            self.explanation.show_reply(None)
            self.nodes_shown.emit({})
            return
        self.session.ask(question | self.explanation.question() | {"nodes": self.graph.isChecked()})

    def _hint(self) -> str:
        if self.ways.current == SAMPLE:
            return "Choose a sample."
        if self.ways.current == FILE:
            return "Choose a file of samples: an image, a table or an NPZ file."
        return f"{title_for(self._form['inputs'][0])} something, and the answer is here." if self._form else ""

    # What is shown

    def _show_form(self) -> None:
        form = self.session.form
        if form is None:
            self._form = None
            self._empty.setText(self.session.why_not)
            self._pages.setCurrentIndex(0)
            self.nodes_shown.emit({})
            return
        is_same = self._form is not None and self._form["inputs"] == form["inputs"]
        self._form = form
        run = self._current.run
        self.about.setText(f"{run.name if run else ''} \u00b7 weights of epoch {form['epoch']}")
        if not is_same:
            self._make_editors(form)
        self.sample.show_parts(form["parts"], form["data_problem"])
        self.explanation.offer(form)
        self._pages.setCurrentIndex(1)
        self._ask()

    def _make_editors(self, form: AskForm) -> None:
        for editor in self.editors.values():
            self._editor_column.removeWidget(editor)
            editor.deleteLater()
        self.editors = {each["field"]: editor_for(self._theme, each) for each in form["inputs"]}
        for editor in self.editors.values():
            self._editor_column.addWidget(editor)
            editor.changed.connect(self._ask)
        title = title_for(form["inputs"][0])
        self.ways.set_names((title, SAMPLE, FILE))
        self.ways.choose(title)
        self._choose_way()

    def _choose_way(self) -> None:
        self._editors.setVisible(self.ways.current not in (SAMPLE, FILE))
        self.sample.setVisible(self.ways.current == SAMPLE)
        self.file.setVisible(self.ways.current == FILE)
        self._ask()

    def _show_reply(self, reply: Reply) -> None:
        self.answer.show_reply(reply)
        self.explanation.show_reply(reply)
        if self.ways.current == SAMPLE:
            for each in reply["given"]:
                if (editor := self.editors.get(each["field"])) is not None:
                    editor.fill(each)
        nodes: Mapping[str, NodeOutput] = reply["nodes"] if self.graph.isChecked() else {}
        self.nodes_shown.emit(nodes)

    def _show_failure(self, sentence: str) -> None:
        problem: Reply = {
            "answers": [{"problem": {"message": sentence, "hint": ""}}],
            "given": [],
            "truth": "",
            "pictures": {},
            "nodes": {},
        }
        self.answer.show_reply(problem)
        self.explanation.show_reply(None)
        self.nodes_shown.emit({})

    def _show_nodes(self, is_on: bool) -> None:
        self.graph.setToolTip(HIDE if is_on else SHOW)
        if is_on:
            self._ask()
        else:
            self.nodes_shown.emit({})


def _line() -> QFrame:
    line = QFrame()
    line.setProperty("line", "true")
    line.setFixedHeight(1)
    return line
