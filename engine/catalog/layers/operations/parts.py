"""Parts of a value as several outputs, copies of it, and borders around it."""

from collections.abc import Mapping

from engine.catalog.emit import Emit, Function, Method
from engine.catalog.params import Choice, Int, Number, Param, Sizes, Value
from engine.catalog.requirements import Border
from engine.catalog.shapes import Shapes, of
from engine.catalog.spec import EMPTY, Layer, Layout, PassesOn, Port

MOST_PARTS = 64
ANY_IN, ANY_OUT = (Port("input", "any"),), (Port("output", "any"),)


class PartSizes(Sizes, frozen=True):
    """The size of each of several parts."""

    def _problem(self, value: Value) -> str | None:
        if isinstance(value, tuple) and not 2 <= len(value) <= MOST_PARTS:
            return f"needs 2 to {MOST_PARTS} sizes, got {len(value)}"
        return super()._problem(value)

    @property
    def type_name(self) -> str:
        return "sizes"


def _parts(kind: str, summary: str, rule: str, count: Param, *names: str) -> Layer:
    return Layer(
        kind=kind,
        family="reshaping",
        emit=Function(f"torch.{kind}"),
        summary=summary,
        shape=Shapes((of("B", "C", "*"),), (of("B", "C'", "*"), of("B", "C'", "*")), rule),
        params=(count, Int("dim", 0, help="Axis to divide; 0 is the batch, 1 the channels.")),
        inputs=ANY_IN,
        outputs=(Port("part", "any", count=count.name, read_only=True, help="One output for each part."),),
        preset={"dim": 1},
        within="input",
        layout="moved",
        picks="dim",
        passes_on="always",
    ).known_as(*names, "divide", "slices")


def _copies(  # noqa: PLR0913 - a declaration has as many parts
    kind: str,
    emit: Emit,
    summary: str,
    shape: Shapes,
    *params: Param,
    layout: Layout = "moved",
    passes_on: PassesOn = "never",
    outputs: tuple[Port, ...] = ANY_OUT,
    preset: Mapping[str, Value] = EMPTY,
    border: Border | None = None,
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
        within="input" if layout != "computed" else None,
        layout=layout,
        passes_on=passes_on,
        preset=preset,
        border=border,
    )


LAYERS = (
    _parts(
        "split",
        "Divide an axis into parts of given sizes, each an output: queries, keys and values out of one projection.",
        " for dim 1, with the sizes of split_size_or_sections",
        PartSizes(
            "split_size_or_sections",
            (1, 1),
            min=1,
            single=False,
            required=True,
            help="The size of each part; together the size of the axis.",
        ),
        "sections",
    ),
    _parts(
        "chunk",
        "Divide an axis into a number of equal parts, each an output; the last may be smaller.",
        ", each size C' = ceil(C / chunks), for dim 1",
        Int("chunks", 2, min=2, max=MOST_PARTS, required=True, help="Number of parts."),
        "halves",
        "gate",
    ),
    _copies(
        "expand",
        Method("expand"),
        "Repeat axes of size 1 without copying, so that a value fits another one.",
        Shapes((of("B", "1", "*"),), (of("B", "n", "*"),), " for size (-1, n, ...)"),
        Sizes(
            "size",
            (-1, -1, -1),
            min=-1,
            single=False,
            required=True,
            help="The new size of each axis, the batch first; -1: as it is. More sizes than axes add axes in front.",
        ),
        passes_on="always",
        outputs=(Port("output", "any", read_only=True),),
    ).known_as("broadcast", "repeat"),
    _copies(
        "repeat",
        Method("repeat"),
        "Copies of a value side by side along its axes.",
        Shapes((of("B", "C", "*"),), (of("B", "C n", "*"),), " for repeats (1, n, ...)"),
        Sizes(
            "repeats",
            (1, 2, 1),
            min=0,
            single=False,
            required=True,
            help="How often along each axis, the batch first, which stays 1.",
        ),
    ).known_as("tile", "copy"),
    _copies(
        "repeat_interleave",
        Method("repeat_interleave"),
        "Each element of an axis several times in a row: the keys of grouped queries, the steps of a duration.",
        Shapes((of("B", "C", "*"),), (of("B", "C repeats", "*"),), " for dim 1"),
        Int("repeats", 2, min=1, required=True, help="How often each element comes."),
        Int("dim", None, help="Axis to repeat along; 0 is the batch; None: all elements in a row."),
        preset={"dim": 1},
    ).known_as("duplicate", "upsample", "nearest", "grouped query"),
    _copies(
        "movedim",
        Method("movedim"),
        "Move axes to other positions; the others keep their order.",
        Shapes((of("B", "C", "H", "W"),), (of("B", "H", "W", "C"),), " for source 1, destination -1"),
        Int("source", 1, required=True, help="The axis; 0 is the batch."),
        Int("destination", -1, required=True, help="Its new position; -1 is the last."),
        passes_on="always",
    ).known_as("axes order", "channels last"),
    _copies(
        "unfold",
        Method("unfold"),
        "Windows that slide over an axis; the elements of each are a new last axis.",
        Shapes((of("B", "C", "L"),), (of("B", "C", "L'", "size"),), " for dimension 2, L' = (L - size) // step + 1"),
        Int("dimension", -1, required=True, help="Axis over which the windows slide; 0 is the batch."),
        Int("size", 2, min=1, required=True, help="Elements of a window."),
        Int("step", 1, min=1, required=True, help="Elements between the starts of two windows."),
        passes_on="always",
        outputs=(Port("output", "any", read_only=True),),
    ).known_as("sliding window", "frames", "windows"),
    _copies(
        "pad",
        Function("F.pad"),
        "Add a border around the last axes, or cut one off with negative sizes, such as a crop of the centre.",
        Shapes((of("B", "*"),), (of("B", "*"),), ", each padded size n -> n + both its borders"),
        Sizes(
            "pad",
            (1, 1),
            single=False,
            required=True,
            help="Two sizes for each axis, at its start and its end, those of the last axis first.",
        ),
        Choice(
            "mode",
            "constant",
            options=("constant", "reflect", "replicate", "circular"),
            help="What fills the border: a number, or the value mirrored, its edge, or its other side; all but a "
            "number need a batch axis and a channel axis before the padded ones.",
        ),
        Number("value", None, finite=False, help="The number that fills a constant border; None: 0."),
        layout="computed",
        border=Border("pad", mode="mode"),
    ).known_as("border", "margin", "crop", "padding"),
)
