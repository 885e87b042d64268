"""Layers that reduce each window to one number."""

from engine.catalog.emit import Module
from engine.catalog.layers.convolution import SPACES, primed
from engine.catalog.no_effect import Idle
from engine.catalog.params import Flag, Float, Floats, Int, Param, Sizes
from engine.catalog.shapes import Shapes, of
from engine.catalog.spec import Layer, Port

RETURN_INDICES = Flag("return_indices", False, help="Also return where each maximum is, which unpooling needs.")


def _with_indices(n: int, kind: str, *, draws: bool = False) -> Module:
    return Module(f"nn.{kind}Pool{n}d", gives=("output", "indices"), tuple_flag="return_indices", draws=draws)


def _results(n: int) -> tuple[Port, ...]:
    indices_help = f"The index of each maximum, for MaxUnpool{n}d; only with return_indices."
    return Port("output"), Port("indices", "int", help=indices_help, flag="return_indices")


def _window(n: int, unit: str) -> tuple[Param, ...]:
    return (
        Sizes("kernel_size", 2, n=n, min=1, required=True, unit=unit, help="Size of the window along each axis."),
        Sizes("stride", None, n=n, min=1, unit=unit, help="Step between windows; None: kernel_size."),
        Sizes("padding", 0, n=n, min=0, unit=unit, help="Padding on each side, at most half of kernel_size."),
    )


def _max(n: int) -> Layer:
    thing, unit, letters = SPACES[n]
    return Layer(
        kind=f"MaxPool{n}d",
        family="pooling",
        other_names=("downsample", "shrink"),
        within="input",
        combines=True,
        emit=_with_indices(n, "Max"),
        summary=f"Maximum over each window of {thing}.",
        shape=Shapes(
            (of("B", "C", *letters),),
            (of("B", "C", *primed(letters)),),
            ", each size n -> (n + 2 padding - dilation (kernel_size - 1) - 1) // stride + 1",
        ),
        source="Yamaguchi et al. 1990; Riesenhuber and Poggio 1999",
        params=(
            *_window(n, unit),
            Sizes("dilation", 1, n=n, min=1, unit=unit, help="Spacing between the elements of a window."),
            RETURN_INDICES,
            Flag("ceil_mode", False, help="Round the output size up, so that a last partial window counts."),
        ),
        outputs=_results(n),
    )


def _average(n: int) -> Layer:
    thing, unit, letters = SPACES[n]
    no_border = Idle("padding", "no border is added", (0,))
    divided = Idle("divisor_override", "divisor_override sets the divisor", but=(None,))
    divisor = (Int("divisor_override", None, min=1, help="Divide the sum by this; None: by the size of the window."),)
    return Layer(
        kind=f"AvgPool{n}d",
        family="pooling",
        other_names=("downsample", "shrink"),
        within="input",
        combines=True,
        emit=Module(f"nn.AvgPool{n}d"),
        summary=f"Mean over each window of {thing}.",
        shape=Shapes(
            (of("B", "C", *letters),),
            (of("B", "C", *primed(letters)),),
            ", each size n -> (n + 2 padding - kernel_size) // stride + 1",
        ),
        source="LeCun et al. 1989",
        params=(
            *_window(n, unit),
            Flag("ceil_mode", False, help="Round the output size up, so that a last partial window counts."),
            Flag(
                "count_include_pad",
                True,
                help="Include the padding in the mean.",
                idle=(no_border, divided) if n > 1 else (no_border,),
            ),
            *(divisor if n > 1 else ()),
        ),
    )


def _adaptive(n: int, kind: str, verb: str) -> Layer:
    thing, unit, letters = SPACES[n]
    return Layer(
        kind=f"Adaptive{kind}Pool{n}d",
        family="pooling",
        other_names=("downsample", "global pooling", "sequence to one"),
        within="input",
        combines=True,
        emit=_with_indices(n, "AdaptiveMax") if kind == "Max" else Module(f"nn.AdaptiveAvgPool{n}d"),
        summary=f"{verb} over windows of {thing}, chosen so that the output has the given size.",
        shape=Shapes((of("B", "C", *letters),), (of("B", "C", "output_size" if n == 1 else "*output_size"),)),
        source="He et al. 2015; Lin et al. 2014 for size 1",
        params=(
            Sizes(
                "output_size",
                1,
                n=n,
                min=1,
                allows_none_entries=True,
                required=True,
                unit=unit,
                help="Size of the output; None in a tuple keeps the size of that axis.",
            ),
            *((RETURN_INDICES,) if kind == "Max" else ()),
        ),
        outputs=_results(n) if kind == "Max" else (Port("output"),),
    )


