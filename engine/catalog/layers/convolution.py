"""Filters that slide over a signal, an image or a volume, and their transposes."""

from engine.catalog.emit import Module
from engine.catalog.layers.linear import LEFT_OUT
from engine.catalog.no_effect import Idle
from engine.catalog.params import Choice, Flag, FromInput, Int, Sizes
from engine.catalog.requirements import Divides
from engine.catalog.shapes import Shapes, of
from engine.catalog.spec import ANY_NUMBER, Layer

SPACES = {
    1: ("a signal", "steps", ("L",)),
    2: ("an image", "pixels", ("H", "W")),
    3: ("a volume or a video", "voxels", ("D", "H", "W")),
}
"""By number of spatial axes: what has them, the unit along them, and their letters."""

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
        other_names=("downsample",),
        within=ANY_NUMBER,
        emit=Module(f"nn.Conv{n}d"),
        summary=f"Convolution of {thing} with learned filters.",
        shape=Shapes(
            (of("B", "C", *letters),),
            (of("B", "out_channels", *primed(letters)),),
            ", each size n -> (n + 2 padding - dilation (kernel_size - 1) - 1) // stride + 1",
        ),
        source=SOURCES[n],
        params=(
            FromInput("in_channels", noun="channels", axis=1, help="Input channels."),
            Int("out_channels", 64, min=1, required=True, help="Output channels: the number of filters."),
            Sizes("kernel_size", 3, n=n, min=1, required=True, unit=unit, help="Size of a filter along each axis."),
            Sizes("stride", 1, n=n, min=1, unit=unit, help="Step between positions of a filter."),
            Sizes(
                "padding",
                0,
                n=n,
                min=0,
                words=("same", "valid"),
                unit=unit,
                help="Padding on each side; same keeps the size (stride 1 only), valid adds none.",
            ),
            Sizes("dilation", 1, n=n, min=1, unit=unit, help="Spacing between the elements of a filter."),
            Int(
                "groups",
                1,
                min=1,
                help="Groups of channels that are convolved separately; must divide in_channels and out_channels.",
            ),
            Flag("bias", True, help="Add a learned bias to each output channel."),
            Choice(
                "padding_mode",
                "zeros",
                options=PADDINGS,
                help="Values of the padding.",
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
        other_names=("upsample",),
        within=ANY_NUMBER,
        emit=Module(f"nn.ConvTranspose{n}d"),
        summary=f"Transposed convolution: enlarges {thing} by learned filters; swaps the shapes of Conv{n}d.",
        shape=Shapes(
            (of("B", "C", *letters),),
            (of("B", "out_channels", *primed(letters)),),
            ", each size n -> (n - 1) stride - 2 padding + dilation (kernel_size - 1) + output_padding + 1",
        ),
        source="Zeiler et al. 2010; Dumoulin and Visin 2016",
        params=(
            FromInput("in_channels", noun="channels", axis=1, help="Input channels."),
            Int("out_channels", 64, min=1, required=True, help="Output channels."),
            Sizes("kernel_size", 2, n=n, min=1, required=True, unit=unit, help="Size of a filter along each axis."),
            Sizes(
                "stride", 1, n=n, min=1, unit=unit, help="Spacing in the output between neighbouring input elements."
            ),
            Sizes("padding", 0, n=n, min=0, unit=unit, help="Border removed from each side of the output."),
            Sizes(
                "output_padding",
                0,
                n=n,
                min=0,
                unit=unit,
                help="Extra size added to one side of the output; must be smaller than stride or dilation.",
            ),
            Int(
                "groups",
                1,
                min=1,
                help="Groups of channels that are convolved separately; must divide in_channels and out_channels.",
            ),
            Flag("bias", True, help="Add a learned bias to each output channel."),
            Sizes("dilation", 1, n=n, min=1, unit=unit, help="Spacing between the elements of a filter."),
            Choice("padding_mode", "zeros", options=("zeros",), help="torch supports only zeros here."),
        ),
        left_out=LEFT_OUT | {"output_size": "output_padding sets the same, once instead of at every call"},
    )


def _patches(name: str, help: str) -> Sizes:
    return Sizes(name, 1 if name != "padding" else 0, n=2, min=int(name != "padding"), unit="pixels", help=help)


PATCH_PARAMS = (
    Sizes("kernel_size", 2, n=2, min=1, required=True, unit="pixels", help="Size of a patch along each axis."),
    _patches("dilation", "Spacing between the pixels of a patch."),
    _patches("padding", "Border of zeros on each side of the image."),
    _patches("stride", "Step between patches."),
)
UNFOLD = Layer(
    kind="Unfold",
    family="convolution",
    emit=Module("nn.Unfold"),
    summary="Cut an image into patches, which may overlap, and lay each one out as a column.",
    shape=Shapes(
        (of("B", "C", "H", "W"),),
        (of("B", "C * the product of kernel_size", "patches"),),
        ", as many patches as a convolution has positions",
    ),
    source="Chellapilla et al. 2006",
    params=PATCH_PARAMS,
).known_as("patches", "im2col", "sliding window")
FOLD = Layer(
    kind="Fold",
    family="convolution",
    emit=Module("nn.Fold"),
    summary="Put patches together to an image, and add up where they overlap; the reverse of Unfold.",
    shape=Shapes((of("B", "C * the product of kernel_size", "patches"),), (of("B", "C", "*output_size"),)),
    source="Chellapilla et al. 2006",
    params=(
        Sizes("output_size", 5, n=2, min=1, required=True, unit="pixels", help="Height and width of the image."),
        *PATCH_PARAMS,
    ),
    within=ANY_NUMBER,
).known_as("col2im", "put patches together")
PATCH_EMBEDDING = Layer(
    kind="PatchEmbedding",
    family="convolution",
    within=ANY_NUMBER,
    emit=Module("PatchEmbedding", snippet="transformer.tokens"),
    summary="Cut a picture into square patches, and map each to a vector.",
    shape=Shapes((of("B", "C", "H", "W"),), (of("B", "T", "embed_dim"),), ", T = H / patch_size * W / patch_size"),
    source="Dosovitskiy et al. 2021",
    params=(
        FromInput("in_channels", axis=1, noun="channels", help="Channels of the picture."),
        Int("embed_dim", 64, min=1, required=True, help="Features of each patch."),
        Int("patch_size", 4, min=1, required=True, unit="pixels", help="Side of a patch; must divide both sides."),
        Flag("bias", True, help="Add a learned bias."),
    ),
    divides=Divides("patch_size", (2, 3)),
).known_as("vit", "vision transformer", "image to sequence", stem="patches")

LAYERS = (
    _conv(1).known_as("convolution", "temporal", prominence=1),
    _conv(2).known_as("convolution", "image filter", prominence=3),
    _conv(3).known_as("convolution", "volume"),
    _conv_transpose(1).known_as("deconvolution", "upsampling"),
    _conv_transpose(2).known_as("deconvolution", "upsampling", prominence=1),
    _conv_transpose(3).known_as("deconvolution", "upsampling"),
    UNFOLD,
    FOLD,
    PATCH_EMBEDDING,
)
