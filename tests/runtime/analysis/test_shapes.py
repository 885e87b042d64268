"""The shape on every wire is the one that torch gives."""

from collections.abc import Mapping

import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from torch import Tensor, nn

from engine.catalog.axes import input_axes
from engine.catalog.emit import Creation, Module
from engine.catalog.params import Value
from engine.catalog.spec import Layer
from engine.codegen.expression import call, constructor
from engine.runtime.analysis import build
from engine.runtime.analysis.build import FLOAT, INT, SAMPLES, Refusal, Result, Spec, has_samples, try_layer
from tests.conftest import is_full
from tests.strategies import params_of
from tests.usual.inputs import VALUES, usual_inputs
from tests.usual.layers import LAYERS, TYPES, placed, prepared

OPERATIONS = {"math", "pointwise", "comparison"}
BATCH = 11  # a prime larger than any size here, as `SAMPLES` is
SIZES = frozenset(
    {"in_features", "in1_features", "in2_features", "in_channels", "num_features", "num_channels", "input_size"}
)
EXAMPLES = 150 if is_full() else 8

sizes = st.integers(1, 9)
lasts = st.sampled_from((2, 4, 8, 6, 5))


@st.composite
def inputs_of(draw: st.DrawFn, layer: Layer) -> dict[str, Spec]:
    """Values that a layer may be wired to; not all of them fit."""
    usual = usual_inputs(layer.kind, SAMPLES) if layer.inputs else {}
    if usual is not None:
        return {name: Spec(shape, TYPES[layer.input(name).element]) for name, shape in usual.items()}
    if isinstance(layer.emit, Creation):
        return {"like": Spec(draw(shapes()), FLOAT)}
    if layer.inputs[0].variadic:
        shape = draw(shapes())
        return {f"tensors[{place}]": Spec(shape, FLOAT) for place in range(draw(st.integers(1, 3)))}
    if layer.family in ("recurrent", "attention") and layer.kind != "causal_mask":
        return draw(sequences(layer))
    if (layer.family in OPERATIONS and len(layer.inputs) > 1) or layer.kind == "Bilinear":
        shape = draw(shapes())
        other = (*shape[:-2], shape[-1], shape[-2]) if layer.kind == "matmul" and len(shape) > 2 else shape
        names, kinds = [port.name for port in layer.inputs], [TYPES[port.element] for port in layer.inputs]
        return {name: Spec(other if name == "other" else shape, kind) for name, kind in zip(names, kinds, strict=True)}
    axes, _ = input_axes(layer.kind, layer.inputs[0].name)
    if layer.kind.endswith("PositionEncoding"):
        axes = frozenset({3})
    shape = draw(shapes(draw(st.sampled_from(sorted(axes))) if axes else 0))
    return {
        port.name: Spec(shape, INT if port.element == "int" else FLOAT) for port in layer.inputs if not port.optional
    }


@st.composite
def shapes(draw: st.DrawFn, axes: int = 0) -> tuple[int, ...]:
    """A shape with samples first; its second size has divisors."""
    axes = axes or draw(st.integers(2, 5))
    return (SAMPLES, draw(lasts), *(draw(sizes) for _ in range(axes - 2)))


@st.composite
def sequences(draw: st.DrawFn, layer: Layer) -> dict[str, Spec]:
    """Sequences that fit together, as the layer's ports need them."""
    steps, features = draw(st.integers(1, 9)), draw(lasts)
    names = [port.name for port in layer.inputs if not port.optional]
    axes, _ = input_axes(layer.kind, names[0])
    shape = (SAMPLES, steps, features) if 3 in axes else (SAMPLES, features)
    return {name: Spec(shape, FLOAT) for name in names}


def real(spec: Spec) -> Tensor:
    """Numbers of that shape, for few samples."""
    shape = tuple(fewer(size) for size in spec.shape)
    return torch.zeros(shape, dtype=INT) if spec.dtype == INT else torch.rand(shape).to(spec.dtype)


def fewer(size: int) -> int:
    """The size for a batch of a few samples."""
    return size // SAMPLES * BATCH if has_samples(size) else size


def really(layer: Layer, values: Mapping[str, Value], inputs: Mapping[str, Spec]) -> tuple[list[Spec | None], int]:
    """The result of the generated text with real numbers on the CPU."""
    names = build._names(layer)
    tensors = {port: real(spec) for port, spec in inputs.items()}
    variables = {port: f"input_{place}" for place, port in enumerate(inputs)}
    module = eval(constructor(layer, values), names) if isinstance(layer.emit, Module) else None  # noqa: S307
    text = call(layer, "module", variables, values)
    with torch.no_grad():
        result = eval(text, names, {"module": module, **{variables[port]: each for port, each in tensors.items()}})  # noqa: S307
    learned = sum(each.numel() for each in module.parameters()) if isinstance(module, nn.Module) else 0
    return list(build._specs(layer, result)), learned


def is_refused(layer: Layer, values: Mapping[str, Value], inputs: Mapping[str, Spec]) -> bool:
    """Whether torch refuses it, or gives an empty result."""
    try:
        outputs, _ = really(layer, values, inputs)
    except Exception:  # noqa: BLE001 (whatever torch raises)
        return True
    return any(spec is not None and 0 in spec.shape for spec in outputs)


