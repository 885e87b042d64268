"""The panel that asks a network: its editors, the questions that it sends, and what it shows of replies."""

import base64
import io
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from PIL import Image
from PySide6.QtCore import QBuffer, QMimeData, QObject, QPointF, Qt, QUrl, Signal
from PySide6.QtGui import QColor, QDropEvent, QGuiApplication, QImage
from PySide6.QtTest import QTest

from engine.protocol.answers import Failed, Replied, RunDescribed
from engine.protocol.asking import AskForm, NodeOutput, Pixels, Reply
from gui.asking.asking_panel import FILE, HIDE, SAMPLE, SHOW, AskingPanel
from gui.asking.drawing_board import DrawingBoard
from gui.asking.editors import EDITORS, editor_for
from gui.asking.numbers_editor import NumbersEditor
from gui.asking.row_editor import RowEditor
from gui.theme import Theme

RUN = Path("/runs/digits-1")


class Link:
    """Keeps the questions to the worker."""

    def __init__(self) -> None:
        self.questions: list[tuple[object, Callable[[object], object]]] = []

    def ask(self, question: object, callback: Callable[[object], object]) -> None:
        self.questions.append((question, callback))


class Current(QObject):
    changed = Signal()
    advanced = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.run: Path | None = None
        self.history = SimpleNamespace(best=None)

    def show(self, run: Path | None) -> None:
        self.run = run
        self.changed.emit()


def pixels(level: int = 200, side: int = 8) -> Pixels:
    raw = bytes([level]) * side * side
    return {"height": side, "width": side, "channels": 1, "bytes": base64.b64encode(raw).decode()}


def image_form(**changes: object) -> AskForm:
    image = {"field": "image", "kind": "image", "way": "picture", "shape": [1, 8, 8], "columns": []}
    form = {
        "run": str(RUN), "epoch": 4, "network": "Net", "classes": ["0", "1"],
        "inputs": [image | {"min": 0.0, "max": 1.0, "mean": 0.3}],
        "parts": {"training": 30, "validation": 5}, "data_problem": "",
        "explanations": ["grad_cam", "gradients", "occlusion"], "convolutions": ["conv1", "conv2"],
    }  # fmt: skip
    return form | changes


COLUMNS = [
    {"name": "size", "categories": [], "date": False, "min": 0.5, "max": 6.5, "example": "2,5"},
    {"name": "colour", "categories": ["blue", "red"], "date": False, "example": "red"},
]
TABLE = {"field": "features", "kind": "table", "way": "row", "shape": [3], "columns": COLUMNS}


def table_form() -> AskForm:
    return image_form(inputs=[TABLE], explanations=["importance"], convolutions=[])


def reply(**changes: object) -> Reply:
    answer = {"input": "the picture", "label": "1", "scores": {"0": 0.25, "1": 0.75}}
    samples = [{"field": "image", "picture": pixels()}]
    return {"answers": [answer], "given": samples, "truth": "", "pictures": {}, "nodes": {}} | changes


def node() -> NodeOutput:
    return {"form": "maps", "shape": [2, 8, 8], "picture": pixels(), "min": 0, "max": 1, "mean": 0.5, "zero_share": 0.1}


class Place:
    """A panel with a link that a test answers by hand."""

    def __init__(self, theme: Theme) -> None:
        self.link, self.current = Link(), Current()
        self.panel = AskingPanel(self.current, self.link, theme)  # type: ignore[arg-type] # what it uses of them

    def open(self, form: AskForm) -> None:
        self.panel.resize(320, 700)
        self.panel.show()
        self.current.show(RUN)
        _, take = self.link.questions.pop()
        take(RunDescribed(1, form))

    def question(self, qtbot) -> dict[str, object]:
        """The question that is sent after the debounce."""
        qtbot.waitUntil(lambda: bool(self.link.questions))
        question, self.take = self.link.questions.pop()
        assert not self.link.questions, "one question for one change"
        return question.request(7, None, "").question

    def answer(self, value: Reply) -> None:
        self.take(Replied(7, value))


