import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from engine.catalog.data.spec import Transform
from engine.catalog.data.transforms import TRANSFORMS, transforms
from engine.catalog.params import Param
from engine.catalog.spec import effective
from engine.runtime.data.load import snippet
from engine.runtime.data.prepared_samples import Augmentation
from resources.snippets import augment
from resources.snippets.training.order import epoch_generator, epoch_order
from resources.snippets.transforms import (
    fill_missing,
    fit_fill_missing,
    fit_normalize,
    fit_rescale,
    normalize,
    rescale,
)

RANDOM = [transform for transform in TRANSFORMS if transform.random]
seeds = st.integers(0, 2**31)


def kind(declaration: object) -> str:
    return declaration.kind


def augmentation(transform: Transform, **params: object) -> Augmentation:
    values = effective(transform.params, params)
    values.pop("also", None)
    return Augmentation(transform, str(values.pop("field")), values, salt=1)


def images(rows: int = 12, seed: int = 0) -> torch.Tensor:
    return torch.rand(rows, 2, 6, 9, generator=torch.Generator().manual_seed(seed))


@given(st.integers(1, 200), seeds, st.integers(0, 50))
def test_an_epochs_order_is_a_permutation_and_a_pure_function(rows: int, seed: int, epoch: int) -> None:
    state = torch.get_rng_state()
    order = epoch_order(rows, seed, epoch)
    assert sorted(order.tolist()) == list(range(rows))
    assert torch.equal(order, epoch_order(rows, seed, epoch))
    assert torch.equal(state, torch.get_rng_state())


def test_seeds_epochs_and_salts_give_different_draws() -> None:
    orders = {tuple(epoch_order(50, seed, epoch).tolist()) for seed in range(8) for epoch in range(8)}
    assert len(orders) == 64
    assert len({epoch_generator(1, 2, salt).initial_seed() for salt in range(8)}) == 8


@pytest.mark.parametrize("transform", RANDOM, ids=kind)
@given(seeds, st.lists(st.integers(0, 11), min_size=1, max_size=12))
def test_a_rows_change_does_not_depend_on_its_batch(transform: Transform, seed: int, params: list[int]) -> None:
    change, values = augmentation(transform), images()
    table = change.draw(values, seed, epoch=3)
    whole = change.apply(values, table)
    index = torch.tensor(params)
    assert torch.equal(change.apply(values[index], table[index]), whole[index])
    assert torch.equal(change.draw(values, seed, epoch=3), table)


@pytest.mark.parametrize("transform", RANDOM, ids=kind)
def test_a_change_leaves_its_input_and_the_global_state_alone(transform: Transform) -> None:
    change, values = augmentation(transform), images()
    before, state = values.clone(), torch.get_rng_state()
    tables = [change.draw(values, 0, epoch) for epoch in range(6)]
    results = [change.apply(values, table) for table in tables]
    assert torch.equal(values, before)
    assert torch.equal(state, torch.get_rng_state())
    assert all(result.shape == values.shape and result.dtype == torch.float32 for result in results)
    assert (
        len({result.sum(dim=(1, 2, 3)).double().numpy().tobytes() + result.numpy().tobytes() for result in results}) > 1
    )


def declared_defaults(transform: Transform) -> dict[str, object]:
    return {param.name: param.default for param in transform.params if param.name not in ("field", "also")}


@pytest.mark.parametrize("transform", TRANSFORMS, ids=kind)
def test_the_functions_take_exactly_the_declared_parameters(transform: Transform) -> None:
    import inspect

    module, _, name = transform.target.partition(":")
    first = snippet(f"{module}:{'draw' if transform.random else 'fit'}_{name}")
    params = list(inspect.signature(first).parameters.values())[2 if transform.random else 1 :]
    by_the_data = {"widths"} if transform.kind == "FillMissing" else {"axis"} if transform.by_channel else set()
    assert by_the_data <= {param.name for param in params}
    defaults = {param.name: param.default for param in params if param.name not in by_the_data}
    assert defaults == declared_defaults(transform)
    assert all(isinstance(param, Param) and param.problem(param.default) is None for param in transform.params)


def test_a_flip_mirrors_whole_rows() -> None:
    values = images(400)
    flipped = augmentation(transforms()["RandomHorizontalFlip"])
    result = flipped.apply(values, flipped.draw(values, 0, 0))
    mirrored = (result == values.flip(-1)).flatten(1).all(1)
    assert (mirrored | (result == values).flatten(1).all(1)).all()
    assert 150 < int(mirrored.sum()) < 250
    never = augmentation(transforms()["RandomHorizontalFlip"], p=0.0)
    assert torch.equal(never.apply(values, never.draw(values, 0, 0)), values)


