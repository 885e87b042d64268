"""Answers of networks that give a class for each place, such as each pixel: in the app and in exported programs."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.runtime.after_training.asking.asker import Asker
from engine.runtime.after_training.asking.question import Question
from engine.runtime.after_training.export import export_run
from engine.runtime.after_training.predict import predict
from resources.snippets.answers.predictions import ClassMap, Prediction, answers_csv, map_answer
from resources.snippets.generated.lesions import lesions
from tests.training import run_script, template, train

LOST = ("It has no number.", "Train again.")


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> Path:
    """A run on pictures with masks; ``out`` beside it is its program, ``picture.png`` a new picture."""
    place = tmp_path_factory.mktemp("lesions")
    project = template("lesions-unet", epochs=1)
    project.data.params.update(rows=12, size=16)
    folder = train(project, place / "run").folder
    export_run(folder, "code", place / "out")
    (image,) = lesions(rows=1, size=16, seed=5).fields["image"]
    Image.fromarray((image.transpose(1, 2, 0) * 255).astype(np.uint8)).save(place / "picture.png")
    return folder


def test_each_pixel_gets_the_class_of_its_highest_score(run: Path, monkeypatch) -> None:
    picture = run.with_name("picture.png")
    (answer,) = predict(run, picture, device="cpu")
    assert answer.classes is not None
    assert answer.classes.numbers.shape == (16, 16)
    assert list(answer.classes.names) == ["skin", "lesion"]
    assert sum(answer.classes.shares.values()) == pytest.approx(1)
    assert run_script(run.with_name("out"), monkeypatch, str(picture), name="predict.py") == f"{answer.text()}\n"
    text = run_script(run.with_name("out"), monkeypatch, str(picture), "--json", name="predict.py")
    assert json.loads(text) == [answer.as_json()]


def test_the_panel_gets_shares_and_a_picture(run: Path) -> None:
    reply = Asker().ask(run, Question(file=str(run.with_name("picture.png"))))
    (answer,) = reply["answers"]
    assert answer["label"] == "A class for each of 256 places"
    assert answer["scores"].keys() == {"skin", "lesion"}
    picture = reply["pictures"]["classes"]
    assert (picture["width"], picture["height"]) == (16, 16)


def test_a_class_for_each_place_in_words_numbers_and_columns() -> None:
    scores = np.zeros((3, 2, 2), dtype=np.float32)
    scores[2, 0, 0] = scores[1, 1, 1] = scores[1, 0, 1] = 1
    answer = map_answer("a.png", 0, scores, ("sky", "tree"), LOST)
    assert answer.as_json() == {
        "input": "a.png",
        "shares": {"sky": 0.25, "tree": 0.5, "2": 0.25},
        "classes": [[2, 1], [0, 1]],
    }
    assert answer.text() == "a.png: tree 50.0 %, sky 25.0 %, 2 25.0 % of 4 places"
    assert answers_csv([answer]) == b"input,share(sky),share(tree),share(2)\na.png,0.25,0.5,0.25\n"


def test_a_short_text_lists_the_class_of_each_word() -> None:
    assert Prediction("1", classes=ClassMap(np.array([1, 0, 1]), ("noun", "verb"))).text() == "1: verb noun verb"


def test_scores_that_are_no_numbers_give_no_answer() -> None:
    answer = map_answer("a.png", 3, np.full((2, 4), np.nan, dtype=np.float32), ("no", "yes"), LOST)
    assert answer.refusal is not None
    assert (answer.refusal.row, answer.classes) == (3, None)
