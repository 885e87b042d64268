"""Results of a run: of the best epoch or the last, mistakes first, legible counts."""

import json
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.runs.events import Confusion, Predictions
from gui.runs.curve_data.event_pages import Views
from gui.runs.pages.runs_page import RunsPage
from gui.runs.results.confusion import ConfusionView
from gui.runs.results.predictions import order

WAIT = 60_000
LEFT = Qt.MouseButton.LeftButton


def confusion(epoch: int, right: int = 5) -> Confusion:
    return Confusion(((right, 1), (2, 7)), ("cat", "dog"), epoch=epoch)


def test_the_views_of_the_best_epoch_are_kept_whenever_they_come() -> None:
    views = Views()
    views.add(confusion(1))
    views.set_best(1)
    views.add(confusion(2))
    assert (views.of(Confusion, "best").epoch, views.of(Confusion, "last").epoch) == (1, 2)
    views.set_best(3)  # a better epoch without any event yet
    assert views.of(Confusion, "best").epoch == 2
    views.add(confusion(9))
    views.add(confusion(3))  # after the last one, as the trainer does at the end
    assert (views.of(Confusion, "best").epoch, views.of(Confusion, "last").epoch) == (3, 9)


@given(st.lists(st.tuples(st.integers(1, 9), st.booleans())))
def test_what_is_called_the_best_is_of_the_best_epoch_or_the_last(recorded) -> None:
    views, best, epochs = Views(), None, []
    for epoch, is_best in recorded:
        views.add(confusion(epoch))
        epochs.append(epoch)
        if is_best:
            best = epoch
            views.set_best(epoch)
    event = views.of(Confusion, "best")
    if not epochs:
        assert event is None
    elif best is not None:
        assert event.epoch == best
    else:
        assert event.epoch == max(epochs)
    if epochs:
        assert views.of(Confusion, "last").epoch == max(epochs)


@given(st.lists(st.tuples(st.integers(0, 2), st.lists(st.floats(0, 1), min_size=3, max_size=3)), max_size=12))
def test_samples_that_are_wrong_come_first(rows) -> None:
    predictions = Predictions(
        tuple(range(len(rows))), tuple(true for true, _ in rows), tuple(tuple(s) for _, s in rows)
    )
    is_wrong = [
        max(range(3), key=predictions.scores[row].__getitem__) != predictions.truth[row] for row in order(predictions)
    ]
    assert is_wrong == sorted(is_wrong, reverse=True)
    assert sorted(order(predictions)) == list(range(len(rows)))


def test_of_numbers_the_farthest_come_first() -> None:
    assert order(Predictions((5, 6, 7), (1.0, 2.0, 3.0), ((1.5,), (9.0,), (3.0,)))) == [1, 0, 2]
    assert order(Predictions((5, 6), ((1.0, 1.0), (0.0, 0.0)), ((1.0, 1.0), (0.0, 4.0)))) == [1, 0]


@pytest.mark.parametrize("name", ["dark", "light"])
def test_counts_stand_in_the_squares_that_have_room_for_them(theme, qtbot, name) -> None:
    theme.set(name)
    view = ConfusionView(theme)
    qtbot.addWidget(view)
    view.resize(340, 300)
    view.show_matrix(Confusion(((180, 3), (1, 175)), ("cat", "dog")))
    side = view._frame().side
    assert view.count_font(side).pixelSize() == theme.tokens.small_px
    before = view.grab().toImage()
    view.show_matrix(Confusion(((180, 4), (1, 175)), ("cat", "dog")))
    assert view.grab().toImage() != before  # the tones of 3 and 4 are nearly the same, the painted numbers are not
    assert view.count_font(12.0) is None
    many = tuple(tuple(9 for _ in range(90)) for _ in range(90))
    view.show_matrix(Confusion(many, tuple(map(str, range(90)))))
    assert not view.grab().isNull()


