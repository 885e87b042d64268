"""Random values: legal ones for any declared parameter, and anything a file could hold in its place."""

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from engine.catalog.params import (
    Choice,
    Flag,
    Float,
    Floats,
    FromInput,
    Int,
    Param,
    Sizes,
    Text,
    Texts,
    Value,
)

LINES = st.text(st.characters(min_codepoint=32, exclude_categories=["Cs"]), max_size=20)

raw = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.just(10**400),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
"""Whatever JSON can say."""


def values(param: Param, most: int = 8) -> SearchStrategy[Value]:
    """Legal values of ``param``, its default among them; whole numbers stay below ``most`` or as near as is legal."""
    found = _values(param, most)
    if param.default is None or param.none:
        found |= st.none()
    return found | st.just(param.default)


def _values(param: Param, most: int) -> SearchStrategy[Value]:  # noqa: PLR0911 - one answer a kind
    match param:
        case Flag():
            return st.booleans()
        case Choice():
            return st.sampled_from(param.options)
        case Int():
            return _whole(param.min, param.max, most)
        case Float():
            return _real(param)
        case Floats():  # Vector too
            entry = _real(param)
            several = st.lists(entry, min_size=param.n or 1, max_size=param.n or 4).map(tuple)
            return several | entry if param.single else several
        case Sizes():
            return _sizes(param, most)
        case FromInput():
            one = _whole(param.min, None, most)
            return one | st.lists(one, min_size=1, max_size=3).map(tuple) if param.tuple_ok else one
        case Text():
            return LINES.filter(str.strip) if param.required else LINES
        case Texts():
            return st.lists(LINES, max_size=4).map(tuple)
    raise TypeError(type(param).__name__)


def _whole(low: int | None, high: int | None, most: int) -> SearchStrategy[int]:
    low = -most if low is None else low
    return st.integers(low, max(low, most) if high is None else min(high, max(low, most)))


def _real(param: Float | Floats) -> SearchStrategy[float]:
    bounds = [bound for bound in (param.min, param.above) if bound is not None]
    low = max(bounds, default=-1e3)
    bounds = [bound for bound in (param.max, param.below) if bound is not None]
    return st.floats(low, min(bounds, default=1e3), exclude_min=param.above == low, exclude_max=param.below is not None)


def _sizes(param: Sizes, most: int) -> SearchStrategy[Value]:
    entry: SearchStrategy[int | None] = _whole(param.min, None, most)
    found: SearchStrategy[Value] = st.nothing()
    if param.single:
        found |= entry
    if param.words:
        found |= st.sampled_from(param.words)
    if param.holes:
        entry |= st.none()
    return found | st.lists(entry, min_size=param.n or 1, max_size=param.n or 4).map(tuple)
