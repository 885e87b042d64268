"""The page of runs under a person's hands while the real trainer writes into one of them."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QMenu, QPushButton

from engine.graph.model import SchedulePart
from engine.project import file
from engine.project.templates import template
from engine.runs.events import Resumed
from engine.runs.folder import RunFolder
from engine.runs.label import read_label
from engine.runs.summary import state, summary
from engine.runs.tail import read_events
from gui.runs.known_runs.deletion import delete
from gui.runs.plots.chart_card import ChartCard
from tests.app.window.person import Person
from tests.gui.canvas.hand import CTRL

KEY = Qt.Key


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return write_project(tmp_path, epochs=100_000)


def write_project(folder: Path, epochs: int, schedule: SchedulePart | None = None) -> Path:
    """A small project that is quick to train."""
    project = file.parse(template("iris-mlp").text(), "iris-mlp")
    project.training = replace(project.training, epochs=epochs, schedule=schedule)
    file.write(folder / "mine.loom", project)
    return folder / "mine.loom"


def begin_run(person: Person) -> Path:
    """A training that was started by key, once an epoch of it is over."""
    runs, before = person.context.runs, person.context.runs.current.run
    person.key(KEY.Key_Return, CTRL)
    person.wait(lambda: runs.current.run not in (None, before) and runs.current.run.exists())
    person.wait(lambda: (history := runs.current.history) is not None and history.position > 1)
    return runs.current.run


def pick(person: Person, card: ChartCard, text: str) -> None:
    """Choose from the menu of a chart."""
    person.click(card.more)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    (action,) = (each for each in menu.actions() if each.text() == text)
    QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(action).center())


def turn_wheel(card: ChartCard) -> None:
    port, at = card.chart._view.viewport(), card.chart.area.center()
    none, plain, phase = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase
    up = QPoint(0, 120)
    QApplication.sendEvent(port, QWheelEvent(at, port.mapToGlobal(at), QPoint(), up, none, plain, phase, False))


def stop(person: Person) -> None:
    person.key(KEY.Key_Period, CTRL)
    person.wait(lambda: not len(person.context.runs.link))


def test_charts_answer_while_they_grow(start, worker, path: Path, tmp_path: Path) -> None:
    worker()
    person = start(path)
    run = begin_run(person)
    person.turn_to("Runs")
    page = person.window.panels["runs"]
    first = page.comparison.first
    person.wait(lambda: first.chart is not None and first.chart.lines and first.legend.entries)
    history = person.context.runs.follower.history(run)
    for text, unit in (("By step", "step"), ("By time", "time"), ("By epoch", "epoch")):
        pick(person, first, text)
        assert person.context.preferences.values.run_axis == unit
        turn_wheel(first)
        zoomed, position = first.chart.range.x, history.position
        person.wait(lambda position=position: history.position > position)
        assert first.chart.range.x == zoomed, "a zoom stays although the curves grow"
        pick(person, first, "Show the whole curves")
        assert first.chart.range.x[0] == 0.0
    picture = tmp_path / "loss.png"
    person.during(
        "QFileDialog", lambda dialog: person.name_file(dialog, picture), lambda: pick(person, first, "Save as PNG...")
    )
    assert QImage(str(picture)).width() > first.width()
    assert state(run) == "running"
    stop(person)
    assert state(run) == "stopped"


def test_a_run_is_named_tagged_filtered_and_exported_while_it_trains(start, worker, path: Path, tmp_path: Path) -> None:
    worker()
    person = start(path)
    run = begin_run(person)
    person.turn_to("Runs")
    page = person.window.panels["runs"]
    person.wait(lambda: page.table.paths == [run])
    page.table.setFocus()
    person.key(KEY.Key_F2)
    person.key(KEY.Key_A, CTRL)
    person.write("the long one")
    person.key(KEY.Key_Return)
    person.wait(lambda: read_label(run).name == "the long one")

    def name_tag(dialog: QDialog) -> None:
        person.write("draft")
        person.key(KEY.Key_Return)

    person.during("new_tag", name_tag, page.commands.tags.new_wanted.emit)
    assert read_label(run).tags == ("draft",)
    person.click(page.list.filter)
    person.write("draft")
    assert page.table.filter_model.rowCount() == 1
    person.write("x")
    assert page.table.filter_model.rowCount() == 0
    assert not page.export.isEnabled()
    person.key(KEY.Key_Escape)
    person.key(KEY.Key_Down)
    assert page.table.paths == [run]
    person.wait(lambda: page.model.runs[0].summary.name == "the long one")
    assert not page.commands.delete.isEnabled()
    page.table.setFocus()
    person.key(KEY.Key_Delete)  # no question comes
    assert run.exists()

    place = tmp_path / "last.safetensors"  # its content: tests/runtime/after_training/test_export.py

    def write(dialog: QDialog) -> None:
        weights = dialog.radios["safetensors_of_run"]
        person.click(weights, QPoint(10, weights.height() // 2))
        dialog.which.setCurrentIndex(dialog.which.findData("last"))
        person.retype(dialog.path, str(place))
        person.wait(lambda: place.exists() and not dialog.isVisible())

    person.during("export", write, lambda: person.click(page.export))
    assert place.stat().st_size > 0
    assert state(run) == "running"
    stop(person)
    person.wait(page.commands.delete.isEnabled)
    assert summary(run).name == "the long one"


def test_a_run_that_is_over_is_deleted_while_another_trains(start, worker, trainer, path: Path, monkeypatch) -> None:
    monkeypatch.setattr(
        "gui.runs.commands.run_commands.to_trash", delete
    )  # nothing comes into the trash of this machine
    worker()
    person = start(path)
    first = begin_run(person)
    stop(person)
    second = begin_run(person)
    person.turn_to("Runs")
    page = person.window.panels["runs"]
    person.wait(lambda: page.table.filter_model.rowCount() == 2)
    page.choose([first, second])
    assert not page.commands.delete.isEnabled()
    page.choose([first])
    page.table.setFocus()
    person.during("delete_runs", agree, lambda: person.key(KEY.Key_Delete))
    assert not first.exists()
    person.wait(lambda: page.table.filter_model.rowCount() == 1)
    history = person.context.runs.follower.history(second)
    position = history.position
    person.wait(lambda: history.position > position)
    assert [*second.parent.iterdir()] == [second]
    stop(person)


def agree(dialog: QDialog) -> None:
    """Press the button at the right."""
    button = max(dialog.findChildren(QPushButton), key=lambda each: each.mapTo(dialog, QPoint()).x())
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_a_run_is_trained_longer_by_either_way_and_keeps_its_legs(start, worker, tmp_path: Path) -> None:
    path = write_project(tmp_path, 3, SchedulePart("CosineAnnealingLR", {}, every="step"))
    worker()
    person = start(path)
    runs = person.context.runs
    person.key(KEY.Key_Return, CTRL)
    person.wait(lambda: runs.current.run and not len(runs.link))
    run = runs.current.run
    assert state(run) == "finished"
    person.turn_to("Runs")
    page = person.window.panels["runs"]
    for way, epochs in (("restart", 5), ("stretch", 8)):
        person.wait(lambda: page.table.paths == [run] and page.resume.isEnabled())
        assert page.resume.text() == "Train longer..."

        def choose(dialog: QDialog, way: str = way, epochs: int = epochs) -> None:
            assert [*dialog.ways] == ["restart", "stretch"]
            person.click(dialog.ways[way], QPoint(10, dialog.ways[way].height() // 2))
            dialog.epochs.setFocus()
            dialog.epochs.selectAll()
            person.write(str(epochs))
            person.key(KEY.Key_Return)

        person.during("train_longer", choose, lambda: person.click(page.resume))
        person.wait(lambda: run in [*runs.link])
        person.wait(lambda: not len(runs.link))
        assert (state(run), summary(run).epochs) == ("finished", epochs)
    first, second = (each for each in read_events(RunFolder(run).events) if isinstance(each, Resumed))
    assert (first.schedule, first.legs) == ("restart", (3, 5))
    assert (second.schedule, second.legs) == ("stretch", (3, 5, 8))
    lines = [line for line in RunFolder(run).log.read_text().splitlines() if line.startswith("Resumed")]
    assert lines == [
        "Resumed at step 24. Schedule restart: CosineAnnealingLR begins again for epochs 4 to 5.",
        "Resumed at step 40. Schedule stretch: CosineAnnealingLR continues as if 8 epochs had been planned.",
    ]
