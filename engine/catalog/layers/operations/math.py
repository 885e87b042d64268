"""Arithmetic between values, their gradients and distances."""

from engine.catalog.emit import Function, Gradient, Infix, Method, Module
from engine.catalog.layers.operations import products
from engine.catalog.layers.operations.operators import infix
from engine.catalog.params import Flag, Float, Int, Number, Sizes
from engine.catalog.shapes import Shapes, of
from engine.catalog.spec import Layer, Port, Range

OUT = (Port("output", "any"),)


MATMUL = Layer(
    kind="matmul",
    family="math",
    emit=Infix("@"),
    summary="Matrix product of the last two axes; the others are broadcast.",
    shape=Shapes((of("B", "*", "M", "K"), of("B", "*", "K", "N")), (of("B", "*", "M", "N"),)),
    inputs=(Port("input"), Port("other")),
    signature="torch.matmul",
    agreement="The last axis of the first must be as long as the last but one of the second.",
).known_as("dot", "matrix product", "bmm", prominence=1)

FULL_LIKE = Layer(
    kind="full_like",
    family="math",
    emit=Function("torch.full_like"),
    summary="A tensor of the same shape filled with one number, such as the target 1 for real samples.",
    shape=Shapes((of("*"),), keeps=True),
    params=(Number("fill_value", 0.0, required=True, help="The number."),),
    inputs=(Port("input", "any", shape_only=True, help="The value whose shape and type it gets."),),
    outputs=OUT,
).known_as("constant", "ones", "zeros", "fill")

GRAD = Layer(
    kind="grad",
    family="math",
    emit=Gradient("torch.autograd.grad"),
    summary="The gradient of the sum of one value with respect to another, from which it is computed.",
    shape=Shapes((of("*"), of("B", "*")), rule="the shape of the second"),
    source="Gulrajani et al. 2017",
    inputs=(
        Port("outputs", help="The value that is differentiated, such as the scores of a critic."),
        Port("inputs", help="The value with respect to which it is differentiated."),
    ),
    left_out={
        "grad_outputs": "the sum is differentiated: each output has the same weight",
        "retain_graph": "it follows create_graph",
        "create_graph": "always on, so that a loss can be computed from the gradient",
        "only_inputs": "deprecated",
        "allow_unused": "the outputs must depend on the inputs",
        "is_grads_batched": "there is one gradient",
        "materialize_grads": "the outputs must depend on the inputs",
    },
).known_as("gradient", "derivative", "gradient penalty", "differentiate")

NORMALIZE = Layer(
    kind="normalize",
    family="math",
    emit=Function("F.normalize"),
    summary="Vectors along axes divided by their length, which becomes 1; their direction is kept.",
    shape=Shapes((of("*"),), keeps=True),
    params=(
        Float("p", 2.0, finite=False, help="Which length: 2 the Euclidean one, 1 the sum of sizes, inf the largest."),
        Sizes("dim", 1, help="Axes of the vectors; 0 is the batch."),
        Float("eps", 1e-12, min=0.0, help="Smallest length that is divided by, to avoid a division by 0."),
    ),
    left_out={"out": "the result is a new value"},
).known_as("unit length", "unit vector", "l2 norm")


def _triangle(kind: str, side: str) -> Layer:
    return Layer(
        kind=kind,
        family="math",
        emit=Method(kind),
        summary=f"The {side} triangle of the matrix in the last two axes; the other elements become 0.",
        shape=Shapes((of("*", "M", "N"),), keeps=True),
        params=(
            Int(
                "diagonal", 0, help="The last diagonal that is kept: 0 the main one, positive above it, negative below."
            ),
        ),
        inputs=(Port("input", "any"),),
        outputs=(Port("output", "any"),),
    ).known_as("triangle", "triangular", "causal", "mask")


PAIR = (Port("x1", help="The first vectors."), Port("x2", help="The second vectors."))
COSINE_SIMILARITY = Layer(
    kind="CosineSimilarity",
    family="math",
    emit=Module("nn.CosineSimilarity"),
    summary="Cosine of the angle between two vectors: 1 in the same direction, -1 in the opposite one.",
    shape=Shapes((of("B", "C", "*"), of("B", "C", "*")), (of("B", "*"),), " for dim 1"),
    source="Salton et al. 1975",
    params=(
        Int("dim", 1, help="Axis of the vectors, which goes away; 0 is the batch."),
        Float("eps", 1e-8, min=0.0, help="Smallest length that is divided by, to avoid a division by 0."),
    ),
    inputs=PAIR,
    agreement="Sizes must be equal, or 1.",
).known_as("angle", "similarity", "cosine")
PAIRWISE_DISTANCE = Layer(
    kind="PairwiseDistance",
    family="math",
    emit=Module("nn.PairwiseDistance"),
    summary="Distance between two vectors, those of the last axis.",
    shape=Shapes((of("B", "*", "C"), of("B", "*", "C")), (of("B", "*"),)),
    source="Minkowski 1896",
    params=(
        Float(
            "p", 2.0, finite=False, help="Which distance: 2 the Euclidean, 1 the sum of differences, inf the largest."
        ),
        Float("eps", 1e-6, help="Added to each difference, so that there is a gradient at distance 0."),
        Flag("keepdim", False, help="Keep the last axis, with size 1."),
    ),
    inputs=PAIR,
    outputs=(Port("output", backward_use="always"),),
    within=Range(low=0.0),
    agreement="Sizes must be equal, or 1.",
).known_as("euclidean distance", "siamese")

NO_FACTOR = {"alpha": "an operator takes no factor; multiply first"}
LAYERS = (
    infix(
        "add",
        "+",
        "Sum of two values, or of a value and a number; the residual connection.",
        source="He et al. 2016",
        left_out=NO_FACTOR,
    ).known_as("residual", "skip", "skip connection", "plus", "sum", prominence=1),
    infix(
        "sub",
        "-",
        "Difference: the first value or number minus the second.",
        left_out=NO_FACTOR,
        number_first=True,
    ).known_as("minus", "subtract", "difference", "one minus"),
    infix("mul", "*", "Product of two values, or of a value and a number.").known_as(
        "times", "multiply", "product", "scale", "gate", prominence=1
    ),
    infix(
        "div",
        "/",
        "Quotient: the first value or number divided by the second.",
        left_out={"rounding_mode": "an operator does not round"},
        number_first=True,
    ).known_as("divide", "one over"),
    MATMUL,
    *products.LAYERS,
    FULL_LIKE,
    GRAD,
    COSINE_SIMILARITY,
    PAIRWISE_DISTANCE,
    NORMALIZE,
    _triangle("tril", "lower"),
    _triangle("triu", "upper"),
)
