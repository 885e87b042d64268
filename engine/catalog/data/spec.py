"""The declarations of a data set, its fields and the transforms of a field."""

from typing import Literal

from msgspec import Struct

from engine.catalog.params import Param, Value
from engine.catalog.spec import Element

Storage = Literal["", "table", "arrays", "idx", "images"]
"""How a person's files hold the samples, where exported code and predictions read such files in a way of their own."""

Scaling = Literal["", "to mean 0", "to a range"]
"""What a transform does with the size of numbers: to mean 0 and deviation 1, or to the range low to high."""


class Field(Struct, frozen=True):
    """One named tensor of a data set, without its first axis (the rows).

    ``shape``: sizes of one row, ``None`` where only the data can tell. ``element``: ``float`` (float32) or ``int``.
    """

    name: str
    shape: tuple[int | None, ...] | None = None
    element: Element = "float"
    help: str = ""


class Implied(Struct, frozen=True):
    """A transform of a field that a data set brings when a parameter has a value; it comes before all others."""

    param: str
    value: Value
    transform: str
    field: str


class Dataset(Struct, frozen=True, kw_only=True):
    """A source of samples. ``loader``: ``module:function`` below ``resources.snippets``. ``implied``: its transforms.

    ``storage``: left out, exported code calls the loader too, with the paths first.
    ``file`` and ``licence``: for shipped sets; the loader first takes the path of that file in ``resources/datasets``.
    """

    kind: str
    summary: str
    loader: str
    fields: tuple[Field, ...] = ()
    source: str = ""
    file: str = ""
    storage: Storage = ""
    licence: str = ""
    params: tuple[Param, ...] = ()
    implied: tuple[Implied, ...] = ()


class Transform(Struct, frozen=True, kw_only=True):
    """A change to one field of every row. ``target``: ``module:class or function`` below ``resources.snippets``.

    ``random``: an augmentation, applied to training rows only, a pure function of (seed, epoch, row).
    ``axes``: how many axes a row of the field must have; 0 for any. ``moves``: what an image shows changes its place.
    ``whole``: takes whole numbers too, and makes them fractions. ``fills``: puts numbers where values are missing.
    ``scales``: how it changes the size of numbers.
    """

    kind: str
    target: str
    summary: str
    source: str = ""
    params: tuple[Param, ...] = ()
    random: bool = False
    axes: int = 0
    moves: bool = False
    whole: bool = False
    fills: bool = False
    scales: Scaling = ""
