"""The kinds of fields: each declaration is whole, and a guess gives what its layout allows."""

import pytest

from engine.catalog.data.datasets import DATASETS
from engine.catalog.data.field_kinds import FIELD_KINDS, FieldKind, channel_axis, field_kinds, guessed_kind
from engine.catalog.data.transforms import TRANSFORMS


@pytest.mark.parametrize("kind", FIELD_KINDS, ids=lambda each: each.kind)
def test_a_kind_fits_its_own_layouts_and_no_other(kind: FieldKind) -> None:
    element = "class" if kind.are_classes else "float" if kind.element == "any" else kind.element
    counts = {len(names) for names in kind.axes} or set(range(6))
    assert {axes for axes in range(6) if kind.fits(axes, element)} == counts
    assert kind.summary.endswith(".")
    assert kind.element == "any" or not kind.fits(min(counts), "bool")
    for names in kind.axes:
        assert len(set(names)) == len(names)


@pytest.mark.parametrize("dataset", DATASETS, ids=lambda each: each.kind)
def test_declared_fields_have_the_axes_of_their_kind(dataset) -> None:
    for field in dataset.fields:
        kind = field_kinds()[field.kind]
        assert kind.fits(len(field.shape), "class" if kind.are_classes else field.element)


def test_transforms_name_kinds_that_exist() -> None:
    assert {kind for transform in TRANSFORMS for kind in transform.kinds} <= field_kinds().keys()


@pytest.mark.parametrize(
    ("axes", "element", "kind"),
    [
        (3, "float", "image"),
        (2, "float", "series"),
        (1, "float", "table"),
        (0, "class", "label"),
        (1, "class", "label"),
        (2, "class", "mask"),
        (1, "int", "tokens"),
        (3, "int", "array"),
        (5, "float", "array"),
        (1, "bool", "array"),
    ],
)
def test_the_kind_of_an_array_is_guessed_from_axes_and_type(axes: int, element: str, kind: str) -> None:
    assert guessed_kind(axes, element) == kind
    assert field_kinds()[kind].fits(axes, element)


@pytest.mark.parametrize(
    ("kind", "axes", "axis"), [("image", 3, 0), ("series", 2, 1), ("table", 1, 0), ("array", 4, 0)]
)
def test_channels_are_where_the_kind_has_them(kind: str, axes: int, axis: int) -> None:
    assert channel_axis(kind, axes) == axis
