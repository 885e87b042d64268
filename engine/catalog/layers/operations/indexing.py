"""Elements in order, and elements read or written by their indices."""

from engine.catalog.emit import Function
from engine.catalog.params import Choice, Flag, Int, Number, Param
from engine.catalog.shapes import Shapes, of
from engine.catalog.spec import Layer, Port

DIM = Int("dim", 1, required=True, help="Axis that the indices count along; 0 is the batch.")
LAST = Int("dim", -1, help="Axis whose elements are compared; 0 is the batch, -1 the last.")
INPUT = Port("input", "any")
INDEX = Port("index", "int", help="Indices of elements along the axis, from 0.")
SRC = Port("src", "any", help="The elements to write, one for each index.")
INTO = Shapes((of("B", "C", "*"), of("B", "K", "*"), of("B", "K", "*")), (of("B", "C", "*"),), " for dim 1")
INTO_NUMBER = Shapes((of("B", "C", "*"), of("B", "K", "*")), (of("B", "C", "*"),), " for dim 1")
INSIDE = "The sizes of index must not be larger than those of the others, but along dim."


def _ordered(kind: str, summary: str, shape: Shapes, *params: Param, is_indices: bool = False) -> Layer:
    both = (
        Port("values", "any", help="The elements."),
        Port("indices", "int", help="Their places in the input, along the axis."),
    )
    return Layer(
        kind=kind,
        family="indexing",
        emit=Function(f"torch.{kind}"),
        summary=summary,
        shape=shape,
        params=params,
        inputs=(INPUT,),
        outputs=(Port("output", "int"),) if is_indices else both,
        picks="dim" if kind == "topk" else "",
    )


def _writes(kind: str, summary: str, shape: Shapes, *params: Param, inputs: tuple[Port, ...]) -> Layer:
    return Layer(
        kind=kind,
        family="indexing",
        emit=Function(f"torch.{kind}", order=("input", "dim", "index", "src", *(p.name for p in params if p.required))),
        summary=summary,
        shape=shape,
        params=(DIM, *params),
        inputs=inputs,
        outputs=(Port("output", "any", backward_use="always" if kind == "scatter_reduce" else "never"),),
        agreement=INSIDE,
    )


LAYERS = (
    _ordered(
        "topk",
        "The largest elements of an axis, and their places: the best experts, or the answers of a search.",
        Shapes((of("B", "*", "C"),), (of("B", "*", "k"), of("B", "*", "k"))),
        Int("k", 1, min=1, required=True, help="How many elements; at most the size of the axis."),
        LAST,
        Flag("largest", True, help="The largest elements, instead of the smallest."),
        Flag("sorted", True, help="In order, the best first."),
    ).known_as("largest", "best", "beam", "router", "sequence to one"),
    _ordered(
        "sort",
        "The elements of an axis in order, and their places before.",
        Shapes((of("B", "*", "C"),), (of("B", "*", "C"), of("B", "*", "C"))),
        LAST,
        Flag("descending", False, help="From the largest to the smallest."),
        Flag("stable", False, help="Equal elements keep their order."),
    ).known_as("order", "rank"),
    _ordered(
        "argsort",
        "The places of the elements of an axis, in the order of their size.",
        Shapes((of("B", "*", "C"),), (of("B", "*", "C"),)),
        LAST,
        Flag("descending", False, help="From the largest to the smallest."),
        Flag("stable", False, help="Equal elements keep their order."),
        is_indices=True,
    ).known_as("order", "rank", "permutation"),
    Layer(
        kind="gather",
        family="indexing",
        emit=Function("torch.gather", order=("input", "dim", "index")),
        summary="Elements of an axis by their indices, other ones for each sample: the value of the action taken.",
        formula="y[n, k] = input[n, index[n, k]], for dim 1",
        shape=Shapes((of("B", "C", "*"), of("B", "K", "*")), (of("B", "K", "*"),), " for dim 1"),
        params=(DIM,),
        inputs=(INPUT, INDEX),
        outputs=(Port("output", "any"),),
        agreement=INSIDE,
    ).known_as("pick", "lookup", "select by index", "take"),
    Layer(
        kind="take_along_dim",
        family="indexing",
        emit=Function("torch.take_along_dim"),
        summary="As gather, but axes of size 1 of either value are repeated.",
        shape=Shapes((of("B", "C", "*"), of("B", "K", "*")), (of("B", "K", "*"),), " for dim 1"),
        params=(DIM,),
        inputs=(INPUT, Port("indices", "int", help="Indices of elements along the axis, from 0.")),
        outputs=(Port("output", "any"),),
        signature="torch.take_along_dim",
        agreement="All sizes but those along dim must be equal, or 1.",
    ).known_as("pick", "lookup", "select by index", "gather"),
    Layer(
        kind="index_select",
        family="indexing",
        emit=Function("torch.index_select", order=("input", "dim", "index")),
        summary="Entries of an axis by one list of indices for all samples.",
        shape=Shapes((of("B", "C", "*"), of("K")), (of("B", "K", "*"),), " for dim 1"),
        params=(DIM,),
        inputs=(INPUT, Port("index", "int", help="Indices of entries along the axis, from 0; one axis.")),
        outputs=(Port("output", "any"),),
        picks="dim",
    ).known_as("pick", "lookup", "reorder"),
    _writes(
        "scatter",
        "Write elements, or one number, at their indices into a copy of a value.",
        INTO_NUMBER,
        Number("src", None, is_argument=False, help="A number instead of a wire into src; None: a value is wired."),
        inputs=(INPUT, INDEX, Port("src", "any", number="src", help="The elements to write, one for each index.")),
    ).known_as("write", "put"),
    _writes(
        "scatter_add",
        "Add elements at their indices to a copy of a value: a sum over the neighbours in a graph.",
        INTO,
        inputs=(INPUT, INDEX, SRC),
    ).known_as("segment sum", "graph", "histogram", "message passing"),
    _writes(
        "scatter_reduce",
        "Combine elements at their indices with a copy of a value, by sum, product, mean, maximum or minimum.",
        INTO,
        Choice(
            "reduce",
            "mean",
            required=True,
            options=("sum", "prod", "mean", "amax", "amin"),
            help="How elements with one index are combined.",
        ),
        Flag("include_self", True, help="Combine them with the element of the input too, instead of replacing it."),
        inputs=(INPUT, INDEX, SRC),
    ).known_as("segment mean", "segment max", "graph", "message passing"),
    Layer(
        kind="one_hot",
        family="indexing",
        emit=Function("F.one_hot"),
        summary="A vector for each class number, 1 at its place and 0 elsewhere.",
        formula="y[n, c] = 1 where input[n] = c, else 0",
        shape=Shapes((of("B", "*", what="int"),), (of("B", "*", "num_classes"),), ", int"),
        params=(
            Int(
                "num_classes", 10, min=1, required=True, help="Number of classes; every number must be less than this."
            ),
        ),
        inputs=(Port("input", "int", below="num_classes", help="Class numbers, from 0."),),
        outputs=(Port("output", "int"),),
    ).known_as("dummy variables", "encode classes", "indicator"),
)
