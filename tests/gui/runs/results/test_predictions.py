"""Pictures and texts of predictions for single samples."""

import base64

import pytest
from PySide6.QtGui import QImage

from engine.runs import events
from gui.runs.context.sample_pictures import decoded
from gui.runs.results.predictions import PredictionsView


@pytest.mark.parametrize(
    "raw",
    [
        {},
        {"height": 2, "width": 2, "channels": 1, "bytes": "not base64"},
        {"height": 2, "width": 2, "channels": 1, "bytes": base64.b64encode(b"123").decode()},
        {"height": -2, "width": -2, "channels": 1, "bytes": base64.b64encode(b"1234").decode()},
        {"height": 10**9, "width": 10**9, "channels": 1, "bytes": ""},
        {"height": 1, "width": 2, "channels": 2, "bytes": base64.b64encode(b"1234").decode()},
    ],
)
def test_a_damaged_picture_is_none(raw) -> None:
    assert decoded(raw) is None


def test_a_picture_has_its_pixels() -> None:
    pixels = base64.b64encode(bytes([255, 0, 0, 0, 0, 255])).decode()
    picture = decoded({"height": 1, "width": 2, "channels": 3, "bytes": pixels})
    assert (picture.pixelColor(0, 0).name(), picture.pixelColor(1, 0).name()) == ("#ff0000", "#0000ff")


@pytest.mark.parametrize(
    "predictions",
    [
        events.Predictions((3, 5), (0, 1), ((0.9, 0.1), (0.6, 0.4))),
        events.Predictions((3,), (151.5,), ((160.25,),)),
        events.Predictions((3,), ((1.0, 2.0, 3.0, 4.0),), ((1.0, 2.0, 3.0, 5.0),)),
        events.Predictions((), (), ()),
    ],
)
def test_any_predictions_are_drawn(theme, qtbot, predictions) -> None:
    view = PredictionsView(theme)
    qtbot.addWidget(view)
    view.resize(250, 190)
    blank = view.grab().toImage()
    view.show_predictions(predictions, ("cat", "dog"), {3: QImage(8, 8, QImage.Format.Format_Grayscale8)})
    assert (view.grab().toImage() == blank) is not bool(predictions.indices)


def test_predictions_are_described_in_words(theme, qtbot) -> None:
    view = PredictionsView(theme)
    qtbot.addWidget(view)
    view.show_predictions(events.Predictions((3, 5), (0, 1), ((0.9, 0.1), (0.6, 0.4))), ("cat", "dog"), {})
    assert view.summary() == "Sample 5: dog, predicted cat. Sample 3: cat, predicted cat."  # mistakes first
    view.show_predictions(events.Predictions((3,), (151.5,), ((160.25,),)), (), {})
    assert view.summary() == "Sample 3: 151.5, predicted 160.2."


def test_an_answer_that_is_a_picture_is_drawn_beside_the_truth(theme, qtbot) -> None:
    view = PredictionsView(theme)
    qtbot.addWidget(view)
    truth = tuple(float(level) for level in range(16))
    picture = QImage(bytes(range(0, 160, 10)), 4, 4, 4, QImage.Format.Format_Grayscale8).copy()
    values = tuple(reversed(truth))
    view.show_predictions(events.Predictions((7,), (truth,), (values,)), (), {7: picture})
    answer = view._answer(0, picture)
    assert [answer.pixelColor(x, 0).red() for x in range(4)] == [255, 238, 221, 204]
    assert answer.pixelColor(3, 3).red() == 0
    view.resize(120, 60)
    image = view.grab().toImage().scaled(120, 60)
    assert image.pixelColor(64, 6).lightness() > image.pixelColor(96, 36).lightness() + 100
    planes = (*truth, *(0.0 for _ in truth), *truth)
    view.show_predictions(events.Predictions((7,), (planes,), (planes,)), (), {7: picture})
    coloured = view._answer(0, picture).pixelColor(3, 3)
    assert (coloured.red(), coloured.green(), coloured.blue()) == (255, 0, 255)
    view.show_predictions(events.Predictions((7,), (truth[:3],), (values[:3],)), (), {7: picture})
    assert view._answer(0, picture) is None
