"""Expressions as texts, with odd spelling, and parameters of blocks."""

from hypothesis import strategies as st

from engine.catalog.expressions import Expression, parse, read
from engine.graph.block_params import BlockParam
from tests.strategies.values import HOSTILE, hostile_texts, json_extra

NUMBERS = {"a": 3, "b": -2, "c": 0, "x": 0.5, "index": 1}
VALUES = {**NUMBERS, "wide": True, "mode": "same", "kernel": (3, 5)}
SIZES = {("x", 1): 16, ("x", -1): 7, ("y", 2): 1}


def expression_texts(numbers=tuple(NUMBERS), others=("wide", "mode", "kernel")) -> st.SearchStrategy[str]:
    """Texts of the grammar, mostly with a value, with more parentheses and spaces than needed."""
    sizes = st.sampled_from([f"size({port}, {axis})" for port, axis in SIZES])
    literals = st.integers(0, 9).map(str) | st.sampled_from(("0.5", "1e3", "0x10", "2**60", "9007199254740992"))
    leaves = st.sampled_from(numbers) | literals | sizes
    odd = st.sampled_from((*others, "True", "'same'", '"a"', "()", "(1,)", "unknown")) if others else leaves
    return st.recursive(leaves | leaves | leaves | odd, _grown, max_leaves=8)


def _grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    arithmetic = st.sampled_from(("+", "-", " * ", "/", "//", "%", "**"))
    order = st.sampled_from(("==", "!=", " < ", "<=", ">", ">="))
    flags = st.tuples(inner, order, inner).map("".join) | st.tuples(inner, order, inner, order, inner).map("".join)
    logic = flags | st.sampled_from(("wide", "not wide")) | st.tuples(flags, flags).map(" and ".join)
    return st.one_of(
        st.tuples(inner, arithmetic, inner).map("".join),
        inner.map("({})".format),
        st.tuples(st.sampled_from(("-", "+", "not ", "--")), inner).map("".join),
        st.tuples(inner, logic, inner).map(lambda three: f"{three[0]} if {three[1]} else {three[2]}"),
        st.tuples(logic, st.sampled_from(("and", " or ")), logic).map(
            lambda three: f"({three[0]}) {three[1]} ({three[2]})"
        ),
        st.tuples(st.sampled_from(("min", "max")), inner, inner).map(
            lambda three: f"{three[0]}({three[1]},{three[2]})"
        ),
        st.tuples(inner, inner).map(lambda pair: f"({pair[0]} , {pair[1]})"),
        logic,
    )


def is_expression(text: str) -> bool:
    """Whether a text is in the grammar."""
    try:
        parse(text)
    except ValueError:
        return False
    return True


_TEXTS = ("a", "a * 2", "(a, b + 1)", "a if index == 0 else b", "size(x, 1) // 2", "wide and a > 1", "mode", "1 // 0")
expressions: st.SearchStrategy[Expression] = st.sampled_from([*_TEXTS, "a +", *HOSTILE]).map(read)
"""A few expressions, some of them with a text that is none."""

block_param: st.SearchStrategy[BlockParam] = st.one_of(
    st.builds(
        BlockParam,
        st.just("int"),
        st.integers(-9, 9) | st.just("odd"),
        st.none() | st.integers(-9, 0),
        st.none() | st.integers(1, 9),
        help=hostile_texts,
        extra=json_extra,
    ),
    st.builds(BlockParam, st.just("float"), st.floats(), st.none() | st.just(0.5)),
    st.builds(BlockParam, st.just("flag"), st.booleans(), help=hostile_texts),
    st.builds(BlockParam, st.just("choice"), hostile_texts, options=st.lists(hostile_texts, max_size=3).map(tuple)),
    st.builds(BlockParam, st.just("tuple"), st.lists(st.integers(1, 9), max_size=3).map(tuple)),
)
"""A parameter of a block, often with a default that is not legal."""
PARAM_NAMES = ("a", "b", "wide", "mode", "kernel", "depth")
block_params = st.dictionaries(st.sampled_from(PARAM_NAMES), block_param, max_size=3)
