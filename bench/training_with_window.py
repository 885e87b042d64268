"""What the open window costs a training: the same run with the window drawing it, and without, in turns.

Run from the project's folder:  .venv/bin/python -m bench.training_with_window [--rounds 3] [--epochs 500]
Both train the digits CNN by the same program, one thread of torch; with the window, by its Train action, its live panel
in sight. Printed are optimizer steps by the wall, and by second that the trainer's own process computed, which is what
other programs on the machine disturb least; and how often the window painted its curves meanwhile.
Runs are long, since of a short one most computing is its start.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from statistics import median

os.environ["OMP_NUM_THREADS"] = "1"

from bench.measure import load
from engine.project import file
from engine.project.templates import template
from engine.runs.events import Finished, Started, StepDone
from engine.runs.tail import Tail

GOAL = 0.95


@dataclass(frozen=True, slots=True)
class Run:
    """One training: its steps, the seconds between its first event and its last, and what its process computed."""

    steps: int
    wall_s: float
    cpu_s: float
    paints: int = 0
    window_cpu_s: float = 0.0

    @property
    def per_wall_s(self) -> float:
        """Steps a second."""
        return self.steps / self.wall_s

    @property
    def per_cpu_s(self) -> float:
        """Steps a second of computing."""
        return self.steps / self.cpu_s


def children_s() -> float:
    """What the processes that were started here, and have ended, computed."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def read(run: Path, cpu_s: float, paints: int = 0, window_cpu_s: float = 0.0) -> Run:
    """What a run's events tell."""
    events = Tail(run / "events.jsonl").read(1 << 30).events
    steps = sum(len(each.losses) for each in events if isinstance(each, StepDone))
    began = next(each.t_s for each in events if isinstance(each, Started))
    ended = next(each.t_s for each in events if isinstance(each, Finished))
    return Run(steps, ended - began, cpu_s, paints, window_cpu_s)


def alone(project: Path, run: Path) -> Run:
    """Train without a window."""
    before = children_s()
    command = [sys.executable, "-m", "engine", "train", str(project), "--run", str(run)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return read(run, children_s() - before)


def beside_window(project: Path) -> Run:
    """Train by a window, in a process of its own."""
    command = [sys.executable, "-m", "bench.training_with_window", "--window", str(project)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return Run(**json.loads(done.stdout.splitlines()[-1]))


def window(project: Path) -> Run:
    """Open the window here, and train by its action."""
    from bench.opened import Paints, cpu_ms, open_app, until
    from gui.runs.plots.chart import Chart

    with open_app(project) as app:
        link, runs = app.context.runs.link, app.context.runs
        app.window.show_panel("live", visible=True)
        until(app.qt, lambda: runs.plot_loader.is_ready)
        paints = Paints(app.frame.findChildren(Chart))
        before, computed = children_s(), cpu_ms()
        app.context.actions["train.start"].trigger()
        until(app.qt, lambda: len(link) > 0, 30)
        run = next(iter(link))
        until(app.qt, lambda: len(link) == 0, 600)
        return read(run, children_s() - before, paints.count, (cpu_ms() - computed) / 1000)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--epochs", type=int, default=500)
    parser.add_argument("--window", metavar="FILE", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.window:
        print(json.dumps(asdict(window(Path(options.window)))), flush=True)
        return
    pairs = []
    before = load()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["TORCHLOOM_HOME"] = folder
        path = Path(folder) / "digits.loom"
        project = file.parse(template("digits-cnn").text(), "digits-cnn")
        project.training = replace(project.training, epochs=options.epochs, threads=1, device="cpu", early_stop=None)
        file.write(path, project)
        alone(path, Path(folder) / "warm") if options.rounds > 1 else None
        for number in range(options.rounds):
            order = (0, 1) if number % 2 else (1, 0)  # neither is always the first
            times = {
                each: alone(path, Path(folder) / f"alone-{number}") if each == 0 else beside_window(path)
                for each in order
            }
            pairs.append((times[0], times[1]))
            print(round_line(number, *pairs[-1]), flush=True)
    by_wall = median(b.per_wall_s / a.per_wall_s for a, b in pairs)
    by_cpu = median(b.per_cpu_s / a.per_cpu_s for a, b in pairs)
    print(f"{before} before, {load()} after")
    print(f"steps a second of computing, with the window: {by_cpu:.3f} of those without (asked >= {GOAL})")
    print(f"steps a second by the wall, with the window:  {by_wall:.3f} of those without")


def round_line(number: int, bare: Run, beside: Run) -> str:
    """One pair as a line."""
    return (
        f"round {number + 1}: alone {bare.per_wall_s:7.1f} steps/s, {bare.per_cpu_s:7.1f} a CPU second; "
        f"with the window {beside.per_wall_s:7.1f}, {beside.per_cpu_s:7.1f}; "
        f"{beside.paints} paints of curves, window computed {beside.window_cpu_s:.1f} of {beside.wall_s:.1f} s"
    )


if __name__ == "__main__":
    main()