@pytest.fixture
def run(context, real_run) -> Path:
    """A run whose second of four epochs is the best; each epoch recorded another confusion matrix."""
    run = Path(shutil.copytree(real_run, context.document.path.parent / "runs" / "net-a"))
    lines, out, epoch = (run / "events.jsonl").read_text().splitlines(), [], 0
    for line in lines:
        event = json.loads(line)
        kind = event["event"]
        if kind in ("Confusion", "Predictions"):
            continue
        if kind == "EpochDone":
            epoch = event["epoch"]
        if kind == "CheckpointSaved":
            event["best"] = epoch == 2
        if kind == "Finished":
            event["best_epoch"] = 2
        out.append(json.dumps(event, separators=(",", ":")))
        if kind == "EpochDone":
            counts, names = [[epoch, 0], [0, 9]], ["a", "b"]
            views = [
                {"event": "Confusion", "t_s": event["t_s"], "matrix": counts, "class_names": names, "epoch": epoch},
                {
                    "event": "Predictions", "t_s": event["t_s"], "indices": [1, 2], "truth": [0, 1], "epoch": epoch,
                    "scores": [[0.9, 0.1], [0.8, 0.2]],
                },
            ]  # fmt: skip
            out += [json.dumps(view, separators=(",", ":")) for view in views]
    (run / "events.jsonl").write_text("\n".join(out) + "\n")
    context.runs.start(context.document)
    return run


@pytest.fixture
def page(context, run, answers, theme, qtbot: QtBot) -> RunsPage:
    runs_page = RunsPage(context.runs, context.preferences, theme, answers)
    qtbot.addWidget(runs_page)
    runs_page.resize(1200, 760)
    runs_page.show()
    qtbot.waitUntil(lambda: runs_page.model.rowCount() == 1, timeout=WAIT)
    runs_page.choose([run])
    qtbot.waitUntil(lambda: {*runs_page.results.switch.names} >= {"Summary", "Confusion", "Samples"}, timeout=WAIT)
    return runs_page


def turn(page: RunsPage, name: str) -> None:
    switch = page.results.switch
    QTest.mouseClick(switch, LEFT, pos=switch._spans()[switch.names.index(name)].center().toPoint())


def pick_epoch(page: RunsPage, text: str) -> None:
    QTest.mouseClick(page.results._epoch, LEFT)
    menu = QApplication.activePopupWidget()
    action = next(action for action in menu.actions() if action.text() == text)
    QTest.mouseClick(menu, LEFT, pos=menu.actionGeometry(action).center())


def test_the_page_shows_and_names_the_best_epoch_or_the_last(page) -> None:
    assert page.details.isVisible()
    turn(page, "Confusion")
    assert page.results.pages["Confusion"].isVisible()
    assert page.results.pages["Confusion"]._confusion.matrix[0][0] == 2
    assert page.results.epoch_text == "validation, best epoch 2"
    pick_epoch(page, "Last epoch")
    assert page.results.pages["Confusion"]._confusion.matrix[0][0] == 4
    assert page.results.epoch_text == "validation, last epoch 4"
    turn(page, "Samples")
    assert page.results.pages["Samples"]._predictions.epoch == 4
    pick_epoch(page, "Best epoch")
    assert page.results.pages["Samples"]._predictions.epoch == 2
    assert page.results.pages["Samples"]._order == [1, 0]
    assert page.results.pages["Samples"].summary().startswith("Sample 2: b, predicted a.")
    turn(page, "Summary")
    assert page.details.isVisible()
    assert not page.results._epoch.isVisible()


def test_a_best_epoch_that_was_not_recorded_is_named_beside_the_one_that_is_shown(page, run, context, qtbot) -> None:
    history = context.runs.follower.history(run)
    history.views.set_best(3)  # as if a later epoch without events were better
    history.views._best.clear()
    turn(page, "Confusion")
    page.results.choose("best")
    assert page.results.epoch_text == "validation, epoch 4"
    assert "best epoch, 3," in page.results._epoch.toolTip()


def test_the_choice_comes_back_after_a_comparison(page, run, context, real_run, qtbot) -> None:
    turn(page, "Confusion")
    other = Path(shutil.copytree(real_run, run.with_name("net-b")))
    context.runs.inventory.refresh()
    qtbot.waitUntil(lambda: page.model.rowCount() == 2, timeout=WAIT)
    page.choose([run, other])
    assert page.results.switch.names == ("Summary",)
    assert page.details.isVisible()
    page.choose([run])
    qtbot.waitUntil(page.results.pages["Confusion"].isVisible, timeout=WAIT)
