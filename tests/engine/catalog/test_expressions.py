"""Expressions of blocks: what they give is what Python gives, and nothing large is ever computed."""

import ast
import math
import time

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from engine.catalog.expressions import (
    Expression,
    ExpressionError,
    evaluate,
    names,
    parse,
    read,
    rename,
    rename_ports,
    sizes,
    substitute,
)
from tests.strategies.expressions import SIZES, VALUES, expression_texts, is_expression
from tests.strategies.values import hostile_texts


def by_python(text: str, values=VALUES, by_axis=SIZES):
    """What Python gives for a text of the grammar."""
    ports = {port: port for port, _ in by_axis}
    calls = {"min": min, "max": max, "__builtins__": {}}
    # `size(x, 1)` reads the port x although a parameter may have that name
    text = "".join(f"size('{part[5]}'{part[6:]}" if part.startswith("size(") else part for part in _parts(text))
    return eval(text, calls | {"size": lambda port, axis: by_axis[port, axis]} | ports | values)  # noqa: S307


def _parts(text: str):
    while "size(" in text:
        before, _, text = text.partition("size(")
        inside, _, text = text.partition(")")
        yield before
        yield f"size({inside})"
    yield text


@given(expression_texts())
def test_the_value_is_what_python_gives(text) -> None:
    assume(is_expression(text))
    expression = parse(text)
    try:
        value = evaluate(expression, VALUES, SIZES)
    except ExpressionError as wrong:
        if wrong.reason == "zero":
            with pytest.raises(ZeroDivisionError):
                by_python(expression.text)
        return
    assert repr(value) == repr(by_python(text)) == repr(by_python(expression.text))


@given(expression_texts() | hostile_texts | st.text(max_size=20))
def test_canonical_text_keeps_the_tree(text) -> None:
    try:
        expression = parse(text)
    except ExpressionError:
        assert read(text) == Expression(text)
        return
    assert parse(expression.text) == read(text) == expression
    assert ast.dump(ast.parse(expression.text, mode="eval")) == ast.dump(ast.parse(text.strip(), mode="eval"))


@given(expression_texts())
def test_renaming_keeps_the_value(text) -> None:
    assume(is_expression(text))
    expression = parse(text)
    new_names = {name: f"{name}_2" for name in VALUES}
    renamed = rename_ports(rename(expression, new_names), {"x": "y", "y": "x"})
    assert names(renamed) == tuple(new_names.get(name, name) for name in names(expression))
    swapped = {("y" if port == "x" else "x", axis): size for (port, axis), size in SIZES.items()}
    values = {new_names[name]: value for name, value in VALUES.items()}
    assert result(renamed, values, swapped) == result(expression, VALUES, SIZES)
    assert (
        rename_ports(rename(renamed, {new: old for old, new in new_names.items()}), {"x": "y", "y": "x"}) == expression
    )


@given(expression_texts(), st.dictionaries(st.sampled_from(sorted(VALUES)), st.just(None)))
def test_substituting_keeps_the_value(text, some_names) -> None:
    """In two steps, the first of which replaces some of the names, the value is the same."""
    assume(is_expression(text))
    expression = parse(text)
    some = {name: VALUES[name] for name in some_names}
    try:
        half = substitute(expression, some, SIZES)
    except ExpressionError:
        return  # without a value whatever the rest is, or too long
    if isinstance(half, Expression):
        assert not set(names(half)) & set(some)
        assert not sizes(half)
        half = result(half, VALUES, SIZES)
    else:
        half = repr(half)
    assert half == result(expression, VALUES, SIZES)