def _power(n: int) -> Layer:
    thing, unit, letters = SPACES[n]
    return Layer(
        kind=f"LPPool{n}d",
        family="pooling",
        other_names=("downsample", "shrink"),
        emit=Module(f"nn.LPPool{n}d"),
        summary=f"Power average over each window of {thing}: the root of the sum of the powers.",
        shape=Shapes(
            (of("B", "C", *letters),),
            (of("B", "C", *primed(letters)),),
            ", each size n -> (n - kernel_size) // stride + 1",
        ),
        source="Sermanet et al. 2012",
        params=(
            Float(
                "norm_type",
                2.0,
                above=0.0,
                required=True,
                help="Exponent: 1 gives the sum, larger ones approach the maximum.",
            ),
            *_window(n, unit)[:2],
            Flag("ceil_mode", False, help="Round the output size up, so that a last partial window counts."),
        ),
    )


def _fractional(n: int) -> Layer:
    thing, unit, letters = SPACES[n]
    return Layer(
        kind=f"FractionalMaxPool{n}d",
        family="pooling",
        other_names=("downsample", "shrink"),
        within="input",
        combines=True,
        emit=_with_indices(n, "FractionalMax", draws=True),
        summary=f"Maximum over windows of {thing} at random positions, so that sizes shrink by any factor.",
        shape=Shapes((of("B", "C", *letters),), (of("B", "C", *primed(letters)),), ", n -> output_ratio n"),
        source="Graham 2014",
        params=(
            Sizes("kernel_size", 2, n=n, min=1, required=True, unit=unit, help="Size of the window along each axis."),
            Sizes("output_size", None, n=n, min=1, unit=unit, help="Size of the output; give this or output_ratio."),
            Floats(
                "output_ratio",
                None,
                n=n,
                above=0.0,
                below=1.0,
                single=True,
                help="Size of the output as a part of that of the input; give this or output_size.",
            ),
            RETURN_INDICES,
        ),
        outputs=_results(n),
        preset={"output_ratio": 0.5},
        left_out={"_random_samples": "private to torch: the positions are drawn again each time"},
    )


def _unpool(n: int) -> Layer:
    thing, unit, letters = SPACES[n]
    shape = of("B", "C", *letters)
    return Layer(
        kind=f"MaxUnpool{n}d",
        family="pooling",
        other_names=("upsample", "enlarge"),
        emit=Module(f"nn.MaxUnpool{n}d", call=("output_size",)),
        summary=f"Put each maximum of {thing} back where MaxPool{n}d found it, and 0 everywhere else.",
        shape=Shapes(
            (shape, shape),
            (of("B", "C", *primed(letters)),),
            ", each size n -> (n - 1) stride - 2 padding + kernel_size",
        ),
        source="Zeiler and Fergus 2014",
        params=(
            *_window(n, unit),
            Sizes(
                "output_size",
                None,
                n=n,
                min=1,
                single=False,
                unit=unit,
                help="Size of the output, where pooling left a rest out; None: computed from the other values.",
            ),
        ),
        inputs=(Port("input"), Port("indices", "int", help="The indices of the pooling that is undone.")),
        agreement="Both must have the same shape.",
    )


LAYERS = (
    _max(1),
    _max(2).known_as(prominence=2),
    _max(3),
    _average(1),
    _average(2).known_as(prominence=1),
    _average(3),
    _adaptive(1, "Avg", "Mean"),
    _adaptive(2, "Avg", "Mean").known_as("global average pooling", prominence=1),
    _adaptive(3, "Avg", "Mean"),
    *(_adaptive(n, "Max", "Maximum") for n in SPACES),
    *map(_power, SPACES),
    _fractional(2),
    _fractional(3),
    *(_unpool(n).known_as("unpooling") for n in SPACES),
)
