"""Arithmetic between values, and figures over an axis."""

from collections.abc import Mapping

from engine.catalog.params import Flag, Float, Sizes
from engine.catalog.shapes import Shapes, of
from engine.catalog.spec import Function, Infix, Layer, Method, Port

BOTH = (Port("input", "any"), Port("other", "any", number="other"))
NUMBER = Float("other", None, help="A number instead of a wire into other; None: a value is wired.")
OUT = (Port("output", "any"),)


def _infix(
    kind: str, operator: str, summary: str, source: str = "", left_out: Mapping[str, str] | None = None
) -> Layer:
    return Layer(
        kind=kind,
        family="math",
        emit=Infix(operator),
        summary=summary,
        shape=Shapes((of("*"), of("*")), rule="of each axis the larger size; axes of size 1 are repeated"),
        source=source,
        params=(NUMBER,),
        inputs=BOTH,
        outputs=OUT,
        signature=f"torch.{kind}",
        agreement="Sizes must be equal, or 1.",
        left_out=left_out or {},
    )


def _over(kind: str, verb: str, left_out: Mapping[str, str] | None = None) -> Layer:
    return Layer(
        kind=kind,
        family="math",
        emit=Method(kind),
        within=None if kind == "sum" else "input",
        summary=f"{verb} over axes.",
        shape=Shapes((of("B", "T", "C"),), (of("B", "C"),), " for dim 1"),
        params=(
            Sizes("dim", None, help="Axes to reduce, 0 is the batch; None: all of them."),
            Flag("keepdim", False, help="Keep the reduced axes, with size 1."),
        ),
        inputs=(Port("input", "float" if kind == "mean" else "any"),),
        outputs=(Port("output", "any", kept="always" if kind == "amax" else "never"),),
        preset={"dim": 1},
        left_out=left_out or {},
    )


MATMUL = Layer(
    kind="matmul",
    family="math",
    emit=Infix("@"),
    summary="Matrix product of the last two axes; the others are broadcast.",
    shape=Shapes((of("B", "*", "M", "K"), of("B", "*", "K", "N")), (of("B", "*", "M", "N"),)),
    inputs=(Port("input"), Port("other")),
    signature="torch.matmul",
    agreement="The last axis of the first must be as long as the last but one of the second.",
).known_as("dot", "matrix product", prominence=1)

EQUAL = Layer(
    kind="eq",
    family="math",
    emit=Method("eq"),
    summary="Where elements equal a number, as a mask: the padding of a sequence, one class.",
    shape=Shapes((of("*"),), rule=", true or false", keeps=True),
    params=(Float("other", 0.0, required=True, help="The number to compare with."),),
    inputs=(Port("input", "any"),),
    outputs=(Port("output", "bool"),),
)

FULL_LIKE = Layer(
    kind="full_like",
    family="math",
    emit=Function("torch.full_like"),
    summary="A tensor of the same shape filled with one number, such as the target 1 for real samples.",
    shape=Shapes((of("*"),), keeps=True),
    params=(Float("fill_value", 0.0, required=True, help="The number."),),
    inputs=(Port("input", "any", has_gradient=False, help="The value whose shape and type it gets."),),
    outputs=OUT,
).known_as("constant", "ones", "zeros", "fill")

NO_FACTOR = {"alpha": "an operator takes no factor; multiply first"}
OWN_TYPE = {"dtype": "the input's type is kept"}

LAYERS = (
    _infix(
        "add",
        "+",
        "Sum of two values, or of a value and a number; the residual connection.",
        "He et al. 2016",
        NO_FACTOR,
    ).known_as("residual", "skip", "plus", "sum", prominence=1),
    _infix("sub", "-", "Difference: the first value minus the second, or minus a number.", left_out=NO_FACTOR).known_as(
        "minus", "subtract", "difference"
    ),
    _infix("mul", "*", "Product of two values, or of a value and a number.").known_as(
        "times", "multiply", "product", "scale", "gate", prominence=1
    ),
    _infix(
        "div",
        "/",
        "Quotient: the first value divided by the second, or by a number.",
        left_out={"rounding_mode": "an operator does not round"},
    ).known_as("divide"),
    MATMUL,
    _over("mean", "Mean", OWN_TYPE).known_as("average", "global pooling", prominence=1),
    _over("sum", "Sum", OWN_TYPE),
    _over("amax", "Maximum"),
    EQUAL,
    FULL_LIKE,
)
