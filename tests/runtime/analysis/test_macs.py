"""Multiply-adds against numbers computed by hand."""

import pytest

from engine.catalog.index import layers
from engine.catalog.params import Value
from engine.runtime.analysis.build import FLOAT, INT, SAMPLES, Result, Spec, try_layer


def macs(kind: str, shape: tuple[int, ...] = (), *, element: str = "float", **values: Value) -> int:
    """The multiply-adds of one sample; every required input gets ``shape``, which is without the samples."""
    layer = layers()[kind]
    spec = Spec((SAMPLES, *shape), INT if element == "int" else FLOAT)
    result = try_layer(layer, values, {port.name: spec for port in layer.inputs if not port.optional})
    assert isinstance(result, Result), result
    return result.macs


T, E, F = 5, 8, 16  # steps, features, hidden features
ENCODER = T * (3 * E * E + E * E + 2 * E * F) + 2 * T * T * E
DECODER = 2 * (T * (3 * E * E + E * E) + 2 * T * T * E) + T * 2 * E * F
ATTENTION = T * (3 * E * E + E * E) + 2 * T * T * E


@pytest.mark.parametrize(
    ("count", "by_hand"),
    [
        (macs("Linear", (E,), in_features=E, out_features=10), E * 10),
        (macs("Linear", (T, E), in_features=E, out_features=10, bias=False), T * E * 10),
        (macs("Bilinear", (E,), in1_features=E, in2_features=E, out_features=3), 3 * E * E),
        (macs("Conv2d", (1, 8, 8), in_channels=1, out_channels=32, kernel_size=3, padding=1), 18_432),
        (macs("Conv2d", (8, 9, 9), in_channels=8, out_channels=4, kernel_size=(3, 1), stride=2, groups=4, bias=False),
         4 * 4 * 5 * (8 // 4) * 3),
        (macs("Conv1d", (4, 10), in_channels=4, out_channels=6, kernel_size=3), 6 * 8 * 4 * 3),
        (macs("Conv3d", (2, 4, 4, 4), in_channels=2, out_channels=3, kernel_size=2), 3 * 27 * 2 * 8),
        (macs("ConvTranspose2d", (4, 5, 5), in_channels=4, out_channels=6, kernel_size=2, stride=2), 4 * 25 * 6 * 4),
        (macs("RNN", (T, E), input_size=E, hidden_size=F, batch_first=True), T * F * (E + F)),
        (macs("GRU", (T, E), input_size=E, hidden_size=F, batch_first=True), T * 3 * F * (E + F)),
        (macs("LSTM", (T, E), input_size=E, hidden_size=F, batch_first=True), T * 4 * F * (E + F)),
        (macs("LSTM", (40, E), input_size=E, hidden_size=F, batch_first=True, bidirectional=True, num_layers=2),
         40 * 2 * (4 * F * (E + F) + 4 * F * (2 * F + F))),
        (macs("MultiheadAttention", (T, E), embed_dim=E, num_heads=2, batch_first=True), ATTENTION),
        (macs("MultiheadAttention", (T, E), embed_dim=E, num_heads=2, batch_first=True, need_weights=False), ATTENTION),
        (macs("TransformerEncoderLayer", (T, E), d_model=E, nhead=2, dim_feedforward=F, batch_first=True), ENCODER),
        (macs("TransformerDecoderLayer", (T, E), d_model=E, nhead=2, dim_feedforward=F, batch_first=True), DECODER),
        (macs("Transformer", (T, E), d_model=E, nhead=2, num_encoder_layers=2, num_decoder_layers=3, dim_feedforward=F,
              batch_first=True), 2 * ENCODER + 3 * DECODER),
        (macs("matmul", (E, E)), E * E * E),
        (macs("Embedding", (T,), element="int", num_embeddings=9), 0),
        (macs("MaxPool2d", (1, 8, 8), kernel_size=2), 0),
        (macs("BatchNorm2d", (4, 8, 8), num_features=4), 0),
        (macs("ReLU", (E,)), 0),
    ],
)  # fmt: skip
def test_products_are_counted_for_one_row(count: int, by_hand: int):
    assert count == by_hand
