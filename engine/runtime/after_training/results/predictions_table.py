"""All answers of a part as a CSV table: place, truth, answer, and the probability of each class."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from torch import Tensor

from engine.errors import RunProblem
from engine.project import disk_errors, durable
from engine.runtime.after_training.results.class_answers import ClassAnswers
from engine.runtime.after_training.results.evaluated import Evaluated
from engine.runtime.after_training.results.number_answers import NumberAnswers

Row = list[str | int | float]


def write_predictions(result: Evaluated, path: Path) -> None:
    """Write the table, in which a line for each sample follows the heading, batch by batch.

    Raises: ``EngineError`` where the network has no answers that fit a table, and when the disk fails.
    """
    refuse_without_answers(result)
    try:
        durable.replace(path, _pieces(result))
    except OSError as error:
        raise disk_errors.problem("write", path, error) from error


def refuse_without_answers(result: Evaluated) -> None:
    """Raises: ``RunProblem`` where there is no answer for each sample."""
    run = result.network.folder.path
    if result.answers is None:
        raise RunProblem(
            f"{run} has no answers to compare with a truth, so there is no table of them.",
            hint="torchloom predict asks its network about new samples.",
            code="R045",
        )
    if isinstance(result.answers, ClassAnswers) and not result.answers.is_single:
        raise RunProblem(
            f"The network of {run} answers at many places of each sample, which do not fit a table.",
            hint="evaluate without --predictions measures them.",
            code="R045",
        )


def _pieces(result: Evaluated) -> Iterator[bytes]:
    """The text of the table in pieces: the heading, then the lines of each batch."""
    done = 0
    for batch, output in result.batches():
        target = batch[result.question.comparison.field]
        rows = _rows(result, output, target, done)
        yield _text([_heading(result), *rows] if done == 0 else rows)
        done += len(target)


def _text(rows: list[Row]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode(errors="replace")


def _heading(result: Evaluated) -> Row:
    match result.answers:
        case ClassAnswers(names=names):
            return ["place", "truth", "answer", *(f"p({name})" for name in names)]
        case NumberAnswers() as answers if (count := answers.kept_values[0].shape[1]) > 1:
            return ["place", *(f"truth[{at}]" for at in range(count)), *(f"answer[{at}]" for at in range(count))]
        case _:
            return ["place", "truth", "answer"]


def _rows(result: Evaluated, output: Tensor, target: Tensor, first: int) -> list[Row]:
    places = [result.part.place(first + row) for row in range(len(target))]
    match result.answers:
        case ClassAnswers() as answers:
            shares, truth = (each.cpu() for each in answers.question.shares(output.float(), target))
            lines = zip(places, truth, answers.predict(shares), shares.tolist(), strict=True)
            return [
                [place, answers.text(true), answers.text(answer) if _are_numbers(row) else "", *row]
                for place, true, answer, row in lines
            ]
        case NumberAnswers() as answers:
            answer, truth = answers.in_unit(output, target)
            numbers = zip(places, truth.tolist(), answer.tolist(), strict=True)
            return [[place, *true, *values] for place, true, values in numbers]
        case _:
            return []


def _are_numbers(row: list[float]) -> bool:
    return all(value == value for value in row)  # noqa: PLR0124 (nan is not equal to itself)
