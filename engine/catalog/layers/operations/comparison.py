"""Comparisons and logic, whose results are true or false, and the choice between values by such a mask."""

from engine.catalog.emit import Function
from engine.catalog.layers.operations.operators import BROADCAST, PAIRED, infix
from engine.catalog.params import Number
from engine.catalog.shapes import Shapes, of
from engine.catalog.spec import Layer, Port

MASK_OUT, ANY_OUT = (Port("output", "bool"),), (Port("output", "any"),)


def _compares(kind: str, operator: str, summary: str) -> Layer:
    return infix(kind, operator, summary, family="comparison", gives="bool")


def _logic(kind: str, summary: str) -> Layer:
    return Layer(
        kind=kind,
        family="comparison",
        emit=Function(f"torch.{kind}"),
        summary=f"{summary}; numbers other than 0 count as true.",
        shape=PAIRED,
        inputs=(Port("input", "any"), Port("other", "any")),
        outputs=MASK_OUT,
        signature=f"torch.{kind}",
        agreement=BROADCAST,
    )


def _number(port: str) -> Number:
    return Number(
        port, None, is_argument=False, help=f"A number instead of a wire into {port}; None: a value is wired."
    )


NOT = Layer(
    kind="logical_not",
    family="comparison",
    emit=Function("torch.logical_not"),
    summary="True where the value is false, or 0.",
    shape=Shapes((of("*"),), rule=", true or false", keeps=True),
    inputs=(Port("input", "any"),),
    outputs=MASK_OUT,
    signature="torch.logical_not",
)
ISNAN = Layer(
    kind="isnan",
    family="comparison",
    emit=Function("torch.isnan"),
    summary="True where the value is no number.",
    shape=Shapes((of("*"),), rule=", true or false", keeps=True),
    inputs=(Port("input", "any"),),
    outputs=MASK_OUT,
    signature="torch.isnan",
)
WHERE = Layer(
    kind="where",
    family="comparison",
    emit=Function("torch.where"),
    summary="Of each pair of elements the first where the condition is true, else the second.",
    shape=Shapes((of("*"), of("*"), of("*")), rule="of each axis the largest size; axes of size 1 are repeated"),
    params=(_number("input"), _number("other")),
    inputs=(
        Port("condition", "bool", help="A mask, such as a comparison gives."),
        Port("input", "any", number="input", help="What is taken where the condition is true."),
        Port("other", "any", number="other", help="What is taken elsewhere."),
    ),
    outputs=ANY_OUT,
    signature="torch.where",
    agreement=BROADCAST,
)
MASKED_FILL = Layer(
    kind="masked_fill",
    family="comparison",
    emit=Function("torch.masked_fill"),
    summary="One number where a mask is true, and the value elsewhere: -inf before a softmax gives a share of 0.",
    shape=PAIRED,
    params=(Number("value", float("-inf"), required=True, finite=False, help="The number."),),
    inputs=(Port("input", "any"), Port("mask", "bool", help="True where the number goes.")),
    outputs=ANY_OUT,
    signature="torch.masked_fill",
    agreement=BROADCAST,
)

PADDING_MASK = Layer(
    kind="padding_mask",
    family="comparison",
    emit=Function("padding_mask", snippet="masks"),
    summary="Mask of padded sequences: true behind the end of each, for attention that must not look there.",
    formula="y[n, t] = t >= lengths[n]",
    shape=Shapes((of("B", what="int"), of("B", "T", "*")), (of("B", "T"),), ", true from the length on"),
    inputs=(
        Port("lengths", "int", help="The length of each sequence."),
        Port("input", "any", shape_only=True, help="The padded sequences, read for their number of steps."),
    ),
    outputs=(Port("output", "bool", mask="hides", help="For key_padding_mask or masked_fill."),),
)

LAYERS = (
    _compares(
        "eq", "==", "True where elements equal a value or a number: for the padding of a sequence, or one class."
    ).known_as("equal", "same", "mask", "padding mask"),
    _compares("ne", "!=", "True where elements differ from a value or a number.").known_as("not equal", "mask"),
    _compares("lt", "<", "True where elements are less than a value or a number.").known_as("less than", "below"),
    _compares("le", "<=", "True where elements are at most a value or a number.").known_as("less or equal", "at most"),
    _compares("gt", ">", "True where elements are greater than a value or a number.").known_as(
        "greater than", "above", "threshold"
    ),
    _compares("ge", ">=", "True where elements are at least a value or a number.").known_as(
        "greater or equal", "at least"
    ),
    _logic("logical_and", "True where both are").known_as("and", "both", "combine masks"),
    _logic("logical_or", "True where one is, or both").known_as("or", "either"),
    _logic("logical_xor", "True where exactly one is").known_as("exclusive or", "differ"),
    NOT.known_as("not", "invert mask", "negate"),
    WHERE.known_as("choose", "if", "select by mask", "condition"),
    MASKED_FILL.known_as("mask", "attention mask", "fill"),
    PADDING_MASK.known_as("mask", "key padding mask", "lengths", "attention mask"),
    ISNAN.known_as("missing", "nan", "mask"),
)
