"""The answers of a network for new samples, as text, JSON and CSV."""

import csv
import io
import json
import math
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from resources.snippets.samples import Refusal

MAX_LIKELY = 3  # in a line of text
MAX_PLACES = 64  # whose classes are in a line of text
NO_ANSWER = "D130"  # the code of a sample without an answer


@dataclass(frozen=True)
class ClassMap:
    """A class for each place of a sample, such as the pixels of an image or the words of a text.

    ``numbers``: int64, one for each place, in the shape of the sample. ``names``: of the classes.
    """

    numbers: np.ndarray
    names: Sequence[str]

    @property
    def shares(self) -> dict[str, float]:
        """The share of the places that each class has, from 0 to 1."""
        counts = np.bincount(self.numbers.ravel(), minlength=len(self.names))
        return dict(zip(self.names, (counts / max(1, self.numbers.size)).tolist(), strict=True))

    def text(self) -> str:
        """The class of each place where they are few, else the shares of the most frequent classes."""
        if self.numbers.ndim == 1 and self.numbers.size <= MAX_PLACES:
            return " ".join(self.names[number] for number in self.numbers.tolist())
        frequent = sorted(self.shares.items(), key=lambda pair: -pair[1])[:MAX_LIKELY]
        shares = ", ".join(f"{name} {100 * share:.1f} %" for name, share in frequent if share)
        return f"{shares} of {self.numbers.size:,} places"


@dataclass(frozen=True)
class Prediction:
    """The answer for one sample. ``scores``: a probability for each class, if there are any.

    ``classes``: a class for each place, where the network gives these.

    ``values``: the outputs by name, in the unit of the data; ``notes`` gives the unit of others, by name, ``shapes``
    their shapes where they are no list. ``measures``: by name, the sign beside such numbers in the data, such as %.
    ``refusal``: why there is no answer.
    """

    place: str  # of the sample: its file or line
    label: str = ""
    scores: Sequence[tuple[str, float]] = ()
    values: Sequence[tuple[str, Sequence[float]]] = ()
    notes: Mapping[str, str] = field(default_factory=dict)
    measures: Mapping[str, str] = field(default_factory=dict)
    shapes: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    refusal: Refusal | None = None
    classes: ClassMap | None = None

    def as_json(self) -> dict[str, object]:
        """The answer as one object; numbers that JSON lacks are texts, such as ``"nan"``."""
        result: dict[str, object] = {"input": self.place}
        if self.refusal:
            reason, hint = self.refusal.reason, self.refusal.hint
            problem = {"code": NO_ANSWER, "severity": "error", "message": reason, "hint": hint}
            return result | {"problem": problem}
        if self.scores:
            result |= {"label": self.label, "scores": dict(self.scores)}
        if self.classes:
            result |= {"shares": self.classes.shares, "classes": self.classes.numbers.tolist()}
        if self.values or not (self.scores or self.classes):
            result["values"] = {name: [_plain(each) for each in row] for name, row in self.values}
        result |= {"measures": dict(self.measures)} if self.measures else {}
        return result | ({"notes": dict(self.notes)} if self.notes else {})

    def text(self) -> str:
        """One line for a person."""
        if self.refusal:
            reason = f"{self.refusal.reason} {self.refusal.hint}".rstrip()
            return f"{self.place}: no prediction: {reason}"
        parts = [self._class_text()] if self.scores else []
        parts += [self.classes.text()] if self.classes else []
        for name, numbers in self.values:
            note = f" ({self.notes[name]})" if name in self.notes else ""
            measure = f" {self.measures[name]}" if name in self.measures else ""
            parts.append(f"{name} {' '.join(f'{each:.5g}' for each in numbers)}{measure}{note}")
        return f"{self.place}: {'  '.join(parts)}"

    def cells(self) -> dict[str, object]:
        """One row of a table, by column."""
        row: dict[str, object] = {"input": self.place}
        if self.refusal:
            return row | {"problem": f"{self.refusal.reason} {self.refusal.hint}".rstrip()}
        if self.scores:
            row["answer"] = self.label
            row |= {f"p({name})": number for name, number in self.scores}
        if self.classes:
            row |= {f"share({name})": share for name, share in self.classes.shares.items()}
        for name, numbers in self.values:
            row |= {
                name if len(numbers) == 1 else f"{name}[{at}]": number
                for at, number in enumerate(numbers)
            }
        return row

    def _class_text(self) -> str:
        likely = sorted(self.scores, key=lambda pair: -pair[1])[:MAX_LIKELY]
        return f"{self.label}  ({', '.join(f'{name} {100 * p:.1f} %' for name, p in likely)})"


