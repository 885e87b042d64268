"""The transforms of a field: fitted once on the training samples, or random in every epoch."""

from collections.abc import Collection, Mapping
from types import MappingProxyType

from engine.catalog.data.spec import Scaling, Transform
from engine.catalog.params import Choice, Float, Int
from engine.catalog.text_params import Text, Texts

PER = Choice(
    "per",
    "channel",
    options=("channel", "value", "whole"),
    help="Measured for each channel or column, for each element of a sample, or for the whole field.",
)
ALSO = Texts(
    "also",
    (),
    placeholder="masks",
    help="Other images that are moved in the same way; masks of the same height and width always are.",
)
CHANCE = Float("p", 0.5, min=0.0, max=1.0, help="Probability for each sample.")


def _field(name: str) -> Text:
    return Text("field", name, required=True, help="The field that it changes.")


NORMALIZE = Transform(
    kind="Normalize",
    target="transforms:normalize",
    summary="Shift and scale to mean 0 and standard deviation 1, as measured on the training samples.",
    params=(_field("features"), PER),
    whole=True,
    scales="to mean 0",
    by_channel=True,
)
RESCALE = Transform(
    kind="Rescale",
    target="transforms:rescale",
    summary="Stretch the range of the training samples to given bounds.",
    params=(
        _field("features"),
        Float("low", 0.0, help="New value of the smallest."),
        Float("high", 1.0, help="New value of the largest."),
        PER,
    ),
    whole=True,
    scales="to a range",
    by_channel=True,
)
FILL_MISSING = Transform(
    kind="FillMissing",
    fills=True,
    target="transforms:fill_missing",
    summary="Replace missing values by the mean of the column over the training samples, or by the most frequent value "
    "for categories and columns of only 0 and 1; Csv adds it by itself.",
    params=(_field("features"),),
)
RANDOM_HORIZONTAL_FLIP = Transform(
    kind="RandomHorizontalFlip",
    target="augment:horizontal_flip",
    moves=("mask",),
    summary="Mirror some training images left to right.",
    params=(_field("image"), ALSO, CHANCE),
    random=True,
    kinds=("image",),
)
RANDOM_SHIFT = Transform(
    kind="RandomShift",
    target="augment:shift",
    moves=("mask",),
    summary="Move each training image a little; the border is repeated.",
    params=(
        _field("image"),
        ALSO,
        Int("pixels", 1, min=0, max=4096, unit="px", help="The farthest, in each direction."),
    ),
    random=True,
    kinds=("image",),
)
RANDOM_NOISE = Transform(
    kind="RandomNoise",
    target="augment:noise",
    summary="Add normally distributed noise to the training samples.",
    params=(_field("features"), Float("deviation", 0.1, min=0.0, help="Standard deviation of the noise.")),
    random=True,
)
RANDOM_ERASING = Transform(
    kind="RandomErasing",
    target="augment:erasing",
    summary="Set a random rectangle of some training images to 0.",
    source="Zhong et al. 2017",
    params=(
        _field("image"),
        CHANCE,
        Float("largest", 0.3, above=0.0, max=1.0, help="Longest side, as a share of the image's."),
    ),
    random=True,
    kinds=("image",),
)

TRANSFORMS = (
    NORMALIZE,
    RESCALE,
    FILL_MISSING,
    RANDOM_HORIZONTAL_FLIP,
    RANDOM_SHIFT,
    RANDOM_NOISE,
    RANDOM_ERASING,
)
SCALERS = tuple(transform.kind for transform in TRANSFORMS if transform.scales)
"""The kinds that scale numbers."""

_BY_KIND: Mapping[str, Transform] = MappingProxyType({transform.kind: transform for transform in TRANSFORMS})


def fits(transform: Transform, element: str, kind: str) -> bool:
    """Whether a transform can change a field of this kind.

    ``element``: float, int, or class for class numbers, which stay as they are.
    """
    is_taken = element == "float" or (element == "int" and transform.whole)
    return is_taken and (not transform.kinds or kind in transform.kinds)


def moved_along(
    transform: Transform, field: str, also: Collection[str], fields: Mapping[str, tuple[str, tuple[int | str, ...]]]
) -> tuple[str, ...]:
    """The other fields that a transform of an image moves in the same way. ``fields``: the kind and shape of each.

    ``also``: those that are named beside the kinds that always move along.
    """
    size = fields[field][1][-2:]
    return tuple(
        name
        for name, (kind, shape) in fields.items()
        if name != field and (name in also or (kind in transform.moves and shape[-2:] == size))
    )


def transforms() -> Mapping[str, Transform]:
    """Every kind of transform, in the order of the menus."""
    return _BY_KIND


def scaler(scaling: Scaling) -> str:
    """The kind of transform that scales numbers in this way."""
    return next(one.kind for one in TRANSFORMS if one.scales == scaling)
