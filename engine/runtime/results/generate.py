"""What a run's network makes by itself: images or numbers, in a file."""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from engine.catalog.generators import GENERATORS, Generator
from engine.errors import RunProblem
from engine.graph.model import Project
from engine.project import disk_errors, durable
from engine.runtime.placement import Placement
from engine.runtime.results.weights import Warn, Which, ignore, trained

Draw = Callable[..., bytes]


def generate(
    run: Path,
    output: Path,
    *,
    count: int = 64,
    seed: int = 0,
    which: Which = "best",
    device: str = "auto",
    warn: Warn = ignore,
) -> None:
    """Write so many samples to a file, whose suffix says in which form; the same seed gives the same ones.

    Raises: ``EngineError``; nothing is then written.
    """
    network = trained(run, which, Placement.of(device).device, warn)
    declared = declared_generator(network.project)
    if declared is None:
        raise RunProblem(
            f"The project of {run} does not say how its network generates.",
            hint=f'Add "generation": {{"kind": "{next(iter(GENERATORS))}"}} to the project, and train it.',
            code="R060",
        )
    suffix = output.suffix.lower()
    if suffix not in declared.suffixes:
        known = ", ".join(f"{name} ({what})" for name, what in declared.suffixes.items())
        raise RunProblem(f"{output} cannot be written.", hint=f"Let its name end in one of {known}.", code="R061")
    written = draw_function(declared)(network.project, network.model, network.network, count, seed, suffix)
    try:
        durable.replace(output, written)
    except OSError as error:
        raise disk_errors.problem("write", output, error) from error


def declared_generator(project: Project) -> Generator | None:
    """The declaration of how a project generates, if it does."""
    return GENERATORS.get(project.generation.kind) if project.generation else None


def draw_function(declared: Generator) -> Draw:
    """What gives the bytes of a file: of a project, its model, a network, a count, a seed and a suffix."""
    module, _, function = declared.draw.partition(":")
    found: Draw = getattr(import_module(f"engine.runtime.generation.{module}"), function)
    return found