def _plain(number: float) -> float | str:
    return number if math.isfinite(number) else str(number)


def class_answer(
    place: str,
    number: int,
    probabilities: Sequence[float],
    names: Sequence[str],
    lost: tuple[str, str],
    threshold: float | None = None,
) -> Prediction:
    """The answer of a network that chooses a class. ``lost``: why there is none where a probability is no number.

    ``threshold``: of two classes, the probability of the second one above which it is the answer.
    """
    if any(map(math.isnan, probabilities)):
        return Prediction(place, refusal=Refusal(number, place, *lost))
    classes = names_of(len(probabilities), names)
    best = max(range(len(classes)), key=lambda at: probabilities[at])
    if threshold is not None and len(classes) == 2:
        best = int(probabilities[1] > threshold)
    return Prediction(place, classes[best], tuple(zip(classes, probabilities, strict=True)))


def map_answer(
    place: str, number: int, scores: np.ndarray, names: Sequence[str], lost: tuple[str, str]
) -> Prediction:
    """The answer of a network that chooses a class for each place. ``scores``: float32 (classes, ...).

    ``lost``: why there is no answer where a score is no number.
    """
    if np.isnan(scores).any():
        return Prediction(place, refusal=Refusal(number, place, *lost))
    return Prediction(place, classes=ClassMap(scores.argmax(0), names_of(len(scores), names)))


def names_of(classes: int, names: Sequence[str]) -> list[str]:
    """The names of so many classes; those without a name have their number."""
    return [*names, *map(str, range(len(names), classes))][:classes]


def with_refusals(
    answers: Iterator[Prediction], refusals: Sequence[Refusal], count: int
) -> list[Prediction]:
    """The answers for ``count`` samples, and an entry for each other one of the file, in its order."""
    refusals_by_row = {each.row: Prediction(each.place, refusal=each) for each in refusals}
    return [
        refusals_by_row.get(row) or next(answers) for row in range(count + len(refusals_by_row))
    ]


def answers_csv(answers: Sequence[Prediction]) -> bytes:
    """A table with a row for each sample: its place, the class with all probabilities, and the numbers."""
    rows = [each.cells() for each in answers]
    names = dict.fromkeys(name for row in rows for name in row)
    columns = sorted(names, key=lambda name: name == "problem")
    text = io.StringIO(newline="")
    table = csv.DictWriter(text, columns, lineterminator="\n")
    table.writeheader()
    table.writerows(rows)
    return text.getvalue().encode()


def answers_json(answers: Sequence[Prediction]) -> bytes:
    """A list with an object for each sample, as one line."""
    text = json.dumps([each.as_json() for each in answers], ensure_ascii=False)
    return f"{text}\n".encode()


def answers_text(answers: Sequence[Prediction]) -> bytes:
    """A line for each sample."""
    return "".join(f"{each.text()}\n" for each in answers).encode()


Writers = Mapping[str, Callable[[Sequence[Prediction]], bytes]]
ANSWER_FILES: Writers = {".csv": answers_csv, ".json": answers_json, ".txt": answers_text}
"""How answers are written, by the ending of the file."""


def give_answers(
    answers: Sequence[Prediction], output: Path | None, writers: Writers, *, as_json: bool
) -> None:
    """Write answers to a file or print them; ends the program with 1 when a sample has none, and prints why."""
    if output:
        try:
            output.write_bytes(writers[output.suffix.lower()](answers))
        except (OSError, ValueError) as error:
            sys.exit(f"{output} cannot be written: {error}")
    if as_json:
        print(answers_json(answers).decode(), end="")
    for each in answers:
        if each.refusal:
            print(each.text(), file=sys.stderr)
        elif not (as_json or output):
            print(each.text())
    if any(each.refusal for each in answers):
        sys.exit(1)
