"""The length of a run with its legs, and what a new end means for its schedule."""

from engine.catalog.schedules import SCHEDULES
from engine.catalog.spec import effective
from engine.codegen.scripts.run_length import Leg, RunLength, ScheduleMode
from engine.graph.model import Project, SchedulePart
from engine.graph.phases import effective_phases
from engine.graph.schedules import covers_run
from engine.runtime.checkpoints.manifest import CheckpointMetadata, LengthRecord, PositionState


def recorded_length(metadata: CheckpointMetadata, project: Project) -> RunLength:
    """The length that a checkpoint records; one of an older version has the leg that its project plans."""
    if "legs" not in metadata:
        return RunLength(metadata["epochs"], (Leg(project.training.epochs),))
    legs = tuple(Leg(each["end"], each["epoch"], each["batch"], each["way"]) for each in metadata["legs"])
    return RunLength(metadata["epochs"], legs, tuple(metadata["went_on"]))


def length_record(length: RunLength) -> LengthRecord:
    """The length as a checkpoint stores it."""
    return {
        "epochs": length.epochs,
        "legs": [{"end": leg.end, "epoch": leg.epoch, "batch": leg.batch, "way": leg.way} for leg in length.legs],
        "went_on": list(length.went_on),
    }


def extended_length(length: RunLength, at: PositionState, epochs: int, mode: ScheduleMode | None) -> RunLength:
    """The length of a run that continues from a position to this many epochs.

    A new leg begins where the last one ends, where early stopping ended it, or, to stretch it, at once. An end within
    what was planned needs no new leg, unless the schedule is to be stretched to it.
    """
    went_on = length.went_on
    if at["is_over"] and epochs > at["epoch"]:
        went_on = (*went_on, at["epoch"])
    is_longer = epochs > length.end
    if not is_longer and (mode != "stretch" or epochs == length.end):
        return RunLength(epochs, length.legs, went_on)
    if mode == "stretch":
        new = Leg(epochs, at["epoch"], at["batch"], mode)
    else:
        next_epoch = at["epoch"] + (1 if at["batch"] else 0)
        new = Leg(epochs, at["epoch"] if at["is_over"] else max(length.end, next_epoch))
    before = tuple(leg for leg in length.legs if (leg.epoch, leg.batch) < (new.epoch, new.batch))
    return RunLength(epochs, (*before, new), went_on)


def schedule_mode(part: SchedulePart | None, before: RunLength, now: RunLength) -> ScheduleMode | None:
    """How the schedule continues, when a new end changes it."""
    if not covers_run(part) or now.legs == before.legs:
        return None
    return now.legs[-1].way


def run_schedule_mode(project: Project, before: RunLength, now: RunLength) -> ScheduleMode | None:
    """How the LR schedules continue, when a new end changes one of them."""
    modes = (schedule_mode(phase.schedule, before, now) for phase in effective_phases(project))
    return next((mode for mode in modes if mode is not None), None)


def note_of_run(project: Project, before: RunLength, now: RunLength, request: ScheduleMode | None) -> str:
    """`length_note` for the LR schedule of each phase, or one note that is true of all phases."""
    notes = {phase.name: length_note(phase.schedule, before, now, request) for phase in effective_phases(project)}
    if len(set(notes.values())) == 1:
        return next(iter(notes.values()))
    return " ".join(f"Phase {name}: {note}" for name, note in notes.items() if note)


def length_note(part: SchedulePart | None, before: RunLength, now: RunLength, request: ScheduleMode | None) -> str:
    """A sentence for a person: what a new end means for the schedule, or that the requested mode changes nothing."""
    mode = schedule_mode(part, before, now)
    if part is not None and mode is not None:
        return f"Schedule {mode}: {_name(part)} {_change_text(now.legs[-1])}."
    if part is None:
        why = "the project has no schedule"
    elif covers_run(part):
        why = f"{_name(part)} was planned for {before.end:,} epochs, and these are within them"
    elif param := SCHEDULES[part.parts[-1].kind].run_length:
        last = part.parts[-1]
        value = effective(SCHEDULES[last.kind].params, last.params)[param]
        why = f"{last.kind} continues with {param} = {value:,}"
    else:
        why = f"{part.parts[-1].kind} does not depend on the number of epochs"
    if request is not None:
        return f"--schedule {request} changes nothing: {why}."
    is_relevant = part is not None and now.legs != before.legs
    return f"Schedule: {why}." if is_relevant else ""


def _name(part: SchedulePart) -> str:
    """The kinds of a list of schedules."""
    return ", then ".join(each.kind for each in part.parts)


def _change_text(leg: Leg) -> str:
    if leg.way == "stretch":
        return f"continues as if {leg.end:,} epochs had been planned"
    first = leg.epoch + 1
    return (
        f"begins again for epochs {first:,} to {leg.end:,}" if first < leg.end else f"begins again for epoch {first:,}"
    )
