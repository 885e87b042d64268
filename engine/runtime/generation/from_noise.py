"""Samples that a trained network generates from noise."""

import torch
from torch import Tensor, nn

from engine.catalog.generation_kinds import FROM_NOISE
from engine.catalog.params import Value
from engine.catalog.spec import effective
from engine.errors import RunProblem
from engine.graph.generation import output_of
from engine.graph.model import Project
from engine.runtime.load import Model
from resources.snippets.sampling import draw_samples, sample_file

MAX_IMAGES = 10_000  # in one grid


def draw(project: Project, model: Model, network: nn.Module, count: int, seed: int, suffix: str) -> bytes:
    """The bytes of a file with this many samples. Raises: `RunProblem`."""
    if suffix == ".png" and count > MAX_IMAGES:
        hint = "Write numbers, to a file that ends in .npz, or fewer images."
        raise RunProblem(f"A grid of images holds {MAX_IMAGES:,} at most, not {count:,}.", hint=hint, code="R061")
    samples = _samples(project, model, network, count, seed)
    low, high = (_number(_values(project)[name]) for name in ("low", "high"))
    try:
        return sample_file(samples, suffix, low, high)
    except ValueError as error:
        hint = "Write numbers instead, to a file that ends in .npz."
        raise RunProblem(f"{str(error)[:1].upper()}{str(error)[1:]}.", hint=hint, code="R061") from error


def _samples(project: Project, model: Model, network: nn.Module, count: int, seed: int) -> Tensor:
    with torch.inference_mode(not model.reads.all_needs.gradients):
        return draw_samples(network, _output(project), count, seed)


def _output(project: Project) -> str:
    output = output_of(project)
    if output is None:
        raise RunProblem("The project does not select the Output that gives the samples.", code="R060")
    return output


def _values(project: Project) -> dict[str, Value]:
    part = project.generation
    return effective(FROM_NOISE.params, part.params if part else {})


def _number(value: Value) -> float:
    return float(value) if isinstance(value, int | float) else 0.0
