"""The declarations of a data set, its fields and the transforms of a field."""

from typing import Literal

from msgspec import Struct

from engine.catalog.data.field_kinds import field_kinds
from engine.catalog.params import Param, Value
from engine.catalog.spec import Element

Storage = Literal["", "table", "arrays", "idx", "images"]
"""The format of the user's files, where exported code and predictions have their own reader for it."""

Scaling = Literal["", "to mean 0", "to a range"]
"""How a transform scales numbers: to mean 0 and standard deviation 1, or to the range low to high."""


class Field(Struct, frozen=True):
    """One named tensor of a data set, without its first axis (the samples).

    ``kind``: what it is, one of `field_kinds`. ``shape``: sizes of one sample, ``None`` where only the data decides.
    """

    name: str
    kind: str
    shape: tuple[int | None, ...]
    help: str = ""

    @property
    def element(self) -> Element:
        """``float`` (float32) or ``int`` (int64)."""
        return field_kinds()[self.kind].element


LABEL = Field("label", "label", (), "The class number, from 0.")
"""The field of most data sets for classification."""


class Implied(Struct, frozen=True):
    """A transform that a data set adds when a parameter has a value; it is applied before all others."""

    param: str
    value: Value
    transform: str
    field: str


class Dataset(Struct, frozen=True, kw_only=True):
    """A source of samples. ``loader``: ``module:function`` below ``resources.snippets``. ``implied``: its transforms.

    ``storage``: left out, exported code calls the loader too, with the paths first, or ``reader`` where that is given:
    a function that takes the paths, and the values by which the loader read the files, ``LoadedSamples.form``.
    ``new``: a function that reads new samples from a file or folder and takes what the loader recorded as
    ``decisions``, which ``form`` has as ``how``. ``new_files``: what it reads, in words.
    ``in_time``: the samples are in order of time, so that the last ones are held out.
    ``file`` and ``licence``: for shipped sets; the loader first takes the path of that file in ``resources/datasets``.
    """

    kind: str
    summary: str
    loader: str
    fields: tuple[Field, ...] = ()
    source: str = ""
    file: str = ""
    storage: Storage = ""
    reader: str = ""
    new: str = ""
    new_files: str = ""
    in_time: bool = False
    licence: str = ""
    params: tuple[Param, ...] = ()
    implied: tuple[Implied, ...] = ()


class Transform(Struct, frozen=True, kw_only=True):
    """A change to one field of every sample. ``target``: ``module:function`` below ``resources.snippets``.

    ``random``: an augmentation, applied to training samples only, a pure function of (seed, epoch, sample).
    ``kinds``: the kinds of fields that it changes; none for all. ``moves``: the kinds of fields of the same height
    and width that move along, since it moves the content of an image; further ones are named by the parameter ``also``.
    ``whole``: takes whole numbers too, and makes them float32. ``fills``: puts numbers where values are missing.
    ``scales``: how it scales numbers. ``by_channel``: it measures channels; its function takes their ``axis``.
    """

    kind: str
    target: str
    summary: str
    source: str = ""
    params: tuple[Param, ...] = ()
    random: bool = False
    kinds: tuple[str, ...] = ()
    moves: tuple[str, ...] = ()
    whole: bool = False
    fills: bool = False
    scales: Scaling = ""
    by_channel: bool = False
