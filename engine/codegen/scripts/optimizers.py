"""How ``step.py`` makes the optimizer and the LR schedule of a phase."""

from engine.catalog.optimizers import OPTIMIZERS
from engine.catalog.schedules import SCHEDULES, covers_run
from engine.catalog.spec import effective
from engine.codegen.literals import literal
from engine.codegen.scripts.data_description import keywords
from engine.graph.model import SchedulePart
from engine.graph.phases import EffectivePhase


def optimizer_call(phase: EffectivePhase, groups: str, model: str) -> str:
    """The call that makes the optimizer of a phase.

    ``groups``: the expression of its parameter groups, or of its weights where all learn in the same way. ``model``:
    the expression of the network.
    """
    part = phase.optimizer
    declared = OPTIMIZERS[part.kind]
    lr = effective(declared.params, part.params)["lr"]
    rest = keywords(declared.params, part.params, skip=("lr",))
    parts = [groups, f"lr={literal(lr)}", *([rest] if rest else [])]
    if declared.fused == ("cpu",):
        parts.append(f'fused=next({model}.parameters()).device.type == "cpu"')
    elif declared.fused:
        parts.append("fused=True")
    return f"{declared.target.removeprefix('torch.')}({', '.join(parts)})"


def schedule_call(part: SchedulePart, optimizer: str) -> str:
    """The call that makes an LR scheduler; ``moves`` is the length of one that covers the run."""
    declared = SCHEDULES[part.kind]
    is_covering = covers_run(part.kind, part.params)
    values = keywords(declared.params, part.params, skip=(declared.run_length,) if is_covering else ())
    parts = [optimizer, *([values] if values else []), *([f"{declared.run_length}=moves"] if is_covering else [])]
    return f"{declared.target.removeprefix('torch.')}({', '.join(parts)})"


def moves_each_step(part: SchedulePart | None) -> bool:
    """Whether an LR schedule moves with each update rather than each epoch."""
    return part is not None and (part.every or SCHEDULES[part.kind].every) == "step"
