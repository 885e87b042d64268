"""The transforms that are fitted can be undone."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.catalog.data.transforms import TRANSFORMS
from engine.catalog.spec import effective
from engine.runtime.data.load import snippet
from engine.runtime.data.prepared_samples import Fitted
from engine.runtime.training_setup.units import undo_of
from resources.snippets.units import Unit, output_in_unit

FITTED = [transform for transform in TRANSFORMS if not transform.random and transform.kind != "FillMissing"]
SHAPES = st.sampled_from([(), (1,), (3,), (2, 4), (3, 4, 5)])


@pytest.mark.parametrize("transform", FITTED, ids=lambda each: each.kind)
@given(SHAPES, st.sampled_from(["channel", "value", "whole"]), st.integers(0, 2**31), st.floats(1e-3, 1e6))
def test_every_fitted_transform_can_be_undone(
    transform, shape: tuple[int, ...], per: str, seed: int, size: float
) -> None:
    if not shape and per == "channel":
        per = "value"
    values = (np.random.default_rng(seed).normal(3, 1, (7, *shape)) * size).astype(np.float32)
    params = {name: value for name, value in effective(transform.params, {"per": per}).items() if name != "field"}
    module, _, name = transform.target.partition(":")
    one = Fitted(transform.kind, "x", snippet(f"{module}:fit_{name}")(values, **params))
    assert np.allclose(one.undo(one.apply(values).astype(np.float64)), values, rtol=1e-5, atol=1e-5 * size)


def test_a_range_of_no_width_is_undone_to_the_smallest_value() -> None:
    module = "transforms:{}rescale"
    values = snippet(module.format("fit_"))(np.array([[2.0], [6.0]], np.float32), low=0.5, high=0.5)
    assert Fitted("Rescale", "x", values).undo(np.array([[0.5], [9.0]])).tolist() == [[2.0], [2.0]]


@given(st.permutations(range(6)), st.integers(1, 6))
def test_part_of_a_field_in_any_order_is_undone_by_its_own_statistics(order: list[int], count: int) -> None:
    values = np.random.default_rng(0).normal(50, 9, (9, 6)).astype(np.float32) * np.array(
        [1, 10, 1, 2, 5, 100], np.float32
    )
    one = Fitted("Normalize", "y", snippet("transforms:fit_normalize")(values))
    places = tuple(order[:count])
    back = output_in_unit(one.apply(values)[:, places], Unit("y", (6,), places), undo_of([one])["y"])
    assert np.allclose(back, values[:, places], rtol=1e-5)
