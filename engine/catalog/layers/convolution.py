"""Filters that slide over a signal, an image or a volume, and their transposes."""

from engine.catalog.idle import Idle
from engine.catalog.layers.linear import LEFT_OUT
from engine.catalog.params import Choice, Flag, FromInput, Int, Sizes
from engine.catalog.shapes import Shapes, of
from engine.catalog.spec import ANY_NUMBER, Layer, Module

SPACES = {
    1: ("a signal", "steps", ("L",)),
    2: ("an image", "pixels", ("H", "W")),
    3: ("a volume or a video", "voxels", ("D", "H", "W")),
}
"""By number of axes: what lies on them, the unit along them, and their letters."""

SOURCES = {1: "LeCun and Bengio 1995; Waibel et al. 1989", 2: "Fukushima 1980; LeCun et al. 1989", 3: "Ji et al. 2013"}
PADDINGS = ("zeros", "reflect", "replicate", "circular")


def primed(letters: tuple[str, ...]) -> tuple[str, ...]:
    """The letters of axes whose sizes change: ``H'``, ``W'``."""
    return tuple(f"{letter}'" for letter in letters)


def _conv(n: int) -> Layer:
    thing, unit, letters = SPACES[n]
    return Layer(
        kind=f"Conv{n}d",
        family="convolution",
        within=ANY_NUMBER,
        emit=Module(f"nn.Conv{n}d"),
        summary=f"Slide learned filters over {thing}.",
        shape=Shapes(
            (of("B", "C", *letters),),
            (of("B", "out_channels", *primed(letters)),),
            ", each size n -> (n + 2 padding - dilation (kernel_size - 1) - 1) // stride + 1",
        ),
        source=SOURCES[n],
        params=(
            FromInput("in_channels", noun="channels", axis=1, help="Channels that come in."),
            Int("out_channels", 64, min=1, required=True, help="Filters to learn."),
            Sizes("kernel_size", 3, n=n, min=1, required=True, unit=unit, help="Side of a filter."),
            Sizes("stride", 1, n=n, min=1, unit=unit, help="Step between positions of a filter."),
            Sizes(
                "padding",
                0,
                n=n,
                min=0,
                words=("same", "valid"),
                unit=unit,
                help="Border added on each side; same keeps the size (stride 1 only), valid adds none.",
            ),
            Sizes("dilation", 1, n=n, min=1, unit=unit, help="Distance between neighbouring taps of a filter."),
            Int("groups", 1, min=1, help="Channel groups that do not mix; must divide both channel counts."),
            Flag("bias", True, help="Add one learned offset per filter."),
            Choice(
                "padding_mode",
                "zeros",
                options=PADDINGS,
                help="What the border is filled with.",
                idle=(Idle("padding", "no border is added", (0, "valid")),),
            ),
        ),
        left_out=LEFT_OUT,
    )


def _conv_transpose(n: int) -> Layer:
    thing, unit, letters = SPACES[n]
    return Layer(
        kind=f"ConvTranspose{n}d",
        family="convolution",
        within=ANY_NUMBER,
        emit=Module(f"nn.ConvTranspose{n}d"),
        summary=f"Spread each entry of {thing} over a larger one by learned filters; the way back of Conv{n}d.",
        shape=Shapes(
            (of("B", "C", *letters),),
            (of("B", "out_channels", *primed(letters)),),
            ", each size n -> (n - 1) stride - 2 padding + dilation (kernel_size - 1) + output_padding + 1",
        ),
        source="Zeiler et al. 2010; Dumoulin and Visin 2016",
        params=(
            FromInput("in_channels", noun="channels", axis=1, help="Channels that come in."),
            Int("out_channels", 64, min=1, required=True, help="Channels to compute."),
            Sizes("kernel_size", 2, n=n, min=1, required=True, unit=unit, help="Side of a filter."),
            Sizes("stride", 1, n=n, min=1, unit=unit, help="Distance between the prints of neighbouring entries."),
            Sizes("padding", 0, n=n, min=0, unit=unit, help="Border cut off on each side of the result."),
            Sizes(
                "output_padding",
                0,
                n=n,
                min=0,
                unit=unit,
                help="Extra size at the far side; must be smaller than stride or dilation.",
            ),
            Int("groups", 1, min=1, help="Channel groups that do not mix; must divide both channel counts."),
            Flag("bias", True, help="Add one learned offset per output channel."),
            Sizes("dilation", 1, n=n, min=1, unit=unit, help="Distance between neighbouring taps of a filter."),
            Choice("padding_mode", "zeros", options=("zeros",), help="torch knows no other here."),
        ),
        left_out=LEFT_OUT | {"output_size": "output_padding says the same, once and not at every call"},
    )


LAYERS = (
    _conv(1).known_as("convolution", "temporal", prominence=1),
    _conv(2).known_as("convolution", "image filter", prominence=3),
    _conv(3).known_as("convolution", "volume"),
    _conv_transpose(1).known_as("deconvolution", "upsampling"),
    _conv_transpose(2).known_as("deconvolution", "upsampling", prominence=1),
    _conv_transpose(3).known_as("deconvolution", "upsampling"),
)
