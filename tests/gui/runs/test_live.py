"""The live panel with real events: its content during training, and mouse and wheel."""

import base64

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from engine.protocol.answers import SamplesShown
from engine.runs import events
from gui.runs.pages.live_panel import LivePanel
from gui.runs.plots.chart import Chart
from gui.widgets.heading_choice import Switch
from gui.workers.trainer import Patience
from tests.windows import double_click

WAIT = 60_000


@pytest.fixture
def panel(context, theme, qtbot) -> LivePanel:
    live = LivePanel(context.runs, context.preferences, theme)
    qtbot.addWidget(live)
    live.resize(1300, 260)
    live.show()
    return live


def visible_texts(panel) -> str:
    """The texts in place of the charts; empty if charts are shown."""
    return panel.empty.text if panel.empty.isVisible() else ""


def test_an_empty_panel_explains_what_to_do(panel) -> None:
    assert "Press Train" in visible_texts(panel)


def test_a_training_is_drawn_while_it_goes_on(panel, context, trainer, qtbot) -> None:
    run = context.runs.link.start(context.document.project, context.document.path)
    assert "starting" in visible_texts(panel)

    qtbot.waitUntil(lambda: bool(panel.score.legend.entries), timeout=WAIT)
    assert visible_texts(panel) == ""
    texts = [entry.text for entry in panel.loss.legend.entries]
    assert [text.rpartition(" ")[0] for text in texts] == ["train", "validation", "best epoch"]
    narrow = panel.loss.legend.texts(200.0)  # with little room, the best value is left out, and the names stay
    assert narrow[0].startswith("train ")
    assert narrow[1].startswith("val")
    legend = panel.loss.legend
    tight = legend.texts(legend._width_of([each.tight for each in legend.entries[:2]]))
    assert [text.split()[0] for text in tight[:2]] == ["train", "val"]  # both are shown if they just fit
    assert panel.score.legend.title == "Accuracy"
    assert panel.score.legend.entries[0].text.endswith("%")
    raw, calm = panel.loss.chart._items[0]
    count = len(raw.points[0])
    assert count > 0
    assert len(calm.points[0]) > 0
    qtbot.waitUntil(lambda: len(raw.points[0]) > count, timeout=WAIT)
    assert 0.0 < panel.loss.chart.range.x[1] < 500.0  # a part of the run, as long as only a little of it is done
    assert panel.loss.chart.overlay.marks.now is not None
    assert panel.loss.chart.overlay.marks.drops == (1.5,)
    assert panel.loss.chart.overlay.marks.best == 1.0
    context.runs.link.stop(run)


def test_before_anything_is_measured_both_axes_are_as_long(panel, context, trainer, qtbot) -> None:
    trainer(step_s=3600)
    context.runs.link.start(context.document.project, context.document.path)
    qtbot.waitUntil(lambda: panel.loss.chart is not None and panel.loss.chart.isVisible(), timeout=WAIT)
    qtbot.waitUntil(lambda: panel.score.chart.range.x == (0.0, 20.0), timeout=WAIT)
    assert panel.loss.chart.range.x == (0.0, 20.0)
    assert not panel.score.legend.entries


def test_after_a_training_that_learned_nothing_the_former_run_is_seen(panel, context, real_run, trainer, qtbot) -> None:
    panel_of_run(panel, context, real_run, qtbot)
    trainer("fault")
    with qtbot.waitSignal(context.runs.link.ended, timeout=WAIT) as ended:
        run = context.runs.link.start(context.document.project, context.document.path)
        assert "starting" in visible_texts(panel)
    assert ended.args[0] == run
    assert context.runs.current.run == real_run
    qtbot.waitUntil(lambda: visible_texts(panel) == "", timeout=WAIT)

    context.runs.current.show_run(run)
    qtbot.waitUntil(lambda: "ended before its first step" in visible_texts(panel), timeout=WAIT)


