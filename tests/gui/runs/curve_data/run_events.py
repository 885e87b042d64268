"""Events of a made-up run, and the history that they give."""

from pathlib import Path

from engine.runs import events
from gui.runs.curve_data.history import History

STARTED = events.Started({}, "cpu", 1, 10, "hash", epochs=5)


def step(first, *losses, lr=0.1, t_s=0.0):
    last = first + len(losses) - 1
    return events.StepDone(first, losses, last / 10, lr, 100.0, t_s=t_s)


def history(*run_events) -> History:
    run_history = History(Path("run"))
    run_history.add(run_events)
    return run_history
