"""Rules about LR schedules that follow each other, and about what moves them."""

from collections.abc import Iterator
from dataclasses import replace

from engine.check.diagnostics import Diagnostic, Fix
from engine.graph.edits import SetTraining
from engine.graph.model import SchedulePart, Training
from engine.graph.schedules import interval, watching

MOST = 10_000_000_000  # steps of a part


def problems(training: Training, schedule: SchedulePart) -> Iterator[Diagnostic]:
    """The problems of the entries together."""
    yield from _interval(training, schedule)
    parts = schedule.parts
    for place, part in enumerate(parts[:-1]):
        yield from _length(part, parts[place + 1])
    last = parts[-1]
    if last.steps is not None or last.epochs is not None:
        without = SchedulePart.of_parts([*parts[:-1], replace(last, steps=None, epochs=None)])
        fix = Fix("Let it last", SetTraining(replace(training, schedule=without)))
        message = f"No schedule comes after {last.kind}, so it cannot end."
        yield Diagnostic("T029", "error", message, "Leave steps and epochs out, or add another schedule.", fix=fix)


def _length(part: SchedulePart, next_part: SchedulePart) -> Iterator[Diagnostic]:
    lengths = {name: value for name, value in (("steps", part.steps), ("epochs", part.epochs)) if value is not None}
    if len(lengths) != 1:
        what = "says both steps and epochs" if lengths else f"does not say when {next_part.kind} follows it"
        yield Diagnostic("T029", "error", f"The schedule {part.kind} {what}.", "Write one of them, steps or epochs.")
    for name, value in lengths.items():
        if not 1 <= value <= MOST:
            message = f"The schedule {part.kind}: {name} must be from 1 to {MOST:,}, got {value:,}."
            yield Diagnostic("T029", "error", message)


def _interval(training: Training, schedule: SchedulePart) -> Iterator[Diagnostic]:
    """Entries that want to be moved at different times."""
    every, parts = interval(schedule), schedule.parts
    watcher = watching(schedule)
    if every == "step" and watcher:
        message = f"{watcher.kind} watches a metric that is computed once an epoch, so it cannot be updated every step."
        hint = "Set every to epoch, and count epochs." if schedule.then else "Set every to epoch."
        yield Diagnostic("T007", "error", message, hint)
    other = next((part for part in parts if part.every and part.every != every), None)
    if other:
        message = f"{other.kind} is to be updated every {other.every}, but the schedules before it every {every}."
        hint = "All schedules of a list move each step, or all each epoch."
        alike = SchedulePart.of_parts([replace(part, every=part.every and every) for part in parts])
        fix = Fix(f"Update all every {every}", SetTraining(replace(training, schedule=alike)))
        yield Diagnostic("T029", "error", message, hint, fix=fix)
    counts = next((part for part in parts if part.steps is not None), None)
    if every == "epoch" and counts:
        message = f"{counts.kind} lasts {counts.steps:,} steps, but the schedules are updated every epoch."
        yield Diagnostic("T029", "error", message, "Write epochs, or set every to step.")
    watchers = [part.kind for part in parts if watching(part)]
    if len(watchers) > 1:
        yield Diagnostic("T029", "error", "Two schedules of a list watch a metric.", "Keep the last of them.")
