"""Tensors that a network has of its own, learned or fixed, and whole numbers in a row."""

from engine.catalog.emit import Function, Module
from engine.catalog.no_effect import Idle
from engine.catalog.params import Choice, Float, Floats, Int, Sizes
from engine.catalog.shapes import Shapes, of
from engine.catalog.spec import Layer, Port

PARAMETER = Layer(
    kind="Parameter",
    family="tensor",
    emit=Module("LearnedTensor", snippet="operations.tensors"),
    summary="A tensor that learns: a scale, a bias, a class token, an embedding of positions or queries.",
    shape=Shapes((of(),), (of("shape"),), "; with like (B, shape)"),
    params=(
        Sizes(
            "shape",
            (64,),
            min=1,
            single=False,
            required=True,
            help="Its sizes. Without like there is no batch axis: it is broadcast against other values.",
        ),
        Choice("init", "zeros", options=("zeros", "ones", "normal"), help="How its numbers start."),
        Float(
            "std",
            0.02,
            min=0.0,
            help="Deviation of the numbers at the start.",
            idle=(Idle("init", "init does not draw numbers", ("zeros", "ones")),),
        ),
    ),
    inputs=(
        Port(
            "like",
            "any",
            optional=True,
            shape_only=True,
            help="A value with as many samples: each gets a copy, as joining with cat needs.",
        ),
    ),
    outputs=(Port("output", read_only=True),),
).known_as("learned tensor", "weight", "class token", "query", "layer scale", "bias", stem="tensor")
BUFFER = Layer(
    kind="Buffer",
    family="tensor",
    emit=Module("FixedTensor", snippet="operations.tensors"),
    summary="Fixed numbers that are saved with the weights: means and deviations, anchors, a filter.",
    shape=Shapes((), (of("shape"),)),
    params=(
        Floats("values", 0.0, n=0, single=True, required=True, help="The numbers, or one number for all of them."),
        Sizes(
            "shape",
            None,
            min=1,
            single=False,
            help="Its sizes, such as (3, 1, 1) for the channels of an image; None: one axis, or none for one number.",
        ),
    ),
    inputs=(),
    outputs=(Port("output", read_only=True),),
).known_as("constant", "fixed tensor", "mean and std", "normalize", stem="constant")
ARANGE = Layer(
    kind="arange",
    family="tensor",
    emit=Function("arange", snippet="operations.tensors"),
    summary="The whole numbers from 0 up to the size of an axis, such as the positions of a sequence.",
    shape=Shapes((of("B", "T", "*"),), (of("T"),), " for dim 1, int"),
    params=(
        Int("dim", 1, help="The axis whose size is the end; 0 is the batch."),
        Int("start", 0, help="The first number."),
        Int("end", None, help="The number after the last; None: the size of the axis."),
        Int("step", 1, min=1, help="The distance between two numbers."),
    ),
    inputs=(Port("input", "any", shape_only=True, help="The value whose axis is counted."),),
    outputs=(Port("output", "int"),),
).known_as("positions", "range", "count", "indices")

LAYERS = (PARAMETER, BUFFER, ARANGE)
