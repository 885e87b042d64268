"""Frames and notes: drawn, written, moved and removed by keys."""

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit

from engine.graph.edits import SetFrames, SetNotes
from engine.graph.model import Frame, Note
from tests.gui.canvas.graphs import EMPTY
from tests.gui.canvas.hand import CTRL, SHIFT, Steps

KEY = Qt.Key


def test_a_frame_is_drawn_around_the_selection_and_named(hand, document, graph, canvas, selection):
    steps = Steps(document)
    selection.select(("conv", "act"))
    hand.key(KEY.Key_G, CTRL)
    editor = canvas.findChild(QLineEdit, "inline_editor")
    assert editor.hasFocus()
    hand.type("stem", editor)
    hand.key(KEY.Key_Return, widget=editor)
    (frame,) = graph().frames
    assert frame.title == "stem"
    assert canvas.scene.frames[0].rect.contains(canvas.scene.rect_of(("conv", "act")))
    assert steps.is_one()
    assert document.history.undoText() == "Add a frame"
    canvas.text_editor.edit(canvas.scene.frames[0])
    again = canvas.findChildren(QLineEdit, "inline_editor")[-1]
    hand.type("trunk", again)
    hand.key(KEY.Key_Return, widget=again)
    assert graph().frames[0].title == "trunk"
    document.history.undo()
    assert graph().frames[0].title == "stem"
    document.history.undo()
    assert graph().frames == ()


def test_a_note_is_written_where_the_pointer_is(hand, document, graph, canvas):
    hand.move(EMPTY)
    steps = Steps(document)
    hand.key(KEY.Key_N, SHIFT)
    editor = canvas.findChild(QPlainTextEdit, "inline_editor")
    hand.type("remember", editor)
    hand.key(KEY.Key_Return, CTRL, widget=editor)
    assert graph().notes == (Note("remember", (620.0, 480.0, 240.0, 80.0)),)
    assert steps.is_one()


def test_ctrl_enter_in_a_note_triggers_no_action(hand, graph, canvas, qtbot):
    trained = []
    train = QAction(canvas, shortcut=QKeySequence("Ctrl+Return"))
    train.triggered.connect(trained.append)
    canvas.window().addAction(train)
    canvas.window().activateWindow()
    qtbot.waitUntil(canvas.window().isActiveWindow)
    hand.key(KEY.Key_N, SHIFT)
    editor = canvas.findChild(QPlainTextEdit, "inline_editor")
    hand.type("remember", editor)
    hand.key(KEY.Key_Return, CTRL, widget=editor)
    assert [note.text for note in graph().notes][-1:] == ["remember"]
    assert not trained


def test_an_empty_note_is_none(hand, document, canvas):
    steps = Steps(document)
    hand.key(KEY.Key_N, SHIFT)
    hand.key(KEY.Key_Escape, widget=canvas.findChild(QPlainTextEdit, "inline_editor"))
    assert steps.are_none()


def test_frames_and_notes_are_deleted(hand, document, graph):
    document.do(SetFrames("Net", (Frame("stem", (260, -60, 560, 160)),)))
    document.do(SetNotes("Net", (Note("Hello", (560, 420, 200, 80)),)))
    hand.click(QPointF(300, -50))
    hand.key(KEY.Key_Delete)
    assert graph().frames == ()
    hand.click(QPointF(600, 440))
    hand.key(KEY.Key_Delete)
    assert graph().notes == ()


def test_a_frame_is_renamed_by_double_click(hand, document, graph, canvas):
    document.do(SetFrames("Net", (Frame("stem", (260, -60, 560, 160)),)))
    steps = Steps(document)
    hand.double_click(QPointF(300, -50))
    editor = canvas.findChild(QLineEdit, "inline_editor")
    hand.type("trunk", editor)
    hand.key(KEY.Key_Return, widget=editor)
    assert graph().frames[0].title == "trunk"
    assert steps.is_one()


def test_notes_and_frames_are_reached_moved_written_and_removed_by_keys(hand, canvas, document, graph, selection):
    document.do(SetNotes("Net", (Note("Hello", (440, -260, 200, 80)),)))
    document.do(SetFrames("Net", (Frame("stem", (260, -60, 560, 160)),)))
    selection.select(["conv"])
    hand.key(KEY.Key_Up)
    assert canvas.scene.selected_annotation is canvas.scene.frames[0]
    assert not selection.nodes
    steps, before = Steps(document), graph().nodes["conv"].pos
    hand.key(KEY.Key_Down, CTRL)
    assert graph().frames[0].rect[1] == -50
    assert graph().nodes["conv"].pos == (before[0], before[1] + 10)
    assert steps.is_one()
    document.history.undo()
    hand.key(KEY.Key_Up)
    assert canvas.scene.selected_annotation is canvas.scene.notes[0]
    hand.key(KEY.Key_Return)
    editor = canvas.findChild(QPlainTextEdit, "inline_editor")
    editor.selectAll()
    hand.type("Bye", editor)
    hand.key(KEY.Key_Return, CTRL, widget=editor)
    assert graph().notes[0].text == "Bye"
    hand.key(KEY.Key_Delete)
    assert graph().notes == ()
    assert len(graph().nodes) == 7
