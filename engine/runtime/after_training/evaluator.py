"""Evaluates runs for the window, and keeps the last evaluation, so that questions about it need no second one."""

from pathlib import Path
from typing import Literal

from engine.check.diagnostics import Diagnostic
from engine.errors import RunProblem
from engine.protocol.result_answers import RunResults, SampleResult
from engine.runtime.after_training.evaluate import UNUSABLE, Choice, evaluation
from engine.runtime.after_training.report.html import write_report
from engine.runtime.after_training.results.evaluated import Evaluated
from engine.runtime.after_training.results.predictions_table import write_predictions
from engine.runtime.data.prepared_samples import PartName


class Evaluator:
    """Holds one evaluation: its samples and answers stay in memory until the next one."""

    def __init__(self) -> None:
        self._run: Path | None = None
        self._last: Evaluated | None = None

    def results(self, run: Path, part: PartName, data: Path | None) -> RunResults:
        """The results of a run on a part, or on new data; always computed again. Raises: ``EngineError``."""
        self._run, self._last = None, None  # so that memory holds one evaluation, not two
        warnings: list[Diagnostic] = []
        last = evaluation(Choice(run, part, data), warn=warnings.append)
        self._run, self._last = run, last
        results = last.results()
        texts = [each.message for each in warnings if each.code != UNUSABLE]  # the results list the refused samples
        results["note"] = " ".join(filter(None, [results["note"], *texts]))
        return results

    def cell(self, run: Path, true: int, predicted: int) -> list[SampleResult]:
        """The samples of a cell of the confusion matrix, the worst first."""
        last = self._of(run)
        return last.samples(last.of_cell(true, predicted))

    def save(self, run: Path, form: Literal["report", "predictions"], path: Path) -> None:
        """Write a report or all predictions. Raises: ``EngineError``."""
        write = write_report if form == "report" else write_predictions
        write(self._of(run), path)

    def _of(self, run: Path) -> Evaluated:
        if self._last is None or self._run != run:
            raise RunProblem(f"{run} was not evaluated just now.", hint="Evaluate it again.", code="R046")
        return self._last
