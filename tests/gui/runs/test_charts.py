"""The charts of the runs page: captions, lines, units of the axis, and pictures."""

import math
import shutil
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QFontMetricsF, QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from engine.graph.edits import SetParam, SetTraining
from engine.project import file
from engine.runs.label import Label, write_label
from gui.runs.charts.run_caption import OF_ANOTHER, THE_SAME
from gui.runs.context.changes_since import change
from gui.runs.pages.live_panel import LivePanel
from gui.runs.pages.runs_page import RunsPage
from gui.runs.plots.chart import LEFT_PX
from gui.runs.plots.chart_card import ChartCard
from gui.runs.plots.ticks import linear, nice_range

WAIT = 60_000
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def runs(context, real_run) -> list[Path]:
    """Two runs of the open project."""
    folder = context.document.path.parent / "runs"
    runs = [Path(shutil.copytree(real_run, folder / f"net-20260101-1010{at}")) for at in (10, 20)]
    project = file.read(runs[0] / "project.loom")
    context.document.load(project, context.document.path)
    context.runs.start(context.document)
    return runs


@pytest.fixture
def page(context, runs, answers, theme, qtbot: QtBot) -> RunsPage:
    runs_page = RunsPage(context.runs, context.preferences, theme, answers)
    qtbot.addWidget(runs_page)
    runs_page.resize(1200, 700)
    runs_page.show()
    qtbot.waitUntil(lambda: runs_page.model.rowCount() == 2, timeout=WAIT)
    runs_page.choose(runs[:1])
    qtbot.waitUntil(lambda: has_pixels(runs_page.comparison.second), timeout=WAIT)
    return runs_page


def has_pixels(card: ChartCard) -> bool:
    return card.chart is not None and card.chart.range is not None and bool(card.legend.entries)


def choose(card: ChartCard, page: RunsPage, title: str) -> None:
    menu = page.comparison.menus[card].menu()
    next(action for action in menu.actions() if action.text() == title).trigger()


def open_menu(card: ChartCard, way: str) -> QMenu:
    if way == "button":
        QTest.mouseClick(card.more, LEFT)
    else:
        at = card.chart.area.center().toPoint()
        target = card.chart._view.viewport()
        event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, target.mapToGlobal(at))
        QApplication.sendEvent(target, event)
    popup = QApplication.activePopupWidget()
    assert popup is card.menu
    return card.menu


def pick(menu: QMenu, text: str) -> None:
    action = next(action for action in menu.actions() if action.text() == text)
    QTest.mouseClick(menu, LEFT, pos=menu.actionGeometry(action).center())


def test_charts_name_their_runs_and_changes_of_the_graph(page, runs, context, qtbot) -> None:
    whose = page.comparison.caption
    assert whose.text == f"{runs[0].name} · {THE_SAME}"
    assert not whose.has_changed
    context.document.do(SetParam("Net", "conv1", "out_channels", 16))
    qtbot.waitUntil(lambda: "graph has changed" in whose.text, timeout=WAIT)
    assert "conv1.out_channels: was 32, now 16" in whose.toolTip()
    assert whose.has_changed
    context.document.history.undo()
    qtbot.waitUntil(lambda: THE_SAME in whose.text, timeout=WAIT)
    training = replace(context.document.project.training, batch_size=7)
    context.document.do(SetTraining(training))
    qtbot.waitUntil(lambda: "settings have changed" in whose.text, timeout=WAIT)
    assert "batch size: was 64, now 7" in whose.toolTip()
    write_label(runs[0], Label("the wide one"))
    context.runs.inventory.refresh()
    qtbot.waitUntil(lambda: whose.text.startswith("the wide one · "), timeout=WAIT)
    page.choose(runs)
    assert whose.text == "2 runs · the settings have changed since 2 of them"
    assert whose.has_changed


def test_a_run_of_another_project_is_not_compared_with_this_one(page, runs, context) -> None:
    other = Path(shutil.copytree(runs[0], runs[0].with_name("elsewhere-20260101-101010")))
    context.runs.inventory.refresh()
    page.comparison.show_runs({other: "#ffffff"})
    assert page.comparison.caption.text == f"{other.name} · {OF_ANOTHER}"


def test_places_names_and_the_number_of_epochs_are_no_change(runs) -> None:
    then = file.read(runs[0] / "project.loom")
    now = file.read(runs[0] / "project.loom")
    now.graphs["Net"].nodes["conv1"].pos = (7.0, 7.0)
    now.name = "another"
    now.training = replace(now.training, epochs=999, threads=2)
    assert change(then, now).text == ""
    del now.graphs["Net"].nodes["conv1"]
    assert "conv1: Conv2d is gone" in change(then, now).graph
    assert not [
        line for line in change(then, now).graph if line.startswith("conv1.")
    ]  # the parameters of a new node are left out


