"""The page of generated samples: the latest picture, steps through the epochs, missing files."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.runs.events import Predictions, Samples
from engine.runs.pictures import picture_name
from gui.runs.context.sample_pictures import SamplePictures
from gui.runs.curve_data.history import History
from gui.runs.results.generated import GeneratedView
from gui.runs.results.results import Results

LEFT = Qt.MouseButton.LeftButton


def shade(epoch: int) -> QColor:
    return QColor(10 * epoch % 250, 100, 200)


def generated(run: Path, *epochs: int) -> list[Samples]:
    """Epochs of a run with their pictures, each of one colour and a white corner."""
    (run / "samples").mkdir(parents=True, exist_ok=True)
    for epoch in epochs:
        image = QImage(8, 8, QImage.Format.Format_RGB888)
        image.fill(shade(epoch))
        image.setPixelColor(0, 0, QColor("white"))
        assert image.save(str(run / "samples" / picture_name(epoch)))
    return [Samples(epoch, "samples", f"samples/{picture_name(epoch)}") for epoch in epochs]


@pytest.fixture
def show(context, theme, qtbot: QtBot, tmp_path: Path) -> Callable[[list[Samples]], Results]:
    """A function that adds events to a run and returns its results widget."""
    history = History(tmp_path)
    results = Results(SamplePictures(context.document, context.analysis), theme)
    qtbot.addWidget(results)
    results.resize(240, 280)
    results.show()

    def take(events: list[Samples]) -> Results:
        history.add(events)
        results.show_run(tmp_path, history)
        return results

    return take


def view(results: Results) -> GeneratedView:
    return results.pages["Generated"]


def colour(results: Results) -> QColor:
    """The colour in the middle of the picture."""
    picture = view(results).picture
    image = picture.grab().toImage()
    middle = picture.place().center() * image.devicePixelRatio()
    return image.pixelColor(middle.toPoint())


def test_the_newest_picture_is_shown_and_a_newer_one_takes_its_place(show, tmp_path: Path) -> None:
    results = show(generated(tmp_path, 1, 2))
    assert results.switch.names == ("Generated",)
    assert view(results).isVisible()
    assert view(results).epoch.text() == "epoch 2, newest"
    assert colour(results) == shade(2)
    show(generated(tmp_path, 3))
    assert view(results).epoch.text() == "epoch 3, newest"
    assert colour(results) == shade(3)


def test_a_person_steps_through_the_epochs_and_stays_there(show, tmp_path: Path) -> None:
    results = show(generated(tmp_path, 1, 2, 3))
    back, on = view(results).back, view(results).on
    assert not on.isEnabled()
    for epoch in (2, 1):
        QTest.mouseClick(back, LEFT)
        assert view(results).epoch.text() == f"epoch {epoch}"
        assert colour(results) == shade(epoch)
    assert not back.isEnabled()
    show(generated(tmp_path, 4))
    assert view(results).current == 1
    for epoch in (2, 3, 4):
        QTest.mouseClick(on, LEFT)
        assert view(results).current == epoch
    show(generated(tmp_path, 5))
    assert view(results).current == 5


def test_pixels_are_sharp(show, tmp_path: Path) -> None:
    results = show(generated(tmp_path, 1))
    picture = view(results).picture
    image = picture.grab().toImage()
    place = picture.place()
    side = place.width() / 8
    ratio = image.devicePixelRatio()
    assert side * ratio == int(side * ratio) > 1
    colours = {
        image.pixelColor(round((place.left() + x) * ratio), round((place.top() + side / 2) * ratio)).name()
        for x in range(1, int(4 * side))
    }
    assert colours == {"#ffffff", shade(1).name()}


def test_a_missing_or_broken_picture_is_reported(show, tmp_path: Path) -> None:
    events = generated(tmp_path, 1, 2)
    (tmp_path / "samples" / picture_name(2)).unlink()
    (tmp_path / "samples" / picture_name(1)).write_text("no picture")
    results = show(events)
    assert view(results).picture.text == "The picture of epoch 2 is missing."
    assert not view(results).picture.grab().isNull()
    QTest.mouseClick(view(results).back, LEFT)
    assert view(results).picture.text == "The picture of epoch 1 is missing."


def test_only_pictures_of_the_run_are_read(show, tmp_path: Path) -> None:
    (event,) = generated(tmp_path / "other", 1)
    results = show([Samples(1, "samples", f"other/{event.path}")])
    assert view(results).picture.text == "The picture of epoch 1 is missing."


def test_only_epochs_with_stored_pictures_are_offered(show, tmp_path: Path) -> None:
    results = show(generated(tmp_path, *range(1, 71)))
    assert view(results).epochs == list(range(2, 71, 2))


def test_a_resumed_run_comes_to_an_epoch_again(show, tmp_path: Path) -> None:
    results = show(generated(tmp_path, 1, 2, 3))
    show(generated(tmp_path, 2))
    assert view(results).epochs == [1, 2]


def test_the_page_names_its_epoch_and_the_others_keep_their_choice(show, tmp_path: Path) -> None:
    results = show(generated(tmp_path, 1))
    assert not results._epoch.isVisible()
    results = show([Predictions((1,), (0,), ((0.5, 0.5),), epoch=1)])
    results.switch.choose("Samples")
    assert results._epoch.isVisible()
    results.switch.choose("Generated")
    assert not results._epoch.isVisible()


def test_nothing_is_read_while_the_page_is_not_seen(show, tmp_path: Path) -> None:
    results = show(generated(tmp_path, 1))
    results.hide()
    show(generated(tmp_path, 2))
    assert view(results).picture.image.pixelColor(4, 4) == shade(1)
    results.show()
    assert colour(results) == shade(2)
