"""Numbers of axes, from the shapes in declarations."""

import pytest

from engine.catalog.axes import input_axes, misfit, output_axes
from engine.catalog.index import layers


@pytest.mark.parametrize(
    ("kind", "axes_of_input", "words"),
    [
        ("Conv2d", {4}, "(N, C, H, W)"), ("BatchNorm1d", {2, 3}, "(N, C, L) or (N, C)"),
        ("LSTM", {3}, "(N, T, input_size)"), ("Nope", set(), ""),
        ("ReLU", set(), ""), ("Linear", set(), ""), ("GroupNorm", set(), ""), ("Flatten", set(), ""),
    ],
)  # fmt: skip
def test_only_shapes_that_count_axes_set_the_input_axes(kind, axes_of_input, words):
    assert input_axes(kind, "input") == (axes_of_input, words)


def test_each_of_several_ports_has_its_own_shape():
    assert input_axes("MultiheadAttention", "key") == ({3}, "(N, S, kdim)")
    assert input_axes("LSTM", "h_0") == (frozenset(), "")  # an optional port is ignored


@pytest.mark.parametrize(
    ("axes", "usual", "seldom", "never"),
    [
        (2, "Linear BatchNorm1d ReLU Dropout CrossEntropyLoss", "Flatten", "Conv2d BatchNorm2d MaxPool2d LSTM Conv1d"),
        (3, "Conv1d BatchNorm1d LSTM Linear LayerNorm GELU MultiheadAttention", "Flatten", "Conv2d MaxPool3d"),
        (4, "Conv2d BatchNorm2d MaxPool2d ReLU GroupNorm Flatten Upsample", "Linear LayerNorm", "Conv1d Conv3d LSTM"),
        (5, "Conv3d MaxPool3d ReLU", "Linear Flatten", "Conv2d BatchNorm2d"),
    ],
)
def test_kinds_are_distinguished_by_the_axes_that_fit_them(axes, usual, seldom, never):
    for distance, kinds in enumerate((usual, seldom, never)):
        assert {kind: misfit(kind, axes) for kind in kinds.split()} == dict.fromkeys(kinds.split(), distance)


def test_what_cannot_be_is_what_the_analysis_refuses():
    for kind, layer in layers().items():
        required = [port.name for port in layer.inputs if not port.optional]
        axes_of_input = input_axes(kind, required[0])[0] if required else frozenset()
        for axes in range(1, 7):
            assert (misfit(kind, axes) == 2) == bool(axes_of_input and axes not in axes_of_input), (kind, axes)


@pytest.mark.parametrize(
    ("kind", "axes_of_output"),
    [
        ("Conv2d", {4}),
        ("BatchNorm2d", {4}),
        ("LSTM", {3}),
        ("AdaptiveAvgPool2d", set()),
        ("ReLU", set()),
        ("Linear", set()),
    ],
)
def test_the_output_axes_of_a_layer_are_known_where_they_are_fixed(kind, axes_of_output):
    assert output_axes(kind) == axes_of_output