@pytest.mark.parametrize("mode", ["refuse", "fault"])
def test_after_a_first_one_that_learned_nothing_the_panel_is_empty(panel, context, trainer, mode, qtbot) -> None:
    trainer(mode)
    context.runs.start(context.document)
    with qtbot.waitSignal(context.runs.link.ended, timeout=WAIT):
        context.runs.link.start(context.document.project, context.document.path)
    context.runs.inventory.refresh()
    assert "Press Train" in visible_texts(panel)


def test_a_hidden_panel_draws_nothing(panel, context, real_run, monkeypatch) -> None:
    panel.hide()
    draws = []
    monkeypatch.setattr(Chart, "_fit", draws.append)
    context.runs.current.show_run(real_run)
    context.runs.follower.read()
    assert draws == []
    assert context.runs.follower._timer.interval() == 1000


def panel_of_run(panel, context, real_run, qtbot) -> LivePanel:
    context.runs.current.show_run(real_run)
    qtbot.waitUntil(lambda: bool(panel.score.legend.entries), timeout=WAIT)
    return panel


def test_the_pointer_reads_both_charts_at_once(panel, context, real_run, qtbot) -> None:
    chart, other = (panel_of_run(panel, context, real_run, qtbot).loss.chart, panel.score.chart)
    viewport = chart._view.viewport()

    QTest.mouseMove(viewport, chart.to_px(2.0, 1.0).toPoint())

    values = {each.name: each for each in chart.overlay.values(other._crosshair.place)}
    assert values["validation"].x == 2.0
    assert values["validation"].y == pytest.approx(context.runs.current.history.metrics["val_loss"].y[1])
    assert {each.name for each in other.overlay.values(other._crosshair.place)} == {"train", "validation"}
    QTest.mouseMove(viewport, QPoint(2, 2))
    assert other._crosshair.place is None


def test_the_wheel_zooms_and_a_double_click_shows_all(panel, context, real_run, qtbot) -> None:
    chart = panel_of_run(panel, context, real_run, qtbot).loss.chart
    whole = chart.range.x
    middle = chart.to_px(2.0, 1.0)

    turn(chart, middle, 4)
    left, right = chart.range.x
    assert 0 < left < 2.0 < right < 4
    assert 2.0 - left == pytest.approx(right - 2.0, abs=0.1)

    drag(chart, middle, QPoint(-60, 0))
    assert chart.range.x[0] > left

    double_click(chart._view.viewport(), middle.toPoint())
    assert chart.range.x == whole


def test_the_wheel_zooms_about_the_pointer_before_the_range_is_painted_too(panel, context, real_run, qtbot) -> None:
    chart = panel_of_run(panel, context, real_run, qtbot).loss.chart
    chart.set_extent(8.0)
    chart.refresh()

    place = chart.to_px(2.0, 1.0)

    turn(chart, place, 4)

    assert chart.range.x != (0.0, 8.0)
    assert chart.to_place(place.x()) == pytest.approx(2.0, abs=0.05)


def turn(chart, place: QPointF, notches: int) -> None:
    """Turn the wheel at this place."""
    viewport = chart._view.viewport()
    event = QWheelEvent(
        place, viewport.mapToGlobal(place), QPoint(), QPoint(0, 120 * notches), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(viewport, event)


def drag(chart, place: QPointF, by: QPoint) -> None:
    """Press there, move and release."""
    viewport, at = chart._view.viewport(), place.toPoint()
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, pos=at)
    for share in (0.3, 0.6, 1.0):
        QTest.mouseMove(viewport, at + by * share)
        QTest.qWait(20)
    QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=at + by)


def test_the_axis_counts_in_powers_when_asked(panel, context, real_run, qtbot) -> None:
    chart = panel_of_run(panel, context, real_run, qtbot).loss.chart
    loss = context.runs.current.history.loss
    QTest.mouseClick(panel.loss.log, Qt.MouseButton.LeftButton)
    assert chart.is_log
    raw, _ = chart._items[0]
    assert raw.points[1].max() == pytest.approx(np.log10(loss.y.max()))
    QTest.mouseClick(panel.loss.log, Qt.MouseButton.LeftButton)
    assert raw.points[1].max() == pytest.approx(loss.y.max())


