"""Samples a second of the app's whole loop, events and checkpoints included, against a textbook loop.

    python bench/training.py [--rounds 5] [--epochs N] [--only mlp] [--turn 0.2]

60,000 synthetic rows of 784 numbers, ten classes, batch 64, one thread. The textbook loop is the one of every tutorial:
a ``DataLoader`` that shuffles, ``optimizer.zero_grad()``, ``loss.item()`` at each step. Both train the same generated
model with the same optimizer, each in a process of its own, and take turns of a fifth of a second, so that both meet
the same weather on a busy machine; while the app waits for its turn, its clock stands still. A round is a whole
training by each; its ratio is printed by the clock and by processor time, then each network's median and spread.
"""

import argparse
import multiprocessing
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from unittest import mock

os.environ["OMP_NUM_THREADS"] = "1"
sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from bench.networks import BATCH, NETWORKS, project_of
from engine.project import file as files
from engine.runs.events import Finished, Started
from engine.runtime.load import load_model
from engine.runtime.training.job import Job
from engine.runtime.training.train import start

ROWS = 60_000
TARGETS = {"mlp": 1.3, "cnn": 1.05, "lstm": 1.05, "transformer": 1.0}
EPOCHS = {"mlp": 4, "cnn": 2, "lstm": 2, "transformer": 1}  # of a round: seconds, not tenths
CHECKED = 8  # steps of the textbook loop between two looks at the clock


Pipes = dict[str, Connection]
"""To the process of each side."""


@dataclass(frozen=True, slots=True)
class Task:
    """One training, for either side. ``folder``: the run folder; the textbook loop only reads its ``model.py``."""

    network: str
    rows: Path
    folder: Path
    epochs: int
    turn_s: float


class Turns:
    """One side's stopwatch, which only runs while it is this side's turn."""

    def __init__(self, pipe: Connection, turn_s: float) -> None:
        self._pipe, self._turn_s = pipe, turn_s
        self._wall = self._processor = self._paused = 0.0
        self._wait()

    def clock(self) -> float:
        """Seconds, as ``time.monotonic`` would have it if there were no other side."""
        return time.perf_counter() - self._paused

    def pause(self, *, is_over: bool = False) -> None:
        """Let the other side work, when one's own turn has lasted long enough or the work is done."""
        now = time.perf_counter()
        if not is_over and now - self._wall_from < self._turn_s:
            return
        self._wall += now - self._wall_from
        self._processor += time.process_time() - self._processor_from
        self._pipe.send((self._wall, self._processor) if is_over else None)
        if not is_over:
            self._wait()

    def _wait(self) -> None:
        began = time.perf_counter()
        self._pipe.recv()
        self._wall_from, self._processor_from = time.perf_counter(), time.process_time()
        self._paused += self._wall_from - began


def app(task: Task, pipe: Connection) -> None:
    """The app's training, timed from the first event to the last."""
    turns: list[Turns] = []

    def on_event(event: object) -> None:
        if isinstance(event, Started):
            pipe.send("ready")
            turns.append(Turns(pipe, task.turn_s))
        turns[0].pause(is_over=isinstance(event, Finished))

    def clock() -> float:
        return turns[0].clock() if turns else time.perf_counter()

    with mock.patch("time.monotonic", clock):
        start(Job(project_of(task.network, task.rows, task.epochs), task.folder.parent, task.folder), on_event)


def textbook(task: Task, pipe: Connection) -> None:
    """The loop of every tutorial, timed from the first step to the last."""
    arrays = np.load(task.rows)
    images, labels = torch.from_numpy(arrays["image"]), torch.from_numpy(arrays["label"])
    torch.manual_seed(0)
    project, source = files.read(task.folder / "project.loom"), task.folder / "model.py"
    network: nn.Module = load_model(source.read_text(), project, source).network()
    optimizer = torch.optim.Adam(network.parameters())
    loader = DataLoader(TensorDataset(images, labels), batch_size=BATCH, shuffle=True)
    criterion = nn.CrossEntropyLoss()
    pipe.send("ready")
    turns = Turns(pipe, task.turn_s)
    for _ in range(task.epochs):
        network.train()
        running = 0.0
        for number, (image, label) in enumerate(loader, 1):
            optimizer.zero_grad()
            loss = criterion(network(image), label)
            loss.backward()
            optimizer.step()
            running += loss.item()
            if number % CHECKED == 0:
                turns.pause()
    turns.pause(is_over=True)


