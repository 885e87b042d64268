"""The page of runs, with real runs on disk."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

import gui.runs.commands.run_commands
from engine.graph.model import Project
from engine.runs.folder import RunFolder
from engine.runs.label import Label, write_label
from gui.dialogs.export_dialog import ExportDialog
from gui.runs.charts.run_lines import PARTS
from gui.runs.curve_data.history import History
from gui.runs.details.summary import summary
from gui.runs.known_runs.inventory import read
from gui.runs.pages.runs_page import RunsPage
from gui.runs.table.columns import FOLDER
from gui.runs.table.runs_list import EVERYWHERE, HERE
from gui.runs.table.table_model import PATH

WAIT = 60_000


@pytest.fixture
def runs(context, real_run) -> list[Path]:
    """Two runs beside the project, the newer one first; they differ in start time and learning rate."""
    folder = context.document.path.parent / "runs"
    newer, older = (Path(shutil.copytree(real_run, folder / name)) for name in ("net-b", "net-a"))
    for name, before, after in (
        ("events.jsonl", '"started_at":"2', '"started_at":"3'),
        ("project.loom", '"lr": 0.', '"lr": 0.5'),
    ):
        text = (newer / name).read_text()
        assert before in text
        (newer / name).write_text(text.replace(before, after, 1))
    context.runs.start(context.document)
    return [newer, older]


@pytest.fixture
def page(context, runs, answers, theme, qtbot: QtBot) -> RunsPage:
    runs_page = RunsPage(context.runs, context.preferences, theme, answers)
    qtbot.addWidget(runs_page)
    runs_page.resize(1000, 600)
    return runs_page


def test_the_page_opens_on_the_run_that_is_in_sight(page, context, runs, qtbot) -> None:
    context.runs.current.show_run(runs[1])
    page.show()
    assert page.table.paths == [runs[1]]
    qtbot.waitUntil(lambda: bool(page.comparison.first.legend.entries), timeout=WAIT)
    assert page.comparison.runs == [runs[1]]
    assert page.comparison.second.legend.title == "Accuracy"


def test_without_one_in_sight_it_opens_on_the_newest(page, context, runs) -> None:
    context.runs.current._set(None)
    page.show()
    assert page.table.paths == [runs[0]]


def test_a_page_that_is_shown_before_the_runs_are_found_chooses_once_they_are(
    context, real_run, answers, theme, qtbot: QtBot
) -> None:
    run = Path(shutil.copytree(real_run, context.document.path.parent / "runs" / "net-a"))
    page = RunsPage(context.runs, context.preferences, theme, answers)
    qtbot.addWidget(page)
    page.show()
    assert page.table.paths == []
    context.runs.start(context.document)
    qtbot.waitUntil(lambda: page.table.paths == [run], timeout=WAIT)
    page.table.clearSelection()
    (run / "notes.txt").write_text("looked at")
    context.runs.inventory.refresh()
    context.runs.inventory.changed.emit()
    assert page.table.paths == []  # cleared by the user


def test_a_choice_is_kept_while_other_pages_are_looked_at(page, runs) -> None:
    page.show()
    page.choose([runs[1]])
    page.hide()
    page.show()
    assert page.table.paths == [runs[1]]


def test_accuracy_is_in_percent_however_often_the_page_is_shown(page, runs, qtbot) -> None:
    page.show()
    page.choose([runs[1]])
    score = page.comparison.second
    qtbot.waitUntil(lambda: bool(score.legend.entries), timeout=WAIT)
    for _ in range(2):
        page.hide()
        page.show()
        assert score.chart.is_percent
        assert score.chart.range.y_ticks[-1].text.endswith("%")


@pytest.mark.parametrize("height", [400, 700])
def test_the_details_of_a_run_are_whole_however_low_the_page_is(page, runs, height, qtbot) -> None:
    page.resize(1000, height)
    page.show()
    page.choose([runs[1]])
    for _ in range(5):  # each layout pass triggers the next
        QApplication.processEvents()
    labels = [each for each in page.details.findChildren(QLabel) if each.isVisible() and each.text()]
    assert len(labels) > 10
    heights = {
        each: each.heightForWidth(each.width()) if each.wordWrap() else each.sizeHint().height() for each in labels
    }
    assert not [each.text() for each in labels if each.height() < heights[each]]
    title = next(each for each in labels if each.property("voice") == "title")
    assert title.text().replace("\u200b", "") == runs[1].name


def test_several_are_compared_each_in_a_colour_of_its_own(page, runs) -> None:
    page.show()
    page.choose(runs)
    colours = page._colours()
    assert set(colours) == set(runs)
    assert len(set(colours.values())) == 2
    assert not page.export.isEnabled()
    assert page.delete.isEnabled()


def test_only_what_was_agreed_to_is_deleted(page, runs, answers, monkeypatch, qtbot) -> None:
    monkeypatch.setattr(gui.runs.commands.run_commands, "to_trash", lambda _run: False)
    page.show()
    page.choose([runs[1]])
    answers.sure = False
    QTest.mouseClick(page.delete, Qt.MouseButton.LeftButton)
    assert runs[1].is_dir()
    answers.sure, answers.for_good = True, False
    QTest.mouseClick(page.delete, Qt.MouseButton.LeftButton)
    assert runs[1].is_dir()
    answers.for_good = True
    QTest.mouseClick(page.delete, Qt.MouseButton.LeftButton)
    assert not runs[1].exists()
    assert runs[0].is_dir()
    qtbot.waitUntil(lambda: page.model.rowCount() == 1, timeout=WAIT)


def test_a_run_that_is_about_to_be_resumed_is_not_deleted(page, runs, context, answers, trainer, qtbot) -> None:
    trainer("well", step_s=0.02)
    page.show()
    page.choose([runs[1]])
    assert page.delete.isEnabled()
    assert context.runs.link.resume(runs[1], epochs=50)
    assert not RunFolder(runs[1]).is_alive  # its trainer is still loading torch
    assert not page.delete.isEnabled()
    QTest.keyClick(page.table, Qt.Key.Key_Delete)
    assert not answers.questions
    assert runs[1].is_dir()
    context.runs.link.stop(runs[1])
    qtbot.waitUntil(lambda: not len(context.runs.link), timeout=WAIT)
    qtbot.waitUntil(page.delete.isEnabled, timeout=WAIT)


def test_buttons_name_the_run_that_is_chosen(page, runs, qtbot) -> None:
    page.show()
    page.choose([runs[1]])
    assert page.resume.text() == "Train longer..."
    with qtbot.waitSignal(page.resume_wanted) as wanted_run:
        QTest.mouseClick(page.resume, Qt.MouseButton.LeftButton)
    assert wanted_run.args == [runs[1]]


def test_an_export_is_of_the_run_that_was_clicked_in_the_list(page, runs, context, qtbot) -> None:
    context.runs.current.show_run(runs[0])
    page.export_wanted.connect(lambda _: None)  # otherwise the button is hidden
    page.show()
    for run in (runs[1], runs[0]):
        click_row(page, run)
        with qtbot.waitSignal(page.export_wanted) as wanted_run:
            QTest.mouseClick(page.export, Qt.MouseButton.LeftButton)
        assert wanted_run.args == [run]
        assert exported(context, qtbot) == run
    click_row(page, runs[1])
    page.hide()  # the selection of a hidden page does not count
    assert exported(context, qtbot) == runs[0]


def click_row(page: RunsPage, run: Path, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.mouseClick(page.table.viewport(), Qt.MouseButton.LeftButton, modifier, place_of(page, run))


def place_of(page: RunsPage, run: Path) -> QPoint:
    rows = (page.table.model().index(row, 0) for row in range(page.table.model().rowCount()))
    return page.table.visualRect(next(index for index in rows if index.data(PATH) == str(run))).center()


def exported(context, qtbot) -> Path | None:
    sheet = ExportDialog(context, lambda _: None, "safetensors_of_run")
    qtbot.addWidget(sheet)
    return sheet.run


def test_an_export_begins_with_the_keyboard_on_what_is_chosen(page, runs, context, qtbot) -> None:
    page.show()
    page.choose([runs[0]])
    sheet = ExportDialog(context, lambda _: None, "safetensors_of_run")
    qtbot.addWidget(sheet)
    sheet.show()
    assert sheet.radios["safetensors_of_run"].isChecked()
    assert sheet.focusWidget() is sheet.radios["safetensors_of_run"]


def test_an_export_names_runs_as_they_were_named(page, runs, context, qtbot) -> None:
    write_label(runs[0], Label("the wide one"))
    context.runs.inventory.refresh()
    qtbot.waitUntil(lambda: "the wide one" in {run.summary.name for run in context.runs.inventory.runs}, timeout=WAIT)
    sheet = ExportDialog(context, lambda _: None, "safetensors_of_run")
    qtbot.addWidget(sheet)
    assert any(sheet.runs.itemText(at).startswith("the wide one") for at in range(sheet.runs.count()))


def test_a_button_opens_the_graph_of_a_run(page, runs, qtbot) -> None:
    page.show()
    page.choose([runs[1]])
    with qtbot.waitSignal(page.graph_wanted) as wanted_run:
        QTest.mouseClick(page.open_graph, Qt.MouseButton.LeftButton)
    assert wanted_run.args == [runs[1]]
    page.choose(runs)
    assert not page.open_graph.isEnabled()


def test_of_runs_that_are_over_only_what_was_trained_is_shown(page, runs, context, qtbot) -> None:
    page.show()
    page.choose(runs)
    histories = [context.runs.follower.history(run) for run in runs]
    qtbot.waitUntil(lambda: all(each.is_over for each in histories), timeout=WAIT)
    history = histories[0]
    history.epochs = 300  # more epochs than it ran
    page.comparison._refresh()
    assert page.comparison.first.chart.range.x == (0.0, 4.0)


def test_a_narrow_legend_has_the_values_and_leaves_out_the_names(page, runs, qtbot) -> None:
    page.show()
    page.choose(runs)
    legend = page.comparison.first.legend
    qtbot.waitUntil(lambda: len(legend.entries) == 3, timeout=WAIT)
    assert legend.texts(1000.0) == [entry.text for entry in legend.entries]
    assert legend.entries[-1].text == PARTS["train"]  # as in the legend of one run
    assert legend.texts(120.0)[:2] == [entry.text.split()[-1] for entry in legend.entries[:2]]


@pytest.mark.parametrize("scope", [HERE, EVERYWHERE])
def test_the_list_needs_no_scrolling_sideways_in_a_window_of_usual_size(page, runs, scope) -> None:
    page.scope.choose(scope)
    page.resize(900, 600)
    page.show()
    table = page.table
    assert table.horizontalScrollBar().maximum() == 0
    assert table.columnWidth(0) > 160, "names of runs can be read"
    assert table.isColumnHidden(page.model.place(FOLDER)) is (scope == HERE)


def test_a_run_that_begins_leaves_the_choice_alone(page, runs, context, real_run, qtbot) -> None:
    page.show()
    page.choose([runs[0]])
    page.hide()
    selections = []
    page.table.selection_changed.connect(lambda: selections.append(page.table.paths))
    newest = Path(shutil.copytree(real_run, runs[0].parent / "net-c"))
    events = newest / "events.jsonl"
    events.write_text(events.read_text().replace('"started_at":"2', '"started_at":"4', 1))
    context.runs.inventory.refresh()
    qtbot.waitUntil(lambda: page.model.rowCount() == 3, timeout=WAIT)
    assert selections == []
    page.show()
    assert page.table.paths == [runs[0]]
    assert set(page._colours()) == {runs[0]}


@pytest.mark.parametrize("project", [Project(), Project(main="gone"), None])
def test_a_run_whose_project_file_was_changed_still_has_a_summary(project, runs) -> None:
    texts = summary(read(runs[1]), project, History(runs[1]))
    assert texts["Best epoch"].isdecimal()


def test_the_metrics_of_a_run_are_those_of_its_best_epoch(page, runs, context) -> None:
    page.show()
    page.choose([runs[1]])
    texts = dict(zip((name.text() for name, _ in page.details._labels),
                    (value.text() for _, value in page.details._labels), strict=True))  # fmt: skip
    summary = context.runs.inventory.find(runs[1]).summary
    assert texts["Best epoch"] == f"{summary.best_epoch}, by accuracy"
    assert texts["State"].startswith("Finished, started ")
    assert texts["Its loss"] == f"{summary.best['val_loss']:.3f}"
    assert texts["Its accuracy"] == f"{summary.best['val_accuracy']:.1%}"
    assert not any(name.startswith("Best ") for name in texts if name != "Best epoch")


def test_a_metric_that_was_better_in_another_epoch_has_its_own_row(page, runs, context, qtbot) -> None:
    """The best epoch is the best by one metric: its loss is not the lowest."""
    events = RunFolder(runs[1]).events
    lines = events.read_text().splitlines()
    for at, line in enumerate(lines):
        event = json.loads(line)
        if event["event"] == "EpochDone":
            event["metrics"] |= {"val_loss": 0.5, "val_accuracy": 0.25 * event["epoch"]}
            event["metrics"]["val_loss"] = 0.25 if event["epoch"] == 2 else 0.5
        elif event["event"] == "Finished":
            event |= {"best_epoch": 4, "best": {"val_loss": 0.5, "val_accuracy": 1.0, "val_cross_entropy": 0.5}}
        lines[at] = json.dumps(event, separators=(",", ":"))
    events.write_text("\n".join(lines) + "\n")
    context.runs.inventory.refresh()
    page.show()
    page.choose([runs[1]])

    def texts() -> dict[str, str]:
        return {name.text(): value.text() for name, value in page.details._labels}

    qtbot.waitUntil(lambda: "Lowest loss" in texts(), timeout=WAIT)
    assert texts()["Best epoch"] == "4, by accuracy"
    assert texts()["Its loss"] == "0.500"
    assert texts()["Its accuracy"] == "100%"
    assert texts()["Lowest loss"] == "0.250, in epoch 2"
    assert not {"Highest accuracy", "Its cross entropy"} & set(
        texts()
    )  # the first is that of the best epoch, the second repeats the loss
    heads = [page.model.headerData(at, Qt.Orientation.Horizontal) for at in range(page.model.columnCount())]
    tip = page.model.headerData(heads.index("Validation loss"), Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole)
    assert "best epoch" in tip


def test_an_empty_list_mentions_runs_of_other_projects(page, runs, context, monkeypatch) -> None:
    far = tuple(replace(run, in_project=False) for run in context.runs.inventory.runs)
    monkeypatch.setattr(context.runs.inventory, "runs", far)
    monkeypatch.setattr(type(context.runs.current), "is_ours", lambda *_: False)
    page._list()
    assert page._empty.text.startswith("No runs of this project yet")
    assert "2 runs of other projects are listed under All runs" in page._empty.text
