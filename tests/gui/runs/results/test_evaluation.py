"""The page of a run's results, with answers of the worker written by hand."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.protocol.answers import Answer, CellShown, Failed, ResultsSaved, RunEvaluated
from engine.protocol.requests import CellSamples, Evaluate, SaveResults
from engine.protocol.result_answers import RunResults, SampleResult
from engine.runs.threshold import read_threshold
from gui.runs.results.evaluation.evaluation_page import NEW_DATA, EvaluationPage
from gui.theme import Theme


class Worker:
    """Keeps the questions; a test answers them."""

    def __init__(self) -> None:
        self.questions: list[tuple[Any, Callable[[Answer], object]]] = []

    def ask(self, question: Any, callback: Callable[[Any], object]) -> None:
        request = question.request(len(self.questions), None, "")
        self.questions.append((request, lambda answer: question.take(callback, answer)))

    @property
    def request(self) -> Any:
        return self.questions[-1][0]

    def answer(self, answer: Answer) -> None:
        self.questions[-1][1](answer)


class Files:
    """Answers the questions for files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data: Path | None = None
        self.proposals: list[str] = []

    def new_data(self) -> Path | None:
        return self.data

    def save(self, proposal: str, kind: str) -> Path | None:
        self.proposals.append(f"{proposal} as {kind}")
        return self.folder / proposal


@pytest.fixture
def run(tmp_path: Path) -> Path:
    (tmp_path / "first").mkdir()
    return tmp_path / "first"


@pytest.fixture
def worker() -> Worker:
    return Worker()


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path)


@pytest.fixture
def page(worker: Worker, files: Files, theme: Theme, run: Path, qtbot: QtBot) -> EvaluationPage:
    widget = EvaluationPage(worker, files, theme)  # type: ignore[arg-type] # it only asks
    qtbot.addWidget(widget)
    widget.resize(1280, 700)
    widget.show()
    widget.show_run(run)
    return widget


def sample(at: int, truth: str, answer: str) -> SampleResult:
    return {
        "at": at,
        "place": f"line {at}",
        "truth": truth,
        "answer": answer,
        "error": 0.4,
        "probability": 0.7,
        "scores": [(answer, 0.7), (truth, 0.3)],
        "row": {"length": "12"},
    }


def results(run: Path, **more: Any) -> RunResults:
    """Ten samples of two classes: the probabilities of yes fall from .95 to .05, and the first four are yes."""
    thresholds = [0.95 - 0.1 * at for at in range(10)]
    hits = [min(4, at + 1) for at in range(10)]
    shares = {"precision": 0.8, "recall": 0.9, "f1": 0.85, "support": 5, "predicted": 5}
    areas = {"roc_auc": 1.0, "average_precision": None}
    whole: Any = {
        "run": str(run),
        "part": "validation",
        "source": "",
        "which": "best",
        "epoch": 7,
        "samples": 10,
        "metrics": {"loss": 0.5, "accuracy": 0.9},
        "units": {},
        "note": "",
        "refused": 0,
        "refusals": [],
        "task": "classes",
        "worst": [sample(5, "no", "yes")],
        "least_sure": [sample(5, "no", "yes"), sample(6, "no", "no")],
        "classes": {
            "names": ["no", "yes"],
            "accuracy": 0.9,
            "classes": [{"name": name, **shares, **areas} for name in ("no", "yes")],
            "macro": {"precision": 0.8, "recall": 0.9, "f1": 0.85},
            "weighted": {"precision": 0.8, "recall": 0.9, "f1": 0.85},
            "roc_auc": 1.0,
            "average_precision": 1.0,
            "calibration_error": 0.1,
            "curves": [
                {
                    "name": "yes",
                    "positives": 4,
                    "negatives": 6,
                    "thresholds": thresholds,
                    "hits": hits,
                    "false_alarms": [at + 1 - hits[at] for at in range(10)],
                }
            ],
            "reliability": [{"low": 0.0, "high": 1.0, "count": 10, "probability": 0.5, "right": 0.9}],
            "matrix": [[5, 1], [0, 4]],
            "threshold": None,
            "counted_every": 1,
        },
    }
    return whole | more


def matrix(page: EvaluationPage) -> tuple[tuple[int, ...], ...]:
    confusion = page.classes.confusion._confusion
    return confusion.matrix if confusion else ()


def test_a_run_is_measured_on_its_validation_part_and_shown(page: EvaluationPage, worker: Worker, run: Path) -> None:
    assert worker.request == Evaluate(0, str(run), "validation", "")
    assert "Measuring" in page.empty.text
    assert not page.save_report.isEnabled()
    worker.answer(RunEvaluated(0, results(run)))
    assert "10 samples, by the best weights, those of epoch 7." in page.where.text()
    assert matrix(page) == ((5, 1), (0, 4))
    texts = [page.classes.table.item(1, column).text() for column in range(7)]
    assert texts == ["yes", "80.0 %", "90.0 %", "85.0 %", "5", "1.000", "-"]
    assert [each["place"] for each in page.cards.samples] == ["line 5"]
    page.switch.choose("Least sure")
    assert len(page.cards.samples) == 2
    assert not page.numbers.isVisible()


