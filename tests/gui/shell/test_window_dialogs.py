"""The theme and the dialogs of the window."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QWidget

from gui.dialogs.about_dialog import AboutDialog
from gui.dialogs.export_dialog import ExportDialog
from gui.dialogs.fault_report import FaultReport
from gui.dialogs.new_project import NewProjectDialog
from gui.dialogs.preferences_dialog import PreferencesDialog
from gui.preferences.preferences import Preferences
from tests.windows import double_click


def test_the_theme_is_switched_and_kept(window):
    window.context.actions["view.theme"].trigger()
    assert not window.context.theme.tokens.is_dark
    assert window.context.preferences.values.theme == "light"
    window.context.preferences.write()
    assert Preferences().values.theme == "light"


def test_a_long_name_of_a_run_is_elided_in_its_middle(window, qtbot):
    dialog = ExportDialog(window.context, lambda _: None, "code_of_graph", window.frame)
    qtbot.addWidget(dialog)
    name = f"{'digits-with-many-layers-' * 4}12  (98.3%)"
    dialog.runs.addItem(name)
    dialog.runs.setCurrentIndex(dialog.runs.count() - 1)
    dialog.show()
    dialog.run_settings.show()
    begin, mark, end = dialog.runs.visible_text().partition("\u2026")
    assert mark
    assert name.startswith(begin)
    assert end.endswith("12  (98.3%)")
    assert dialog.runs.toolTip() == name


@pytest.mark.parametrize("choice", ["dark", "light"])
def test_every_dialog_is_drawn_without_a_warning(window, qtbot, choice):
    window.context.theme.set(choice)
    context, frame = window.context, window.frame
    for dialog in (
        NewProjectDialog(window.context.theme, frame),
        PreferencesDialog(context.preferences, frame),
        AboutDialog(frame),
        FaultReport("words", lambda: None, frame),
        ExportDialog(context, lambda _: None, parent=frame),
    ):
        qtbot.addWidget(dialog)
        dialog.show()
        assert not dialog.grab().isNull()
        for each in dialog.findChildren(QAbstractButton):
            if each.isVisible() and each.text():
                assert each.width() >= each.minimumSizeHint().width(), each.text()
        dialog.close()


def test_an_export_is_proposed_to_an_existing_folder(window, tmp_path, qtbot):
    path = tmp_path / "work" / "net.loom"
    path.parent.mkdir()
    assert window.context.files.save_to(path)
    path.parent.rename(tmp_path / "renamed")
    dialog = ExportDialog(window.context, lambda _: None, parent=window.frame)
    qtbot.addWidget(dialog)
    assert dialog.path.text() == str(tmp_path / "net-code")


def test_an_export_below_the_home_of_an_unknown_user_is_refused(window, qtbot):
    dialog = ExportDialog(window.context, lambda _: None, parent=window.frame)
    qtbot.addWidget(dialog)
    dialog.path.setText("~someone-unknown/net-code")
    dialog.go.click()
    assert dialog.problem.text() == "Choose a place to write to."
    assert dialog.go.text() == "Export", "nothing is being written"


def test_the_export_of_a_run_shows_every_file_of_its_program(window, tmp_path, qtbot):
    names = ("model.py", "cells.py", "reading.py", "data.py", "step.py", "train.py", "table.json")
    for name in (*names, "data.json", "losses.txt"):
        (tmp_path / name).write_text(f"# {name}")
    dialog = ExportDialog(window.context, lambda _: None, parent=window.frame)
    qtbot.addWidget(dialog)
    dialog.runs.addItem("first", tmp_path)
    dialog.runs.setCurrentIndex(dialog.runs.count() - 1)
    dialog.radios["code_of_run"].setEnabled(True)
    dialog.radios["code_of_run"].setChecked(True)
    assert [dialog.preview.tabs.tabText(at) for at in range(dialog.preview.tabs.count())] == [*names]
    dialog.preview.tabs.setCurrentIndex(2)
    assert dialog.preview.source.toPlainText() == "# reading.py"


def test_a_template_is_chosen_by_keys_and_click(window, qtbot):
    dialog = NewProjectDialog(window.context.theme, window.frame)
    qtbot.addWidget(dialog)
    dialog.show()
    names = list(dialog.cards)
    qtbot.keyClick(dialog.cards[names[0]], Qt.Key.Key_Right)
    assert dialog.template_name == names[1]
    qtbot.mouseClick(dialog.cards["digits-cnn"], Qt.MouseButton.LeftButton)
    assert "conv1" in dialog.project().graphs["Net"].nodes
    qtbot.mouseClick(dialog.cards["empty"], Qt.MouseButton.LeftButton)
    assert not dialog.project().graphs["Net"].nodes
    with qtbot.waitSignal(dialog.accepted):
        double_click(dialog.cards["iris-mlp"])


def test_edits_never_change_a_template(window, qtbot):
    dialog = NewProjectDialog(window.context.theme, window.frame)
    qtbot.addWidget(dialog)
    dialog.cards["iris-mlp"].setChecked(True)
    dialog.project().graphs.clear()
    assert dialog.project().graphs


def test_settings_take_effect_at_once(window, qtbot):
    dialog = PreferencesDialog(window.context.preferences, window.frame)
    qtbot.addWidget(dialog)
    box = dialog.findChild(QWidget, "settings_theme")
    box.setCurrentIndex(box.findData("light"))
    assert not window.context.theme.tokens.is_dark
