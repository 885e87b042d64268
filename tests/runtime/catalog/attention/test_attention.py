"""Attention and its positions, patches and experts, against other implementations: results and gradients."""

import math

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engine.catalog.index import layers
from engine.codegen.expression import call, constructor
from engine.runtime.analysis.build import FLOAT, SAMPLES, Refusal, Result, Spec, _names, try_layer
from resources.snippets.transformer.distances import RelativePositionBias, alibi_bias
from resources.snippets.transformer.experts import MixtureOfExperts
from resources.snippets.transformer.grouped_queries import GroupedQueryAttention
from resources.snippets.transformer.rotation import rotary_position_embedding
from resources.snippets.transformer.tokens import ClassToken, PatchEmbedding

B, T, E, HEADS = 3, 6, 16, 4


@pytest.fixture(autouse=True)
def seed() -> None:
    torch.manual_seed(0)


def assert_equal_with_gradients(one: Tensor, other: Tensor, *leaves: Tensor) -> None:
    """Equal results, and equal gradients of the leaves."""
    torch.testing.assert_close(one, other)
    factors = torch.randn_like(one)
    for own, expected in zip(
        torch.autograd.grad((one * factors).sum(), leaves, retain_graph=True),
        torch.autograd.grad((other * factors).sum(), leaves, retain_graph=True),
        strict=True,
    ):
        torch.testing.assert_close(own, expected)


def softmax_attention(query: Tensor, key: Tensor, value: Tensor, bias: Tensor | float = 0.0) -> Tensor:
    """Attention as in the paper, in steps; keys and values of a group are repeated for each head of queries."""
    groups = query.shape[1] // key.shape[1]
    key, value = (each.repeat_interleave(groups, dim=1) for each in (key, value))
    scores = query @ key.transpose(-1, -2) / math.sqrt(query.shape[-1]) + bias
    return scores.softmax(-1) @ value


FUTURE = torch.zeros(T, T).masked_fill(torch.ones(T, T).triu(1) > 0, -math.inf)


def executed(kind: str, inputs: dict[str, Tensor], **values: object) -> Tensor:
    """The result of the expression that the source has for a function."""
    entry = layers()[kind]
    names = {port: f"input_{place}" for place, port in enumerate(inputs)}
    text = call(entry, "module", names, values)
    return eval(text, _names(entry), {names[port]: value for port, value in inputs.items()})  # noqa: S307 (names only)


@pytest.mark.parametrize("values", [{}, {"is_causal": True}, {"enable_gqa": True, "scale": 0.5}], ids=str)
def test_attention_is_the_papers_formula(values: dict[str, object]) -> None:
    kv_heads = 2 if "enable_gqa" in values else HEADS
    query = torch.randn(B, HEADS, T, 8, requires_grad=True)
    key, value = (torch.randn(B, kv_heads, T, 8, requires_grad=True) for _ in range(2))
    own = executed("scaled_dot_product_attention", {"query": query, "key": key, "value": value}, **values)
    scaled = query * (0.5 * math.sqrt(8)) if "scale" in values else query
    expected = softmax_attention(scaled, key, value, FUTURE if "is_causal" in values else 0.0)
    assert_equal_with_gradients(own, expected, query, key, value)


