"""What was read: how many samples, which classes and columns, and what the reader changed, left out or guessed."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice

import numpy as np

from engine.protocol.data_answers import DataRead, GuessRead
from engine.runtime.data.field_spec import FieldSpec
from resources.snippets.load_result import Guess, LoadedSamples
from resources.snippets.table.column import LEFT_OUT

MASK_AXES = 3  # samples, height and width
MAX_NAMED = 10  # entries of a list in a line of text
MAX_CHARACTERS = 60  # of one entry
MAX_SENT = 1000  # entries of a list in an answer to the window


@dataclass(frozen=True, slots=True)
class Reading:
    """A data set as it was read, before split and transforms.

    ``fields``: what each field is; ``guessed``: those of which that is a guess.
    ``answer``: the label field that has the classes. ``classes``: how many samples each has, by name. ``columns``: what
    each column of a table was read as. ``left_out``: columns or files that were not read, each with the reason.
    ``scaled``: what the reader changed. ``guesses``: what it assumed.
    """

    samples: int
    answer: str = ""
    classes: Mapping[str, int] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    scaled: tuple[str, ...] = ()
    guesses: tuple[Guess, ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict)
    guessed: tuple[str, ...] = ()

    def with_fields(self, specs: Mapping[str, FieldSpec]) -> "Reading":
        """The same with what each field is."""
        guessed = tuple(name for name, spec in specs.items() if spec.is_guessed)
        return replace(self, fields={name: spec.kind for name, spec in specs.items()}, guessed=guessed)

    def as_json(self, most: int | None = None) -> DataRead:
        """The object ``data`` of ``check --json``; ``most``: entries in each list."""
        return {
            "samples": self.samples,
            "fields": dict(self.fields),
            "classes": dict(islice(self.classes.items(), most)),
            "columns": dict(islice(self.columns.items(), most)),
            "left_out": list(self.left_out[:most]),
            "scaled": list(self.scaled[:most]),
            "guesses": [_guess_json(guess) for guess in self.guesses[:most]],
        }

    def lines(self) -> list[str]:
        """The same for people, in one to five lines; the problems report what was guessed."""
        head = f"Data: {_count(self.samples, 'sample')}"
        if self.classes:
            classes = joined_texts(f"{name} ({count:,})" for name, count in self.classes.items())
            head += f"; {_count(len(self.classes), 'class', 'classes')} of {self.answer}: {classes}"
        lines = [f"{head}."]
        if self.columns:
            lines.append(f"{_count(len(self.columns), 'column')}: {_by_role(self.columns)}.")
        if self.guessed:
            fields = joined_texts(f"{name} as {self.fields[name]}" for name in self.guessed)
            lines.append(f"Fields, by their shapes: {fields}; kinds sets another.")
        if self.left_out:
            lines.append(f"Left out: {joined_texts(self.left_out)}.")
        if self.scaled:
            lines.append(f"Changed while reading: {joined_texts(self.scaled)}.")
        return lines


def reading_of(rows: LoadedSamples) -> Reading:
    """What was read of samples that are in memory; of a large set the label field is enough."""
    answer = next((name for name in rows.classes if rows.fields[name].ndim in (1, MASK_AXES)), "")
    return Reading(
        len(rows),
        answer,
        _class_counts(rows, answer) if answer else {},
        dict(rows.roles) or {name: _role(categories) for name, categories in rows.columns},
        (*_rows_left_out(rows), *rows.left_out),
        (*_gaps_filled(rows), *rows.scaled),
        tuple(rows.guesses),
    )


def _rows_left_out(rows: LoadedSamples) -> Iterator[str]:
    if rows.dropped:
        features = dict(rows.columns) if _filled_gaps(rows) else {}  # filled, so only the target costs a row
        causes = {name: count for name, count in rows.missing.items() if name not in features}
        total = len(rows) + rows.dropped
        yield f"{rows.dropped:,} of {_count(total, 'row')} with a missing value ({_most_gaps(causes)})"


def _gaps_filled(rows: LoadedSamples) -> Iterator[str]:
    gaps, categories = _filled_gaps(rows), {name for name, texts in rows.columns if texts}
    numbers = {name: count for name, count in gaps.items() if name not in categories}
    texts = {name: count for name, count in gaps.items() if name in categories}
    for kind, filling in ((numbers, "means"), (texts, "the most frequent")):
        if kind:
            yield f"{_count(sum(kind.values()), 'gap')} filled with {filling} ({_most_gaps(kind)})"


def _filled_gaps(rows: LoadedSamples) -> dict[str, int]:
    """How many values each column of a table lacks in the rows that are kept; by the first place of a column."""
    if not any(rows.missing.get(name) for name, _ in rows.columns):
        return {}
    widths = [max(1, len(categories)) for _, categories in rows.columns]
    starts = np.cumsum([0, *widths[:-1]])
    counts = np.isnan(rows.fields["features"][:, starts]).sum(axis=0).tolist()
    return {name: count for (name, _), count in zip(rows.columns, counts, strict=True) if count}


def _most_gaps(gaps: Mapping[str, int]) -> str:
    most = max(gaps, key=lambda name: gaps[name])
    return f"in {most}" if len(gaps) == 1 else f"most in {most}"


def joined_texts(texts: Iterable[str], most: int = MAX_NAMED) -> str:
    """The texts with commas; of a long list its beginning, and how many are left."""
    entries = list(texts)
    text = ", ".join(_short(text) for text in entries[:most])
    return f"{text} and {len(entries) - most:,} more" if len(entries) > most else text


def _class_counts(rows: LoadedSamples, answer: str) -> dict[str, int]:
    names = rows.classes[answer]
    if rows.fields[answer].ndim == MASK_AXES:  # the samples in which a class occurs
        return {name: int((rows.fields[answer] == at).any((1, 2)).sum()) for at, name in enumerate(names)}
    counts = np.bincount(rows.fields[answer], minlength=len(names)).tolist()
    return dict(zip(names, counts, strict=False))


def _by_role(columns: Mapping[str, str]) -> str:
    """The columns, those of one role together: of a wide table this is still one line."""
    alike: dict[str, list[str]] = {}
    for name, role in columns.items():
        if role != LEFT_OUT:  # the next line has those, with the reasons
            alike.setdefault(role, []).append(name)
    roles = [f"{role}: {joined_texts(names)}" for role, names in alike.items()]
    left = len(roles) - MAX_NAMED
    return "; ".join(roles[:MAX_NAMED]) + (f"; and {left:,} more roles" if left > 0 else "")


def _role(categories: tuple[str, ...]) -> str:
    return f"category of {len(categories)}" if categories else "number"


def _short(text: str) -> str:
    flat = " ".join(text.split()).rstrip(".")
    return flat if len(flat) <= MAX_CHARACTERS else f"{flat[: MAX_CHARACTERS - 1]}\u2026"


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def _guess_json(guess: Guess) -> GuessRead:
    return {"message": guess.message, "hint": guess.hint, "param": guess.param, "value": _value_json(guess.value)}


def _value_json(value: object) -> object:
    """The value of a fix as a project file has it: pairs, such as of columns and their roles, as an object."""
    is_pairs = isinstance(value, tuple) and all(isinstance(each, tuple) and len(each) == 2 for each in value)
    return dict(value) if is_pairs and value else value  # type: ignore[call-overload] # just looked at