def test_another_part_and_new_data_are_asked_for(page: EvaluationPage, worker: Worker, files: Files, run: Path) -> None:
    page.parts.choose("Test")
    assert worker.request == Evaluate(1, str(run), "test", "")
    files.data = run / "new.csv"
    page.parts.choose(NEW_DATA)
    assert worker.request.data == str(run / "new.csv")
    files.data = None
    page.parts.choose("Test")
    page.parts.choose(NEW_DATA)  # the dialog is cancelled
    assert (page.parts.current, worker.request.data) == ("Validation", "")


def test_a_click_on_a_square_shows_its_samples(page: EvaluationPage, worker: Worker, run: Path) -> None:
    worker.answer(RunEvaluated(0, results(run)))
    confusion = page.classes.confusion
    area, side, *_ = confusion._frame()
    place = QPoint(round(area.left() + 1.5 * side), round(area.top() + 0.5 * side))
    QTest.mouseClick(confusion, Qt.MouseButton.LeftButton, pos=place)
    assert worker.request == CellSamples(1, str(run), true=0, predicted=1)
    worker.answer(CellShown(1, [sample(8, "no", "yes")]))
    assert page.switch.current == "no taken for yes"
    assert [each["place"] for each in page.cards.samples] == ["line 8"]
    assert "line 8: truth no, answer yes." in page.cards.accessibleDescription()


def test_a_dragged_threshold_moves_the_counts_and_is_kept(page: EvaluationPage, worker: Worker, run: Path) -> None:
    worker.answer(RunEvaluated(0, results(run)))
    bar = page.classes.threshold
    assert bar.isVisible()
    assert not bar.keep.isEnabled()
    assert bar.slider.value() == 500
    page.classes.roc.dragged.emit(QPointF(0.0, 0.5))
    assert bar.value == pytest.approx(0.8)  # between the second and the third probability
    assert matrix(page) == ((6, 0), (2, 2))
    assert page.classes.roc.marker == (0.0, 0.5)
    bar.slider.setValue(100)
    assert matrix(page) == ((1, 5), (0, 4))
    bar.keep.click()
    assert read_threshold(run) == 0.1
    assert worker.request == Evaluate(1, str(run), "validation", "")


def test_files_are_written_by_the_worker(page: EvaluationPage, worker: Worker, files: Files, run: Path, qtbot) -> None:
    worker.answer(RunEvaluated(0, results(run)))
    page.save_predictions.click()
    assert worker.request == SaveResults(1, str(run), "predictions", str(files.folder / "first-validation.csv"))
    with qtbot.waitSignal(page.message) as emission:
        worker.answer(ResultsSaved(1, "there.csv"))
    assert emission.args == ["Saved there.csv"]
    page.save_report.click()
    with qtbot.waitSignal(page.failed) as emission:
        worker.answer(Failed(2, "There is no room.", "Free some."))
    assert emission.args == ["There is no room. Free some."]
    page.classes.roc.save_wanted.emit()
    assert (files.folder / "ROC.png").read_bytes().startswith(b"\x89PNG")


def test_what_cannot_be_measured_is_a_sentence(page: EvaluationPage, worker: Worker, run: Path) -> None:
    worker.answer(RunEvaluated(0, results(run)))
    page.parts.choose("Test")
    worker.answer(Failed(1, "The test part of the data has no samples.", "Measure training."))
    assert page.where.text() == "The test part of the data has no samples. Measure training."
    assert not page.classes.isVisible()
    assert not page.cards.isVisible()
    assert not page.save_report.isEnabled()


def test_a_network_without_a_truth_shows_its_metrics(page: EvaluationPage, worker: Worker, run: Path) -> None:
    whole: Any = results(run, note="There is no truth.", metrics={"loss": "nan", "real_loss": 0.25}, worst=[])
    worker.answer(RunEvaluated(0, {name: each for name, each in whole.items() if name not in ("task", "classes")}))
    assert "There is no truth.\nloss nan, real_loss 0.25" in page.where.text()
    assert not page.save_predictions.isEnabled()
    assert page.save_report.isEnabled()


def test_numbers_have_a_scatter_and_residuals(page: EvaluationPage, worker: Worker, run: Path) -> None:
    numbers = {
        "unit": "rent",
        "measure": "EUR",
        "mae": 12.5,
        "rmse": 20.0,
        "r2": "nan",
        "columns": [],
        "points": [(0, 300.0, 310.0), (1, 400.0, 380.0)],
        "edges": [-1.0, 0.0, 1.0],
        "counts": [1, 1],
        "counted_every": 1,
    }
    whole: Any = results(run, task="numbers", numbers=numbers, least_sure=[])
    worker.answer(RunEvaluated(0, {name: each for name, each in whole.items() if name != "classes"}))
    assert "MAE 12.5</b> in rent (EUR)" in page.numbers.summary.text()
    assert not page.classes.isVisible()
    assert page.switch.names == ("Worst samples",)
    assert page.grab().toImage().width() > 0


def test_an_answer_about_another_run_is_left_out(page: EvaluationPage, worker: Worker, run: Path) -> None:
    worker.answer(RunEvaluated(0, results(run.parent / "other")))
    assert page.results is None
