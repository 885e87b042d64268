"""New numbers for each sample: random ones, the input of a generator or noise to add to data, and constants."""

from engine.catalog.emit import Creation, Function
from engine.catalog.params import Number, Sizes
from engine.catalog.shapes import Shapes, of
from engine.catalog.spec import Layer, Port, Range

SHAPE = Sizes(
    "shape", (64,), required=True, single=False, min=1, help="Sizes of the axes after the batch, for one sample."
)
LIKE = Port(
    "like",
    "any",
    optional=True,
    shape_only=True,
    help="A value with as many samples; without it the network is called with a number of samples.",
)
LEFT_OUT = {
    "size": "shape gives it, without the batch",
    "generator": "that of the run",
    "names": "axes have no names here",
}


def _random(kind: str, summary: str, source: str, within: Range | None) -> Layer:
    return Layer(
        kind=kind,
        family="random",
        emit=Creation(f"torch.{kind}", draws=True),
        summary=summary,
        shape=Shapes((of(),), (of("B", "shape"),)),
        source=source,
        params=(SHAPE,),
        inputs=(LIKE,),
        left_out=LEFT_OUT,
        within=within,
    )


def _constant(kind: str, number: str) -> Layer:
    return Layer(
        kind=kind,
        family="constant",
        emit=Creation(f"torch.{kind}"),
        summary=f"Make a value in which every number is {number}.",
        shape=Shapes((of(),), (of("B", "shape"),)),
        params=(SHAPE,),
        inputs=(LIKE,),
        left_out={"size": "shape gives it, without the batch", "names": "axes have no names here"},
    ).known_as("fill")


def _like(kind: str, summary: str, *, family: str, draws: bool = False, within: Range | None = None) -> Layer:
    return Layer(
        kind=kind,
        family=family,
        emit=Function(f"torch.{kind}", draws=draws),
        summary=summary,
        shape=Shapes((of("*"),), keeps=True),
        source={"randn_like": "Gauss 1809", "rand_like": "Laplace 1812"}.get(kind, ""),
        inputs=(
            Port(
                "input",
                "float" if draws else "any",
                shape_only=True,
                help="The value whose shape and type it gets.",
            ),
        ),
        outputs=(Port("output", "float" if draws else "any"),),
        signature=f"torch.{kind}",
        within=within,
    )


def _random_of(kind: str, summary: str, shape: Shapes, source: str, *params: Number, inputs: tuple[Port, ...]) -> Layer:
    return Layer(
        kind=kind,
        family="random",
        emit=Function(f"torch.{kind}", draws=True),
        summary=summary,
        shape=shape,
        source=source,
        params=params,
        inputs=inputs,
        stops_gradient=True,
    )


def _number(port: str, least: float | None = None) -> Number:
    text = f"A number instead of a wire into {port}; None: a value is wired."
    return Number(port, None, is_argument=False, min=least, help=text)


LAYERS = (
    _constant("zeros", "0"),
    _constant("ones", "1"),
    _like("zeros_like", "A tensor of the same shape in which every number is 0.", family="constant").known_as("fill"),
    _like("ones_like", "A tensor of the same shape in which every number is 1.", family="constant").known_as("fill"),
    _random("randn", "Draw numbers from the normal distribution, mean 0, deviation 1.", "Gauss 1809", None).known_as(
        "noise", "gaussian", "normal", "latent", "sample", prominence=1
    ),
    _random("rand", "Draw numbers between 0 and 1, all equally likely.", "Laplace 1812", Range(0.0, 1.0)).known_as(
        "noise", "uniform", "random"
    ),
    _like(
        "randn_like",
        "Draw numbers from the normal distribution in the shape of a value: the noise of a VAE or of diffusion.",
        family="random",
        draws=True,
    ).known_as("noise", "gaussian", "normal", "reparameterization", "sample"),
    _like(
        "rand_like",
        "Draw numbers between 0 and 1, all equally likely, in the shape of a value.",
        family="random",
        draws=True,
        within=Range(0.0, 1.0),
    ).known_as("noise", "uniform", "random"),
    _random_of(
        "bernoulli",
        "Draw 1 with a probability for each element, and 0 otherwise; no gradient passes.",
        Shapes((of("*", what="probabilities"),), keeps=True),
        "Bernoulli 1713",
        inputs=(Port("input", help="The probability of each 1."),),
    ).known_as("coin", "random mask", "binary", "sample"),
    _random_of(
        "normal",
        "Draw numbers from normal distributions with these means and deviations; no gradient passes.",
        Shapes((of("*"), of("*")), (of("*"),)),
        "Gauss 1809",
        _number("mean"),
        _number("std", 0.0),
        inputs=(
            Port("mean", number="mean", help="The means."),
            Port("std", number="std", help="The deviations, at least 0, in the shape of the means."),
        ),
    ).known_as("noise", "gaussian", "sample", "random"),
)
