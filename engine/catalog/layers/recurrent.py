"""Layers that read a sequence step by step and keep a state."""

from msgspec.structs import replace

from engine.catalog.emit import Module
from engine.catalog.layers.linear import LEFT_OUT
from engine.catalog.no_effect import Idle
from engine.catalog.params import Choice, Flag, Float, FromInput, Int, Param
from engine.catalog.shapes import Shapes, of
from engine.catalog.spec import ANY_NUMBER, Layer, Port

SIZES: tuple[Param, ...] = (
    FromInput("input_size", axis=-1, help="Features of each step of the input."),
    Int("hidden_size", 64, min=1, required=True, help="Features of the hidden state."),
    Int("num_layers", 1, min=1, max=64, help="Number of stacked layers."),
)
REST: tuple[Param, ...] = (
    Flag("bias", True, help="Add learned biases."),
    Flag(
        "batch_first", False, help="Sequences have the shape (batch, step, feature) instead of (step, batch, feature)."
    ),
    Float(
        "dropout",
        0.0,
        min=0.0,
        max=1.0,
        help="Dropout probability between stacked layers.",
        idle=(Idle("num_layers", "a single layer has none after it", (1,)),),
    ),
    Flag("bidirectional", False, help="Read the sequence in both directions and concatenate the results."),
)
NONLINEARITY = Choice("nonlinearity", "tanh", options=("tanh", "relu"), help="Activation of the hidden state.")
PROJ_SIZE = Int(
    "proj_size", 0, min=0, help="Project the hidden state to this size, below hidden_size; 0: no projection."
)
INPUT = Port("input", help="The sequences.")
OUTPUT = Port("output", help="The last layer's state at every step.", backward_use="always")
H_0 = Port("h_0", optional=True, help="State to start from, shaped as h_n; zeros when not wired.")
C_0 = Port("c_0", optional=True, help="Cell to start from, shaped as c_n; wired together with h_0 or not at all.")
H_N = Port("h_n", help="Every layer's state after the last step, (num_layers * directions, B, hidden_size).")
C_N = Port("c_n", help="Every layer's cell after the last step.")
SHAPE = Shapes(
    (of("B", "T", "input_size"),),
    (
        of("B", "T", "directions * hidden_size", port="output"),
        of("num_layers * directions", "B", "hidden_size", port="h_n"),
    ),
)
PRESET = {"batch_first": True}

RNN = Layer(
    kind="RNN",
    family="recurrent",
    other_names=("sequence to one",),
    within=ANY_NUMBER,
    emit=Module("nn.RNN", takes=("input", "h_0"), gives=("output", "h_n")),
    summary="Recurrent network: each step combines the input with the hidden state of the step before.",
    shape=SHAPE,
    source="Elman 1990",
    params=(*SIZES, NONLINEARITY, *REST),
    inputs=(INPUT, H_0),
    outputs=(OUTPUT, H_N),
    left_out=LEFT_OUT,
    preset=PRESET,
).known_as("recurrent", "sequence")
LSTM = Layer(
    kind="LSTM",
    family="recurrent",
    other_names=("sequence to one",),
    within=ANY_NUMBER,
    emit=Module("nn.LSTM", takes=("input", ("h_0", "c_0")), gives=("output", ("h_n", "c_n"))),
    summary="Long short-term memory: a recurrent network whose gates control a cell state.",
    shape=replace(SHAPE, rule=", c_n the same"),
    source="Hochreiter and Schmidhuber 1997; Gers et al. 2000",
    params=(*SIZES, *REST, PROJ_SIZE),
    inputs=(INPUT, H_0, C_0),
    outputs=(OUTPUT, H_N, C_N),
    left_out=LEFT_OUT,
    preset=PRESET,
).known_as("recurrent", "sequence", "memory", prominence=1)
GRU = Layer(
    kind="GRU",
    family="recurrent",
    other_names=("sequence to one",),
    within=ANY_NUMBER,
    emit=Module("nn.GRU", takes=("input", "h_0"), gives=("output", "h_n")),
    summary="Gated recurrent unit: two gates control the hidden state; fewer weights than an LSTM.",
    shape=SHAPE,
    source="Cho et al. 2014",
    params=(*SIZES, *REST),
    inputs=(INPUT, H_0),
    outputs=(OUTPUT, H_N),
    left_out=LEFT_OUT,
    preset=PRESET,
).known_as("recurrent", "sequence", "memory", prominence=1)

CELL_SIZES: tuple[Param, ...] = (
    FromInput("input_size", axis=-1, help="Features of the input."),
    Int("hidden_size", 64, min=1, required=True, help="Features of the hidden state."),
    Flag("bias", True, help="Add learned biases."),
)
STEP = Port("input", help="The input of one step.")
HX = Port("hx", optional=True, help="The state after the step before, (B, hidden_size); zeros when not wired.")
ONE_STEP = Shapes((of("B", "input_size"),), (of("B", "hidden_size"),))

RNN_CELL = Layer(
    kind="RNNCell",
    family="recurrent",
    other_names=("sequence to one",),
    within=ANY_NUMBER,
    emit=Module("nn.RNNCell"),
    summary="One step of an RNN.",
    shape=ONE_STEP,
    source="Elman 1990",
    params=(*CELL_SIZES, NONLINEARITY),
    inputs=(STEP, HX),
    outputs=(Port("output", help="The new state.", backward_use="always"),),
    left_out=LEFT_OUT,
).known_as("recurrent cell")
LSTM_CELL = Layer(
    kind="LSTMCell",
    family="recurrent",
    other_names=("sequence to one",),
    within=ANY_NUMBER,
    emit=Module("nn.LSTMCell", takes=("input", ("h_0", "c_0")), gives=("h_1", "c_1")),
    summary="One step of an LSTM.",
    shape=Shapes((of("B", "input_size"),), (of("B", "hidden_size", port="h_1"), of("B", "hidden_size", port="c_1"))),
    source="Hochreiter and Schmidhuber 1997; Gers et al. 2000",
    params=CELL_SIZES,
    inputs=(
        STEP,
        Port("h_0", optional=True, help="The state after the step before, (B, hidden_size); zeros when not wired."),
        Port("c_0", optional=True, help="The cell after the step before; wired together with h_0 or not at all."),
    ),
    outputs=(Port("h_1", help="The new state."), Port("c_1", help="The new cell.")),
    left_out=LEFT_OUT,
).known_as("recurrent cell")
GRU_CELL = Layer(
    kind="GRUCell",
    family="recurrent",
    other_names=("sequence to one",),
    within=ANY_NUMBER,
    emit=Module("nn.GRUCell"),
    summary="One step of a GRU.",
    shape=ONE_STEP,
    source="Cho et al. 2014",
    params=CELL_SIZES,
    inputs=(STEP, HX),
    outputs=(Port("output", help="The new state."),),
    left_out=LEFT_OUT,
).known_as("recurrent cell")

LAYERS = (RNN, LSTM, GRU, RNN_CELL, LSTM_CELL, GRU_CELL)
