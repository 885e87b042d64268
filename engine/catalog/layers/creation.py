"""New numbers for each sample: random ones, the input of a generator or noise to add to data, and constants."""

from engine.catalog.emit import Creation
from engine.catalog.params import Sizes
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


LAYERS = (
    _constant("zeros", "0"),
    _constant("ones", "1"),
    _random("randn", "Draw numbers from the normal distribution, mean 0, deviation 1.", "Gauss 1809", None).known_as(
        "noise", "gaussian", "normal", "latent", "sample", prominence=1
    ),
    _random("rand", "Draw numbers between 0 and 1, all equally likely.", "Laplace 1812", Range(0.0, 1.0)).known_as(
        "noise", "uniform", "random"
    ),
)