@pytest.mark.parametrize("way", ["switch", "menu"])
def test_the_axis_counts_epochs_steps_or_seconds_for_both_charts_and_is_kept(page, runs, context, way, qtbot) -> None:
    history = context.runs.follower.history(runs[0])
    first, second = page.comparison.first, page.comparison.second
    assert first.chart.range.x == (0.0, 4.0)
    ends = {"Steps": 4 * history.steps_per_epoch, "Time": history.clock.seconds, "Epochs": 4.0}
    for name, end in ends.items():
        if way == "switch":
            switch = page.comparison.unit
            span = switch._spans()[switch.names.index(name)]
            QTest.mouseClick(switch, LEFT, pos=span.center().toPoint())
        else:
            pick(open_menu(first, "right click"), {"Steps": "By step", "Time": "By time", "Epochs": "By epoch"}[name])
        for card in (first, second):
            assert card.chart.range.x == (0.0, pytest.approx(end))
        assert page.comparison.unit.current == name
        x, y = second.chart._items[1][1].points  # validation, one point per epoch
        assert len(x) == len(y) == 4
        assert x[-1] == pytest.approx(end, rel=0.1)
        assert (np.diff(x) > 0).all()
        noise, _ = first.chart._items[0][0].points
        assert noise[-1] == pytest.approx(end, rel=0.02)
        at = first.chart.to_px(0.5 * end, 1.0).toPoint()
        for place in (QPoint(1, 1), at):
            QTest.mouseMove(first.chart._view.viewport(), place)
        assert first.chart._crosshair.place == pytest.approx(0.5 * end, rel=0.05)
        assert {each.name for each in first.chart.overlay.values(first.chart._crosshair.place)} >= {"train"}
    assert context.preferences.values.run_axis == "epoch"


def test_runs_of_different_batches_lie_over_each_other_by_what_is_counted(page, runs, context, qtbot) -> None:
    steps = context.runs.follower.history(runs[0]).steps_per_epoch
    small = Path(shutil.copytree(runs[0], runs[0].with_name("net-20260101-101030")))  # with half the batch
    text = (small / "events.jsonl").read_text()
    (small / "events.jsonl").write_text(text.replace(f'"steps_per_epoch":{steps}', f'"steps_per_epoch":{2 * steps}', 1))
    page.comparison.show_runs({runs[0]: "#aaaaaa", small: "#bbbbbb"})
    chart = page.comparison.second.chart
    qtbot.waitUntil(lambda: len(chart.lines) == 4 and chart.lines[3].of() is not None, timeout=WAIT)
    qtbot.waitUntil(lambda: len(chart._items[3][1].points[0]) > 0, timeout=WAIT)
    context.preferences.set("run_axis", "step")
    ends = [chart._items[at][1].points[0][-1] for at in (1, 3)]
    assert ends == pytest.approx([4 * steps, 8 * steps])
    assert chart.range.x[1] >= 4 * steps


def test_any_metric_and_the_learning_rate_can_be_drawn_in_either_chart(page, runs, context) -> None:
    first, second = page.comparison.first, page.comparison.second
    for card in (first, second):
        texts = [action.text() for action in page.comparison.menus[card].menu().actions()]
        assert texts == ["Loss", "Accuracy", "Learning rate"]
    choose(first, page, "Learning rate")
    assert first.legend.title == "Learning rate"
    (line,) = first.chart.lines
    history = context.runs.follower.history(runs[0])
    assert line.of() is history.rates
    assert first.legend.entries[0].text.endswith(line.text(history.lr))
    choose(second, page, "Loss")
    assert second.legend.title == "Loss"
    assert len(second.chart.lines) == 2
    choose(second, page, "Accuracy")
    assert second.chart.is_percent


@pytest.mark.parametrize("rate", [0.1, 0.01, 1e-3, 3e-4, 2.5e-5])
def test_the_numbers_of_the_left_axis_have_room(theme, rate) -> None:
    """A constant learning rate is in the middle of its axis, whose numbers have the most digits."""
    metrics = QFontMetricsF(theme.font("small"))
    for most in (3, 4, 5, 6):
        marks = linear(*nice_range(0.9 * rate, 1.1 * rate, most), most)
        assert max(metrics.horizontalAdvance(mark.text) for mark in marks) <= LEFT_PX - 8


def test_a_run_has_one_colour_in_list_and_charts_and_training_is_dashed(page, runs, theme, context) -> None:
    page.choose(runs)
    colours = page._colours()
    for card in (page.comparison.first, page.comparison.second):
        by_run = [card.chart.lines[at : at + 2] for at in (0, 2)]
        for run, (train, validation) in zip(page.comparison.runs, by_run, strict=True):
            assert {train.colour, validation.colour} == {colours[run]}
            assert (train.dashed, validation.dashed) == (True, False)
    page.choose(runs[:1])
    assert {line.colour for line in page.comparison.first.chart.lines} == {page._colours()[runs[0]]}
    assert not {theme.tokens.train, theme.tokens.validation} & set(theme.tokens.series)


