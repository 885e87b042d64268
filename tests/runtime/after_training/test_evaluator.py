"""Evaluations for the window: the requests of the worker, answered."""

from pathlib import Path

import pytest

from engine.protocol.answers import CellShown, Failed, ResultsSaved, RunEvaluated, decode_answer, encode_answer
from engine.protocol.requests import CellSamples, Evaluate, SaveResults
from engine.runtime.handlers import RequestHandler
from tests.training import template, train


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return train(template("digits-mlp"), tmp_path_factory.mktemp("evaluator") / "run").folder


def test_an_evaluation_answers_questions_about_its_cells_and_writes_its_files(run: Path, tmp_path: Path) -> None:
    handler = RequestHandler()
    answer = handler.answer(CellSamples(1, str(run)))
    assert isinstance(answer, Failed)
    assert "not evaluated" in answer.message

    answer = handler.answer(Evaluate(2, str(run)))
    assert isinstance(answer, RunEvaluated)
    assert isinstance(decode_answer(encode_answer(answer)), RunEvaluated)
    matrix = answer.results["classes"]["matrix"]
    true, predicted = next((a, b) for a in range(10) for b in range(10) if a != b and matrix[a][b])
    cell = handler.answer(CellSamples(3, str(run), true, predicted))
    assert isinstance(cell, CellShown)
    assert len(cell.samples) == matrix[true][predicted]
    assert all("image" in each["fields"]["image"] for each in cell.samples)

    for form, start in (("report", "<!doctype html>"), ("predictions", "place,truth,answer")):
        path = tmp_path / form
        assert isinstance(handler.answer(SaveResults(4, str(run), form, str(path))), ResultsSaved)
        assert path.read_text(encoding="utf-8").startswith(start)


@pytest.mark.parametrize("example", [Evaluate(1, "/no/where"), Evaluate(1, "", "test")], ids=["lost", "empty"])
def test_what_cannot_be_evaluated_is_one_sentence(example: Evaluate, run: Path) -> None:
    full = Evaluate(1, example.run or str(run), example.part)
    answer = RequestHandler().answer(full)
    assert isinstance(answer, Failed)
    assert not answer.fault
    assert "no folder" in answer.message or "has no samples" in answer.message


def test_data_that_was_deleted_is_one_sentence(run: Path, tmp_path: Path) -> None:
    answer = RequestHandler().answer(Evaluate(1, str(run), data=str(tmp_path / "gone.npz")))
    assert isinstance(answer, Failed)
    assert "gone.npz" in answer.message
    assert not answer.fault