SIDES: dict[str, Callable[[Task, Connection], None]] = {"app": app, "textbook": textbook}


def serve(side: str, pipe: Connection) -> None:
    """A side's process: trainings one after the other."""
    torch.set_num_threads(1)
    while isinstance(task := pipe.recv(), Task):
        SIDES[side](task, pipe)


def seconds(pipes: Pipes, task: Task) -> dict[str, tuple[float, float]]:
    """Clock and processor seconds of one training by each side, in turns."""
    for pipe in pipes.values():  # the app first: it writes the model.py that both train
        pipe.send(task)
        pipe.recv()
    times: dict[str, tuple[float, float]] = {}
    while len(times) < len(pipes):
        for side, pipe in pipes.items():
            if side not in times:
                pipe.send("go")
                if took := pipe.recv():
                    times[side] = took
    return times


def compare(name: str, home: Path, pipes: Pipes, options: argparse.Namespace) -> list[tuple[float, ...]]:
    """Ratios of samples a second, app over textbook, by the clock and by processor time, of each round."""
    ratios, epochs = [], options.epochs or EPOCHS[name]
    for number in range(1, options.rounds + 1):
        folder = home / f"{name}-{number}"
        took = seconds(pipes, Task(name, home / "rows.npz", folder, epochs, options.turn))
        shutil.rmtree(folder)
        ratios.append(tuple(theirs / ours for ours, theirs in zip(took["app"], took["textbook"], strict=True)))
        ours, theirs = (ROWS * epochs / took[side][0] for side in SIDES)
        print(
            f"{name:<12} round {number}: {ours:>9,.0f} samples/s, textbook {theirs:>9,.0f}, "
            f"ratio {ratios[-1][0]:.3f}, of processor time {ratios[-1][1]:.3f}",
            flush=True,
        )
    return ratios


def spread(ratios: list[float]) -> str:
    """The median and the extremes."""
    return f"{statistics.median(ratios):.3f} ({min(ratios):.3f} to {max(ratios):.3f})"


def main() -> None:
    """Print the ratios of each network."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--epochs", type=int, help="of a round; the smaller the network, the more by default")
    parser.add_argument("--turn", type=float, default=0.2, help="seconds")
    parser.add_argument("--only", choices=list(NETWORKS))
    options = parser.parse_args()
    names = [name for name in NETWORKS if options.only in (None, name)]
    context = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory() as place:
        home = Path(place)
        os.environ["TORCHLOOM_HOME"] = str(home / "home")
        generator = np.random.default_rng(0)
        images = generator.normal(size=(ROWS, 784)).astype(np.float32)
        np.savez(home / "rows.npz", image=images, label=generator.integers(0, 10, ROWS))
        del images
        pipes, workers = {}, []
        for side in SIDES:
            pipes[side], theirs = context.Pipe()
            workers.append(context.Process(target=serve, args=(side, theirs), daemon=True))
            workers[-1].start()
            theirs.close()
        ratios_by_name = {name: compare(name, home, pipes, options) for name in names}
        for pipe in pipes.values():
            pipe.send(None)
        for worker in workers:
            worker.join()
    print(f"load of the machine in the last minutes: {' '.join(f'{load:.1f}' for load in os.getloadavg())}")
    for name, ratios in ratios_by_name.items():
        wall, processor = (list(each) for each in zip(*ratios, strict=True))
        print(f"{name:<12} {spread(wall)} times the textbook loop, {spread(processor)} of processor time")
        print(f"{'':<12} target {TARGETS[name]}: {'met' if statistics.median(wall) >= TARGETS[name] else 'MISSED'}")


if __name__ == "__main__":
    main()
