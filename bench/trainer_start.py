"""From the request to train until the run is there and until its first step: by a new process, and by one that waits.

Run from the project's folder:  .venv/bin/python -m bench.trainer_start [--rounds 5]
Both train the same project as the window has them do, in turns. By the wall, as that is what a person waits for; on a
busy machine both take longer, so the ratio is what counts.
"""

import argparse
import subprocess
import tempfile
import time
from pathlib import Path
from statistics import median

from PySide6.QtCore import QCoreApplication

from bench.measure import Times, line, load
from bench.opened import cpu_ms
from engine.project import file
from engine.project.templates import template
from engine.runs.events import Started, StepDone
from engine.runs.folder import RunFolder
from engine.runs.tail import read_events
from gui.preferences.preferences import Preferences
from gui.workers.launch import Launch, spawn
from gui.workers.standby import Standby

GOAL = 0.2
LOOK_S = 0.005
CALM_S = 1.0  # without computing: it has loaded all and waits
LIMIT_S = 120.0


def calm(pid: int) -> None:
    """Wait until a process computes no more."""
    before, since = -1.0, time.monotonic()
    while time.monotonic() - since < CALM_S:
        time.sleep(0.05)
        if (now := cpu_ms(pid)) != before:
            before, since = now, time.monotonic()


def until_event(run: RunFolder, kind: type[Started | StepDone], start: float) -> float:
    """Milliseconds from ``start`` until the run has such an event. Raises: ``TimeoutError``."""
    while time.perf_counter() - start < LIMIT_S:
        if run.events.exists() and any(isinstance(event, kind) for event in read_events(run.events)):
            return 1000 * (time.perf_counter() - start)
        time.sleep(LOOK_S)
    raise TimeoutError(f"no {kind.__name__} in {run.path}")


def once(base: Path, standby: Standby | None, times: Times, what: str) -> None:
    """Train once, and end it after its first steps."""
    project = file.parse(template("digits-cnn").text(), "digits-cnn")
    launch = Launch.prepare(project, base / "digits.loom")
    start = time.perf_counter()
    process: subprocess.Popen[bytes] | None = None
    if standby:
        process = standby.take(launch.arguments, launch.log)
        assert process is not None
    process = process or spawn(launch.arguments, launch.log)
    for kind, name in ((Started, "run is there"), (StepDone, "first steps")):
        times.setdefault(f"{what}, {name}", []).append(until_event(launch.run, kind, start))
    process.kill()
    process.wait()


def main() -> None:
    """Measure both in turns, and print them and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    qt = QCoreApplication([])
    times: Times = {}
    before = load()
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(rounds):
            once(Path(folder), None, times, "new process")
            standby = Standby(Preferences(), idle_ms=0)
            standby.start()
            while not standby.pid:
                qt.processEvents()
            calm(standby.pid)
            once(Path(folder), standby, times, "waiting one")
    print(f"Start of a training; {before} before, {load()} after")
    for what, rounds in times.items():
        print(line(what, rounds, unit="ms wall"))
    for name in ("run is there", "first steps"):
        pairs = zip(times[f"waiting one, {name}"], times[f"new process, {name}"], strict=True)
        ratio = median(ours / theirs for ours, theirs in pairs)
        print(f"{name}: {ratio:.2f} of a new process, asked <= {GOAL}: {'ok' if ratio <= GOAL else 'MISSED'}")


if __name__ == "__main__":
    main()
