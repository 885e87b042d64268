"""The longest time in which the window answers nothing: while it opens, arranges and pastes 1,000 nodes, and trains.

Run from the project's folder:  .venv/bin/python -m bench.stalls [--nodes 1000] [--rounds 5] [--blame]
The real window, offscreen, with its real analysis worker and trainer. A timer ticks in its event loop; what lies
between two ticks is a stall. Printed are the wall's time, and the time that the window's own thread computed meanwhile,
which is what other programs on the machine cannot lengthen. A fixed loop runs before each activity, and both times are
also given in loops, which holds on any machine. ``--blame`` prints where the program was in the longest one of each.
"""

import argparse
import faulthandler
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer

from bench.measure import Times, line, load, loop_line, loop_ms
from bench.opened import open_app, rest, until
from bench.projects import deep
from engine.project import file
from gui.shell.app import App

TICK_MS = 5
ASKED_MS = 200.0
EDITS = (
    "graph.arrange", "edit.undo", "edit.select_all", "edit.copy", "edit.paste", "edit.undo", "view.fit", "view.theme",
    "view.theme",
)  # fmt: skip
LONG_S = 0.1  # into a stall, where the program is then is noted


@dataclass(slots=True)
class Stall:
    """The longest so far: by the wall, by what the thread computed, and where the thread was in the longest one."""

    wall_ms: float = 0.0
    cpu_ms: float = 0.0
    where: str = ""


class Monitor(QObject):
    """Ticks in the event loop, and keeps the longest gap since `begin`."""

    def __init__(self, *, blames: bool = False) -> None:
        super().__init__()
        self.worst = Stall()
        self._now = (time.perf_counter(), time.thread_time())
        self._stacks = tempfile.TemporaryFile() if blames else None  # noqa: SIM115 (it lives as long as this)
        self._timer = QTimer(self, interval=TICK_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._timer.start()

    def begin(self) -> None:
        """Count from here."""
        self.worst = Stall()
        self._start_gap()

    def close(self) -> None:
        """Tick no more."""
        self._timer.stop()
        if self._stacks:
            faulthandler.cancel_dump_traceback_later()
            self._stacks.close()

    def _tick(self) -> None:
        now = (time.perf_counter(), time.thread_time())
        wall, cpu = (1000 * (b - a) for a, b in zip(self._now, now, strict=True))
        self.worst.cpu_ms = max(self.worst.cpu_ms, cpu)
        if wall - TICK_MS > self.worst.wall_ms:
            self.worst.wall_ms, self.worst.where = wall - TICK_MS, self._trace()
        self._start_gap()

    def _start_gap(self) -> None:
        if self._stacks:
            self._stacks.seek(0)
            self._stacks.truncate()
            faulthandler.dump_traceback_later(LONG_S, file=self._stacks)
        self._now = (time.perf_counter(), time.thread_time())

    def _trace(self) -> str:
        """Where the program was when the gap became long."""
        if not self._stacks:
            return ""
        self._stacks.seek(0)
        return self._stacks.read().decode(errors="replace")


@dataclass(slots=True)
class Rounds:
    """What was found of each activity."""

    cpu: Times = field(default_factory=dict)
    wall: Times = field(default_factory=dict)
    loops: Times = field(default_factory=dict)  # of the fixed loop before it
    where: dict[str, Stall] = field(default_factory=dict)

    def note(self, what: str, stall: Stall) -> None:
        """Keep a round's worst."""
        self.cpu.setdefault(what, []).append(stall.cpu_ms)
        self.wall.setdefault(what, []).append(stall.wall_ms)
        if stall.wall_ms >= max(self.wall[what]):
            self.where[what] = stall


def watch(monitor: Monitor, rounds: Rounds, what: str, act: Callable[[], object]) -> None:
    """Keep the longest stall of what ``act`` does and of what follows from it; it waits for all of that."""
    rounds.loops.setdefault(what, []).append(loop_ms())
    monitor.begin()
    act()
    rounds.note(what, monitor.worst)


def soon(app: App, act: Callable[[], object]) -> None:
    """Do it as a click would: from within the event loop."""
    done: list[bool] = []

    def now() -> None:
        act()
        done.append(True)

    QTimer.singleShot(0, app.frame, now)
    until(app.qt, lambda: bool(done))


def open_it(app: App, path: Path) -> None:
    """Open a file, and wait until all that is known of it is shown."""
    app.context.document.history.setClean()
    soon(app, lambda: app.context.files.open(path))
    until(app.qt, lambda: app.context.results.has_answer and not app.context.results.stale)
    rest(app.qt, 1.0)


def act_and_rest(app: App, name: str, seconds: float = 1.5) -> None:
    """Trigger an action as its key would."""
    soon(app, app.context.actions[name].trigger)
    until(app.qt, lambda: not app.context.results.stale)
    rest(app.qt, seconds)


def train(app: App) -> None:
    """Train to the end, watching."""
    link = app.context.runs.link
    soon(app, app.context.actions["train.start"].trigger)
    until(app.qt, lambda: len(link) > 0, 30)
    until(app.qt, lambda: len(link) == 0, 400)
    rest(app.qt, 1.0)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nodes", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--epochs", type=int, default=12)
    parser.add_argument("--blame", action="store_true")
    options = parser.parse_args()
    results = Rounds()
    before = load()
    with tempfile.TemporaryDirectory() as folder:
        many, few = Path(folder) / "many.loom", Path(folder) / "few.loom"
        file.write(many, deep(options.nodes - 5, epochs=2))
        file.write(few, deep(8, epochs=options.epochs))
        with open_app(few) as app:
            monitor = Monitor(blames=options.blame)
            for _ in range(options.rounds):
                watch(monitor, results, f"open {options.nodes:,} nodes", lambda: open_it(app, many))
                for name in EDITS:
                    watch(monitor, results, name, partial(act_and_rest, app, name))
                for page in ("view.code", "view.data", "view.graph"):
                    watch(monitor, results, page, partial(act_and_rest, app, page))
                watch(monitor, results, f"train {options.nodes:,} nodes", lambda: train(app))
                watch(monitor, results, "open few nodes", lambda: open_it(app, few))
                watch(monitor, results, "train few nodes", lambda: train(app))
            monitor.close()
    print(f"The longest stall of each activity; {before} before, {load()} after")
    print(loop_line([each for loops in results.loops.values() for each in loops]))
    for what, rounds in results.cpu.items():
        loops = results.loops[what]
        print(line(what, rounds, ASKED_MS, loops=loops))
        print(line("", results.wall[what], unit="ms wall", loops=loops))
        if options.blame:
            print(results.where[what].where)


if __name__ == "__main__":
    main()
