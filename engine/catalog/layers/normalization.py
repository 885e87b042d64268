"""Layers that normalize the mean and the variance of values."""

from msgspec.structs import replace

from engine.catalog.emit import Module
from engine.catalog.layers.convolution import SPACES
from engine.catalog.layers.linear import LEFT_OUT
from engine.catalog.no_effect import Idle
from engine.catalog.params import Flag, Float, FromInput, Int, Param
from engine.catalog.shapes import Shapes, of
from engine.catalog.spec import ANY_NUMBER, Layer

EPS = Float("eps", 1e-5, min=0.0, help="Added to the variance, to avoid a division by 0.")
BATCH_EPS = replace(EPS, min=None, above=0.0)  # torch refuses 0 while training
FORGETFUL = (Idle("track_running_stats", "no running statistics are kept", (False,)),)


def _bias(affine: str) -> Flag:
    nothing = Idle(affine, f"nothing is learned while {affine} is off", (False,))
    return Flag("bias", True, help="Learn a bias as well as a scale.", idle=(nothing,))


def _running(*, on: bool) -> tuple[Param, ...]:
    return (
        Flag("affine", on, help="Learn a scale and a bias for each channel."),
        Flag("track_running_stats", on, help="Keep running means and variances, which evaluation uses."),
        _bias("affine"),
    )


MOMENTUM = Float(
    "momentum",
    0.1,
    min=0.0,
    max=1.0,
    none="all batches count alike",
    help="Weight of the newest batch in the running statistics; None: the mean of all batches.",
    idle=FORGETFUL,
)


def _batch(n: int) -> Layer:
    thing, _, letters = SPACES[n]
    per_channel = of("B", "C", *letters)
    return Layer(
        kind=f"BatchNorm{n}d",
        family="normalization",
        other_names=("normalize",),
        within=ANY_NUMBER,
        emit=Module(f"nn.BatchNorm{n}d"),
        summary=f"Normalize each channel of {thing} to mean 0 and variance 1 over the batch.",
        shape=Shapes(((per_channel, of("B", "C")) if n == 1 else per_channel,), keeps=True),
        source="Ioffe and Szegedy 2015",
        params=(
            FromInput("num_features", noun="channels", axis=1, help="Input channels."),
            BATCH_EPS,
            MOMENTUM,
            *_running(on=True),
        ),
        left_out=LEFT_OUT,
    )


def _instance(n: int) -> Layer:
    thing, _, letters = SPACES[n]
    momentum_help = "Weight of the newest batch in the running statistics."
    momentum = Float("momentum", 0.1, min=0.0, max=1.0, help=momentum_help, idle=FORGETFUL)
    return Layer(
        kind=f"InstanceNorm{n}d",
        family="normalization",
        other_names=("normalize",),
        within=ANY_NUMBER,
        emit=Module(f"nn.InstanceNorm{n}d"),
        summary=f"Normalize each channel of each {thing.split(' ')[1]} to mean 0 and variance 1.",
        shape=Shapes((of("B", "C", *letters),), keeps=True),
        source="Ulyanov et al. 2016",
        params=(
            FromInput("num_features", noun="channels", axis=1, help="Input channels."),
            EPS,
            momentum,
            *_running(on=False),
        ),
        left_out=LEFT_OUT,
    )


LAYER_NORM = Layer(
    kind="LayerNorm",
    family="normalization",
    other_names=("normalize",),
    within=ANY_NUMBER,
    emit=Module("nn.LayerNorm"),
    summary="Normalize the last axes to mean 0 and variance 1, each sample and position by itself.",
    shape=Shapes((of("B", "*", "normalized_shape"),), keeps=True),
    source="Ba et al. 2016",
    params=(
        FromInput(
            "normalized_shape",
            axis=-1,
            tuple_ok=True,
            help="Size of the last axis, or sizes of the last axes, that are normalized together.",
        ),
        EPS,
        Flag("elementwise_affine", True, help="Learn a scale and a bias for each feature."),
        _bias("elementwise_affine"),
    ),
    left_out=LEFT_OUT,
).known_as("layer normalization", prominence=1)
GROUP_NORM = Layer(
    kind="GroupNorm",
    family="normalization",
    other_names=("normalize",),
    within=ANY_NUMBER,
    emit=Module("nn.GroupNorm"),
    summary="Normalize each group of channels of each sample to mean 0 and variance 1.",
    shape=Shapes((of("B", "C", "*"),), keeps=True),
    source="Wu and He 2018",
    params=(
        Int("num_groups", 8, min=1, required=True, help="Number of groups; must divide num_channels."),
        FromInput("num_channels", noun="channels", axis=1, help="Input channels."),
        EPS,
        Flag("affine", True, help="Learn a scale and a bias for each channel."),
        _bias("affine"),
    ),
    left_out=LEFT_OUT,
)
RMS_NORM = Layer(
    kind="RMSNorm",
    family="normalization",
    other_names=("normalize",),
    within=ANY_NUMBER,
    emit=Module("nn.RMSNorm"),
    summary="Divide the last axes by their root mean square.",
    shape=Shapes((of("B", "*", "normalized_shape"),), keeps=True),
    source="Zhang and Sennrich 2019",
    params=(
        FromInput(
            "normalized_shape",
            axis=-1,
            tuple_ok=True,
            help="Size of the last axis, or sizes of the last axes, that are normalized together.",
        ),
        Float("eps", None, min=0.0, help="Added to the mean square; None: the machine epsilon of the data type."),
        Flag("elementwise_affine", True, help="Learn a scale for each feature."),
    ),
    left_out=LEFT_OUT,
)
LOCAL_RESPONSE_NORM = Layer(
    kind="LocalResponseNorm",
    family="normalization",
    other_names=("normalize",),
    within=ANY_NUMBER,
    emit=Module("nn.LocalResponseNorm"),
    summary="Divide each number by a power of the mean square of its neighbouring channels.",
    shape=Shapes((of("B", "C", "L", "*"),), keeps=True),
    source="Krizhevsky et al. 2012",
    params=(
        Int(
            "size", 5, min=1, required=True, unit="channels", help="Number of neighbouring channels, its own included."
        ),
        Float("alpha", 1e-4, help="Factor of the mean of the squares."),
        Float("beta", 0.75, help="Exponent of the divisor."),
        Float("k", 1.0, help="Added to the divisor before the exponent."),
    ),
).known_as("lrn", "brightness normalization")

LAYERS = (
    _batch(1).known_as("batch normalization", prominence=2),
    _batch(2).known_as("batch normalization", prominence=2),
    _batch(3),
    LAYER_NORM,
    GROUP_NORM,
    RMS_NORM,
    LOCAL_RESPONSE_NORM,
    *map(_instance, SPACES),
)
