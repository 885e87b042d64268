"""Products of matrices and of any axes, and what compares all pairs of vectors."""

from engine.catalog.emit import Function
from engine.catalog.layers.operations.operators import BROADCAST
from engine.catalog.params import Choice, Float, Int
from engine.catalog.shapes import Shapes, of
from engine.catalog.spec import Layer, Port, Range
from engine.catalog.text_params import Equation

BMM = Layer(
    kind="bmm",
    family="math",
    emit=Function("torch.bmm"),
    summary="Matrix product of each sample; unlike matmul it takes three axes and repeats none.",
    formula="y[i, j] = sum over k of input[i, k] mat2[k, j], for each sample",
    shape=Shapes((of("B", "M", "K"), of("B", "K", "N")), (of("B", "M", "N"),)),
    inputs=(Port("input"), Port("mat2")),
    signature="torch.bmm",
    left_out={"out_dtype": "the type of the inputs is kept"},
    agreement="The last axis of the first must be as long as the middle axis of the second.",
).known_as("batched matrix product", "matrix product", "dot")
EINSUM = Layer(
    kind="einsum",
    family="math",
    emit=Function("torch.einsum", order=("equation", "operands")),
    summary="Products of any values, summed over axes: each axis has a letter, and letters that the result lacks are "
    "summed over.",
    shape=Shapes((of("*"), of("*")), (of("*"),), " by the letters of equation", more=True),
    source="Einstein 1916",
    params=(
        Equation(
            "equation",
            "bij,bjk->bik",
            required=True,
            help="A letter for each axis of each value, with commas between the values, then -> and the letters of the "
            "result; ... is any axes.",
        ),
    ),
    inputs=(Port("operands", variadic=True, help="The values, in the order of the equation."),),
).known_as("einstein sum", "tensor product", "contraction", "outer product", "bilinear")
CDIST = Layer(
    kind="cdist",
    family="math",
    emit=Function("torch.cdist"),
    summary="Distances between all vectors of one set and all of another, those of the last axis.",
    formula="(sum of |x1 - x2|^p)^(1/p)",
    shape=Shapes((of("B", "P", "M"), of("B", "R", "M")), (of("B", "P", "R"),)),
    source="Minkowski 1896",
    params=(
        Float(
            "p",
            2.0,
            min=0.0,
            finite=False,
            help="Which distance: 2 the Euclidean, 1 the sum of differences, inf the "
            "largest, 0 the number of differences.",
        ),
        Choice(
            "compute_mode",
            "use_mm_for_euclid_dist_if_necessary",
            options=(
                "use_mm_for_euclid_dist_if_necessary",
                "use_mm_for_euclid_dist",
                "donot_use_mm_for_euclid_dist",
            ),
            help="Whether Euclidean distances are computed by a matrix product, which is faster and less exact: "
            "from 26 vectors on, always, or never.",
        ),
    ),
    inputs=(Port("x1", help="The first vectors."), Port("x2", help="The second vectors.")),
    outputs=(Port("output", backward_use="always"),),
    signature="torch.cdist",
    within=Range(low=0.0),
    agreement="The last axes must be equally long, and the first ones equal, or 1.",
).known_as("pairwise distance", "nearest neighbour", "codebook", "prototypes", "all pairs")
COSINE_SIMILARITY = Layer(
    kind="cosine_similarity",
    family="math",
    emit=Function("torch.cosine_similarity"),
    summary="Cosine of the angle between vectors that are broadcast against each other, 1 in the same direction.",
    formula="x1 . x2 / max(|x1| |x2|, eps)",
    shape=Shapes((of("B", "C", "*"), of("B", "C", "*")), (of("B", "*"),), " for dim 1"),
    source="Salton et al. 1975",
    params=(
        Int("dim", 1, help="Axis of the vectors, which goes away; 0 is the batch."),
        Float("eps", 1e-8, min=0.0, help="Smallest length that is divided by, to avoid a division by 0."),
    ),
    inputs=(Port("x1", help="The first vectors."), Port("x2", help="The second vectors.")),
    signature="torch.cosine_similarity",
    agreement=BROADCAST,
).known_as("angle", "similarity", "contrastive")

LAYERS = (BMM, EINSUM, CDIST, COSINE_SIMILARITY)