@pytest.fixture
def place(theme: Theme, qtbot) -> Place:
    place = Place(theme)
    qtbot.addWidget(place.panel)
    return place


def draw(board, start=(50, 30), end=(50, 130), button=Qt.MouseButton.LeftButton) -> None:
    QTest.mousePress(board, button, pos=QPointF(*start).toPoint())
    QTest.mouseMove(board, QPointF(*end).toPoint())
    QTest.mouseRelease(board, button, pos=QPointF(*end).toPoint())


def sent(question: dict[str, object]) -> Image.Image:
    return Image.open(io.BytesIO(base64.b64decode(question["fields"]["image"]))).convert("L")


def test_without_a_run_the_panel_says_what_to_do(place: Place) -> None:
    place.panel.show()
    assert "Train" in place.panel._empty.text()
    assert not place.link.questions


def test_a_hidden_panel_asks_nothing(place: Place) -> None:
    place.current.show(RUN)
    assert not place.link.questions


def test_a_drawing_is_asked_once_and_answered(place: Place, qtbot) -> None:
    place.open(image_form())
    board = place.panel.editors["image"].board
    draw(board)
    question = place.question(qtbot)
    picture = sent(question)
    assert picture.getpixel((50, 80)) == 255
    assert picture.getpixel((120, 80)) == 0
    place.answer(reply())
    assert place.panel.answer.text == "1, 75.0%"
    place.panel.editors["image"].clear.click()
    assert place.panel.answer.text.startswith("Draw")
    assert not place.link.questions


def test_the_board_has_the_colours_of_the_training_images(theme: Theme, qtbot) -> None:
    for mean, paper in ((0.2, "black"), (0.8, "white")):
        form = image_form()["inputs"][0] | {"mean": mean}
        board = editor_for(theme, form)
        qtbot.addWidget(board)
        assert board.board.image.pixelColor(3, 3) == QColor(paper)


def test_the_right_button_and_the_eraser_remove_what_was_drawn(place: Place, qtbot) -> None:
    place.open(image_form())
    editor = place.panel.editors["image"]
    draw(editor.board)
    draw(editor.board, button=Qt.MouseButton.RightButton)
    assert sent(place.question(qtbot)).getextrema() == (0, 0)
    draw(editor.board)
    editor.eraser.click()
    draw(editor.board)
    assert sent(place.question(qtbot)).getextrema() == (0, 0)


def test_a_pasted_picture_is_asked_about(place: Place, qtbot) -> None:
    place.open(image_form())
    editor = place.panel.editors["image"]
    QGuiApplication.clipboard().setText("text")
    editor.paste.click()
    assert "no picture" in editor.note.text()
    image = QImage(900, 300, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    QGuiApplication.clipboard().setImage(image)
    editor.paste.click()
    assert sent(place.question(qtbot)).size == (448, 149)


def test_a_dropped_file_is_asked_about_as_it_is(place: Place, qtbot, tmp_path: Path) -> None:
    place.open(image_form())
    board = place.panel.editors["image"].board
    path = tmp_path / "four.png"
    Image.new("L", (9, 9), 99).save(path)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    none = Qt.KeyboardModifier.NoModifier
    board.dropEvent(QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, none))
    assert place.question(qtbot)["file"] == str(path)
    draw(board)
    assert "fields" in place.question(qtbot)  # the picture was drawn over


def test_a_row_begins_with_an_example_and_is_asked_at_once(place: Place, qtbot) -> None:
    place.open(table_form())
    assert place.question(qtbot)["fields"] == {"features": {"size": "2,5", "colour": "red"}}
    editor = place.panel.editors["features"]
    editor.fields["size"].setText("3")
    editor.fields["colour"].setCurrentText("blue")
    assert place.question(qtbot)["fields"] == {"features": {"size": "3", "colour": "blue"}}


