"""Help, focus, accessible names and paths in the inspector."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget

from engine.catalog.text_params import Text
from engine.graph.edits import SetData
from engine.graph.model import Data
from engine.protocol.answers import Analysed
from gui.forms.choice_editors import SuggestEditor
from gui.forms.form import Form
from gui.forms.text_editors import PathEditor, TextEditor
from tests.gui.inspector.inspector_fields import field, params, retype, row, settle


def test_help_follows_the_focus(inspector, selection) -> None:
    selection.select(("conv1",))
    field(inspector, "stride").setFocus()
    assert "Step between positions" in inspector.help.text()
    assert "default 1" in inspector.help.text()
    inspector.node.code.setFocus()


def test_each_focusable_widget_has_a_name(inspector, document, selection) -> None:
    for names in (("conv1",), ("image",), ("fc1", "head"), ()):
        selection.select(names)
        for widget in inspector.page.findChildren(QWidget):
            takes = widget.focusPolicy() & Qt.FocusPolicy.TabFocus and not isinstance(widget, QLabel)
            if takes and widget.isVisible() and widget.focusProxy() is None:
                owner = widget if widget.accessibleName() or getattr(widget, "text", str)() else widget.parent()
                assert owner.accessibleName() or owner.text(), (widget, names)


def test_tab_goes_through_the_fields_in_order(inspector, selection) -> None:
    selection.select(("conv1",))
    line = field(inspector, "out_channels")
    line.setFocus()
    QTest.keyClick(line, Qt.Key.Key_Tab)
    assert field(inspector, "kernel_size").hasFocus()


def test_undo_in_a_field_is_left_to_the_window(inspector, document, selection, qtbot) -> None:
    from PySide6.QtGui import QKeySequence, QShortcut

    shortcut = QShortcut(QKeySequence.StandardKey.Undo, inspector, document.history.undo)
    selection.select(("conv1",))
    line = field(inspector, "out_channels")
    retype(line, "128")
    QTest.keyClick(line, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert params(document, "conv1")["out_channels"] == 32
    assert shortcut.isEnabled()


def test_a_path_is_written_relative_to_the_project(theme, document, qtbot, tmp_path: Path) -> None:
    from engine.catalog.data.datasets import CSV
    from gui.forms.editors import EditorContext

    form = Form(CSV.params, theme, document.gesture, live=False, context=EditorContext(base=tmp_path))
    qtbot.addWidget(form)
    editor = form.rows["path"].editor
    assert isinstance(editor, PathEditor)
    with qtbot.waitSignal(form.edited) as edited:
        editor.set_path(tmp_path / "data" / "a.csv")
    assert edited.args[:2] == ["path", "data/a.csv"]
    with qtbot.waitSignal(form.edited) as edited:
        editor.set_path(Path("/elsewhere/a.csv"))
    assert edited.args[1] == "/elsewhere/a.csv"


def test_another_data_set_offers_its_fields(inspector, document, selection, qtbot) -> None:
    selection.select(("image",))
    document.do(SetData(Data("Iris")))
    settle(qtbot, inspector)
    combo = row(inspector, "field").editor.combo
    assert [combo.itemText(at) for at in range(combo.count())] == ["features", "label"]
    assert combo.currentText() == "image"


def test_an_input_is_offered_the_fields_of_the_file(inspector, document, selection, results) -> None:
    document.do(SetData(Data("Npz", {"path": "points.npz"}), "Use the data Npz"))
    selection.select(("image",))
    assert type(row(inspector, "field").editor) is TextEditor
    results.take(
        Analysed(
            1,
            (),
            {},
            0,
            0,
            fields={
                "x": {"shape": [6], "element": "float", "kind": "table"},
                "y": {"shape": [], "element": "int", "kind": "array"},
            },
        ),
        document.revision,
    )
    combo = row(inspector, "field").editor.combo
    assert [combo.itemText(at) for at in range(combo.count())][-2:] == ["x", "y"]


def test_the_beginning_of_a_long_text_is_visible(qtbot):
    editor = SuggestEditor(Text("target", ""), ())
    qtbot.addWidget(editor)
    editor.set_value("a_column_with_a_name_that_is_longer_than_any_field_has_room_for")
    assert editor.line.cursorPosition() == 0
