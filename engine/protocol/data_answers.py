"""The JSON forms of the analysis worker's answers about data."""

from typing import NotRequired, TypedDict, final


class ImageShown(TypedDict):
    """An image of at most 64 x 64 pixels. ``bytes``: base64 of one byte for each value, by row, column and channel."""

    height: int
    width: int
    channels: int
    bytes: str


FieldShown = TypedDict(
    "FieldShown",
    {
        "class": NotRequired[str],
        "image": NotRequired[ImageShown],
        "mask": NotRequired[ImageShown],
        "text": NotRequired[str],
        "values": NotRequired[list[float]],
        "shape": NotRequired[list[int]],
    },
)
"""A field of one sample: the name of its class, an image, a mask whose bytes are class numbers, a text, or its first
values with the whole shape."""


class SampleShown(TypedDict):
    """A sample: its number in the whole data set, its place in the files, and its fields by name."""

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
    """A field: what it is, the shape and type of a sample, and the range of its numbers in the training samples."""

    kind: str
    shape: list[int]
    dtype: str
    min: NotRequired[float]
    max: NotRequired[float]
    mean: NotRequired[float]


class ColumnRead(TypedDict):
    """A column of a table: its role, how many different values it has, and how many are missing.

    Both counts are left out of a table that was not read, and ``None`` where the values are not loaded.
    """

    name: str
    role: str
    different: NotRequired[int | None]
    missing: NotRequired[int | None]


class GuessRead(TypedDict):
    """A guess of a reader, and the setting of the data that decides it."""

    message: str
    hint: str
    param: str
    value: object


class DataRead(TypedDict):
    """How the data was read. ``fields``: what each is. ``lines``: the same as sentences."""

    samples: int
    fields: dict[str, str]
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
    """The statistics of the data, after split and transforms.

    ``parts``: samples by part. ``columns``: those of a table that are features; ``table``: every column.
    ``values``: the names of the values of a field, where the data has them. ``after``: the transforms of a field.
    ``order``: ``mixed`` where samples are shown in a mixed order, else ``file``. ``missing``: by column.
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
    """The columns of a table without statistics; ``message``, ``hint``: the problem, if there is one."""

    headings: list[str]
    message: NotRequired[str]
    hint: NotRequired[str]