def test_a_problem_of_a_row_is_shown_as_the_answer(place: Place, qtbot) -> None:
    place.open(table_form())
    place.question(qtbot)
    problem = {"message": "column 'size': the value is missing.", "hint": "Fill it in."}
    place.answer(reply(answers=[{"input": "the row", "problem": problem}], given=[]))
    assert place.panel.answer.text == "column 'size': the value is missing. Fill it in."


def test_a_refusal_of_the_worker_is_shown_as_a_sentence(place: Place, qtbot) -> None:
    place.open(table_form())
    place.question(qtbot)
    place.take(Failed(7, "The picture cannot be decoded.", "Take another one."))
    assert place.panel.answer.text == "The picture cannot be decoded. Take another one."


def test_a_run_that_cannot_be_asked_says_why(place: Place) -> None:
    place.panel.show()
    place.current.show(RUN)
    _, take = place.link.questions.pop()
    take(Failed(1, "The network takes no data.", "Let it make samples."))
    assert place.panel._empty.text() == "The network takes no data. Let it make samples."


def test_a_sample_of_the_data_fills_the_editor(place: Place, qtbot) -> None:
    place.open(table_form())
    place.question(qtbot)
    place.panel.ways.choose(SAMPLE)
    assert place.question(qtbot)["part"] == "validation"
    place.panel.sample.forward.click()
    assert place.question(qtbot)["row"] == 1
    place.panel.sample.step(-2)
    assert place.question(qtbot)["row"] == 4  # the last one of five
    cells = {"size": "9", "colour": "blue"}
    place.answer(reply(given=[{"field": "features", "cells": cells}], truth="1"))
    assert place.panel.editors["features"].value() == cells
    assert not place.link.questions  # what is filled in is answered already


def test_a_file_of_many_samples_shows_the_first_answer_and_their_number(place: Place, qtbot, tmp_path: Path) -> None:
    place.open(table_form())
    place.question(qtbot)
    place.panel.ways.choose(FILE)
    assert place.panel.answer.text.startswith("Choose a file")
    place.panel.file.choose(tmp_path / "rows.csv")
    assert place.question(qtbot)["file"] == str(tmp_path / "rows.csv")
    one = reply()["answers"][0]
    place.answer(reply(answers=[one], given=[]))
    low = place.panel.answer.height()
    place.panel.answer.show_reply(reply(answers=[one, one, one], given=[]))
    assert place.panel.answer.height() > low
    assert place.panel.answer.text == "1, 75.0%"


def test_an_explanation_is_asked_for_with_its_convolution(place: Place, qtbot) -> None:
    place.open(image_form())
    draw(place.panel.editors["image"].board)
    assert "explain" not in place.question(qtbot)
    view = place.panel.explanation
    view.choice.setCurrentText("Grad-CAM")
    question = place.question(qtbot)
    assert (question["explain"], question["convolution"]) == ("grad_cam", "conv2")
    assert view.convolution.isVisible()
    place.answer(reply(explanation={"text": "Grad-CAM for 1, at conv2", "heat": pixels(255)}))
    assert view.heat.isVisible()
    assert view.text.text() == "Grad-CAM for 1, at conv2"
    loud = view.heat.grab().toImage().pixelColor(80, 80)
    view.opacity.setValue(0)
    assert view.heat.grab().toImage().pixelColor(80, 80) == QColor(200, 200, 200) != loud
    view.choice.setCurrentText("Occlusion")
    assert place.question(qtbot)["explain"] == "occlusion"
    assert not view.convolution.isVisible()


def test_the_importance_of_columns_is_shown(place: Place, qtbot) -> None:
    place.open(table_form())
    place.question(qtbot)
    place.panel.explanation.choice.setCurrentText("Importance of columns")
    assert place.question(qtbot)["explain"] == "importance"
    columns = [{"name": "colour", "drop": 0.4}, {"name": "size", "drop": -0.01}]
    place.answer(reply(given=[], explanation={"text": "accuracy lost", "columns": columns}))
    assert place.panel.explanation.bars.columns == [("colour", 0.4), ("size", -0.01)]


