"""Changes of the settings of one phase, or of the training where it lists none, for fixes."""

from dataclasses import replace

from engine.check.diagnostics import Fix
from engine.graph.edits import SetTraining
from engine.graph.model import OtherOptimizer, Part, Training
from engine.graph.phases import EffectivePhase


def whose(phase: EffectivePhase) -> str:
    """The phase at the beginning of a message; empty where the training lists none."""
    return f"Phase {phase.name}: " if phase.name else ""


def optimizers_fix(
    label: str, training: Training, phase: EffectivePhase, part: Part, others: tuple[OtherOptimizer, ...]
) -> Fix:
    """The fix that gives a phase these optimizers."""
    return Fix(label, SetTraining(with_settings(training, phase, optimizer=part, other_optimizers=others)))


def with_settings(training: Training, phase: EffectivePhase, **changes: object) -> Training:
    """The training with other settings of a phase."""
    if not phase.name:
        return replace(training, **changes)  # type: ignore[arg-type] # each by its caller
    phases = tuple(
        replace(each, **changes) if each.name == phase.name else each  # type: ignore[arg-type] # each by its caller
        for each in training.phases
    )
    return replace(training, phases=phases)
