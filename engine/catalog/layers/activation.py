"""Functions applied to each number by itself, and the ones that make shares of a whole."""

from engine.catalog.layers.linear import LEFT_OUT
from engine.catalog.params import Choice, Flag, Float, Int, Param
from engine.catalog.shapes import Shapes, of
from engine.catalog.spec import ANY_NUMBER, Kept, Layer, Meaning, Module, Port, Range

SAME = Shapes((of("*"),), keeps=True)
POSITIVE, LOGARITHMS = Range(low=0.0), Range(high=0.0)
SHARES, SIGNED_SHARES = Range(0.0, 1.0), Range(-1.0, 1.0)
INPLACE = Flag("inplace", False, help="Overwrite the input and save its memory.")


def _activation(
    kind: str,
    summary: str,
    source: str,
    *params: Param,
    kept: Kept = "never",
    within: Range = ANY_NUMBER,
    gives: Meaning = "values",
) -> Layer:
    return Layer(
        kind=kind,
        family="activation",
        emit=Module(f"nn.{kind}"),
        summary=summary,
        shape=SAME,
        source=source,
        params=params,
        outputs=(Port("output", kept=kept),),
        within=within,
        gives=gives,
    )


def _share(kind: str, summary: str, source: str, within: Range, gives: Meaning) -> Layer:
    dim = Int("dim", None, help="Axis whose entries are compared; None lets torch guess, with a warning.")
    return Layer(
        kind=kind,
        family="activation",
        emit=Module(f"nn.{kind}"),
        summary=summary,
        shape=SAME,
        source=source,
        params=(dim,),
        outputs=(Port("output", kept="always"),),
        within=within,
        gives=gives,
        preset={"dim": -1},
    )


PRELU = Layer(
    kind="PReLU",
    family="activation",
    emit=Module("nn.PReLU"),
    summary="Keep positive numbers; multiply negative ones by a learned slope.",
    shape=SAME,
    source="He et al. 2015",
    within=ANY_NUMBER,
    params=(
        Int("num_parameters", 1, min=1, help="Slopes to learn: 1, or one per channel of axis 1."),
        Float("init", 0.25, help="Slope to start from."),
    ),
    left_out=LEFT_OUT,
).known_as(stem="prelu")
GLU = Layer(
    kind="GLU",
    family="activation",
    emit=Module("nn.GLU"),
    summary="Cut an axis in two halves and let the sigmoid of the second gate the first.",
    shape=Shapes((of("*", "2 C", "*"),), (of("*", "C", "*"),)),
    within=ANY_NUMBER,
    source="Dauphin et al. 2017",
    params=(Int("dim", -1, help="Axis to halve; its size must be even."),),
)

LAYERS = (
    _activation(
        "ReLU",
        "Keep positive numbers, set negative ones to 0.",
        "Nair and Hinton 2010",
        INPLACE,
        kept="always",
        within=POSITIVE,
    ).known_as("activation", "rectifier", prominence=3),
    _activation(
        "LeakyReLU",
        "Keep positive numbers, shrink negative ones.",
        "Maas et al. 2013",
        Float("negative_slope", 0.01, help="Factor for negative numbers."),
        INPLACE,
        kept="inplace",
    ),
    PRELU,
    _activation(
        "ELU",
        "Keep positive numbers, bend negative ones towards -alpha.",
        "Clevert et al. 2016",
        Float("alpha", 1.0, help="Depth of the negative side."),
        INPLACE,
        kept="inplace",
        within=Range(depth="alpha"),
    ),
    _activation(
        "CELU",
        "ELU with a slope of 1 on both sides of 0, whatever alpha.",
        "Barron 2017",
        Float("alpha", 1.0, above=0.0, help="Depth and width of the negative side."),
        INPLACE,
        kept="inplace",
        within=Range(depth="alpha"),
    ),
    _activation(
        "SELU",
        "ELU scaled so that mean and variance settle by themselves.",
        "Klambauer et al. 2017",
        INPLACE,
        kept="inplace",
        within=Range(low=-1.7581),
    ),
    _activation(
        "GELU",
        "Multiply each number by the chance that a normal variable lies below it.",
        "Hendrycks and Gimpel 2016",
        Choice("approximate", "none", options=("none", "tanh"), help="tanh: a close formula, faster on some devices."),
        within=Range(low=-0.171),
    ).known_as(prominence=1),
    _activation(
        "SiLU", "Multiply each number by its sigmoid.", "Elfwing et al. 2018", INPLACE, within=Range(low=-0.2785)
    ).known_as("swish", prominence=1),
    _activation(
        "Mish", "Multiply each number by the tanh of its softplus.", "Misra 2019", INPLACE, within=Range(low=-0.3089)
    ),
    _activation(
        "Softplus",
        "A smooth ReLU: log(1 + exp(beta x)) / beta.",
        "Dugas et al. 2001",
        Float("beta", 1.0, above=0.0, help="Sharpness of the bend."),
        Float("threshold", 20.0, help="Where beta x exceeds this, the number is passed on unchanged."),
        within=POSITIVE,
    ),
    _activation(
        "Softsign", "Squash numbers to between -1 and 1: x / (1 + |x|).", "Bergstra et al. 2009", within=SIGNED_SHARES
    ),
    _activation(
        "Sigmoid",
        "Squash numbers to between 0 and 1.",
        "Verhulst 1845; Rumelhart et al. 1986",
        kept="always",
        within=SHARES,
        gives="probabilities",
    ),
    _activation(
        "LogSigmoid",
        "Logarithm of the sigmoid, without losing digits.",
        "Rumelhart et al. 1986",
        within=LOGARITHMS,
        gives="log-probabilities",
    ),
    _activation(
        "Tanh", "Squash numbers to between -1 and 1.", "LeCun et al. 1998", kept="always", within=SIGNED_SHARES
    ).known_as(prominence=1),
    _activation("ReLU6", "ReLU cut off at 6.", "Krizhevsky 2010", INPLACE, within=Range(0.0, 6.0)),
    _activation(
        "Hardsigmoid",
        "The sigmoid drawn with three straight lines.",
        "Courbariaux et al. 2015",
        INPLACE,
        within=SHARES,
        gives="probabilities",
    ),
    _activation(
        "Hardswish",
        "SiLU drawn with straight lines and a parabola.",
        "Howard et al. 2019",
        INPLACE,
        within=Range(low=-0.375),
    ),
    GLU,
    _share(
        "Softmax", "Turn scores into positive shares that sum to 1.", "Bridle 1990", SHARES, "probabilities"
    ).known_as("probabilities", prominence=1),
    _share(
        "LogSoftmax", "Logarithm of the softmax, without losing digits.", "Bridle 1990", LOGARITHMS, "log-probabilities"
    ),
)