def without_read(layer: Layer, values: Mapping[str, Value]) -> dict[str, Value]:
    """The values that a person sets."""
    read = {param.name for param in layer.derived}
    return {name: value for name, value in values.items() if name not in read}


@pytest.mark.parametrize("kind", ["BatchNorm1d", "BatchNorm2d", "BatchNorm3d"])
def test_what_torch_refuses_only_while_training_is_not_legal(kind: str):
    shape = (4, 2, 3, 3, 3)[: 2 + int(kind[-2])]
    with pytest.raises(ValueError, match="eps must be positive"):
        getattr(torch.nn, kind)(2, eps=0.0)(torch.rand(shape))
    assert LAYERS[kind].param("eps").problem(0.0)


MORE = {"GroupNorm": {"num_groups": 2}, "AdaptiveLogSoftmaxWithLoss": {"n_classes": 9, "cutoffs": (4,)}}
"""Values that fit few features, where the declared ones do not."""
SIZED = [kind for kind, layer in LAYERS.items() if any(each.name in SIZES for each in layer.derived)]


@pytest.mark.parametrize("kind", SIZED)
@pytest.mark.filterwarnings("ignore:input's size at dim=1 does not match")
def test_a_size_set_by_hand_is_compared_with_the_one_that_comes(kind: str):
    layer = LAYERS[kind]
    axes = max(input_axes(kind, layer.inputs[0].name)[0], default=3)
    inputs = {port.name: Spec((SAMPLES, 4, 6, 6, 6)[:axes], FLOAT) for port in layer.inputs if not port.optional}
    sizes = {each.name: inputs[each.port].shape[each.axis] for each in layer.derived if each.name in SIZES}
    more = MORE.get(kind, {})
    assert isinstance(try_layer(layer, {**sizes, **more}, inputs), Result)
    other = {name: size * 2 for name, size in sizes.items()} | more
    assert isinstance(try_layer(layer, other, inputs), Refusal) == is_refused(layer, other, inputs)


def test_a_running_mean_of_all_batches_can_be_tried_while_training():
    inputs = {"input": Spec((1, 3, 2, 2), FLOAT)}
    tried = build.try_exact(LAYERS["BatchNorm2d"], {"num_features": 3, "momentum": None}, inputs, training=True)
    assert isinstance(tried, Result)


def test_a_layer_that_overwrites_its_input_is_tried_as_well():
    values = {"alpha": 1e-90, "inplace": True}  # torch divides by it
    inputs = {"input": Spec((SAMPLES, 4), FLOAT)}
    assert is_refused(LAYERS["CELU"], values, inputs)
    assert isinstance(try_layer(LAYERS["CELU"], values, inputs), Refusal)


@pytest.mark.parametrize("kind", LAYERS)
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_the_promised_shape_is_the_real_one(kind: str):
    layer = LAYERS[kind]

    @settings(max_examples=EXAMPLES)
    @given(inputs_of(layer), params_of(layer.params) | st.just(VALUES.get(kind, {})))
    def holds(inputs: dict[str, Spec], example: dict[str, Value]):
        assume(all(value == 0 or abs(value) > 1e-6 for value in example.values() if isinstance(value, float)))
        values = {**without_read(layer, example), **({"batch_first": True} if layer.param("batch_first") else {})}
        if layer.divides:
            values[layer.divides.param] = 1 + values.get(layer.divides.param, 1) % 3  # larger ones rarely divide
        values = prepared(layer, values, inputs)
        assume(values is not None)
        promised = try_layer(layer, values, inputs)
        if isinstance(promised, Refusal):
            assert is_refused(layer, values, inputs)
            return
        assume(not promised.uneven and not any(spec and 0 in spec.shape for spec in promised.outputs))
        outputs, learned = really(layer, values, inputs)
        assert [spec and Spec(tuple(map(fewer, spec.shape)), spec.dtype) for spec in promised.outputs] == outputs
        assert promised.parameters == learned

    holds()


@pytest.mark.parametrize("kind", LAYERS)
def test_a_newly_placed_node_takes_a_usual_input(kind: str):
    layer, values, shapes = placed(kind)
    assert isinstance(try_layer(layer, values, shapes), Result)


def test_the_result_of_a_long_sequence_follows_from_short_ones():
    layer = LAYERS["LSTM"]
    values: dict[str, Value] = {
        "input_size": 3,
        "hidden_size": 4,
        "num_layers": 2,
        "bidirectional": True,
        "proj_size": 2,
    }
    values["batch_first"] = True
    result = try_layer(layer, values, {"input": Spec((SAMPLES, 500, 3), FLOAT)})
    assert isinstance(result, Result)
    assert [spec and spec.shape for spec in result.outputs] == [(SAMPLES, 500, 4), (4, SAMPLES, 2), (4, SAMPLES, 4)]
    step = 2 * (4 * 4 * (3 + 2) + 4 * 2) + 2 * (4 * 4 * (4 + 2) + 4 * 2)
    assert result.macs == 500 * step
