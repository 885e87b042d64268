"""Layers that change the shape or the type of a tensor, or select part of it."""

from collections.abc import Mapping

from engine.catalog.emit import Emit, Method, Module, Slice
from engine.catalog.layers.operations import parts
from engine.catalog.params import Choice, Flag, Floats, Int, Param, Sizes, Value
from engine.catalog.requirements import Divides
from engine.catalog.shapes import Shapes, of
from engine.catalog.spec import EMPTY, Conversion, Layer, Layout, PassesOn, Port

ANY_IN = (Port("input", "any"),)
ANY_OUT = (Port("output", "any"),)


def _layout(  # noqa: PLR0913 - a declaration has as many parts
    kind: str,
    emit: Emit,
    summary: str,
    shape: Shapes,
    *params: Param,
    layout: Layout = "moved",
    picks: str = "",
    drops: str = "",
    converts: Conversion = "",
    preset: Mapping[str, Value] = EMPTY,
    passes_on: PassesOn = "always",
    outputs: tuple[Port, ...] = ANY_OUT,
    divides: Divides | None = None,
    stops_gradient: bool = False,
) -> Layer:
    return Layer(
        kind=kind,
        family="reshaping",
        emit=emit,
        summary=summary,
        shape=shape,
        params=params,
        inputs=ANY_IN,
        outputs=outputs,
        within="input",
        layout=layout,
        picks=picks,
        drops=drops,
        converts=converts,
        passes_on=passes_on,
        preset=preset,
        divides=divides,
        stops_gradient=stops_gradient,
    )


