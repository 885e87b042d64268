"""Layers that mix all features of a sample."""

from engine.catalog.emit import Module
from engine.catalog.params import Flag, FromInput, Int
from engine.catalog.shapes import Shapes, of
from engine.catalog.spec import ANY_NUMBER, Layer, Port

LEFT_OUT = {"device": "the run chooses the device", "dtype": "weights are float32"}
"""Arguments that every torch layer with weights has, and that no node has."""

LINEAR = Layer(
    kind="Linear",
    family="linear",
    within=ANY_NUMBER,
    emit=Module("nn.Linear"),
    summary="Fully connected layer: each output feature is a weighted sum of all input features.",
    shape=Shapes((of("B", "*", "in_features"),), (of("B", "*", "out_features"),)),
    source="Rosenblatt 1958",
    params=(
        FromInput("in_features", noun="features", axis=-1, help="Size of the last axis of the input."),
        Int("out_features", 64, min=1, required=True, help="Size of the last axis of the output."),
        Flag("bias", True, help="Add a learned bias to each output feature."),
    ),
    left_out=LEFT_OUT,
).known_as("dense", "fully connected", "fc", "affine", "perceptron", prominence=4)
BILINEAR = Layer(
    kind="Bilinear",
    family="linear",
    within=ANY_NUMBER,
    emit=Module("nn.Bilinear"),
    summary="Bilinear form: a weighted sum of all products of a feature of each input.",
    shape=Shapes((of("B", "*", "in1_features"), of("B", "*", "in2_features")), (of("B", "*", "out_features"),)),
    source="Tenenbaum and Freeman 2000",
    params=(
        FromInput("in1_features", axis=-1, port="input1", help="Features of the first input."),
        FromInput("in2_features", axis=-1, port="input2", help="Features of the second input."),
        Int("out_features", 64, min=1, required=True, help="Size of the last axis of the output."),
        Flag("bias", True, help="Add a learned bias to each output feature."),
    ),
    inputs=(Port("input1"), Port("input2")),
    left_out=LEFT_OUT,
).known_as("two inputs", "dense")
IDENTITY = Layer(
    kind="Identity",
    family="linear",
    within="input",
    layout="in order",
    emit=Module("nn.Identity"),
    summary="Return the input unchanged; gives a value a name.",
    shape=Shapes((of("*"),), keeps=True),
    inputs=(Port("input", "any"),),
    outputs=(Port("output", "any"),),
    passes_on="always",
).known_as(prominence=1)

LAYERS = (LINEAR, BILINEAR, IDENTITY)
