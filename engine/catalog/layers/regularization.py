"""Layers that set random elements or channels to 0 during training."""

from engine.catalog.emit import Module
from engine.catalog.layers.convolution import SPACES
from engine.catalog.params import Flag, Float
from engine.catalog.shapes import Shapes, of
from engine.catalog.spec import Layer

PARAMS = (
    Float(
        "p",
        0.5,
        min=0.0,
        max=1.0,
        help="Probability of an element to be set to 0 during training; evaluation changes nothing.",
    ),
    Flag("inplace", False, help="Compute the result in the memory of the input."),
)


def _dropout(kind: str, summary: str, shape: Shapes, source: str) -> Layer:
    return Layer(
        kind=kind,
        family="regularization",
        within="input",
        emit=Module(f"nn.{kind}"),
        summary=summary,
        shape=shape,
        source=source,
        params=PARAMS,
        passes_on="idle",
    )


LAYERS = (
    _dropout(
        "Dropout", "Set random elements to 0 during training.", Shapes((of("*"),), keeps=True), "Srivastava et al. 2014"
    ).known_as("regularization", prominence=2),
    *(
        _dropout(
            f"Dropout{n}d",
            f"Set random channels of {thing} to 0 during training.",
            Shapes((of("B", "C", *letters),), keeps=True),
            "Tompson et al. 2015",
        )
        for n, (thing, _, letters) in SPACES.items()
    ),
    _dropout(
        "AlphaDropout",
        "Dropout that keeps mean and variance; for use with SELU.",
        Shapes((of("*"),), keeps=True),
        "Klambauer et al. 2017",
    ),
    _dropout(
        "FeatureAlphaDropout",
        "AlphaDropout of whole channels.",
        Shapes((of("B", "C", "*"),), keeps=True),
        "Klambauer et al. 2017; Tompson et al. 2015",
    ),
    Layer(
        kind="DropPath",
        family="regularization",
        within="input",
        emit=Module("DropPath", snippet="operations.noise"),
        summary="Stochastic depth: set whole samples to 0 during training, before a residual sum.",
        formula="x m / (1 - p), with m = 0 for a share p of the samples and 1 for the others",
        shape=Shapes((of("B", "*"),), keeps=True),
        source="Huang et al. 2016",
        params=(
            Float(
                "p",
                0.1,
                min=0.0,
                max=1.0,
                help="Probability of a sample to be set to 0 during training; evaluation changes nothing.",
            ),
        ),
        passes_on="idle",
    ).known_as("stochastic depth", "drop connect", "skip"),
    Layer(
        kind="GaussianNoise",
        family="regularization",
        emit=Module("GaussianNoise", snippet="operations.noise"),
        summary="Add normal noise during training, which makes a network robust.",
        formula="x + std n, with n from the standard normal distribution",
        shape=Shapes((of("*"),), keeps=True),
        source="Bishop 1995",
        params=(Float("std", 0.1, min=0.0, help="Deviation of the noise; evaluation adds none."),),
        passes_on="idle",
    ).known_as("jitter", "denoising"),
)
