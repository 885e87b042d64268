"""The kinds of data: shipped sets, the user's files, and computed sets."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from engine.catalog.data.field_kinds import KINDS
from engine.catalog.data.image_params import BACKGROUND, COLOURS, FIT, HEIGHT, LEVELS, WIDTH
from engine.catalog.data.own_files import AUDIO_FOLDER, MASK_FOLDER, SERIES, TEXT_FOLDER, TEXT_TABLE
from engine.catalog.data.roles import Roles, name_by_role
from engine.catalog.data.shipped import (
    BREAST_CANCER,
    DIABETES,
    DIGITS,
    FASHION_MNIST,
    IRIS,
    MOTION,
    PENGUINS,
    SPOKEN_DIGITS,
)
from engine.catalog.data.spec import LABEL, Dataset, Field, Storage
from engine.catalog.data.synthetic import (
    DRIVING,
    LESIONS,
    LOGIC_GATE,
    NOISY_SINE,
    SEASONAL_SERIES,
    SEQUENCE_COPY,
    TWO_SPIRALS,
)
from engine.catalog.data.table import CSV
from engine.catalog.params import Choice, Value, find
from engine.catalog.text_params import Text, Texts

Origin = Literal["shipped", "own", "computed"]
IDX_FILES = ("*ubyte", "*.idx", "*.gz")
CLASS_NAMES = Texts("class_names", (), help="Names of the classes, in the order of their numbers.")
NUMBERING = Choice(
    "numbering",
    "auto",
    options=("auto", "stored", "found"),
    help="stored: labels are class numbers from 0; found: each value that occurs is a class; "
    "auto: stored, but found for -1 and 1.",
)
CHANNELS = Choice(
    "channels",
    "auto",
    options=("auto", "first", "last"),
    help="Where images of four axes have their channels; auto: last where only that axis has 1, 3 or 4.",
)
IMAGE_FOLDER = Dataset(
    kind="ImageFolder",
    loader="folder:load_image_folder",
    storage="images",
    summary="A folder with one folder of images for each class.",
    fields=(Field("image", "image", (None, None, None), help="Channels, height, width; in [0, 1]."), LABEL),
    params=(
        Text(
            "path",
            "",
            path=True,
            folder=True,
            required=True,
            placeholder="an image folder",
            help="The folder, relative to the project file.",
        ),
        HEIGHT,
        WIDTH,
        COLOURS,
        FIT,
        BACKGROUND,
        LEVELS,
        Choice(
            "broken",
            "refuse",
            options=("refuse", "drop"),
            help="For files that cannot be decoded: refuse the folder, or leave them out.",
        ),
    ),
)
NPZ = Dataset(
    kind="Npz",
    loader="arrays:load_npz",
    storage="arrays",
    summary="Arrays that numpy.savez wrote; each becomes a field of its name.",
    params=(
        Text(
            "path",
            "",
            path=True,
            required=True,
            placeholder="a .npz file",
            patterns=("*.npz",),
            help="The file, relative to the project file.",
        ),
        Texts(
            "arrays", (), help="The arrays to load, all with the same number of samples; every one when none is named."
        ),
        Text("label", "", help="The array of class labels; if empty, one called label, y, target or so."),
        CLASS_NAMES,
        NUMBERING,
        CHANNELS,
        Texts(
            "pixels", (), help="Arrays of brightness, which become 0 to 1; those stored as bytes are usually detected."
        ),
        Texts(
            "numbers", (), help="Arrays whose values stay as they are, as fractions: no pixels, and no class numbers."
        ),
        Roles(
            "kinds",
            (),
            options=KINDS,
            noun="array",
            help="What an array is, where its shape suggests a wrong kind: image, series, tokens, number and others.",
        ),
    ),
)
IDX = Dataset(
    kind="Idx",
    loader="idx:load_idx",
    storage="idx",
    summary="A pair of IDX files, plain or .gz, as MNIST, Fashion-MNIST and EMNIST come.",
    fields=(Field("image", "image", (None, None, None), help="Channels, height, width; in [0, 1]."), LABEL),
    params=(
        Text(
            "images",
            "",
            path=True,
            required=True,
            placeholder="an IDX file",
            patterns=IDX_FILES,
            help="The file of images, relative to the project file.",
        ),
        Text(
            "labels",
            "",
            path=True,
            required=True,
            placeholder="an IDX file",
            patterns=IDX_FILES,
            help="The file of labels, relative to the project file.",
        ),
        CLASS_NAMES,
        NUMBERING,
        CHANNELS,
        LEVELS,
    ),
)
DATASETS = (
    DIGITS,
    FASHION_MNIST,
    IRIS,
    PENGUINS,
    BREAST_CANCER,
    DIABETES,
    MOTION,
    SPOKEN_DIGITS,
    CSV,
    IMAGE_FOLDER,
    MASK_FOLDER,
    TEXT_FOLDER,
    TEXT_TABLE,
    AUDIO_FOLDER,
    SERIES,
    NPZ,
    IDX,
    TWO_SPIRALS,
    LOGIC_GATE,
    NOISY_SINE,
    SEQUENCE_COPY,
    LESIONS,
    DRIVING,
    SEASONAL_SERIES,
)
_BY_KIND: Mapping[str, Dataset] = MappingProxyType({dataset.kind: dataset for dataset in DATASETS})


def datasets() -> Mapping[str, Dataset]:
    """Every kind of data, in the order of the menus."""
    return _BY_KIND


def origin(dataset: Dataset) -> Origin:
    """Where a set comes from."""
    if dataset.file:
        return "shipped"
    return "own" if path_params(dataset) else "computed"


def storage(kind: str) -> Storage:
    """The format of the files of a kind of data."""
    declared = _BY_KIND.get(kind)
    return declared.storage if declared else ""


def path_params(dataset: Dataset) -> tuple[Text, ...]:
    """The parameters that name the user's files."""
    return tuple(param for param in dataset.params if isinstance(param, Text) and param.path)


def column_params(dataset: Dataset) -> tuple[str, ...]:
    """The names of the parameters that name a column of the user's table."""
    return tuple(param.name for param in dataset.params if isinstance(param, Text) and param.column)


def implied_transforms(kind: str, params: Mapping[str, Value]) -> tuple[tuple[str, dict[str, Value]], ...]:
    """The transforms, as (kind, values), that a set adds; they are applied before those of the project."""
    declared = _BY_KIND.get(kind)
    return tuple(
        (each.transform, {"field": each.field})
        for each in (declared.implied if declared else ())
        if params.get(each.param) == each.value
    )


def answer_name(kind: str, params: Mapping[str, Value], field: str) -> str:
    """The name to show for a field: for a table's label or target, the column that it is read from."""
    declared = _BY_KIND.get(kind)
    if declared is None or find(declared.params, "target") is None or field not in ("label", "target"):
        return field
    return str(params.get("target") or name_by_role(declared.params, params, "target") or field)


def missing(kind: str, params: Mapping[str, Value]) -> tuple[Text, ...]:
    """The texts that a kind of data needs and that are still empty."""
    declared = _BY_KIND.get(kind)
    if declared is None:
        return ()
    texts = (param for param in declared.params if isinstance(param, Text) and param.required)
    lacking = (param for param in texts if not str(params.get(param.name) or "").strip())
    return tuple(param for param in lacking if not name_by_role(declared.params, params, param.name))
