"""Ways to join several values into one tensor."""

from engine.catalog.emit import Function
from engine.catalog.params import Int
from engine.catalog.shapes import Shapes, of
from engine.catalog.spec import Layer, Port

TENSORS = (Port("tensors", "any", variadic=True, help="Any number of values, joined in the order of their places."),)
ANY_OUT = (Port("output", "any"),)

CAT = Layer(
    kind="cat",
    family="merging",
    emit=Function("torch.cat"),
    summary="Concatenate values along an existing axis.",
    shape=Shapes((of("B", "C1", "*"), of("B", "C2", "*")), (of("B", "C1 + C2 + ...", "*"),), more=True),
    source="Szegedy et al. 2015; Huang et al. 2017",
    params=(Int("dim", 0, help="Axis to concatenate along; 0 is the batch, 1 the channels."),),
    inputs=TENSORS,
    outputs=ANY_OUT,
    preset={"dim": 1},
    agreement="All axes but the joined one must agree.",
).known_as("concatenate", "concat", "join", "merge", "skip", "skip connection", prominence=1)
STACK = Layer(
    kind="stack",
    family="merging",
    emit=Function("torch.stack"),
    summary="Stack values of equal shape along a new axis.",
    shape=Shapes((of("B", "*"), of("B", "*")), (of("B", "count", "*"),), more=True),
    params=(Int("dim", 0, help="Position of the new axis; 0 is before the batch."),),
    inputs=TENSORS,
    outputs=ANY_OUT,
    preset={"dim": 1},
    agreement="Sizes must be equal.",
).known_as("join", "merge")

LAYERS = (CAT, STACK)