def test_the_live_panel_dashes_training_as_well(context, runs, theme, qtbot) -> None:
    panel = LivePanel(context.runs, context.preferences, theme)
    qtbot.addWidget(panel)
    panel.resize(1200, 280)
    panel.show()
    context.runs.current.show_run(runs[0])
    qtbot.waitUntil(lambda: has_pixels(panel.score), timeout=WAIT)
    train, validation = panel.loss.chart.lines
    assert (train.dashed, validation.dashed) == (True, False)
    assert panel.charts.caption.text == f"{runs[0].name} · {THE_SAME}"


@pytest.mark.parametrize("way", ["button", "right click"])
@pytest.mark.parametrize("suffix", ["png", "svg"])
def test_a_chart_is_saved_as_a_picture(page, runs, answers, tmp_path, way, suffix, qtbot) -> None:
    card = page.comparison.second
    answers.place = tmp_path / f"chart.{suffix}"
    with qtbot.waitSignal(page.message) as message:
        pick(open_menu(card, way), f"Save as {suffix.upper()}...")
    assert str(answers.place) in message.args[0]
    assert answers.questions[-1] == f"{runs[0].name}-Accuracy.{suffix}"
    if suffix == "png":
        image = QImage(str(answers.place))
        assert image.width() > 2 * card.width()
        assert count(image, card.chart.lines[1].colour) > 100
        return
    root = ET.fromstring(answers.place.read_text())  # noqa: S314 (our own)
    texts = "".join(root.itertext())
    assert "Accuracy" in texts
    assert runs[0].name in texts
    assert card.legend.entries[0].text in texts
    assert card.chart.lines[1].colour in answers.place.read_text()
    assert not root.findall(".//{*}image"), "lines, not pixels"


def test_a_chart_goes_to_the_clipboard(page, qtbot) -> None:
    with qtbot.waitSignal(page.message):
        pick(open_menu(page.comparison.first, "button"), "Copy as a picture")
    assert count(QApplication.clipboard().image(), page.comparison.first.chart.lines[1].colour) > 100


def test_a_picture_that_cannot_be_written_is_reported(page, answers, tmp_path, context, qtbot) -> None:
    answers.place = tmp_path / "gone" / "chart.png"
    with qtbot.waitSignal(context.runs.link.failed) as message:
        pick(open_menu(page.comparison.first, "button"), "Save as PNG...")
    assert "chart.png" in message.args[0]


def count(image: QImage, colour: str) -> int:
    """Pixels that look like a line of a colour."""
    pixels = image.convertToFormat(QImage.Format.Format_RGB888)
    raw = np.frombuffer(pixels.constBits(), dtype=np.uint8).reshape(pixels.height(), pixels.bytesPerLine())
    rgb = raw[:, : 3 * pixels.width()].reshape(pixels.height(), pixels.width(), 3).astype(int)
    wanted_rgb = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)])
    return int((np.abs(rgb - wanted_rgb).max(axis=2) < 40).sum())


def test_marks_follow_the_unit_of_the_axis(page, runs, context) -> None:
    history = context.runs.follower.history(runs[0])
    for unit, place in (("epoch", history.best), ("step", history.best * history.steps_per_epoch)):
        context.preferences.set("run_axis", unit)
        marks = page.comparison.first.chart.overlay.marks
        assert marks.at(marks.best) == pytest.approx(place)
    context.preferences.set("run_axis", "time")
    marks = page.comparison.first.chart.overlay.marks
    assert 0 < marks.at(marks.best) <= history.clock.seconds
    assert not math.isnan(marks.at(0.0))


def test_a_zoom_is_undone_where_another_thing_is_counted(page, context) -> None:
    chart = page.comparison.first.chart
    turn(chart, chart.area.center().toPoint())
    assert chart.range.x[1] - chart.range.x[0] < 4.0
    context.preferences.set("run_axis", "step")
    assert chart.range.x[0] == 0.0


def turn(chart, at: QPoint) -> None:
    """Turn the wheel at this place, towards the screen."""
    viewport = chart._view.viewport()
    none, phase = Qt.MouseButton.NoButton, Qt.ScrollPhase.NoScrollPhase
    event = QWheelEvent(
        QPointF(at), viewport.mapToGlobal(QPointF(at)), QPoint(), QPoint(0, 120), none, Qt.KeyboardModifier.NoModifier,
        phase, False,
    )  # fmt: skip
    QApplication.sendEvent(viewport, event)
