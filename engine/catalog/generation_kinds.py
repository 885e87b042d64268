"""The ways to generate samples with a trained network."""

from collections.abc import Mapping
from types import MappingProxyType

from msgspec import Struct

from engine.catalog.params import Float, Param
from engine.catalog.text_params import Text


class Generator(Struct, frozen=True, kw_only=True):
    """A way to generate. ``kind``: as project files name it.

    ``script``: ``module:function`` below `engine.codegen.scripts`, which gives the text of ``generate.py``.
    ``draw``: ``module:function`` below `engine.runtime.generation`, which gives the bytes of a file. ``suffixes``: of
    the files that it writes, by what each holds; the first one is usual. ``without_data``: whether it calls
    the network without any field of the data.
    """

    kind: str
    summary: str
    source: str
    script: str
    draw: str
    suffixes: Mapping[str, str]
    params: tuple[Param, ...] = ()
    without_data: bool = False


FROM_NOISE = Generator(
    kind="FromNoise",
    summary="Samples that the network computes from noise alone, as a GAN or the decoder of a VAE does.",
    source="Goodfellow et al. 2014; Kingma and Welling 2013",
    without_data=True,
    script="from_noise:text",
    draw="from_noise:draw",
    suffixes=MappingProxyType(
        {".png": "a grid of images", ".npz": "an array of numbers", ".safetensors": "a tensor of numbers"}
    ),
    params=(
        Text("output", "", help="The Output that gives the samples; empty: the only one."),
        Float("low", 0.0, help="The number that is black in an image."),
        Float("high", 1.0, help="The number that is white in an image, or full colour."),
    ),
)

GENERATORS: Mapping[str, Generator] = MappingProxyType({each.kind: each for each in (FROM_NOISE,)})
"""Every way to generate, by its kind."""
