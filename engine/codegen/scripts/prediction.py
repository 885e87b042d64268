"""What ``predict.py`` must know beside the project: its inputs, its answers, and what transforms found."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from engine.catalog.params import Value
from engine.codegen.comparisons import Comparison
from engine.codegen.literals import literal, quote
from engine.codegen.scripts import readers, table
from engine.codegen.scripts.data_description import Change, SnippetName

Columns = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class AnswerDescription:
    """How an output is printed: its ``key`` in the network, empty for a single one, its ``name``, and its ``unit``.

    ``unit``: the values of its `resources.snippets.units.Unit`, empty where that is not known. ``note``: says so.
    ``measure``: what is written behind its numbers.
    """

    key: str
    name: str
    unit: tuple[Value, ...] = ()
    note: str = ""
    measure: str = ""


@dataclass(frozen=True, slots=True)
class PredictDescription:
    """What the script must know beside the project.

    ``inputs``: the fields the network takes, with the shape of a row; ``whole``: those of whole numbers. ``figures``:
    what each fitted transform took from the training rows, by name, nested as the array is. ``columns``: of a table.
    ``answers``: how the outputs are printed. ``most``: how many whole numbers the network has places for, by field.
    ``decisions``: how the reader of the data treated the files. ``form``: how a table is written.
    """

    inputs: tuple[tuple[str, tuple[int, ...]], ...]
    whole: tuple[str, ...]
    comparison: Comparison | None
    class_names: tuple[str, ...]
    figures: tuple[tuple[tuple[str, Value], ...], ...]
    columns: Columns = ()
    answers: tuple[AnswerDescription, ...] = ()
    most: tuple[tuple[str, int], ...] = ()
    decisions: Mapping[str, object] = field(default_factory=dict)
    form: table.Form = field(default_factory=dict)

    @property
    def image(self) -> tuple[str, tuple[int, ...]] | None:
        """The field that an image becomes, and its shape, where the network can be asked about images."""
        images = [(name, shape) for name, shape in self.inputs if len(shape) == 3 and shape[0] in (1, 3)]
        return images[0] if len(self.inputs) == 1 and images else None

    @property
    def table(self) -> table.Form:
        """The form of the tables that it can be asked about; empty where it cannot."""
        is_table = bool(self.columns) and {name for name, _ in self.inputs} == {"features"}
        return (self.form or table.plain_form(self.columns)) if is_table else {}

    @property
    def shared(self) -> Iterator[SnippetName]:
        """The snippets of ``reading.py`` that read new samples."""
        if self.image:
            yield from readers.IMAGES
        elif self.table:
            yield from table.shared(self.table)
        else:
            yield from readers.ARRAYS


@dataclass(frozen=True, slots=True)
class Fitted:
    """A transform with what it took from the training samples; ``number`` distinguishes equal ones."""

    change: Change
    figures: tuple[tuple[str, Value], ...]
    number: int

    @property
    def name(self) -> str:
        """The constant that holds it."""
        return f"{self.change.name}_{self.number}".upper()

    @property
    def numbers(self) -> int:
        """How many it has."""
        return sum(_count(values) for _, values in self.figures)

    @property
    def value(self) -> str:
        """The constant's value."""
        arrays = (f"{quote(name)}: np.array({literal(values)}, np.float32)" for name, values in self.figures)
        return f"{{{', '.join(arrays)}}}"


def _count(values: Value) -> int:
    return sum(map(_count, values)) if isinstance(values, tuple) else 1
