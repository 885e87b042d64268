"""What ``predict.py`` needs to know beside the project: inputs, outputs, and fitted transforms."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from engine.catalog.params import Value
from engine.codegen.field_usage import Comparison
from engine.codegen.literals import literal, quote
from engine.codegen.scripts import readers, table
from engine.codegen.scripts.data_description import Change, SnippetName

Columns = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class AnswerDescription:
    """How an output is printed: its ``key`` in the network, empty for a single one, its ``name``, and its ``unit``.

    ``unit``: the values of its `resources.snippets.units.Unit`, empty where it is not known, as ``note`` then explains.
    ``measure``: the text behind its numbers, such as %.
    """

    key: str
    name: str
    unit: tuple[Value, ...] = ()
    note: str = ""
    measure: str = ""


@dataclass(frozen=True, slots=True)
class PredictDescription:
    """What the script needs to know beside the project.

    ``kinds``: what each field of the data is. ``new``: the snippet that reads new samples.
    ``inputs``: the fields that the network takes, with the shape of a sample; ``whole``: those of integers.
    ``statistics``: the arrays that each transform was fitted with, by name, as nested tuples. ``columns``: those of a
    table. ``answers``: how the outputs are printed. ``most``: the number of embeddings of a field of integers.
    ``decisions``: how the reader of the data read the files. ``decimal_commas``: the columns whose numbers have one.
    ``form``: how a table is written. ``single_score``: what the one score means that decides between two classes,
    empty where each has its own. ``threshold``: of two classes, the probability of the second one above which it is
    predicted, if it was chosen. ``is_map``: whether each place of a sample has a class, such as each pixel.
    """

    inputs: tuple[tuple[str, tuple[int, ...]], ...]
    whole: tuple[str, ...]
    comparison: Comparison | None
    class_names: tuple[str, ...]
    statistics: tuple[tuple[tuple[str, Value], ...], ...]
    columns: Columns = ()
    answers: tuple[AnswerDescription, ...] = ()
    most: tuple[tuple[str, int], ...] = ()
    decisions: Mapping[str, object] = field(default_factory=dict)
    decimal_commas: tuple[str, ...] = ()
    form: table.Form = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)
    single_score: str = ""
    threshold: float | None = None
    new: str = ""
    is_map: bool = False

    @property
    def image(self) -> tuple[str, tuple[int, ...]] | None:
        """The field that an image becomes, and its shape, where the network takes images alone."""
        if self.new:
            return None
        images = [
            (name, shape) for name, shape in self.inputs if self.kinds.get(name) == "image" and shape[0] in (1, 3)
        ]
        return images[0] if len(self.inputs) == 1 and images else None

    @property
    def table(self) -> table.Form:
        """The form of new tables; empty where the network does not take tables."""
        is_table = bool(self.columns) and {name for name, _ in self.inputs} == {"features"}
        return (self.form or table.plain_form(self.columns)) if is_table else {}

    @property
    def reading_snippets(self) -> Iterator[SnippetName]:
        """The snippets of ``reading.py`` that read new samples."""
        if self.new:
            module, _, name = self.new.partition(":")
            yield module, name
        elif self.image:
            yield from readers.IMAGES
        elif self.table:
            yield from table.reading_snippets(self.table)
        else:
            yield from readers.ARRAYS


@dataclass(frozen=True, slots=True)
class FittedTransform:
    """A transform with the arrays it was fitted with; ``number`` distinguishes equal ones."""

    change: Change
    statistics: tuple[tuple[str, Value], ...]
    number: int

    @property
    def name(self) -> str:
        """The name of its constant."""
        return f"{self.change.name}_{self.number}".upper()

    @property
    def numbers(self) -> int:
        """How many numbers it has."""
        return sum(_count(values) for _, values in self.statistics)

    @property
    def value(self) -> str:
        """The value of its constant."""
        arrays = (f"{quote(name)}: np.array({literal(values)}, np.float32)" for name, values in self.statistics)
        return f"{{{', '.join(arrays)}}}"


def _count(values: Value) -> int:
    return sum(map(_count, values)) if isinstance(values, tuple) else 1