FLATTEN = _layout(
    "Flatten",
    Module("nn.Flatten"),
    "Merge neighbouring axes into one.",
    Shapes((of("B", "C", "H", "W"),), (of("B", "C * H * W"),)),
    Int("start_dim", 1, help="First axis to merge; 0 is the batch."),
    Int("end_dim", -1, help="Last axis to merge; negative ones count from the end."),
    layout="in order",
    converts="join axes",
).known_as("view", prominence=2)
UNFLATTEN = _layout(
    "Unflatten",
    Module("nn.Unflatten"),
    "Split one axis into several.",
    Shapes((of("B", "C * H * W"),), (of("B", "C", "H", "W"),)),
    Int("dim", 1, required=True, help="Axis to split."),
    Sizes(
        "unflattened_size",
        (1, -1),
        min=-1,
        single=False,
        required=True,
        help="Sizes of the new axes; -1: computed from the others.",
    ),
    layout="in order",
)
RESHAPE = _layout(
    "reshape",
    Method("reshape"),
    "The same elements in another shape, the batch axis included.",
    Shapes((of("*"),), rule="shape"),
    Sizes(
        "shape",
        (-1, 64),
        min=-1,
        single=False,
        required=True,
        help="All sizes, the batch first; -1: computed from the others.",
    ),
    layout="in order",
).known_as("view", prominence=1)
PERMUTE = _layout(
    "permute",
    Method("permute"),
    "Reorder the axes.",
    Shapes((of("B", "C", "L"),), (of("B", "L", "C"),), " for dims (0, 2, 1)"),
    Sizes("dims", (0, 2, 1), single=False, required=True, help="The old axis for each new axis; 0 is the batch."),
).known_as("axes order")
TRANSPOSE = _layout(
    "transpose",
    Method("transpose"),
    "Swap two axes.",
    Shapes((of("B", "C", "L"),), (of("B", "L", "C"),)),
    Int("dim0", 1, required=True, help="One axis; 0 is the batch."),
    Int("dim1", 2, required=True, help="The other axis."),
    converts="swap axes",
)
UNSQUEEZE = _layout(
    "unsqueeze",
    Method("unsqueeze"),
    "Add an axis of size 1.",
    Shapes((of("B", "L"),), (of("B", "1", "L"),)),
    Int("dim", 1, required=True, help="Position of the new axis."),
    layout="in order",
    converts="add axis",
)
SQUEEZE = _layout(
    "squeeze",
    Method("squeeze"),
    "Remove axes of size 1.",
    Shapes((of("B", "L", "1"),), (of("B", "L"),)),
    Sizes("dim", None, help="Axes to remove; None: all of size 1, including the batch axis of a batch of one sample."),
    preset={"dim": -1},
    layout="in order",
    drops="dim",
    converts="remove axis",
)
SELECT = _layout(
    "select",
    Method("select"),
    "One element of an axis, which is removed: the last step of a sequence, one channel.",
    Shapes((of("B", "T", "C"),), (of("B", "C"),)),
    Int("dim", 1, required=True, help="Axis to select from; 0 is the batch."),
    Int("index", -1, required=True, help="Index of the element; negative ones count from the end."),
    picks="dim",
).known_as("sequence to one", "last step")
SLICE = _layout(
    "slice",
    Slice(),
    "A range of an axis.",
    Shapes((of("B", "T", "C"),), (of("B", "T'", "C"),)),
    Int("dim", 1, min=0, required=True, help="Axis to slice; 0 is the batch."),
    Int("start", None, help="First index; negative ones count from the end; None: the first."),
    Int("end", None, help="Index after the last; negative ones count from the end; None: to the end."),
    Int("step", None, min=1, help="Step between indices; None: 1."),
    picks="dim",
)
NARROW = _layout(
    "narrow",
    Method("narrow"),
    "A given number of elements of an axis.",
    Shapes((of("B", "T", "C"),), (of("B", "length", "C"),)),
    Int("dim", 1, required=True, help="Axis to slice; 0 is the batch."),
    Int("start", 0, required=True, help="First index; negative ones count from the end."),
    Int("length", 1, min=1, required=True, help="Number of elements."),
    picks="dim",
)
UPSAMPLE = Layer(
    kind="Upsample",
    family="reshaping",
    emit=Module("nn.Upsample"),
    summary="Resize a signal, an image or a volume by interpolation.",
    shape=Shapes((of("B", "C", "H", "W"),), (of("B", "C", "scale_factor H", "scale_factor W"),)),
    source="Keys 1981 for bicubic",
    params=(
        Sizes("size", None, min=1, help="Size of the output; give this or scale_factor."),
        Floats("scale_factor", None, n=0, above=0.0, single=True, help="Factor of the size; give this or size."),
        Choice(
            "mode",
            "nearest",
            options=("nearest", "linear", "bilinear", "bicubic", "trilinear", "area", "nearest-exact"),
            help="Interpolation: linear for signals, bilinear or bicubic for images, trilinear for volumes.",
        ),
        Flag(
            "align_corners",
            None,
            help="Align the centres of the corner elements of input and output; only for the linear and cubic modes.",
        ),
        Flag("recompute_scale_factor", None, help="Compute the scale again from the rounded output size."),
    ),
    preset={"scale_factor": 2.0},
).known_as("resize", "interpolate", "enlarge")
TO_FLOAT = _layout(
    "float",
    Method("float"),
    "Convert to float32.",
    Shapes((of("*"),), rule=", float32", keeps=True),
    converts="to float",
).known_as("cast", "to float32")
TO_LONG = _layout(
    "long",
    Method("long"),
    "Convert to int64; fractions are cut off.",
    Shapes((of("*"),), rule=", int64", keeps=True),
    converts="to int",
    passes_on="never",
    outputs=(Port("output", "int"),),
).known_as("cast", "to int", "integer")
TO_BOOL = _layout(
    "bool",
    Method("bool"),
    "Convert to true and false: 0 is false, every other number true.",
    Shapes((of("*"),), rule=", true or false", keeps=True),
    layout="computed",
    passes_on="never",
    outputs=(Port("output", "bool"),),
).known_as("cast", "to mask")
DETACH = _layout(
    "detach",
    Method("detach"),
    "The same values without a gradient: what is before learns nothing from what is after.",
    Shapes((of("*"),), keeps=True),
    layout="in order",
    stops_gradient=True,
).known_as("stop gradient", "no gradient", "straight through")
PIXEL_SHUFFLE = _layout(
    "PixelShuffle",
    Module("nn.PixelShuffle"),
    "Enlarge an image: the numbers of several channels become neighbouring pixels of one.",
    Shapes((of("B", "C upscale_factor ** 2", "H", "W"),), (of("B", "C", "H upscale_factor", "W upscale_factor"),)),
    Int("upscale_factor", 2, min=1, required=True, help="Factor of height and width; its square divides the channels."),
    passes_on="never",
    divides=Divides("upscale_factor", (-3,), power=2),
).known_as("super-resolution", "depth to space", "sub-pixel", "upsample")
PIXEL_UNSHUFFLE = _layout(
    "PixelUnshuffle",
    Module("nn.PixelUnshuffle"),
    "Shrink an image: neighbouring pixels of one channel become the numbers of several channels.",
    Shapes(
        (of("B", "C", "H downscale_factor", "W downscale_factor"),), (of("B", "C downscale_factor ** 2", "H", "W"),)
    ),
    Int("downscale_factor", 2, min=1, required=True, help="Divisor of height and width; it must divide both."),
    passes_on="never",
    divides=Divides("downscale_factor", (-2, -1)),
).known_as("space to depth", "downsample")
CHANNEL_SHUFFLE = _layout(
    "ChannelShuffle",
    Module("nn.ChannelShuffle"),
    "Mix the channels of groups, so that the next grouped convolution sees all groups.",
    Shapes((of("B", "C", "*"),), keeps=True),
    Int("groups", 2, min=1, required=True, help="Groups of channels that are mixed; must divide the channels."),
    passes_on="never",
    divides=Divides("groups", (1,)),
).known_as("shufflenet")
FLIP = _layout(
    "flip",
    Method("flip"),
    "The same elements in reverse order along axes.",
    Shapes((of("*"),), keeps=True),
    Sizes("dims", (1,), single=False, required=True, help="Axes to reverse; 0 is the batch."),
    passes_on="never",
).known_as("reverse", "mirror", "backwards")
ROLL = _layout(
    "roll",
    Method("roll"),
    "Move the elements along axes; those that leave at the end come back at the start.",
    Shapes((of("*"),), keeps=True),
    Sizes("shifts", 1, required=True, help="By how many places; negative ones towards the start."),
    Sizes("dims", 1, required=True, help="The axis of each shift; 0 is the batch."),
    passes_on="never",
).known_as("shift", "cyclic", "shifted windows")

LAYERS = (
    FLATTEN,
    UNFLATTEN,
    RESHAPE,
    PERMUTE,
    TRANSPOSE,
    SQUEEZE,
    UNSQUEEZE,
    SELECT,
    SLICE,
    NARROW,
    UPSAMPLE,
    TO_FLOAT,
    TO_LONG,
    TO_BOOL,
    DETACH,
    PIXEL_SHUFFLE,
    PIXEL_UNSHUFFLE,
    CHANNEL_SHUFFLE,
    FLIP,
    ROLL,
    *parts.LAYERS,
)