def rotated_by_complex_numbers(x: Tensor, base: float, *, interleaved: bool) -> Tensor:
    """The rotation as a product of complex numbers."""
    steps, features = x.shape[-2:]
    rates = torch.tensor([base ** (-2 * pair / features) for pair in range(features // 2)])
    turns = torch.polar(torch.ones(steps, features // 2), torch.outer(torch.arange(steps).float(), rates))
    shape = (features // 2, 2) if interleaved else (2, features // 2)
    pairs = x.unflatten(-1, shape) if interleaved else x.unflatten(-1, shape).transpose(-1, -2)
    turned = torch.view_as_real(torch.view_as_complex(pairs.contiguous()) * turns)
    return (turned if interleaved else turned.transpose(-1, -2)).flatten(-2)


@pytest.mark.parametrize("interleaved", [False, True])
def test_a_rotation_is_a_product_of_complex_numbers_and_keeps_relative_scores(interleaved: bool) -> None:
    x = torch.randn(B, HEADS, T, 8, requires_grad=True)
    own = rotary_position_embedding(x, 100.0, interleaved)
    assert_equal_with_gradients(own, rotated_by_complex_numbers(x, 100.0, interleaved=interleaved), x)
    query, key = (rotary_position_embedding(torch.randn(8).expand(T, 8), 100.0, interleaved) for _ in range(2))
    scores = query @ key.T
    for distance in range(T):
        torch.testing.assert_close(scores.diagonal(distance), scores[0, distance].expand(T - distance))
    assert rotary_position_embedding(x.double()).dtype == torch.float64
    with pytest.raises(ValueError, match="even number of features, and there are 7"):
        rotary_position_embedding(torch.zeros(1, 2, 7))


@pytest.mark.parametrize("kv_heads", [1, 2, HEADS])
@pytest.mark.parametrize("case", ["plain", "causal", "rotary", "masks", "bias"])
def test_grouped_queries_are_what_is_computed_head_by_head(kv_heads: int, case: str) -> None:
    layer = GroupedQueryAttention(
        E,
        HEADS,
        kv_heads,
        bias=True,
        is_causal=case in ("causal", "bias"),
        rotary_base=50.0 if case == "rotary" else None,
    )
    x = torch.randn(B, T, E, requires_grad=True)
    masks: dict[str, Tensor] = {}
    bias: Tensor | float = FUTURE if layer.is_causal else 0.0
    if case == "masks":
        hidden, padding = torch.ones(T, T).triu(3) > 0, torch.arange(T) >= torch.tensor([[T], [T - 1], [T - 2]])
        masks = {"attn_mask": hidden, "key_padding_mask": padding}
        bias = torch.zeros(B, 1, T, T).masked_fill(hidden | padding[:, None, None, :], -math.inf)
    elif case == "bias":
        masks = {"attn_mask": alibi_bias(x, HEADS)}
        bias = masks["attn_mask"] + FUTURE
    query, key, value = (
        F.linear(x, each.weight, each.bias).reshape(B, T, -1, E // HEADS).permute(0, 2, 1, 3)
        for each in (layer.q_proj, layer.k_proj, layer.v_proj)
    )
    if case == "rotary":
        query, key = (rotated_by_complex_numbers(each, 50.0, interleaved=False) for each in (query, key))
    output = softmax_attention(query, key, value, bias).permute(0, 2, 1, 3).reshape(B, T, E)
    expected = F.linear(output, layer.o_proj.weight, layer.o_proj.bias)
    assert_equal_with_gradients(layer(x, **masks), expected, x, *layer.parameters())


def test_with_as_many_heads_it_is_torchs_multihead_attention() -> None:
    layer, twin = GroupedQueryAttention(E, HEADS, HEADS, bias=True), nn.MultiheadAttention(E, HEADS, batch_first=True)
    with torch.no_grad():
        for own, part in zip((layer.q_proj, layer.k_proj, layer.v_proj), twin.in_proj_weight.chunk(3), strict=True):
            own.weight.copy_(part)
            own.bias.zero_()
        layer.o_proj.load_state_dict(twin.out_proj.state_dict())
    x, padding = torch.randn(B, T, E), torch.arange(T).expand(B, T) >= T - 2
    torch.testing.assert_close(layer(x, None, padding), twin(x, x, x, key_padding_mask=padding)[0])
    dropping = GroupedQueryAttention(E, HEADS, 1, dropout=0.5)
    assert not torch.equal(dropping(x), dropping(x))
    assert torch.equal(dropping.eval()(x), dropping(x))


def test_linear_biases_have_the_slopes_of_the_paper() -> None:
    x = torch.zeros(B, T, E)
    assert alibi_bias(x, 8)[:, 1, 0].tolist() == [-(2.0**-head) for head in range(1, 9)]
    six = [2**-2, 2**-4, 2**-6, 2**-8, 2**-1, 2**-3]  # those of 4 heads, and every other one of 8
    assert alibi_bias(x, 6)[:, 3, 1].tolist() == [-2 * slope for slope in six]
    causal = alibi_bias(x, 3, is_causal=True)
    assert torch.equal(causal.isinf(), (FUTURE < 0).expand(3, T, T))
    assert torch.equal(causal.tril(), alibi_bias(x, 3).tril())


@pytest.mark.parametrize("is_causal", [False, True])
def test_a_relative_bias_is_one_number_for_each_head_and_clipped_distance(is_causal: bool) -> None:
    layer, x = RelativePositionBias(HEADS, 2, is_causal), torch.zeros(B, T, E)
    rows = [[layer.weight[:, min(max(key - query, -2), 2) + 2] for key in range(T)] for query in range(T)]
    expected = torch.stack([torch.stack(row, -1) for row in rows], 1)
    own = layer(x)
    assert torch.equal(own.isinf(), (FUTURE < 0).expand(HEADS, T, T) & is_causal)
    assert_equal_with_gradients(own.tril(), expected.tril(), layer.weight)
    assert torch.equal(own.triu(1).isinf() | (own.triu(1) == expected.triu(1)), torch.ones_like(own) > 0)


def test_patches_are_products_of_unfolded_pictures_and_the_token_comes_first() -> None:
    layer, x = PatchEmbedding(3, E, 4), torch.randn(B, 3, 8, 12, requires_grad=True)
    unfolded = F.unfold(x, 4, stride=4).transpose(1, 2)
    expected = F.linear(unfolded, layer.proj.weight.flatten(1), layer.proj.bias)
    assert_equal_with_gradients(layer(x), expected, x, *layer.parameters())
    token = ClassToken(E)
    nn.init.normal_(token.weight)
    sequence = expected.detach()
    one, *others = token(sequence).unbind(1)
    assert torch.equal(one, token.weight[0, 0].expand(B, E))
    assert torch.equal(torch.stack(others, 1), sequence)
    token(sequence).sum().backward()
    assert token.weight.grad.flatten().tolist() == [float(B)] * E


@pytest.mark.parametrize(("top_k", "activation"), [(1, F.relu), (2, F.gelu), (4, F.silu)])
def test_experts_are_what_is_computed_vector_by_vector(top_k: int, activation) -> None:
    layer, x = MixtureOfExperts(E, 8, 4, top_k, activation.__name__), torch.randn(B, T, E, requires_grad=True)
    rows, shares, means = [], torch.zeros(4), torch.zeros(4)
    for vector in x.reshape(-1, E):
        probabilities = (layer.router.weight @ vector).softmax(0)
        best = sorted(range(4), key=lambda each: -probabilities[each].item())[:top_k]
        total = sum(probabilities[each] for each in best) if top_k > 1 else 1.0
        parts = []
        for each in best:
            one, _, two = layer.experts[each]
            inner = activation(one.weight @ vector + one.bias)
            parts.append(probabilities[each] / total * (two.weight @ inner + two.bias))
            shares[each] += 1
        means = means + probabilities
        rows.append(sum(parts))
    expected = torch.stack(rows).reshape(B, T, E)
    output, balance = layer(x)
    assert_equal_with_gradients(output, expected, x, *layer.parameters())
    count = B * T
    expected_balance = 4 * (shares / (count * top_k) * means / count).sum()
    assert_equal_with_gradients(balance, expected_balance, layer.router.weight, x)


def test_experts_that_are_used_alike_have_a_balance_of_1() -> None:
    layer = MixtureOfExperts(2, 4, 2, 1)
    with torch.no_grad():
        layer.router.weight.copy_(100 * torch.eye(2))
    assert layer(torch.eye(2))[1].item() == pytest.approx(1.0)
    assert layer(torch.eye(2)[:1])[1].item() == pytest.approx(2.0)
    with pytest.raises(ValueError, match="top_k is 3, but there are only 2 experts"):
        MixtureOfExperts(2, 4, 2, 3)


def spec(*shape: int, dtype: torch.dtype = FLOAT) -> Spec:
    return Spec((SAMPLES, *shape), dtype)


HEAD = 4
QKV = {port: spec(HEADS, T, HEAD) for port in ("query", "key", "value")}
GROUPS = {**QKV, "key": spec(2, T, HEAD), "value": spec(2, T, HEAD)}
PROJECTIONS = T * E * (E + E // 2 + E // 2 + E)
CASES = [
    ("scaled_dot_product_attention", {}, QKV, [(HEADS, T, HEAD)], 2 * HEADS * T * T * HEAD),
    ("scaled_dot_product_attention", {"enable_gqa": True}, GROUPS, [(HEADS, T, HEAD)], 2 * HEADS * T * T * HEAD),
    ("scaled_dot_product_attention", {}, {port: spec(T, HEAD) for port in QKV}, [(T, HEAD)], 2 * T * T * HEAD),
    ("GroupedQueryAttention", {"embed_dim": E, "num_heads": 4, "num_kv_heads": 2}, {"input": spec(T, E)}, [(T, E)],
     PROJECTIONS + 2 * T * T * E),
    ("rotary_position_embedding", {}, {"input": spec(HEADS, T, HEAD)}, [(HEADS, T, HEAD)], 0),
    ("PatchEmbedding", {"in_channels": 3, "embed_dim": E, "patch_size": 4}, {"input": spec(3, 8, 12)}, [(6, E)],
     6 * E * 3 * 16),
    ("ClassToken", {"embed_dim": E}, {"input": spec(T, E)}, [(T + 1, E)], 0),
    ("MixtureOfExperts", {"embed_dim": E, "hidden_dim": 8, "num_experts": 4, "top_k": 2}, {"input": spec(T, E)},
     [(T, E), None], T * (E * 4 + 2 * 2 * E * 8)),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "values", "inputs", "shapes", "macs"), CASES, ids=lambda each: str(each)[:28])
def test_shapes_and_multiply_adds_are_those_by_hand(kind, values, inputs, shapes, macs: int) -> None:
    result = try_layer(layers()[kind], values, inputs)
    assert isinstance(result, Result), result
    expected = [() if shape is None else (SAMPLES, *shape) for shape in shapes]
    assert [each.shape for each in result.outputs] == expected
    assert result.macs == macs


@pytest.mark.parametrize("kind", ["alibi_bias", "RelativePositionBias"])
def test_a_bias_has_no_axis_of_samples(kind: str) -> None:
    result = try_layer(layers()[kind], {"num_heads": 3, "max_distance": 5}, {"input": spec(T, E)})
    assert isinstance(result, Result)
    assert result.outputs[0].shape == (3, T, T)


def test_a_module_is_written_with_what_differs_from_the_defaults() -> None:
    values = {"embed_dim": 64, "num_heads": 8, "num_kv_heads": 2, "rotary_base": 1e4, "is_causal": True}
    text = constructor(layers()["GroupedQueryAttention"], values)
    assert text == "GroupedQueryAttention(64, 8, 2, rotary_base=10000.0, is_causal=True)"
    refusal = try_layer(layers()["GroupedQueryAttention"], {**values, "num_heads": 64}, {"input": spec(T, 64)})
    assert isinstance(refusal, Refusal)
    assert "even size, and embed_dim / num_heads is 1" in refusal.message
