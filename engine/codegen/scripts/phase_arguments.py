"""The arguments of the functions that make the phases in ``step.py``."""

from collections.abc import Iterator

from engine.codegen.literals import literal
from engine.graph.phases import EffectivePhase


def declared_arguments(names: tuple[str, ...]) -> str:
    """The arguments of these names with their types."""
    return ", ".join(f"{name}: {'Legs' if name == 'legs' else 'int'}" for name in names)


def timing_arguments(phase: EffectivePhase) -> Iterator[str]:
    """What a ``Timing`` takes beside the steps of an epoch."""
    counts = {"times": phase.times, "every": phase.every, "accumulate": phase.accumulate}
    yield from (f"{name}={count}" for name, count in counts.items() if count != 1)
    if phase.epochs is not None:
        yield f"epochs={literal(phase.epochs)}"