def test_the_slider_smooths(panel, context, real_run, qtbot) -> None:
    history = panel_of_run(panel, context, real_run, qtbot)._current.history
    panel.charts.smoothing.slider.setValue(0)
    assert history.smooth.curve.y.tolist() == history.loss.y.tolist()
    panel.charts.smoothing.slider.setValue(99)
    assert np.ptp(history.smooth.curve.y) < np.ptp(history.loss.y)


def test_confusion_comes_first_and_samples_at_a_click(panel, context, real_run, qtbot) -> None:
    panel_of_run(panel, context, real_run, qtbot)
    assert panel.switch.current == "Confusion"
    assert panel.results.pages["Confusion"].isVisible()

    QTest.mouseClick(panel.switch, Qt.MouseButton.LeftButton, pos=panel.switch._spans()[1].center().toPoint())
    assert panel.results.pages["Samples"].isVisible()

    panel.switch.setFocus()
    QTest.keyClick(panel.switch, Qt.Key.Key_Left)
    assert panel.results.pages["Confusion"].isVisible()


def test_another_theme_has_its_own_colours(panel, context, real_run, qtbot, theme) -> None:
    chart = panel_of_run(panel, context, real_run, qtbot).loss.chart
    theme.set("light")
    _, calm = chart._items[1]
    assert calm._pen.color().name() == theme.tokens.validation
    assert panel.loss.legend.entries[1].colour == theme.tokens.validation


def test_pictures_of_rows_come_from_the_analysis(panel, context, real_run, qtbot) -> None:
    requests = []
    context.analysis.ask = lambda question, callback: requests.append((callback, question.request))
    panel_of_run(panel, context, real_run, qtbot)
    panel.switch.choose("Samples")
    callback, request = requests[0]
    shown_rows = context.runs.current.history.views.of(events.Predictions).indices
    samples_request = request(1, context.document.project, "")
    assert (samples_request.part, samples_request.rows) == ("validation", shown_rows)
    row = shown_rows[0]
    picture = {"height": 2, "width": 2, "channels": 1, "bytes": base64.b64encode(bytes([0, 255, 9, 8])).decode()}

    callback(SamplesShown(1, [{"row": row, "fields": {"image": {"image": picture}, "label": {"class": "1"}}}]))

    assert list(panel.results.pages["Samples"]._pictures) == [row]


def test_a_run_on_other_data_has_no_pictures(panel, context, real_run, qtbot) -> None:
    requests = []
    context.analysis.ask = lambda *args: requests.append(args)
    context.document.project.data.params["other"] = 1
    panel_of_run(panel, context, real_run, qtbot)
    panel.switch.choose("Samples")
    assert requests == []


def test_a_switch_remembers_what_a_person_had_chosen(theme, qtbot) -> None:
    switch = Switch(theme, ("a", "b"))
    qtbot.addWidget(switch)
    switch.choose("b")
    switch.set_names(("a",))
    assert switch.current == "a"
    switch.set_names(("a", "b"))
    assert switch.current == "b"


def test_grid_lines_lie_behind_the_curves(panel, context, trainer, qtbot) -> None:
    run = context.runs.link.start(context.document.project, context.document.path)
    qtbot.waitUntil(lambda: bool(panel.score.legend.entries), timeout=WAIT)
    context.runs.link.stop(run)
    chart = panel.loss.chart
    assert chart._left.zValue() < chart._box.zValue()


def test_a_run_that_is_over_is_shown_to_its_own_end(panel, context, trainer, qtbot) -> None:
    context.runs.link._patience = Patience(asks_s=WAIT / 1000)  # it should end by itself, even on a busy machine
    run = context.runs.link.start(context.document.project, context.document.path)
    qtbot.waitUntil(
        lambda: (history := context.runs.current.history) is not None and history.position > 1, timeout=WAIT
    )
    assert context.runs.current.history.position < context.runs.current.history.extent <= 500
    assert context.runs.current.history.now is not None
    context.runs.link.stop(run)
    qtbot.waitUntil(lambda: context.runs.current.history.is_over, timeout=WAIT)
    assert context.runs.current.history.now is None
    assert context.runs.current.history.extent == max(1.0, context.runs.current.history.position)
