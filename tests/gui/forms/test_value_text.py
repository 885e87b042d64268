"""Values in fields: the text of a value is read as the same value."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.catalog.index import layers
from engine.catalog.optimizers import OPTIMIZERS
from engine.catalog.params import Choice, Flag, Float, Floats, FromInput, Int, Sizes, Vector
from engine.catalog.sample_shape import SampleShape
from engine.catalog.schedules import SCHEDULES
from engine.catalog.text_params import Text, Texts
from gui.forms.value_text import Unreadable, format_value, parse_value, step_value

KERNEL = Sizes("kernel_size", 3, n=2, min=1)
SHAPE = SampleShape("shape", None, min=1, single=False, empty=True)
PADDING = Sizes("padding", 0, n=2, min=0, words=("same", "valid"))


@pytest.mark.parametrize(
    ("param", "text", "value"),
    [
        (Int("n", 1), "32", 32),
        (Int("n", 1), "1,024", 1024),
        (Int("n", 1), "1e3", 1000),
        (Int("n", None), "", None),
        (Float("lr", 0.1), "3e-4", 3e-4),
        (Float("lr", 0.1), "\u22121", -1.0),
        (Float("lr", 0.1, finite=False), "inf", math.inf),
        (KERNEL, "3", 3),
        (KERNEL, "3x3", 3),
        (KERNEL, "3 × 5", (3, 5)),
        (KERNEL, "(3, 5)", (3, 5)),
        (PADDING, "same", "same"),
        (Sizes("output_size", None, n=2, allows_none_entries=True), "7 x none", (7, None)),
        (SHAPE, "T × 64", ("T", 64)),
        (SHAPE, "()", ()),
        (SHAPE, "", None),
        (Floats("betas", (0.9, 0.999)), "0.9, 0.99", (0.9, 0.99)),
        (Floats("eps", (None, 0.001), allows_none_entries=True), "none, 1e-3", (None, 0.001)),
        (Floats("scale_factor", None, n=0, single=True), "2", 2.0),
        (Vector("weight", None), "1 2 3", (1.0, 2.0, 3.0)),
        (Texts("features", ()), 'a, b, "c, d"', ("a", "b", "c, d")),
        (Texts("features", ()), "", ()),
        (Text("path", ""), " a b ", " a b "),
        (FromInput("in_channels"), "3", 3),
        (FromInput("normalized_shape", tuple_ok=True), "8 × 8", (8, 8)),
        (FromInput("normalized_shape", tuple_ok=True), "8 × 4", (8, 4)),
    ],
)
def test_a_text_is_read_as_its_value(param, text, value) -> None:
    assert parse_value(param, text) == value
    assert parse_value(param, format_value(param, value)) == value


@pytest.mark.parametrize(
    ("param", "text", "message"),
    [
        (Int("n", 1), "abc", "must be a whole number, got 'abc'"),
        (Int("n", 1), "1.5", "must be a whole number, got '1.5'"),
        (Int("n", 1), "", "needs a value"),
        (Float("lr", 0.1), "fast", "must be a number, got 'fast'"),
        (KERNEL, "big", "must be a whole number or a tuple of 2, got 'big'"),
        (Floats("betas", (0.9, 0.999)), "0.9, x", "must be a number, got 'x'"),
        (Int("n", 1), "9007199254740993", "must be at most 9,007,199,254,740,992, which is all that a project file"),
        (Int("n", 1), "-1e300", "must be at least -9,007,199,254,740,992"),
        (KERNEL, "3 x 1152921504606846976", "must be at most 9,007,199,254,740,992"),
        (Float("l1", 0.0), "inf", "must be finite, got inf"),
        (Sizes("threads", "auto", n=1, words=("auto",)), "3 5", "needs 1 numbers, got 2"),
        (Sizes("threads", "auto", n=1, words=("auto",)), "-", "must be a whole number or a tuple of 1 or auto"),
    ],
)
def test_an_unreadable_text_is_explained(param, text, message) -> None:
    with pytest.raises(Unreadable, match=message.replace("'", ".")):
        parse_value(param, text)


@pytest.mark.parametrize(
    ("param", "value", "text"),
    [
        (KERNEL, 3, "3 × 3"),
        (KERNEL, (3, 5), "3 × 5"),
        (PADDING, "same", "same"),
        (Float("eps", 1e-8), 1e-8, "1e-8"),
        (Float("lr", 0.1), 0.001, "0.001"),
        (Float("x", 0.0), 1e20, "1e20"),
        (Float("x", 0.0), 1 / 3, repr(1 / 3)),
        (Floats("betas", ()), (0.9, 0.999), "0.9, 0.999"),
        (Int("n", None), None, ""),
        (Texts("t", ()), ("a", "b, c", ' "q"'), 'a, "b, c", " ""q"""'),
    ],
)
def test_a_value_is_written_short(param, value, text) -> None:
    assert format_value(param, value) == text


def test_every_declared_default_survives_its_field() -> None:
    declared = [*layers().values(), *OPTIMIZERS.values(), *SCHEDULES.values()]
    params = [param for each in declared for param in each.params if not isinstance(param, Flag | Choice)]
    assert len(params) > 150
    for param in params:
        if param.problem(param.default) is None:
            assert parse_value(param, format_value(param, param.default)) == param.default, param


@given(st.floats(allow_nan=False))
def test_any_float_survives_its_field(value: float) -> None:
    assert parse_value(Float("x", 0.0, finite=False), format_value(Float("x", 0.0, finite=False), value)) == value


@given(st.lists(st.text(st.sampled_from('ab ",;é×')), min_size=1).map(tuple))
def test_any_names_survive_their_field(value: tuple[str, ...]) -> None:
    param = Texts("features", ())
    assert parse_value(param, format_value(param, value)) == value


@given(st.integers(1, 10**6), st.integers(1, 10**6))
def test_any_sizes_survive_their_field(a: int, b: int) -> None:
    assert parse_value(KERNEL, format_value(KERNEL, (a, b))) == ((a, b) if a != b else a)


@pytest.mark.parametrize(
    ("param", "value", "steps", "after"),
    [
        (Int("n", 1, min=1), 3, 1, 4),
        (Int("n", 1, min=1), 3, -10, 1),
        (KERNEL, (3, 5), 1, (4, 6)),
        (PADDING, "same", 1, "same"),
        (Float("lr", 0.1, min=0.0), 0.001, 1, 0.002),
        (Float("lr", 0.1, min=0.0), 0.001, -1, 0.0009),
        (Float("lr", 0.1, above=0.0), 0.1, -1, 0.09),
        (Float("p", 0.5, min=0.0, max=1.0), 0.5, 1, 0.55),
        (Float("p", 0.5, min=0.0, max=1.0), 0.98, 1, 1.0),
        (Float("p", 0.5, min=0.0, below=1.0), 0.98, 1, 0.98),
        (Float("w", 0.0, min=0.0), 0.0, -1, 0.0),
        (Int("n", None), None, 1, None),
        (Int("n", 1), 2**53, 10, 2**53),
    ],
)
def test_a_step_stays_within_the_range(param, value, steps, after) -> None:
    assert step_value(param, value, steps) == after
