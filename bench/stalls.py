"""The longest time in which the window answers nothing: while it opens and arranges 1,000 nodes, and while it trains.

Run from the project's folder:  .venv/bin/python -m bench.stalls [--nodes 1000] [--rounds 5] [--blame]
The real window, offscreen, with its real analysis worker and trainer. A timer ticks in its event loop; what lies
between two ticks is a stall. Told are the wall's time, and the time that the window's own thread computed meanwhile,
which is what other programs on the machine cannot lengthen. ``--blame`` tells where the longest one of each kind was
spent.
"""

import argparse
import sys
import tempfile
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer

from bench.measure import Times, line, load
from bench.opened import opened, rest, until
from bench.projects import deep
from engine.project import file
from gui.app import App

TICK_MS = 5
ASKED_MS = 200.0
LONG_MS = 60.0  # a stall that is looked into
SAMPLE_S = 0.004


@dataclass(slots=True)
class Stall:
    """The longest one so far: by the wall, and what the thread computed in the one that computed most."""

    wall_ms: float = 0.0
    cpu_ms: float = 0.0
    where: Counter[str] = field(default_factory=Counter)


class Monitor(QObject):
    """Ticks in the event loop, and keeps the longest gap since `begin`."""

    def __init__(self, *, blames: bool = False) -> None:
        super().__init__()
        self.worst = Stall()
        self._now = (time.perf_counter(), time.thread_time())
        self._timer = QTimer(self, interval=TICK_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._timer.start()
        self._seen: Counter[str] = Counter()
        self._is_over = threading.Event()
        self._main = threading.get_ident()
        self._watcher = threading.Thread(target=self._watch, daemon=True) if blames else None
        if self._watcher:
            self._watcher.start()

    def begin(self) -> None:
        """Count from here."""
        self.worst = Stall()
        self._now = (time.perf_counter(), time.thread_time())
        self._seen.clear()

    def close(self) -> None:
        """Tick no more."""
        self._timer.stop()
        self._is_over.set()
        if self._watcher:
            self._watcher.join()

    def _tick(self) -> None:
        now = (time.perf_counter(), time.thread_time())
        wall, cpu = (1000 * (b - a) for a, b in zip(self._now, now, strict=True))
        self.worst.wall_ms = max(self.worst.wall_ms, wall - TICK_MS)
        if cpu > self.worst.cpu_ms:
            self.worst.cpu_ms, self.worst.where = cpu, Counter(self._seen)
        self._seen.clear()
        self._now = (time.perf_counter(), time.thread_time())

    def _watch(self) -> None:
        """From another thread: what the window's is at, whenever it has not ticked for long."""
        while not self._is_over.wait(SAMPLE_S):
            if 1000 * (time.perf_counter() - self._now[0]) > LONG_MS / 4:
                frame = sys._current_frames().get(self._main)  # noqa: SLF001 (the one way to see another thread)
                ours = [
                    each
                    for each in traceback.extract_stack(frame)
                    if "/gui/" in each.filename or "/engine/" in each.filename
                ]
                self._seen[" > ".join(f"{Path(each.filename).stem}.{each.name}" for each in ours[-6:])] += 1


@dataclass(slots=True)
class Rounds:
    """What was found of each activity."""

    cpu: Times = field(default_factory=dict)
    wall: Times = field(default_factory=dict)
    where: dict[str, Stall] = field(default_factory=dict)

    def note(self, what: str, stall: Stall) -> None:
        """Keep a round's worst."""
        self.cpu.setdefault(what, []).append(stall.cpu_ms)
        self.wall.setdefault(what, []).append(stall.wall_ms)
        if stall.cpu_ms >= max(self.cpu[what]):
            self.where[what] = stall


def watched(monitor: Monitor, found: Rounds, what: str, act: Callable[[], object]) -> None:
    """Keep the longest stall of what ``act`` does and of what follows from it; it waits for all of that."""
    monitor.begin()
    act()
    found.note(what, monitor.worst)


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
    app.seams.document.history.setClean()
    soon(app, lambda: app.seams.files.open(path))
    until(app.qt, lambda: app.seams.facts.answered and not app.seams.facts.stale)
    rest(app.qt, 1.0)


def act_and_rest(app: App, name: str, seconds: float = 1.5) -> None:
    """Trigger an action as its key would."""
    soon(app, app.seams.actions[name].trigger)
    until(app.qt, lambda: not app.seams.facts.stale)
    rest(app.qt, seconds)


def train(app: App) -> None:
    """Train to the end, watching."""
    link = app.seams.runs.link
    soon(app, app.seams.actions["train.start"].trigger)
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
    asked = parser.parse_args()
    found = Rounds()
    before = load()
    with tempfile.TemporaryDirectory() as folder:
        many, few = Path(folder) / "many.loom", Path(folder) / "few.loom"
        file.write(many, deep(asked.nodes - 5))
        file.write(few, deep(8, epochs=asked.epochs))
        with opened(few) as app:
            monitor = Monitor(blames=asked.blame)
            for _ in range(asked.rounds):
                watched(monitor, found, f"open {asked.nodes:,} nodes", lambda: open_it(app, many))
                for name in ("graph.arrange", "edit.undo", "edit.select_all", "view.fit", "view.theme", "view.theme"):
                    watched(monitor, found, name, lambda name=name: act_and_rest(app, name))  # type: ignore[misc]
                for page in ("view.code", "view.data", "view.graph"):
                    watched(monitor, found, page, lambda page=page: act_and_rest(app, page))  # type: ignore[misc]
                watched(monitor, found, "open few nodes", lambda: open_it(app, few))
                watched(monitor, found, "train", lambda: train(app))
            monitor.close()
    print(f"The longest stall of each activity; {before} before, {load()} after")
    for what, rounds in found.cpu.items():
        print(line(what, rounds, ASKED_MS))
        print(line("", found.wall[what], unit="ms wall"))
        for place, count in found.where[what].where.most_common(5) if asked.blame else ():
            print(f"      {count:4} {place}")


if __name__ == "__main__":
    main()