def test_nodes_are_shown_and_hidden_by_one_click(place: Place, qtbot) -> None:
    outputs: list[dict] = []
    place.panel.nodes_shown.connect(outputs.append)
    place.open(image_form())
    draw(place.panel.editors["image"].board)
    assert place.question(qtbot)["nodes"] is False
    place.panel.graph.click()
    assert place.panel.graph.toolTip() == HIDE
    assert place.question(qtbot)["nodes"] is True
    place.answer(reply(nodes={"conv1": node()}))
    assert list(outputs[-1]) == ["conv1"]
    place.panel.graph.click()
    assert place.panel.graph.toolTip() == SHOW
    assert outputs[-1] == {}
    assert not place.link.questions


def test_newer_weights_keep_the_drawing_and_ask_again(place: Place, qtbot) -> None:
    place.open(image_form())
    editor = place.panel.editors["image"]
    draw(editor.board)
    place.question(qtbot)
    for epoch in (2.0, 3.0, 4.0):  # fast epochs are looked at once
        place.current.history.best = epoch
        place.current.advanced.emit()
    qtbot.waitUntil(lambda: bool(place.link.questions))
    ((_, take),) = place.link.questions
    place.link.questions.clear()
    take(RunDescribed(1, image_form(epoch=5)))
    assert place.panel.editors["image"] is editor
    assert "epoch 5" in place.panel.about.text()
    assert "fields" in place.question(qtbot)


def test_every_kind_of_field_has_an_editor(theme: Theme, qtbot) -> None:
    kinds = {"image": DrawingBoard, "table": RowEditor, "audio": NumbersEditor, "series": NumbersEditor}
    for kind, editor in kinds.items():
        entry = {"field": "x", "kind": kind, "shape": [1, 4, 4], "columns": COLUMNS if kind == "table" else []}
        entry["way"] = {"image": "picture", "table": "row"}.get(kind, "numbers")
        widget = editor_for(theme, entry)
        qtbot.addWidget(widget)
        assert type(widget) is editor
    for kind in EDITORS:  # such as an image of five channels, or a table without names
        widget = editor_for(theme, {"field": "x", "kind": kind, "way": "numbers", "shape": [2], "columns": []})
        qtbot.addWidget(widget)
        assert type(widget) is NumbersEditor


def test_numbers_are_counted_and_must_be_numbers(theme: Theme, qtbot) -> None:
    entry = {"field": "x", "kind": "series", "way": "numbers", "shape": [2, 2], "columns": [], "example": [1, 2.5]}
    editor = NumbersEditor(theme, entry)
    qtbot.addWidget(editor)
    assert editor.value() == [1, 2.5]
    assert editor.note.text() == "2 of 4 numbers · 2 × 2"
    editor.text.setPlainText("1 two")
    assert editor.value() is None
    assert editor.note.text().startswith("Not all")


@pytest.mark.parametrize("choice", ["dark", "light"])
def test_the_panel_paints_every_kind_of_answer(place: Place, theme: Theme, choice: str) -> None:
    theme.set(choice)
    place.open(image_form())
    values = {"input": "x", "values": {"rent": [901.25]}, "measures": {"rent": "EUR"}}
    for one in (reply(truth="0"), reply(answers=[values]), reply(pictures={"image": pixels()}, answers=[values])):
        place.panel.answer.show_reply(one)
        image = place.panel.answer.grab().toImage()
        buffer = QBuffer()
        image.save(buffer, "PNG")
        colours = Image.open(io.BytesIO(buffer.data().data())).convert("RGB").getcolors(10_000)
        assert len(colours) > 20
    place.panel.answer.show_reply(reply(answers=[values]))
    assert place.panel.answer.text == "rent 901.2 EUR"
    theme.set("dark")
