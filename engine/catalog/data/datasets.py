"""Where samples can come from: shipped sets, a person's files, and sets that are computed."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from engine.catalog.data.roles import given_by_role
from engine.catalog.data.spec import Dataset, Field, Storage
from engine.catalog.data.table import CSV
from engine.catalog.params import Choice, Float, Floats, Int, Text, Texts, Value, find

Origin = Literal["shipped", "own", "computed"]
LABEL = Field("label", (), "int", "The class number, from 0.")
IDX_FILES = ("*ubyte", "*.idx", "*.gz")
CLASS_NAMES = Texts("class_names", (), help="Names of the classes, in the order of their numbers.")
NUMBERING = Choice(
    "numbering",
    "auto",
    options=("auto", "stored", "found"),
    help="stored: labels are class numbers from 0; found: each that occurs is a class; auto: stored, -1 and 1 found.",
)
CHANNELS = Choice(
    "channels",
    "auto",
    options=("auto", "first", "last"),
    help="Where images of four axes have their channels; auto: last where only that axis has 1, 3 or 4.",
)
LEVELS = Floats(
    "levels",
    None,
    n=2,
    none="as found",
    help="The values that become 0 and 1 in images of more than 8 bits a channel, such as 0 and 65535.",
)
SEED = Int("seed", 0, min=0, help="Another seed gives other samples; it is not the seed of the training.")


def _rows(default: int) -> Int:
    return Int("rows", default, min=4, max=10_000_000, help="Number of samples.")


def _noise(default: float) -> Float:
    return Float("noise", default, min=0.0, max=10.0, help="Standard deviation of each value's error.")


DIGITS = Dataset(
    kind="Digits",
    loader="shipped:load_shipped",
    file="digits.npz",
    summary="1,797 handwritten digits, grey, 8 x 8 pixels.",
    fields=(Field("image", (1, 8, 8), help="Brightness, in [0, 1]."), LABEL),
    source="Alpaydin and Kaynak 1998, UCI Machine Learning Repository",
    licence="CC BY 4.0",
)
FASHION_MNIST = Dataset(
    kind="FashionMNIST",
    loader="shipped:load_shipped",
    file="fashion.npz",
    summary="6,000 pieces of clothing of ten kinds, grey, 28 x 28 pixels; Idx reads the full 70,000.",
    fields=(Field("image", (1, 28, 28), help="Brightness, in [0, 1]."), LABEL),
    source="Xiao, Rasul and Vollgraf 2017, Zalando",
    licence="MIT",
)
IRIS = Dataset(
    kind="Iris",
    loader="shipped:load_shipped",
    file="iris.npz",
    summary="150 irises of three species, by the size of their petals and sepals.",
    fields=(Field("features", (4,), help="Length and width of sepal and petal, in cm."), LABEL),
    source="Fisher 1936, UCI Machine Learning Repository",
    licence="CC BY 4.0",
)
BREAST_CANCER = Dataset(
    kind="BreastCancer",
    loader="shipped:load_shipped",
    file="breast_cancer.npz",
    summary="569 tumours, malignant or benign, by the look of their cells.",
    fields=(Field("features", (30,), help="Ten measures of cell nuclei: mean, error and worst, unscaled."), LABEL),
    source="Wolberg, Mangasarian and Street 1995, UCI Machine Learning Repository",
    licence="CC BY 4.0",
)
DIABETES = Dataset(
    kind="Diabetes",
    loader="shipped:load_shipped",
    file="diabetes.npz",
    summary="442 patients, and how far their diabetes went in a year: a number to predict.",
    fields=(
        Field("features", (10,), help="Age, sex, body mass index, blood pressure and six blood values, as measured."),
        Field("target", (1,), help="Progression of the disease, 25 to 346."),
    ),
    source="Efron, Hastie, Johnstone and Tibshirani 2004",
    licence="BSD-3-Clause, as a part of scikit-learn",
)
IMAGE_FOLDER = Dataset(
    kind="ImageFolder",
    loader="folder:load_image_folder",
    storage="images",
    summary="A folder with one folder of images for each class.",
    fields=(Field("image", (None, None, None), help="Channels, height, width; in [0, 1]."), LABEL),
    params=(
        Text(
            "path",
            "",
            path=True,
            folder=True,
            required=True,
            wanted="an image folder",
            help="The folder, relative to the project file.",
        ),
        Int("height", 64, min=1, max=4096, unit="px", help="Every image is brought to this height."),
        Int("width", 64, min=1, max=4096, unit="px", help="Every image is brought to this width."),
        Choice("colours", "rgb", options=("rgb", "grey"), help="Three channels, or one."),
        Choice(
            "fit",
            "crop",
            options=("crop", "pad", "stretch"),
            help="An image of other proportions: keep its middle, add black borders, or distort it.",
        ),
        Choice(
            "background",
            "auto",
            options=("auto", "white", "black", "grey"),
            help="What transparency is laid on; auto: white, black if some images are bright, grey if others are dark.",
        ),
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
            wanted="a .npz file",
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
            "pixels", (), help="Arrays of brightness, which become 0 to 1; bytes that look so are found by themselves."
        ),
        Texts(
            "numbers", (), help="Arrays whose values stay as they are, as fractions: no pixels, and no class numbers."
        ),
    ),
)
IDX = Dataset(
    kind="Idx",
    loader="idx:load_idx",
    storage="idx",
    summary="A pair of IDX files, plain or .gz, as MNIST, Fashion-MNIST and EMNIST come.",
    fields=(Field("image", (None, None, None), help="Channels, height, width; in [0, 1]."), LABEL),
    params=(
        Text(
            "images",
            "",
            path=True,
            required=True,
            wanted="an IDX file",
            patterns=IDX_FILES,
            help="The file of images, relative to the project file.",
        ),
        Text(
            "labels",
            "",
            path=True,
            required=True,
            wanted="an IDX file",
            patterns=IDX_FILES,
            help="The file of labels, relative to the project file.",
        ),
        CLASS_NAMES,
        NUMBERING,
        CHANNELS,
        LEVELS,
    ),
)
TWO_SPIRALS = Dataset(
    kind="TwoSpirals",
    loader="synthetic:two_spirals",
    summary="Points on two spirals wound into each other, by arm.",
    fields=(Field("features", (2,), help="x and y, about -1 to 1."), LABEL),
    source="Lang and Witbrock 1988",
    params=(
        _rows(600),
        Float("turns", 1.5, above=0.0, max=10.0, help="Turns of each arm around the centre."),
        _noise(0.02),
        SEED,
    ),
)
LOGIC_GATE = Dataset(
    kind="LogicGate",
    loader="synthetic:logic_gate",
    summary="The four rows of a gate's truth table.",
    fields=(Field("features", (2,), help="Two inputs, 0 or 1."), LABEL),
    source="Minsky and Papert 1969",
    params=(
        Choice(
            "gate",
            "xor",
            options=("and", "or", "nand", "nor", "xor", "xnor"),
            help="xor and xnor cannot be learned without a hidden layer.",
        ),
    ),
)
NOISY_SINE = Dataset(
    kind="NoisySine",
    loader="synthetic:noisy_sine",
    summary="Points along a sine wave, with errors: a curve to fit.",
    fields=(
        Field("features", (1,), help="Position on the x axis, -1 to 1."),
        Field("target", (1,), help="Height of the wave there."),
    ),
    params=(
        _rows(500),
        Float("periods", 2.0, above=0.0, max=100.0, help="Waves over the whole range."),
        _noise(0.1),
        SEED,
    ),
)
SEQUENCE_COPY = Dataset(
    kind="SequenceCopy",
    loader="synthetic:sequence_copy",
    summary="Symbols to repeat after a delay.",
    fields=(
        Field("tokens", (None,), "int", "Symbols from 1, then blanks (0): length + delay + length places."),
        Field("label", (None,), "int", "Blanks, then the same symbols: a class for each place."),
    ),
    source="Hochreiter and Schmidhuber 1997",
    params=(
        _rows(2000),
        Int("length", 5, min=1, max=1000, help="Symbols to remember."),
        Int("delay", 3, min=0, max=1000, help="Blanks between the symbols and their repetition."),
        Int("vocabulary", 8, min=2, max=10_000, help="Different symbols, beside the blank."),
        SEED,
    ),
)

DATASETS = (
    DIGITS,
    FASHION_MNIST,
    IRIS,
    BREAST_CANCER,
    DIABETES,
    CSV,
    IMAGE_FOLDER,
    NPZ,
    IDX,
    TWO_SPIRALS,
    LOGIC_GATE,
    NOISY_SINE,
    SEQUENCE_COPY,
)
_BY_KIND: Mapping[str, Dataset] = MappingProxyType({dataset.kind: dataset for dataset in DATASETS})


def datasets() -> Mapping[str, Dataset]:
    """Every kind of data, in the order they are offered."""
    return _BY_KIND


def origin(dataset: Dataset) -> Origin:
    """Where a set comes from."""
    if dataset.file:
        return "shipped"
    return "own" if path_params(dataset) else "computed"


def storage(kind: str) -> Storage:
    """How the files of a kind of data hold the samples."""
    declared = _BY_KIND.get(kind)
    return declared.storage if declared else ""


def path_params(dataset: Dataset) -> tuple[Text, ...]:
    """The parameters that name a person's files."""
    return tuple(param for param in dataset.params if isinstance(param, Text) and param.path)


def implied_transforms(kind: str, params: Mapping[str, Value]) -> tuple[tuple[str, dict[str, Value]], ...]:
    """The transforms, as (kind, values), that a set asks for itself; they come before those of the project."""
    declared = _BY_KIND.get(kind)
    return tuple(
        (each.transform, {"field": each.field})
        for each in (declared.implied if declared else ())
        if params.get(each.param) == each.value
    )


def answer_name(kind: str, params: Mapping[str, Value], field: str) -> str:
    """What people call a field: of a table's label or target the column that it is read from."""
    declared = _BY_KIND.get(kind)
    if declared is None or find(declared.params, "target") is None or field not in ("label", "target"):
        return field
    return str(params.get("target") or given_by_role(declared.params, params, "target") or field)


def missing(kind: str, params: Mapping[str, Value]) -> tuple[Text, ...]:
    """The texts that a kind of data needs and has not been given yet."""
    declared = _BY_KIND.get(kind)
    if declared is None:
        return ()
    texts = (param for param in declared.params if isinstance(param, Text) and param.required)
    lacking = (param for param in texts if not str(params.get(param.name) or "").strip())
    return tuple(param for param in lacking if not given_by_role(declared.params, params, param.name))
