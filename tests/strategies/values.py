"""Values: hostile texts, names, points, and what a parameter can hold."""

import math

from hypothesis import strategies as st

from engine.catalog.data.roles import Roles
from engine.catalog.params import Choice, Flag, Float, Floats, FromInput, Int, Param, Sizes, Value
from engine.catalog.text_params import Equation, Text, Texts
from engine.graph.model import is_name

HOSTILE = (
    "",
    " ",
    "'",
    '"""',
    "\\",
    "\n",
    "\0",
    "{x}",
    "%s",
    "x\nimport os",
    "'); __import__('os').system('true') #",
    "../../etc/passwd",
    "</script>",
    "\u202e",
    "\ud7ff",
    "ⅷ",
    "é",
    "None",
    "inf",
    "nan",
    "a.b[0]",
    "lambda: 0",
    "__class__",
    "#",
    "x" * 300,
)
hostile_texts = st.sampled_from(HOSTILE) | st.text(max_size=20)

NAME_POOL = ("a", "b", "c", "conv1", "relu1", "x", "y", "Net", "self", "torch", "_", "__init__", "A0")
names = st.sampled_from(NAME_POOL) | st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,8}", fullmatch=True).filter(is_name)
reals = st.floats(allow_nan=False, allow_infinity=False, width=32).map(lambda x: x + 0.0)  # no -0.0
points = st.tuples(reals, reals)
rects = st.tuples(reals, reals, reals, reals)
json_extra = st.dictionaries(
    st.sampled_from(("later", "x_new", "é")),
    st.recursive(
        st.none() | st.booleans() | st.integers(-5, 5) | hostile_texts,
        lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
        max_leaves=4,
    ),
    max_size=2,
)


def values_of(param: Param) -> st.SearchStrategy[Value]:
    """Legal values of one parameter, small enough to build a layer with."""
    legal = next(make for kind, make in MAKERS if isinstance(param, kind))(param)
    legal = legal.filter(lambda value: param.problem(value) is None)
    return legal | st.none() if param.problem(None) is None else legal


def _wholes(param: Int | FromInput) -> st.SearchStrategy[int]:
    low = param.min if param.min is not None else -3
    high = param.max if isinstance(param, Int) and param.max is not None else low + 8
    return st.integers(low, min(low + 8, high))


def _reals(param: Float | Floats) -> st.SearchStrategy[float]:
    low = next((bound for bound in (param.min, param.above) if bound is not None), -4.0)
    high = next((bound for bound in (param.max, param.below) if bound is not None), max(low, 0.0) + 4.0)
    strategy = st.floats(low, high)
    return strategy if not isinstance(param, Float) or param.finite else strategy | NON_FINITE


def _tuples(param: Floats) -> st.SearchStrategy[Value]:
    if param.must_enclose is not None:
        return st.tuples(st.floats(0.1, 0.9), st.floats(1.1, 4.0)).map(
            lambda pair: tuple(param.must_enclose * x for x in pair)
        )
    several = st.lists(_reals(param), min_size=param.n or 1, max_size=param.n or 4).map(tuple)
    return several | _reals(param) if param.single else several


def _read(param: FromInput) -> st.SearchStrategy[Value]:
    one = _wholes(param)
    return one | st.lists(one, min_size=1, max_size=3).map(tuple) if param.tuple_ok else one


def _sizes(param: Sizes) -> st.SearchStrategy[Value]:
    low = param.min if param.min is not None else -3
    number = st.integers(low, low + 6)
    entry = number | st.none() if param.allows_none_entries else number
    strategy: st.SearchStrategy[Value] = st.lists(entry, min_size=param.n or 1, max_size=param.n or 4).map(tuple)
    strategy = strategy | number if param.single else strategy
    return strategy | st.sampled_from(param.words) if param.words else strategy


NON_FINITE = st.sampled_from((math.inf, -math.inf, math.nan))
EQUATIONS = ("bij,bjk->bik", "...ij->...ji", "ab,cb->ac", "bi,bj", "i j -> j i", "aab->b")
MAKERS = (
    (Flag, lambda _: st.booleans()),
    (Choice, lambda param: st.sampled_from(param.options)),
    (Int, _wholes),
    (FromInput, _read),
    (Float, _reals),
    (Floats, _tuples),  # Vector too
    (Sizes, _sizes),
    (Equation, lambda _: st.sampled_from(EQUATIONS)),
    (Texts, lambda _: st.lists(hostile_texts, max_size=3).map(tuple)),
    (Text, lambda _: hostile_texts),
    (
        Roles,
        lambda param: st.dictionaries(hostile_texts, st.sampled_from(param.options)).map(
            lambda by_name: (*sorted(by_name.items()),)  # as in a file: their order means nothing
        ),
    ),
)


literals: st.SearchStrategy[Value] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | hostile_texts,
    lambda inner: st.lists(inner, max_size=3).map(tuple),
    max_leaves=5,
)
"""Any value that a parameter can hold, legal or not."""

raw: st.SearchStrategy[object] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | hostile_texts | st.just(10**400),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
"""Any JSON in place of a value."""


@st.composite
def params_of(draw: st.DrawFn, declared: tuple[Param, ...]) -> dict[str, Value]:
    """Legal values for some of the declared parameters, in any order."""
    params = draw(st.lists(st.sampled_from(declared), unique_by=lambda param: param.name)) if declared else []
    return {param.name: draw(values_of(param)) for param in params}
