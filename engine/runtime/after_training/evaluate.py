"""Measures a run's network on one part of its data, or on a new file that holds the truth."""

from dataclasses import dataclass
from pathlib import Path

from engine.check.diagnostics import Diagnostic
from engine.errors import RunProblem
from engine.runs.threshold import read_threshold, write_threshold
from engine.runtime.after_training.results.class_answers import ClassAnswers
from engine.runtime.after_training.results.evaluated import Evaluated, evaluated
from engine.runtime.after_training.results.new_part import part_of_file
from engine.runtime.after_training.results.part import part_of_run
from engine.runtime.after_training.trained_network import Warn, Which, ignore, trained_network
from engine.runtime.data.prepared_samples import PartName
from engine.runtime.placement import Placement

UNUSABLE = "D130"  # the code of samples that cannot be used


@dataclass(frozen=True, slots=True)
class Choice:
    """What is evaluated. ``data``: a new file or folder, instead of a part of the run's own data."""

    run: Path
    part: PartName = "validation"
    data: Path | None = None
    which: Which = "best"
    device: str = "auto"


def evaluate(
    run: Path, part: PartName = "validation", *, which: Which = "best", device: str = "auto", warn: Warn = ignore
) -> dict[str, float]:
    """The losses and metrics of a run's network by name, without the prefix of events; errors in the data's unit."""
    return evaluation(Choice(run, part, which=which, device=device), warn=warn).metrics


def evaluation(choice: Choice, threshold: float | None = None, warn: Warn = ignore) -> Evaluated:
    """The answers of a run's network for what is chosen.

    ``threshold``: of two classes, instead of the one that is kept with the run.
    Raises: ``EngineError`` when the part holds no samples, when the data is not that of the start of the run, and for
    a threshold where there are not two classes.
    """
    network = trained_network(choice.run, choice.which, Placement.of(choice.device).device, warn)
    part = part_of_file(network, choice.data) if choice.data else part_of_run(network, choice.part)
    for name in () if not part.refusals else (part.source,):
        count, first = len(part.refusals), part.refusals[0]
        text = f"{name}: {count:,} samples are left out; {first.place}: {first.reason}"
        warn(Diagnostic(UNUSABLE, "warning", text, first.hint))
    used = read_threshold(choice.run) if threshold is None else threshold
    result = evaluated(network, part, choice.which, used)
    if threshold is not None and not (isinstance(result.answers, ClassAnswers) and result.answers.has_two):
        hint = "Leave it out: the likeliest class is the answer."
        raise RunProblem(f"{choice.run} does not choose between two classes.", hint=hint, code="R044")
    return result


def keep_threshold(result: Evaluated) -> None:
    """Keep the threshold of these answers with the run, for later answers and exports."""
    if isinstance(result.answers, ClassAnswers) and result.answers.threshold is not None:
        write_threshold(result.network.folder.path, result.answers.threshold)
