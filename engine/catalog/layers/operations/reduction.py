"""Reductions over axes, and sums that run along one."""

from collections.abc import Mapping
from types import MappingProxyType

from engine.catalog.emit import Function, Method
from engine.catalog.params import Flag, Float, Int, Number, Param, Sizes, Value
from engine.catalog.shapes import Shapes, of
from engine.catalog.spec import BackwardUse, Element, Layer, Port, Range

OWN_TYPE: Mapping[str, str] = MappingProxyType({"dtype": "the input's type is kept"})
NOTHING: Mapping[str, str] = MappingProxyType({})
AXES = Sizes("dim", None, help="Axes to reduce, 0 is the batch; None: all of them.")
AXIS = Int("dim", None, help="Axis to search, 0 is the batch; None: all elements in a row.")
KEEP = Flag("keepdim", False, help="Keep the reduced axes, with size 1.")
CORRECTION = Number(
    "correction",
    1,
    help="Subtracted from the number of elements, by which it divides: 0 where these elements are all.",
)


def _reduction(
    kind: str,
    summary: str,
    *params: Param,
    takes: Element = "any",
    gives: Element = "any",
    backward_use: BackwardUse = "never",
    keeps_range: bool = False,
    left_out: Mapping[str, str] = NOTHING,
) -> Layer:
    preset: dict[str, Value] = {} if params[0].required else {"dim": 1}
    return Layer(
        kind=kind,
        family="reduction",
        emit=Method(kind),
        within="input" if keeps_range else None,
        combines=True,
        summary=summary,
        shape=Shapes((of("B", "T", "C"),), (of("B", "C"),), " for dim 1"),
        params=params,
        inputs=(Port("input", takes),),
        outputs=(Port("output", gives, backward_use=backward_use),),
        preset=preset,
        left_out=left_out,
    )


VECTOR_NORM = Layer(
    kind="vector_norm",
    family="reduction",
    emit=Function("torch.linalg.vector_norm"),
    summary="The length of the vectors along axes, which are removed; its gradient at 0 is 0.",
    shape=Shapes((of("B", "C", "H", "W"),), (of("B"),), " for dim (1, 2, 3)"),
    params=(
        Float(
            "ord", 2.0, finite=False, help="Which norm: 2 the Euclidean length, 1 the sum of sizes, inf the largest."
        ),
        Sizes("dim", None, help="Axes to take together, 0 is the batch; None: all of them."),
        Flag("keepdim", False, help="Keep the axes, with size 1."),
    ),
    outputs=(Port("output", backward_use="always"),),
    preset={"dim": 1},
    left_out=OWN_TYPE,
    within=Range(low=0.0),
).known_as("length", "norm", "euclidean", "magnitude")


def _running(kind: str, summary: str, *names: str, backward_use: BackwardUse = "never") -> Layer:
    return Layer(
        kind=kind,
        family="reduction",
        emit=Method(kind),
        summary=summary,
        shape=Shapes((of("*"),), keeps=True),
        params=(Int("dim", 1, required=True, help="Axis along which it runs; 0 is the batch."),),
        inputs=(Port("input", "any"),),
        outputs=(Port("output", "any", backward_use=backward_use),),
        left_out=OWN_TYPE,
    ).known_as(*names)


def _extreme(kind: str, summary: str, *names: str) -> Layer:
    return Layer(
        kind=kind,
        family="reduction",
        emit=Function(f"torch.{kind}"),
        summary=summary,
        shape=Shapes((of("B", "T", "C"),), (of("B", "C"), of("B", "C")), " for dim 1"),
        params=(Int("dim", 1, required=True, help="Axis to search, which is removed; 0 is the batch."), KEEP),
        inputs=(Port("input", "any"),),
        outputs=(
            Port("values", "any", help="The elements."),
            Port("indices", "int", help="Their places along the axis."),
        ),
        within="input",
        combines=True,
    ).known_as(*names, "sequence to one")


LAYERS = (
    _reduction("mean", "Mean over axes.", AXES, KEEP, takes="float", keeps_range=True, left_out=OWN_TYPE).known_as(
        "average", "global pooling", "sequence to one", "downsample", prominence=1
    ),
    _reduction("sum", "Sum over axes.", AXES, KEEP, left_out=OWN_TYPE),
    _reduction(
        "prod",
        "Product over an axis.",
        Int("dim", 1, required=True, help="Axis to reduce, 0 is the batch."),
        KEEP,
        backward_use="always",
        left_out=OWN_TYPE,
    ).known_as("product"),
    _reduction("amax", "Maximum over axes.", AXES, KEEP, backward_use="always", keeps_range=True),
    _reduction("amin", "Minimum over axes.", AXES, KEEP, backward_use="always", keeps_range=True),
    _extreme("max", "The largest element along an axis, and its place.", "maximum", "global pooling"),
    _extreme("min", "The smallest element along an axis, and its place.", "minimum"),
    _extreme("median", "The middle element along an axis in order, and its place; of two the smaller.", "middle"),
    _reduction("any", "True where some element over axes is true, or not 0.", AXES, KEEP, gives="bool").known_as(
        "or", "exists"
    ),
    _reduction("all", "True where all elements over axes are true, or not 0.", AXES, KEEP, gives="bool").known_as(
        "and", "every"
    ),
    _reduction("argmax", "Index of the largest element along an axis.", AXIS, KEEP, gives="int").known_as(
        "predicted class", "index of maximum"
    ),
    _reduction("argmin", "Index of the smallest element along an axis.", AXIS, KEEP, gives="int").known_as(
        "nearest", "index of minimum"
    ),
    _reduction(
        "std", "Standard deviation over axes.", AXES, CORRECTION, KEEP, takes="float", backward_use="always"
    ).known_as("deviation", "spread"),
    _reduction("var", "Variance over axes.", AXES, CORRECTION, KEEP, takes="float").known_as("variance", "spread"),
    _reduction(
        "logsumexp",
        "Logarithm of the sum of e to the power of the elements over axes, a smooth maximum.",
        Sizes("dim", 1, required=True, help="Axes to reduce, 0 is the batch."),
        KEEP,
        backward_use="always",
    ).known_as("smooth maximum", "partition function", "log sum"),
    VECTOR_NORM,
    _running(
        "cumsum",
        "Sum of each element and all before it along an axis.",
        "cumulative sum",
        "running sum",
        "prefix sum",
    ),
    _running(
        "cumprod",
        "Product of each element and all before it along an axis.",
        "cumulative product",
        "running product",
        backward_use="always",
    ),
)
