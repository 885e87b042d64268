"""Dialogs, and the menus of the page of runs, that are opened for pictures: a scene each."""

import os
import time
from collections.abc import Callable
from pathlib import Path

from overlaid import Overlaid
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit, QMenu, QPushButton, QRadioButton, QWidget

from engine.errors import EngineError
from gui.dialogs.fault_report import FaultReport
from gui.dialogs.unsaved_projects import UnsavedProjectsDialog
from gui.files.file_question_dialogs import FileQuestionDialogs
from gui.files.recovery import UnsavedProject
from gui.runs.commands.run_questions import RunDialogs


def runs(it: Overlaid) -> None:
    """The menus of the page of runs, renaming, the filter."""
    it.act("view.runs")
    it.rest(0.8)
    page = it.window.panels["runs"]
    paths = [run.path for run in it.context.runs.inventory.runs]
    page.choose(paths[:1])
    it.rest(0.8)
    place = page.table.viewport().mapToGlobal(QPoint(120, 40))
    it.menu("runs-menu", page.commands.menu, place)
    it.menu("runs-tags", page.commands.menu, place, ("Tags",))
    columns = page.list.columns
    below = columns.mapToGlobal(QPoint(0, columns.height()))
    it.menu("runs-columns", columns.findChild(QMenu, "columns_menu"), below)
    it.menu("runs-metrics", columns.findChild(QMenu, "columns_menu"), below, ("Metrics",))
    card = page.comparison.first
    it.menu("chart-menu", card.menu, card.more.mapToGlobal(QPoint(0, card.more.height())))
    smooth = page.comparison.smoothing
    it.menu("chart-smoothing", smooth.menu(), smooth.mapToGlobal(QPoint(0, smooth.height())))
    metrics = page.comparison.menus[page.comparison.second]
    it.menu("chart-metrics", metrics.menu(), metrics.mapToGlobal(QPoint(0, metrics.height())))
    page.results.switch.choose("Confusion")
    it.rest(0.8)
    epoch = page.results.findChild(QWidget, "results_epoch")
    it.menu("runs-epoch", page.results.findChild(QMenu, "epoch_menu"), epoch.mapToGlobal(QPoint(0, epoch.height())))
    page.table.setFocus()
    QTest.keyClick(page.table, Qt.Key.Key_F2)
    it.rest(0.4)
    it.inside("runs-rename", lambda: page.table, 80)
    if editor := page.table.findChild(QLineEdit):
        QTest.keyClick(editor, Qt.Key.Key_Escape)
    for state, words in (("runs-filter", "baseline"), ("runs-filter-nothing", "qqq")):
        page.list.filter.setText(words)
        it.rest(0.4)
        it.inside(state, lambda: page.list, 80)
    page.list.filter.clear()
    page.results.switch.choose("Summary")
    ask = RunDialogs(it.app.frame, it.context.theme)
    name = paths[0].name
    it.over("ask-train-again", lambda: ask.train_again(name))
    it.over("ask-delete", lambda: ask.delete([name]))
    it.over("ask-delete-many", lambda: ask.delete([name, name, name]))
    it.over("ask-delete-for-good", lambda: ask.delete_for_good([name]))
    it.over("train-longer", lambda: ask.more_epochs(name, 20, ""))
    it.over("train-longer-schedule", lambda: ask.more_epochs(name, 20, "OneCycleLR"))
    it.over("new-tag", ask.new_tag)
    it.over("save-chart", lambda: ask.picture("loss.png"))
    it.over("run-log", lambda: ask.show_log(paths[0] / "log.txt"))
    it.act("view.graph")


def dialogs(it: Overlaid) -> None:
    """Every dialog that a menu opens."""
    for state, action in (
        ("settings", "file.settings"), ("new", "file.new"), ("open", "file.open"), ("save", "file.save_as"),
        ("shortcuts", "help.shortcuts"), ("logs", "help.logs"), ("about", "help.about"),
    ):  # fmt: skip
        it.over(state, lambda action=action: it.act(action), wait_s=0.6)
    for state, words in (("shortcuts-some", "zoom"), ("shortcuts-nothing", "qqq")):
        it.over(state, lambda: it.act("help.shortcuts"), lambda top, words=words: top.field.setText(words))
    it.over("settings-theme", lambda: it.act("file.settings"), lambda top: top.findChild(QComboBox).showPopup())
    last = lambda top: QTest.mouseClick(list(top.cards.values())[-1], Qt.MouseButton.LeftButton)  # noqa: E731
    it.over("new-empty", lambda: it.act("file.new"), last)


def exports(it: Overlaid) -> None:
    """The dialog of exports: each choice, its folder, and what it refuses."""

    def choose(source: str) -> Callable[[QWidget], object]:
        return lambda top: top.findChild(QRadioButton, f"export_{source}").setChecked(True)

    def open_dialog() -> None:
        it.act("file.export_code")

    it.over("export-drawing", open_dialog, wait_s=2.0)
    it.over("export-run", open_dialog, choose("code_of_run"), wait_s=0.8)
    it.over("export-weights", open_dialog, choose("safetensors_of_run"), wait_s=0.8)

    def write_badly(place: str) -> Callable[[QWidget], object]:
        def act(top: QWidget) -> None:
            top.findChild(QLineEdit, "export_place").setText(place)
            QTest.mouseClick(top.findChild(QPushButton, "button_export_now"), Qt.MouseButton.LeftButton)
            it.until(lambda: top.findChild(QPushButton, "button_export_now").isEnabled())

        return act

    it.over("export-nowhere", open_dialog, write_badly(""), wait_s=0.5)
    it.over("export-refused", open_dialog, write_badly("/proc/code"), wait_s=0.5)

    def folder(top: QWidget) -> str:
        button = next(each for each in top.findChildren(QAbstractButton) if each.text() == "Choose...")
        return it.deeper(button.click)

    it.over("export-folder", open_dialog, folder)


def asking(it: Overlaid) -> None:
    """Questions and messages about files, faults and what a crash left."""
    ask = FileQuestionDialogs(it.app.frame, it.context.theme, it.context.preferences)
    path = Path("/home/ada/projects/digits.loom")
    it.over("ask-unsaved-new", lambda: ask.save_first("digits-cnn", is_new=True))
    it.over("ask-unsaved", lambda: ask.save_first("digits.loom", is_new=False))
    it.over("ask-gone", lambda: ask.file_missing(path, can_stay=True))
    wrong = EngineError(f"{path} is not a Torchloom project: line 1, column 2: expected a name.")
    it.over("message-wrong", lambda: ask.show_error("digits.loom cannot be opened", wrong))
    matches = [
        UnsavedProject("a", "digits.loom", path, time.time() - 300),
        UnsavedProject("b", "untitled", None, time.time() - 90_000),
    ]
    it.over("lost", lambda: UnsavedProjectsDialog(matches, print, it.app.frame).exec())
    report = "Torchloom 1.0\nTraceback (most recent call last):\n" + "\n".join(
        f'  File "gui/canvas/view/view.py", line {n}, in paint' for n in range(8)
    )
    it.over("fault", lambda: FaultReport(report, print, it.app.frame).exec())
    there = Path(os.environ["TORCHLOOM_HOME"]) / "taken.loom"
    there.write_text("{}", encoding="utf-8")

    def overwrite(top: QWidget) -> str:
        button = next(each for each in top.findChildren(QPushButton) if each.text() == "Save")
        return it.deeper(button.click)

    it.over("ask-overwrite", lambda: ask.where_to_save(there), overwrite)
