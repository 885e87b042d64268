"""Activations: elementwise functions, and those that normalize to shares of 1."""

from collections.abc import Mapping
from types import MappingProxyType

from engine.catalog.emit import Module
from engine.catalog.layers.linear import LEFT_OUT
from engine.catalog.params import Choice, Flag, Float, Int, Param
from engine.catalog.port_values import Meaning
from engine.catalog.requirements import Ascending
from engine.catalog.shapes import Shapes, of
from engine.catalog.spec import ANY_NUMBER, BackwardUse, Layer, Port, Range

SAME = Shapes((of("*"),), keeps=True)
POSITIVE, LOGARITHMS = Range(low=0.0), Range(high=0.0)
SHARES, SIGNED_SHARES = Range(0.0, 1.0), Range(-1.0, 1.0)
NOTHING: Mapping[str, str] = MappingProxyType({})
INPLACE = Flag("inplace", False, help="Compute the result in the memory of the input.")


def _activation(  # noqa: PLR0913 - a declaration has as many parts
    kind: str,
    summary: str,
    source: str,
    *params: Param,
    backward_use: BackwardUse = "never",
    within: Range = ANY_NUMBER,
    gives: Meaning = "values",
    left_out: Mapping[str, str] = NOTHING,
    ascending: Ascending | None = None,
) -> Layer:
    return Layer(
        kind=kind,
        family="activation",
        emit=Module(f"nn.{kind}"),
        summary=summary,
        shape=SAME,
        source=source,
        params=params,
        outputs=(Port("output", backward_use=backward_use),),
        within=within,
        gives=gives,
        left_out=left_out,
        ascending=ascending,
    )


def _share(kind: str, summary: str, source: str, within: Range, gives: Meaning) -> Layer:
    dim = Int("dim", None, help="Axis along which the result sums to 1; None: torch chooses one, with a warning.")
    return Layer(
        kind=kind,
        family="activation",
        emit=Module(f"nn.{kind}"),
        summary=summary,
        shape=SAME,
        source=source,
        params=(dim,),
        outputs=(Port("output", backward_use="always"),),
        within=within,
        gives=gives,
        preset={"dim": -1},
    )


PRELU = Layer(
    kind="PReLU",
    family="activation",
    emit=Module("nn.PReLU"),
    summary="x where x is positive, else a learned slope times x.",
    shape=SAME,
    source="He et al. 2015",
    within=ANY_NUMBER,
    params=(
        Int("num_parameters", 1, min=1, help="Number of learned slopes: 1, or one for each channel (axis 1)."),
        Float("init", 0.25, help="Initial value of the slope."),
    ),
    left_out=LEFT_OUT,
).known_as(stem="prelu")
GLU = Layer(
    kind="GLU",
    family="activation",
    emit=Module("nn.GLU"),
    summary="Gated linear unit: the first half of an axis times the sigmoid of the second half.",
    shape=Shapes((of("*", "2 C", "*"),), (of("*", "C", "*"),)),
    within=ANY_NUMBER,
    source="Dauphin et al. 2017",
    params=(Int("dim", -1, help="Axis that is split in half; its size must be even."),),
)
SOFTMAX_2D = Layer(
    kind="Softmax2d",
    family="activation",
    emit=Module("nn.Softmax2d"),
    summary="Turn the scores of the channels at each pixel into probabilities that sum to 1.",
    shape=Shapes((of("B", "C", "H", "W"),), keeps=True),
    source="Bridle 1990",
    outputs=(Port("output", backward_use="always"),),
    within=SHARES,
    gives="probabilities",
).known_as("pixel probabilities", "segmentation")

