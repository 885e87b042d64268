"""What a run's network generates: images or numbers, in a file."""

from pathlib import Path

from engine.catalog.generation_kinds import GENERATORS
from engine.errors import RunProblem
from engine.project import disk_errors, durable
from engine.runtime.after_training.trained_network import Warn, Which, ignore, trained_network
from engine.runtime.generation.generator import draw_function, generator_of
from engine.runtime.placement import Placement


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
    """Write this many samples to a file, whose suffix sets the format; the same seed gives the same samples.

    Raises: ``EngineError``; nothing is then written.
    """
    network = trained_network(run, which, Placement.of(device).device, warn)
    generator = generator_of(network.project)
    if generator is None:
        raise RunProblem(
            f"The project of {run} does not set how its network generates.",
            hint=f'Add "generation": {{"kind": "{next(iter(GENERATORS))}"}} to the project, and train it.',
            code="R060",
        )
    suffix = output.suffix.lower()
    if suffix not in generator.suffixes:
        suffixes = ", ".join(f"{name} ({what})" for name, what in generator.suffixes.items())
        raise RunProblem(f"{output} cannot be written.", hint=f"Let its name end in one of {suffixes}.", code="R061")
    content = draw_function(generator)(network.project, network.model, network.network, count, seed, suffix)
    try:
        durable.replace(output, content)
    except OSError as error:
        raise disk_errors.problem("write", output, error) from error