def result(expression, values, by_axis) -> str:
    try:
        return repr(evaluate(expression, values, by_axis))
    except ExpressionError as wrong:
        return wrong.reason


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("channels*2", "channels * 2"),
        ("(a*b)+c", "a * b + c"),
        ("a-(b-c)", "a - (b - c)"),
        ("(-a)**2", "(-a) ** 2"),
        ("-a**-1", "-(a**-1)"),
        ("a**b**c", "a ** (b**c)"),
        ("2 if index==0 else 1", "2 if index == 0 else 1"),
        ("(a if b else c) if d else e", "(a if b else c) if d else e"),
        ("'same' if not(a<b<c) else 'x\"y'", '"same" if not a < b < c else \'x"y\''),
        ("(a==b)!=(c)", "(a == b) != c"),
        ("( a , )", "(a,)"),
        ("max( a,b ,3 )//size( x,-1 )", "max(a, b, 3) // size(x, -1)"),
        ("1_000 + 0x10", "1000 + 16"),
    ],
)
def test_spelling(text, canonical) -> None:
    assert parse(text).text == canonical


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "a +", "a b", "lambda: 0", "a.b", "a[0]", "f(a)", "min(a)", "min(*a)", "max(a, b, key=c)", "[a]", "{}",
        "a := 1", "a in b", "a is b", "a & b", "~a", "None", "...", "1j", "b'a'", "f'{a}'", "é", "size", "size(x)",
        "size(x, a)", "size('x', 1)", "size(x, True)", "size(x, 1.0)", "size(x, 65)", "min + 1", "1e999", "9" * 999,
        "9" * 30, "a\0", "(" * 300, "-" * 900 + "1", "not " * 200 + "a", "(" * 61 + "1," + ",)" * 60 + ")",
        "(" + "a," * 499 + ")",
        "1" + "+1" * 400, "a" * 1001, "__import__('os').system('true')", "a; b", "a\nb", "yield", "await a", "print(a)",
    ],
)  # fmt: skip
def test_what_is_not_in_the_grammar_is_refused_in_one_sentence(text) -> None:
    with pytest.raises(ExpressionError) as wrong:
        parse(text)
    assert wrong.value.reason in ("syntax", "large")
    assert wrong.value.message.endswith(".")
    assert "\n" not in wrong.value.message


@pytest.mark.parametrize(
    ("text", "reason", "words"),
    [
        ("9**9**9", "large", "9 ** (9**9)"),
        ("a**a**a**a**a", "large", "2**53"),
        ("2**53 + 1", "large", "2**53 + 1"),
        ("2.0**2000", "large", "2.0**2000"),
        ("10**15 * 10**15", "large", ""),
        ("a // (b - b)", "zero", "a // (b - b) divides by zero"),
        ("0**-1", "zero", "0**-1"),
        ("a % c", "zero", ""),
        ("(-8)**0.5", "type", "no real number"),
        ("wide + 1", "type", "wide is used as a number, but is a flag"),
        ("-mode", "type", "a text"),
        ("mode * 1000", "type", "a text"),
        ("kernel + (1,)", "type", "a tuple"),
        ("max(wide, 1)", "type", "a flag"),
        ("mode < 'z'", "type", "a text"),
        ("1 if a else 2", "type", "a is used as a flag, but is a number"),
        ("a and b", "type", ""),
        ("not mode", "type", ""),
        ("chanels * 2", "name", "chanels"),
        ("size(z, 1)", "size", "size(z, 1)"),
    ],
)
def test_no_value(text, reason, words) -> None:
    started = time.process_time()
    with pytest.raises(ExpressionError) as wrong:
        evaluate(parse(text), VALUES, SIZES)
    assert (wrong.value.reason, words in wrong.value.message) == (reason, True), wrong.value.message
    assert time.process_time() - started < 5


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2**53", 2**53),
        ("-2**53", -(2**53)),
        ("1**9007199254740992", 1),
        ("(-1)**9007199254740991", -1),
        ("c != 0 and a // c > 1", False),
        ("wide or 1 // 0 > 0", True),
        ("1 if wide else 1 // 0", 1),
        ("mode == 'same'", True),
        ("kernel == (3, 5)", True),
        ("(a * 2, kernel)", (6, (3, 5))),
        ("3 < 2 < 1 // 0", False),
    ],
)
def test_values(text, value) -> None:
    assert repr(evaluate(parse(text), VALUES, SIZES)) == repr(value)


def test_what_an_expression_reads() -> None:
    expression = parse("a * size(x, 1) + max(b, a) - size(a, 2)")
    assert names(expression) == ("a", "b")
    assert set(sizes(expression)) == {("x", 1), ("a", 2)}
    assert rename(expression, {"a": "b", "b": "a"}).text == "b * size(x, 1) + max(a, b) - size(a, 2)"
    assert rename_ports(expression, {"a": "x", "x": "a"}).text == "a * size(a, 1) + max(b, a) - size(x, 2)"
    assert names(Expression("a +")) == sizes(Expression("a +")) == ()
    assert rename(Expression("a +"), {"a": "b"}) == Expression("a +")


def test_substituting_folds_constants_and_composes_expressions() -> None:
    expression = parse("channels * 2 + size(x, 1)")
    assert substitute(expression, {"channels": 64}, {("x", 1): 3}) == 131
    assert substitute(expression, {"channels": parse("a + 1")}, {}) == parse("(a + 1) * 2 + size(x, 1)")
    assert substitute(expression, {"channels": -1}, {("x", 1): parse("size(y, 0)")}) == parse("-2 + size(y, 0)")
    for value in (None, math.inf, (1, math.nan)):
        with pytest.raises(ExpressionError):
            substitute(expression, {"channels": value}, {})