LAYERS = (
    _activation(
        "ReLU",
        "Rectified linear unit: max(0, x).",
        "Nair and Hinton 2010",
        INPLACE,
        backward_use="always",
        within=POSITIVE,
    ).known_as("activation", "rectifier", prominence=3),
    _activation(
        "LeakyReLU",
        "x where x is positive, else negative_slope * x.",
        "Maas et al. 2013",
        Float("negative_slope", 0.01, help="Slope for negative x."),
        INPLACE,
        backward_use="inplace",
    ),
    PRELU,
    _activation(
        "ELU",
        "x where x is positive, else alpha * (exp(x) - 1).",
        "Clevert et al. 2016",
        Float("alpha", 1.0, help="The limit for negative x is -alpha."),
        INPLACE,
        backward_use="inplace",
        within=Range(depth="alpha"),
    ),
    _activation(
        "CELU",
        "ELU that is continuously differentiable for every alpha.",
        "Barron 2017",
        Float("alpha", 1.0, above=0.0, help="The limit for negative x is -alpha; also scales x in the exponential."),
        INPLACE,
        backward_use="inplace",
        within=Range(depth="alpha"),
    ),
    _activation(
        "SELU",
        "Scaled ELU, whose constants keep the mean near 0 and the variance near 1.",
        "Klambauer et al. 2017",
        INPLACE,
        backward_use="inplace",
        within=Range(low=-1.7581),
    ),
    _activation(
        "GELU",
        "x times the standard normal distribution function at x.",
        "Hendrycks and Gimpel 2016",
        Choice("approximate", "none", options=("none", "tanh"), help="tanh: an approximation, faster on some devices."),
        within=Range(low=-0.171),
    ).known_as(prominence=1),
    _activation(
        "SiLU", "x * sigmoid(x), also called swish.", "Elfwing et al. 2018", INPLACE, within=Range(low=-0.2785)
    ).known_as("swish", prominence=1),
    _activation("Mish", "x * tanh(softplus(x)).", "Misra 2019", INPLACE, within=Range(low=-0.3089)),
    _activation(
        "Softplus",
        "Smooth approximation of ReLU: log(1 + exp(beta x)) / beta.",
        "Dugas et al. 2001",
        Float("beta", 1.0, above=0.0, help="A larger beta is closer to ReLU."),
        Float("threshold", 20.0, help="Where beta x is larger, the result is x itself."),
        within=POSITIVE,
    ),
    _activation("Softsign", "x / (1 + |x|), in (-1, 1).", "Bergstra et al. 2009", within=SIGNED_SHARES),
    _activation(
        "Sigmoid",
        "Logistic function 1 / (1 + exp(-x)), in (0, 1).",
        "Verhulst 1845; Rumelhart et al. 1986",
        backward_use="always",
        within=SHARES,
        gives="probabilities",
    ),
    _activation(
        "LogSigmoid",
        "Logarithm of the sigmoid, computed in a numerically stable way.",
        "Rumelhart et al. 1986",
        within=LOGARITHMS,
        gives="log-probabilities",
    ),
    _activation(
        "Tanh", "Hyperbolic tangent, in (-1, 1).", "LeCun et al. 1998", backward_use="always", within=SIGNED_SHARES
    ).known_as(prominence=1),
    _activation("ReLU6", "ReLU limited to 6: min(max(0, x), 6).", "Krizhevsky 2010", INPLACE, within=Range(0.0, 6.0)),
    _activation(
        "Hardsigmoid",
        "Piecewise linear approximation of the sigmoid.",
        "Courbariaux et al. 2015",
        INPLACE,
        within=SHARES,
        gives="probabilities",
    ),
    _activation(
        "Hardtanh",
        "Limit x to the range from min_val to max_val.",
        "Collobert 2004",
        Float("min_val", -1.0, help="Lower end of the range."),
        Float("max_val", 1.0, help="Upper end of the range; above min_val."),
        INPLACE,
        within=Range(-1.0, 1.0, low_param="min_val", high_param="max_val"),
        ascending=Ascending("min_val", "max_val", strictly=True),
        left_out={"min_value": "deprecated: min_val replaces it", "max_value": "deprecated: max_val replaces it"},
    ).known_as("clip", "clamp", "limit"),
    _activation(
        "Hardshrink",
        "Set numbers near 0 to 0 and keep the others.",
        "Donoho and Johnstone 1994",
        Float("lambd", 0.5, min=0.0, help="Numbers up to this far from 0 become 0."),
    ).known_as("threshold", "sparse"),
    _activation(
        "Softshrink",
        "Set numbers near 0 to 0 and move the others towards 0.",
        "Donoho and Johnstone 1994",
        Float("lambd", 0.5, min=0.0, help="How far each number moves towards 0, which it does not cross."),
    ).known_as("soft threshold", "sparse"),
    _activation("Tanhshrink", "x - tanh(x).", "LeCun et al. 1998"),
    _activation(
        "Threshold",
        "x where x is above a threshold, else a given value.",
        "McCulloch and Pitts 1943",
        Float("threshold", 0.0, required=True, help="Numbers up to this one are replaced."),
        Float("value", 0.0, required=True, help="The number that replaces them."),
        INPLACE,
    ),
    _activation(
        "RReLU",
        "x where x is positive, else x times a slope that is random during training.",
        "Xu et al. 2015",
        Float("lower", 1.0 / 8, help="Smallest slope for negative x; evaluation takes the mean of lower and upper."),
        Float("upper", 1.0 / 3, help="Largest slope for negative x; at least lower."),
        INPLACE,
        backward_use="inplace",
        ascending=Ascending("lower", "upper"),
    ).known_as("randomized leaky relu", stem="rrelu"),
    _activation(
        "Hardswish",
        "Piecewise approximation of SiLU without an exponential.",
        "Howard et al. 2019",
        INPLACE,
        within=Range(low=-0.375),
    ),
    GLU,
    _share(
        "Softmin",
        "Turn scores into probabilities that sum to 1, the smallest score the most probable.",
        "Bridle 1990",
        SHARES,
        "probabilities",
    ),
    SOFTMAX_2D,
    _share("Softmax", "Turn scores into probabilities that sum to 1.", "Bridle 1990", SHARES, "probabilities").known_as(
        "probabilities", prominence=1
    ),
    _share(
        "LogSoftmax",
        "Logarithm of the softmax, computed in a numerically stable way.",
        "Bridle 1990",
        LOGARITHMS,
        "log-probabilities",
    ),
)
