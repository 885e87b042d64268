"""What the analysis worker answers about data, as JSON."""

from typing import NotRequired, TypedDict, final


class ImageShown(TypedDict):
    """An image, at most 64 pixels a side. ``bytes``: base64 of one byte a value, by row, column and channel."""

    height: int
    width: int
    channels: int
    bytes: str


FieldShown = TypedDict(
    "FieldShown",
    {
        "class": NotRequired[str],
        "image": NotRequired[ImageShown],
        "values": NotRequired[list[float]],
        "shape": NotRequired[list[int]],
    },
)
"""A field of one sample: the name of its class, an image, or the first of its values with the shape of all."""


class SampleShown(TypedDict):
    """A sample: its number in the whole set, where it comes from, and its fields by name."""

    row: int
    place: str
    fields: dict[str, FieldShown]


class ClassCounts(TypedDict):
    """How many samples a class has in each part."""

    name: str
    training: int
    validation: int
    test: int


class FieldSummary(TypedDict):
    """The shape of a sample of a field, its type, and the range of its numbers in the training part, if it has any."""

    shape: list[int]
    dtype: str
    min: NotRequired[float]
    max: NotRequired[float]
    mean: NotRequired[float]


class ColumnRead(TypedDict):
    """A column of a table: as what it was read, how many different values it has, and how many are missing.

    Both are left out of a table that was not read, and ``None`` where the values are not loaded.
    """

    name: str
    role: str
    different: NotRequired[int | None]
    missing: NotRequired[int | None]


class GuessRead(TypedDict):
    """What a reader assumed, and the setting of the data that decides it."""

    message: str
    hint: str
    param: str
    value: object


class DataRead(TypedDict):
    """What was read of the data. ``lines``: the same for people."""

    samples: int
    classes: dict[str, int]
    columns: dict[str, str]
    left_out: list[str]
    scaled: list[str]
    guesses: list[GuessRead]
    lines: NotRequired[list[str]]


class SourceRead(TypedDict):
    """A file of the data."""

    path: str
    sha256: str
    size: int


@final
class Summary(TypedDict):
    """The data in numbers, after split and transforms.

    ``parts``: samples by part. ``columns``: those of a table that are features; ``table``: every column.
    ``values``: what each value of a field is, where the data names it. ``after``: the transforms that a field has been
    through. ``order``: ``mixed`` where samples are shown in a mixed order, else ``file``. ``missing``: by column.
    """

    rows: int
    parts: dict[str, int]
    classes: dict[str, list[ClassCounts]]
    fields: dict[str, FieldSummary]
    columns: list[str]
    table: list[ColumnRead]
    values: dict[str, list[str]]
    after: dict[str, list[str]]
    order: str
    missing: dict[str, int]
    dropped: int
    read: DataRead
    sources: list[SourceRead]


@final
class Headings(TypedDict):
    """The columns of a table that cannot be summed up yet; ``message``, ``hint``: the reason, if something is wrong."""

    headings: list[str]
    message: NotRequired[str]
    hint: NotRequired[str]
