"""The initializers: the initial values of a layer's weights."""

from collections.abc import Mapping
from types import MappingProxyType

from engine.catalog.no_effect import Idle
from engine.catalog.params import Choice, Float, Int
from engine.catalog.weight_settings.spec import Axes, Initializer

LEFT_OUT: Mapping[str, str] = MappingProxyType(
    {
        "tensor": "the weight itself",
        "generator": "all numbers of a run are drawn by one generator, which the seed of the run starts",
    }
)
GAIN = Float("gain", 1.0, help="A factor on all values; 1.414 suits ReLU, 1.667 suits tanh.")
KAIMING = (
    Float(
        "a",
        0.0,
        help="The negative slope of the LeakyReLU after the layer.",
        idle=(Idle("nonlinearity", "only leaky_relu has a negative slope", but=("leaky_relu",)),),
    ),
    Choice(
        "mode",
        "fan_in",
        options=("fan_in", "fan_out"),
        help="Keep the variance of the values in the forward pass (fan_in), or of the gradients in the backward pass "
        "(fan_out).",
    ),
    Choice(
        "nonlinearity",
        "leaky_relu",
        options=("linear", "sigmoid", "tanh", "relu", "leaky_relu", "selu"),
        help="The activation after the layer.",
    ),
)
MATRIX = Axes(2)


def _left_out(*names: str) -> Mapping[str, str]:
    return MappingProxyType({name: LEFT_OUT[name] for name in ("tensor", *names)})


_ALL = (
    Initializer(
        kind="kaiming_normal_",
        target="nn.init.kaiming_normal_",
        summary="Normal numbers whose variance suits ReLU and similar activations.",
        source="He et al. 2015",
        params=KAIMING,
        axes=MATRIX,
        left_out=_left_out("generator"),
    ),
    Initializer(
        kind="kaiming_uniform_",
        target="nn.init.kaiming_uniform_",
        summary="Uniform numbers whose variance suits ReLU and similar activations.",
        source="He et al. 2015",
        params=KAIMING,
        axes=MATRIX,
        left_out=_left_out("generator"),
    ),
    Initializer(
        kind="xavier_normal_",
        target="nn.init.xavier_normal_",
        summary="Normal numbers whose variance suits tanh and sigmoid.",
        source="Glorot and Bengio 2010",
        params=(GAIN,),
        axes=MATRIX,
        left_out=_left_out("generator"),
    ),
    Initializer(
        kind="xavier_uniform_",
        target="nn.init.xavier_uniform_",
        summary="Uniform numbers whose variance suits tanh and sigmoid.",
        source="Glorot and Bengio 2010",
        params=(GAIN,),
        axes=MATRIX,
        left_out=_left_out("generator"),
    ),
    Initializer(
        kind="normal_",
        target="nn.init.normal_",
        summary="Normal numbers of a given mean and standard deviation.",
        params=(
            Float("mean", 0.0, help="The mean."),
            Float("std", 1.0, min=0.0, help="The standard deviation; 0.02 is usual for transformers."),
        ),
        left_out=_left_out("generator"),
    ),
    Initializer(
        kind="trunc_normal_",
        target="nn.init.trunc_normal_",
        summary="Normal numbers, drawn again where they are out of bounds.",
        params=(
            Float("mean", 0.0, help="The mean."),
            Float("std", 1.0, above=0.0, help="The standard deviation before the bounds; 0.02 is usual."),
            Float("a", -2.0, help="The lower bound, in the unit of the weights."),
            Float("b", 2.0, help="The upper bound, in the unit of the weights."),
        ),
        ordered=("a", "b"),
        left_out=_left_out("generator"),
    ),
    Initializer(
        kind="uniform_",
        target="nn.init.uniform_",
        summary="Uniform numbers between two bounds.",
        params=(Float("a", 0.0, help="The lower bound."), Float("b", 1.0, help="The upper bound.")),
        ordered=("a", "b"),
        left_out=_left_out("generator"),
    ),
    Initializer(
        kind="constant_",
        target="nn.init.constant_",
        summary="One number everywhere.",
        params=(Float("val", 0.0, required=True, help="The number."),),
        left_out=_left_out(),
    ),
    Initializer(kind="zeros_", target="nn.init.zeros_", summary="0 everywhere.", left_out=_left_out()),
    Initializer(kind="ones_", target="nn.init.ones_", summary="1 everywhere.", left_out=_left_out()),
    Initializer(
        kind="orthogonal_",
        target="nn.init.orthogonal_",
        summary="A random matrix with rows or columns at right angles.",
        source="Saxe et al. 2013",
        params=(GAIN,),
        axes=MATRIX,
        left_out=_left_out("generator"),
    ),
    Initializer(
        kind="sparse_",
        target="nn.init.sparse_",
        summary="A matrix with mostly zeros in each column.",
        source="Martens 2010",
        params=(
            Float("sparsity", 0.9, min=0.0, max=1.0, required=True, help="The share of each column that is 0."),
            Float("std", 0.01, min=0.0, help="The standard deviation of the others."),
        ),
        axes=Axes(2, 2),
        left_out=_left_out("generator"),
    ),
    Initializer(
        kind="eye_",
        target="nn.init.eye_",
        summary="The identity, which passes as many inputs on as there are outputs.",
        axes=Axes(2, 2),
        left_out=_left_out(),
    ),
    Initializer(
        kind="dirac_",
        target="nn.init.dirac_",
        summary="The identity for convolutions: each channel is passed on as it is.",
        params=(Int("groups", 1, min=1, help="The groups of the convolution; they divide its output channels."),),
        axes=Axes(3, 5),
        fixed=("groups",),
        left_out=_left_out(),
    ),
)

INITIALIZERS: Mapping[str, Initializer] = MappingProxyType({one.kind: one for one in _ALL})
"""Every initializer by its kind."""