@given(st.integers(-8, 8), st.integers(-8, 8))
def test_a_shift_moves_and_repeats_the_border(down: int, right: int) -> None:
    values = images(1)
    moved = augment.shift(values, torch.tensor([[down, right]]))
    for y in range(6):
        for x in range(9):
            from_y, from_x = min(max(y - down, 0), 5), min(max(x - right, 0), 8)
            assert torch.equal(moved[0, :, y, x], values[0, :, from_y, from_x])


def test_a_shift_reaches_every_distance() -> None:
    table = augment.draw_shift(images(500), epoch_generator(0, 0), pixels=2)
    assert set(table.flatten().tolist()) == {-2, -1, 0, 1, 2}


def test_noise_has_its_deviation() -> None:
    values = torch.zeros(200, 50)
    change = augmentation(transforms()["RandomNoise"], deviation=0.3)
    added = change.apply(values, change.draw(values, 0, 0))
    assert added.std().item() == pytest.approx(0.3, rel=0.05)
    assert abs(added.mean().item()) < 0.02


@given(seeds, st.sampled_from([0.1, 0.5, 1.0]))
def test_erasing_blanks_one_rectangle_inside_the_image(seed: int, largest: float) -> None:
    values = torch.ones(30, 2, 6, 9)
    change = augmentation(transforms()["RandomErasing"], largest=largest, p=0.5)
    result = change.apply(values, change.draw(values, seed, 0))
    for row in result:
        blank = (row == 0).nonzero()
        if len(blank):
            low, high = blank.amin(0), blank.amax(0)
            sides = high - low + 1
            assert int(sides.prod()) == len(blank)
            assert sides[0] == 2
            assert sides[1] <= -(-6 * largest // 1)
            assert sides[2] <= -(-9 * largest // 1)
    erased = (result == 0).flatten(1).any(1)
    assert 0 < int(erased.sum()) < 30


@pytest.mark.parametrize(
    ("per", "shape"), [("channel", (1, 3, 1, 1)), ("value", (1, 3, 4, 5)), ("whole", (1, 1, 1, 1))]
)
def test_normalizing_gives_mean_0_and_deviation_1(per: str, shape: tuple[int, ...]) -> None:
    values = np.random.default_rng(0).normal(5, 3, (50, 3, 4, 5)).astype(np.float32)
    fitted = fit_normalize(values, per)
    assert fitted["mean"].shape == fitted["deviation"].shape == shape
    result = normalize(values, **fitted)
    assert result.dtype == np.float32
    axes = tuple(axis for axis, size in enumerate(shape) if size == 1)
    assert np.abs(result.mean(axes, dtype=np.float64)).max() < 1e-5
    assert np.abs(result.std(axes, dtype=np.float64) - 1).max() < 1e-5


@given(st.floats(-1e4, 1e4, width=32), st.integers(1, 300))
def test_a_constant_column_becomes_0(value: float, rows: int) -> None:
    values = np.full((rows, 2), value, dtype=np.float32)
    assert not normalize(values, **fit_normalize(values)).any()
    assert (rescale(values, **fit_rescale(values, -1.0, 3.0)) == -1).all()


@pytest.mark.parametrize("per", ["channel", "value", "whole"])
def test_rescaling_reaches_both_bounds(per: str) -> None:
    values = np.random.default_rng(0).normal(5, 3, (50, 3, 4)).astype(np.float32)
    result = rescale(values, **fit_rescale(values, -1.0, 1.0, per))
    assert result.dtype == np.float32
    assert result.min() == pytest.approx(-1)
    assert result.max() == pytest.approx(1, abs=1e-5)


def test_missing_values_get_the_mean_of_the_known_ones() -> None:
    values = np.array([[1, np.nan, np.nan], [3, 4, np.nan]], dtype=np.float32)
    fitted = fit_fill_missing(values)
    assert fill_missing(values, **fitted).tolist() == [[1, 4, 0], [3, 4, 0]]
    assert fill_missing(np.full((1, 3), np.nan, np.float32), **fitted).tolist() == [[2, 4, 0]]


def test_a_category_gets_the_most_frequent_one_and_never_a_share():
    nan = np.nan
    values = np.array([[1, 0, 0, 1, 5], [0, 1, 0, 0, 6], [0, 1, 0, 0, nan], [nan, nan, nan, nan, 7]], np.float32)
    fitted = fit_fill_missing(values, widths=(3, 1, 1))
    assert fill_missing(values, **fitted)[2:].tolist() == [[0, 1, 0, 0, 6], [0, 1, 0, 0, 7]]
    nothing = fit_fill_missing(np.full((2, 2), nan, np.float32), widths=(2,))
    assert nothing["mean"].tolist() == [[0, 0]]
