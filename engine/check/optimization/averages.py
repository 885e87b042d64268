"""Rules about the average of weights."""

from collections.abc import Iterator
from dataclasses import replace

from engine.catalog.averages import AVERAGES
from engine.catalog.index import did_you_mean
from engine.catalog.spec import effective
from engine.check.diagnostics import Diagnostic, Fix
from engine.check.parameters.values import faults
from engine.graph.edits import SetTraining
from engine.graph.model import Training


def problems(training: Training) -> Iterator[Diagnostic]:
    """An unknown kind, values that are not legal, and an average that begins after training ends."""
    part = training.average
    if part is None:
        return
    declared = AVERAGES.get(part.kind)
    remove = Fix("Do not average", SetTraining(replace(training, average=None)))
    if declared is None:
        hint = did_you_mean(part.kind, AVERAGES) or f"Choose one of {', '.join(AVERAGES)}."
        yield Diagnostic("T034", "error", f"The average {part.kind!r} is unknown.", hint, fix=remove)
        return
    wrongs = list(faults(part.kind, declared.params, part.params))
    for wrong in wrongs:
        text = f": {wrong.message}" if wrong.declared else f" {wrong.message}"
        yield Diagnostic("T034", "error", f"The average {part.kind}{text}", wrong.hint)
    first = effective(declared.params, part.params).get(declared.first)
    if not wrongs and isinstance(first, int) and first >= training.epochs > 1:
        message = (
            f"The average {part.kind} begins with epoch {first:,} of {training.epochs:,}, so it is of "
            f"{'no' if first > training.epochs else 'one'} epoch."
        )
        yield Diagnostic("T035", "warning", message, f"Let {declared.first} be smaller, or train longer.")
