"""Layers that torch lacks: position encodings and the causal mask."""

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from resources.snippets.masks import causal_mask
from resources.snippets.positions import LearnedPositionEncoding, SinusoidalPositionEncoding

sizes = st.tuples(st.integers(1, 7), st.integers(1, 9))


@given(sizes, st.floats(2.0, 1e5))
def test_sinusoidal_waves_follow_the_papers_formula(size: tuple[int, int], base: float) -> None:
    steps, features = size
    added = SinusoidalPositionEncoding(steps, features, base)(torch.zeros(1, steps, features))[0]
    for position in range(steps):
        for feature in range(features):
            angle = position / base ** (2 * (feature // 2) / features)
            wave = math.cos(angle) if feature % 2 else math.sin(angle)
            assert added[position, feature].item() == pytest.approx(wave, abs=1e-5)


@given(sizes, st.integers(1, 3))
def test_a_learned_encoding_adds_one_vector_a_position(size: tuple[int, int], batch: int) -> None:
    steps, features = size
    encoding = LearnedPositionEncoding(steps, features)
    x = torch.randn(batch, steps, features)

    assert torch.equal(encoding(x), x + encoding.weight)
    assert torch.equal(encoding(x[:, :1]), x[:, :1] + encoding.weight[:1])


def test_only_what_is_learned_is_kept_with_the_weights() -> None:
    assert list(LearnedPositionEncoding(3, 4).state_dict()) == ["weight"]
    assert not SinusoidalPositionEncoding(3, 4).state_dict()


def test_waves_follow_the_module_to_its_device_and_type() -> None:
    encoding = SinusoidalPositionEncoding(3, 4).double()

    assert encoding(torch.zeros(2, 3, 4, dtype=torch.float64)).dtype == torch.float64


@pytest.mark.parametrize("encoding", [LearnedPositionEncoding, SinusoidalPositionEncoding])
def test_a_sequence_longer_than_the_table_is_refused(encoding) -> None:
    with pytest.raises(RuntimeError, match="must match the size"):
        encoding(3, 4)(torch.zeros(1, 4, 4))


def test_a_causal_mask_hides_exactly_the_future() -> None:
    mask = causal_mask(torch.zeros(2, 4, 8))

    assert mask.dtype == torch.bool
    assert mask.tolist() == [[other > at for other in range(4)] for at in range(4)]


def test_with_the_mask_no_position_learns_of_a_later_one() -> None:
    torch.manual_seed(0)
    layer = torch.nn.TransformerEncoderLayer(8, 2, 16, batch_first=True).eval()
    x = torch.randn(1, 5, 8)
    changed = x.clone()
    changed[:, 3:] = 0
    before, after = (layer(value, src_mask=causal_mask(value), is_causal=True) for value in (x, changed))

    assert torch.allclose(before[:, :3], after[:, :3], atol=1e-6)
    assert not torch.allclose(before[:, 3:], after[:, 3:], atol=1e-3)
