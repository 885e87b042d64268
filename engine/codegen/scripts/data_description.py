"""What the generated scripts need to know about the data, and the source of its transforms."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.catalog.data.datasets import implied_transforms
from engine.catalog.data.spec import Transform
from engine.catalog.data.transforms import transforms
from engine.catalog.expressions import Constant
from engine.catalog.params import Param, Value
from engine.catalog.spec import effective
from engine.codegen.literals import literal, quote
from engine.codegen.scripts import table
from engine.graph.model import Data

SnippetName = tuple[str, str]
"""A snippet, and a name that is defined in it."""


@dataclass(frozen=True, slots=True)
class UnitDescription:
    """The units of outputs and metrics: the content of a `resources.snippets.units.Units`.

    ``outputs``: the values of each one's `Unit`. ``undo``: the fields whose transforms are undone.
    """

    outputs: tuple[tuple[str, tuple[Constant, ...]], ...] = ()
    metrics: tuple[str, ...] = ()
    undo: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The units of the outputs, as an expression."""
        return f"{{{', '.join(f'{quote(name)}: {literal(values)}' for name, values in self.outputs)}}}"


NO_UNITS = UnitDescription()


@dataclass(frozen=True, slots=True)
class DataDescription:
    """What a script needs to know about the data that is not in the project.

    ``fields``: those that the network reads. ``stratify``: the label field whose classes the split stratifies, or
    ``None``. ``group``: the field whose samples of one value the split keeps together.
    ``places``: the default paths of the files, an expression each; empty when a person must name them.
    ``digests``: their SHA-256. ``names``: their names. ``units``: those of metrics that have one. ``form``: how a table
    is written. ``along``: for each random transform the fields that it moves in the same way. ``kinds``: what
    each field is. ``channel_axes``: the axis of its channels in a batch. ``gap``: the samples between two parts
    that are in order of time.
    """

    fields: tuple[str, ...]
    stratify: str | None
    places: tuple[str, ...] = ()
    digests: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    units: UnitDescription = NO_UNITS
    form: table.Form = field(default_factory=dict)
    along: tuple[tuple[str, ...], ...] = ()
    kinds: Mapping[str, str] = field(default_factory=dict)
    channel_axes: Mapping[str, int] = field(default_factory=dict)
    gap: int = 0
    group: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """One transform as source: ``name`` of its function, the ``field``, and its values as keyword arguments."""

    transform: Transform
    field: str
    arguments: str
    salt: int = 0

    @property
    def snippet(self) -> str:
        return self.transform.target.partition(":")[0]

    @property
    def name(self) -> str:
        return self.transform.target.partition(":")[2]

    @property
    def can_be_undone(self) -> bool:
        return not self.transform.random and not self.transform.fills


def keywords(params: tuple[Param, ...], values_by_name: Mapping[str, Value], *, skip: tuple[str, ...] = ()) -> str:
    """``name=value, ...`` for the values that are not defaults of torch or the snippet, in declared order."""
    values = effective(params, values_by_name)
    return ", ".join(
        f"{param.name}={literal(values[param.name])}"
        for param in params
        if param.name not in skip and (param.required or values[param.name] != param.default)
    )


def changes(data: Data, *, random: bool) -> list[Change]:
    """The random transforms in order, or all others; those that the data set implies come first."""
    parts = [*implied_transforms(data.kind, data.params), *((part.kind, part.params) for part in data.transforms)]
    every = [(transforms()[kind], params) for kind, params in parts]
    transforms_of_kind = [(transform, params) for transform, params in every if transform.random == random]
    return [
        Change(
            transform,
            str(effective(transform.params, params)["field"]),
            keywords(transform.params, params, skip=("field", "also")),
            salt,
        )
        for salt, (transform, params) in enumerate(transforms_of_kind, 1)
    ]
