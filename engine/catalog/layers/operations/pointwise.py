"""Functions of each element, and of each pair of elements of two values."""

import math

from engine.catalog.emit import Function
from engine.catalog.layers.operations.operators import BROADCAST, PAIRED, infix
from engine.catalog.params import Int, Number, Param, Value
from engine.catalog.shapes import Shapes, of
from engine.catalog.spec import Layer, Port, Range

SAME = Shapes((of("*"),), keeps=True)
CIRCLE = Range(-1.0, 1.0)
ANY_OUT, KEPT_OUT = (Port("output", "any"),), (Port("output", "any", backward_use="always"),)
REAL_OUT, KEPT_REAL_OUT = (Port("output"),), (Port("output", backward_use="always"),)
"""A real number also where the input is a whole one."""


def _each(
    kind: str,
    summary: str,
    *params: Param,
    outputs: tuple[Port, ...] = REAL_OUT,
    within: Range | None = None,
    preset: dict[str, Value] | None = None,
) -> Layer:
    return Layer(
        kind=kind,
        family="pointwise",
        emit=Function(f"torch.{kind}"),
        summary=summary,
        shape=SAME,
        params=params,
        inputs=(Port("input", "any"),),
        outputs=outputs,
        signature=f"torch.{kind}",
        within=within,
        preset=preset or {},
    )


def _pairs(kind: str, summary: str, *, outputs: tuple[Port, ...] = ANY_OUT) -> Layer:
    return Layer(
        kind=kind,
        family="pointwise",
        emit=Function(f"torch.{kind}"),
        summary=summary,
        shape=PAIRED,
        inputs=(Port("input", "any"), Port("other", "any")),
        outputs=outputs,
        signature=f"torch.{kind}",
        agreement=BROADCAST,
    )


FLOOR_DIVIDE = Layer(
    kind="floor_divide",
    family="pointwise",
    emit=Function("floor_divide", snippet="operations.arithmetic"),
    summary="The quotient rounded down, of values or numbers; its gradient is 0.",
    shape=PAIRED,
    params=tuple(
        Number(port, None, is_argument=False, help=f"A number instead of a wire into {port}; None: a value is wired.")
        for port in ("other", "input")
    ),
    inputs=(Port("input", "any", number="input"), Port("other", "any", number="other")),
    outputs=ANY_OUT,
    agreement=BROADCAST,
).known_as("integer division", "quotient")

# No `within` where numbers from 0 to 1 stay between 0 and 1: a loss of probabilities takes such a result.
LAYERS = (
    _each("exp", "e to the power of x: of log-probabilities the probabilities.", outputs=KEPT_REAL_OUT).known_as(
        "exponential", "e to the x"
    ),
    _each("log", "The natural logarithm of x; of 0 -inf, of negative numbers no number.").known_as("ln", "logarithm"),
    _each("log1p", "The natural logarithm of 1 + x, exact for small x.").known_as("ln", "logarithm", "counts"),
    _each("log2", "The logarithm of x to the base 2.").known_as("logarithm", "bits"),
    _each("expm1", "e to the power of x, minus 1, exact for small x.", outputs=KEPT_REAL_OUT).known_as("exponential"),
    _each("sqrt", "The square root of x; of negative numbers no number.", outputs=KEPT_REAL_OUT).known_as(
        "square root"
    ),
    _each("rsqrt", "1 divided by the square root of x, with which a norm is made 1.", outputs=KEPT_REAL_OUT).known_as(
        "inverse square root", "normalize"
    ),
    _each("reciprocal", "1 divided by x.", outputs=KEPT_REAL_OUT).known_as("inverse", "1/x", "one over"),
    _each("square", "x times x.", outputs=ANY_OUT).known_as("power of two", "squared"),
    _each("neg", "x with the other sign.", outputs=ANY_OUT).known_as("negative", "negate", "minus"),
    _each("abs", "x without its sign.", outputs=ANY_OUT).known_as("absolute value", "magnitude", "modulus"),
    _each("sign", "1 where x is positive, -1 where it is negative, 0 where it is 0.", outputs=ANY_OUT).known_as(
        "signum"
    ),
    _each(
        "round",
        "The nearest whole number, halves to the even one; its gradient is 0.",
        Int("decimals", 0, help="Digits after the point that are kept; negative ones round before the point."),
        outputs=ANY_OUT,
    ).known_as("nearest", "quantize"),
    _each("floor", "The largest whole number that is not above x; its gradient is 0.", outputs=ANY_OUT).known_as(
        "round down", "integer part"
    ),
    _each("ceil", "The smallest whole number that is not below x; its gradient is 0.", outputs=ANY_OUT).known_as(
        "round up"
    ),
    _each("trunc", "x without the digits after the point; its gradient is 0.", outputs=ANY_OUT).known_as(
        "integer part", "cut off"
    ),
    _each(
        "clamp",
        "x within bounds: smaller numbers become the lower bound, larger ones the upper.",
        Number("min", None, help="Lower bound; None: there is none."),
        Number("max", None, help="Upper bound; None: there is none."),
        outputs=ANY_OUT,
        preset={"min": 0.0},
    ).known_as("clip", "bounds", "limit"),
    _each("sin", "The sine of x, an angle in radians.", within=CIRCLE).known_as("sine", "position", "wave"),
    _each("cos", "The cosine of x, an angle in radians.", within=CIRCLE).known_as("cosine", "position", "wave"),
    _each("tan", "The tangent of x, an angle in radians.", outputs=KEPT_REAL_OUT).known_as("tangent"),
    _each(
        "asin", "The angle in radians whose sine is x, from -1 to 1.", within=Range(-math.pi / 2, math.pi / 2)
    ).known_as("arcsin", "inverse sine"),
    _each("acos", "The angle in radians whose cosine is x, from -1 to 1.", within=Range(0.0, math.pi)).known_as(
        "arccos", "inverse cosine"
    ),
    _each("atan", "The angle in radians whose tangent is x.", within=Range(-math.pi / 2, math.pi / 2)).known_as(
        "arctan", "inverse tangent"
    ),
    _pairs(
        "atan2", "The angle in radians of the point with the height input and the width other.", outputs=REAL_OUT
    ).known_as("arctan2", "angle", "direction", "phase"),
    _each("erf", "The error function, of which the normal distribution and GELU are made.", within=CIRCLE).known_as(
        "error function", "gaussian"
    ),
    infix(
        "pow",
        "**",
        "x to a power; either may be a number instead of a value.",
        family="pointwise",
        other="exponent",
        keeps_result=True,
        number_first=True,
    ).known_as("power", "exponent", "raise", "to the power"),
    FLOOR_DIVIDE,
    infix(
        "remainder",
        "%",
        "The rest of a division by a value or a number, with the divisor's sign.",
        family="pointwise",
    ).known_as("modulo", "mod", "rest"),
    _pairs(
        "hypot", "The root of the sum of two squares: the size of a complex number.", outputs=KEPT_REAL_OUT
    ).known_as("magnitude", "length", "euclidean"),
    _pairs("minimum", "The smaller of two numbers, element by element.").known_as("min", "smaller"),
    _pairs("maximum", "The larger of two numbers, element by element.").known_as("max", "larger", "maxout"),
)
