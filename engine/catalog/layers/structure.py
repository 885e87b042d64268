"""Nodes that compute nothing: inputs, outputs, uses of blocks, and custom code, which is stored but not run."""

from engine.catalog.emit import Structure
from engine.catalog.no_effect import Idle
from engine.catalog.params import Choice
from engine.catalog.sample_shape import SampleShape
from engine.catalog.shapes import Shapes, of
from engine.catalog.spec import Layer, Port
from engine.catalog.text_params import Text

INPUT = Layer(
    kind="Input",
    family="data",
    role="input",
    emit=Structure(),
    summary="One field of the data set, or an input of a block.",
    shape=Shapes((of(),), (of("B", "*"),)),
    params=(
        Text("field", "", help="Name of the data set's field; empty: the node's own name."),
        SampleShape(
            "shape",
            None,
            min=1,
            single=False,
            empty=True,
            none="as in the data",
            help="Sizes of the axes of one sample, for a project without data; a letter, such as T, is an axis of "
            "variable length; empty for a single number.",
        ),
        Choice(
            "element",
            "float32",
            options=("float32", "int64", "bool"),
            help="The type of the numbers, where their shape is given here.",
            idle=(Idle("shape", "the data sets the type", (None,)),),
        ),
    ),
    inputs=(),
    outputs=(
        Port("output", "any"),
        Port(
            "length",
            "int",
            letter_in="shape",
            help="The length of each sample, (B): the field of the data with _length behind the name.",
        ),
    ),
).known_as("data", "source", "field", "placeholder")
OUTPUT = Layer(
    kind="Output",
    family="data",
    role="output",
    emit=Structure(),
    summary="A value that the network or the block returns by this name.",
    shape=Shapes((of("*"),), (of(),)),
    inputs=(Port("input", "any"),),
    outputs=(),
).known_as("result", "return")
BLOCK = Layer(
    kind="Block",
    family="structure",
    role="block",
    emit=Structure(),
    summary="A use of another graph; its ports are that graph's inputs and outputs.",
    inputs=(),
    outputs=(),
).known_as("block")
LOOP = Layer(
    kind="Loop",
    family="structure",
    role="block",
    emit=Structure(),
    summary="Calls a block once a round, over an axis or a fixed number of times, always with the same weights.",
    shape=Shapes(),
    inputs=(),
    outputs=(),
).known_as("loop", "for", "recurrence", "unroll", "scan", "time steps", "cell", "decoder")
CUSTOM = Layer(
    kind="Custom",
    family="structure",
    role="custom",
    emit=Structure(),
    summary="Code written by hand; kept in the file and never run.",
    params=(Text("code", "", help="Python source."),),
    inputs=(Port("input", "any"),),
    outputs=(Port("output", "any"),),
)

LAYERS = (INPUT, OUTPUT, BLOCK, LOOP, CUSTOM)
