"""Source read back: the same text comes out again, and nothing that is not ours is taken for it."""

from hypothesis import given

from engine.codegen.model import generate
from engine.codegen.parse import parse
from tests.strategies.networks import Network, networks


@given(networks())
def test_source_read_back_gives_the_same_source(network: Network) -> None:
    text = generate(network.project, network.derived).text
    parsed = parse(text)
    assert generate(parsed.project, parsed.derived).text == text
