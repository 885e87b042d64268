"""JSON text is read alike whether it is decoded at once or scanned token by token."""

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from engine.errors import FileProblem
from engine.graph.json_form.prescan import MAX_DEPTH, load

SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=30)
WORDS = [*"{}[],: ", '"a"', '"b"', "1", "-0", "1.5", "1e400", "1E3", "NaN", "null", "true", '"\\n"']


def read(text: str) -> tuple[str, str]:
    """The value of a text, or why it is refused; types and signs count."""
    try:
        return "read", repr(load(text.encode(errors="surrogatepass"), "it"))
    except FileProblem as refused:
        return "refused", refused.message


def both_ways(text: str) -> list[tuple[str, str]]:
    """The text in a list with a letter, which is never decoded at once where the letter is escaped."""
    return [read(f"[{text}, {letter}]") for letter in ('     "a"', '"\\u0061"')]


@given(VALUES.map(lambda value: json.dumps(value, ensure_ascii=False)) | st.lists(st.sampled_from(WORDS)).map("".join))
@example("-0")
@example("1e999")
@example("1" * 101)
@example(f"0.{'1' * 120}")
@example('{"a": 1, "a": 1}')
@example("123456789012345678901234567890")
@example('"\t"')
def test_a_value_is_read_alike_both_ways(text):
    at_once, word_by_word = both_ways(text)
    assert at_once == word_by_word


@pytest.mark.parametrize("bracket", ["[]", '{"a":}'])
def test_depth_is_limited_alike_both_ways(bracket):
    before, after = bracket[:-1], bracket[-1]
    deepest = before * (MAX_DEPTH - 1) + "1" + after * (MAX_DEPTH - 1)
    at_once, word_by_word = both_ways(deepest)
    assert at_once == word_by_word
    assert at_once[0] == "read"
    at_once, word_by_word = both_ways(f"{before}{deepest}{after}")
    assert at_once == word_by_word
    assert "nested more than 100 deep" in at_once[1]


def test_deeply_nested_text_is_refused_without_a_crash():
    assert "nested more than 100 deep" in read("[" * 500_000)[1]
