"""What a graphics card must do, in one script: train, resume exactly, say what does not fit, and be fast.

    python -m bench.card [--device cuda:0] [--rows 60000] [--epochs 2]

Every shipped template trains two epochs, is stopped after the first one in a second run and resumed, and both runs must
have equal losses. A batch too large for the memory must be refused at its node. Then the app's loop trains the networks
of `bench.networks` in turns with the loop of every tutorial and, on a card, with that loop recorded as a CUDA graph.
Without a card all of it runs on the processor, but for the graph; the last lines name what was left out. The exit
status is 1 when something failed.
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from statistics import median

import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from bench.networks import BATCH, NETWORKS, project_of
from engine.codegen.field_usage import reads
from engine.errors import EngineError
from engine.graph.model import Node, Project
from engine.project import file as files
from engine.project.templates import template, templates
from engine.runs.desired import Desired, write_desired
from engine.runs.events import EpochDone, Event, Finished, Problem, Started
from engine.runs.folder import RunFolder
from engine.runtime.device import device_text, synchronize
from engine.runtime.load import load_model
from engine.runtime.placement import Placement
from engine.runtime.training.job import Job
from engine.runtime.training.train import resume, start

TURNS = 3  # of each loop; the median counts
GRAPH_WARM_UP = 3


@dataclass
class Findings:
    """What came out. ``left_out``: what this machine cannot do."""

    failed: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)

    @contextmanager
    def checking(self, what: str) -> Iterator[None]:
        """Print whether what happens inside goes well, and how long it takes."""
        began = time.monotonic()
        try:
            yield
        except (AssertionError, EngineError, RuntimeError) as error:
            self.failed.append(what)
            print(f"  FAILED  {what}: {' '.join(str(error).split())[:300]}", flush=True)
        else:
            print(f"  passed  {what:<44} {time.monotonic() - began:6.1f} s", flush=True)


def project_of_template(name: str) -> Project:
    """A shipped project."""
    return files.parse(template(name).text(), name)


def on_device(project: Project, device: torch.device, **training: object) -> Project:
    """The project, trained there with one thread."""
    project.training = replace(project.training, device=str(device), threads=1, **training)
    return project


def stopping_after_first(folder: Path) -> Callable[[Event], None]:
    """What asks a run to stop once its first epoch is over."""

    def ignore(event: Event) -> None:
        if isinstance(event, EpochDone) and event.epoch == 1:
            write_desired(RunFolder(folder).desired, Desired("stop"))

    return ignore


def check_template(name: str, device: torch.device, home: Path, epochs: int) -> None:
    """Train it whole, and stopped and resumed; the losses must be equal."""
    whole, parts = home / f"{name}-whole", home / f"{name}-parts"
    outcome = start(Job(on_device(project_of_template(name), device, epochs=epochs), home, whole))
    assert outcome.reason == "completed", f"it ended as {outcome.reason}"
    start(Job(on_device(project_of_template(name), device, epochs=epochs), home, parts), stopping_after_first(parts))
    outcome = resume(parts)
    assert outcome.epochs == epochs, f"it ended after {outcome.epochs} epochs"
    one, other = (RunFolder(run).losses.read_text().split() for run in (whole, parts))
    assert len(one) == len(other), f"{len(one)} steps whole, {len(other)} resumed"
    differing = [step for step, pair in enumerate(zip(one, other, strict=True), 1) if pair[0] != pair[1]]
    assert not differing, f"the resumed run has other losses from step {differing[0]} of {len(one)}"


def check_memory(device: torch.device, home: Path) -> None:
    """A layer whose result cannot fit must be named."""
    project = on_device(project_of_template("digits-cnn"), device, epochs=1, batch_size=1024)
    project.graphs[project.main].nodes["pool1"] = Node("Upsample", {"scale_factor": 4096.0})
    project.graphs[project.main].nodes["fc1"].params["out_features"] = 2
    refusals: list[tuple[str, str | None]] = []
    try:
        start(Job(project, home, home / "too-large"), lambda event: refusals.extend(_problem(event)))
    except EngineError as error:
        refusals.append((error.message, error.node))
    assert refusals, "nothing was refused"
    message, node = refusals[-1]
    assert node, f"no node is named: {message}"


def _problem(event: Event) -> Iterator[tuple[str, str | None]]:
    if isinstance(event, Problem):
        yield event.message, event.node


def app_seconds(name: str, data: Path, device: torch.device, folder: Path, epochs: int) -> float:
    """Seconds of the app's loop from the first step to the last, events and checkpoints included."""
    marks: list[float] = []

    def on_event(event: Event) -> None:
        if isinstance(event, Started | Finished):
            synchronize(device)
            marks.append(time.perf_counter())

    start(Job(on_device(project_of(name, data, epochs), device), folder.parent, folder), on_event)
    return marks[-1] - marks[0]


def textbook_seconds(folder: Path, data: Path, device: torch.device, epochs: int, *, is_recorded: bool) -> float:
    """Seconds of the tutorials' loop over the same ``model.py``; ``is_recorded``: its step is a CUDA graph."""
    arrays = np.load(data)
    dataset = TensorDataset(torch.from_numpy(arrays["image"]), torch.from_numpy(arrays["label"]))
    project, source = files.read(folder / "project.loom"), folder / "model.py"
    network: nn.Module = load_model(source.read_text(), project, source).network().to(device)
    optimizer = torch.optim.Adam(network.parameters(), capturable=is_recorded)
    criterion = nn.CrossEntropyLoss()
    assert reads(project).inputs == ("image",)
    step = recorded(network, optimizer, criterion, dataset, device) if is_recorded else None
    synchronize(device)
    began = time.perf_counter()
    for _ in range(epochs):
        running = 0.0
        for image, label in DataLoader(dataset, batch_size=BATCH, shuffle=True, drop_last=is_recorded):
            if step:
                running += step(image, label)
                continue
            optimizer.zero_grad()
            loss = criterion(network(image.to(device)), label.to(device))
            loss.backward()
            optimizer.step()
            running += loss.item()
    synchronize(device)
    return time.perf_counter() - began


def recorded(
    network: nn.Module,
    optimizer: torch.optim.Optimizer,
    criterion: nn.Module,
    dataset: TensorDataset,
    device: torch.device,
) -> Callable[[torch.Tensor, torch.Tensor], float]:
    """One step of the loop as a CUDA graph, which takes the batch and gives the loss."""
    image, label = (values[:BATCH].to(device) for values in dataset.tensors)

    def learn() -> torch.Tensor:
        optimizer.zero_grad(set_to_none=True)
        loss: torch.Tensor = criterion(network(image), label)
        loss.backward()
        optimizer.step()
        return loss

    side = torch.cuda.Stream()
    side.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(side):
        for _ in range(GRAPH_WARM_UP):
            learn()
    torch.cuda.current_stream().wait_stream(side)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        loss = learn()

    def step(new_image: torch.Tensor, new_label: torch.Tensor) -> float:
        image.copy_(new_image)
        label.copy_(new_label)
        graph.replay()
        return loss.item()

    return step


def compare_speed(device: torch.device, home: Path, rows: int, epochs: int) -> None:
    """Print how much faster the app trains than the tutorials' loop, eager and recorded."""
    generator = np.random.default_rng(0)
    data = home / "rows.npz"
    np.savez(data, image=generator.normal(size=(rows, 784)).astype(np.float32), label=generator.integers(0, 10, rows))
    for name in NETWORKS:
        times: dict[str, list[float]] = {}
        for turn in range(TURNS):
            folder = home / f"{name}-{turn}"
            times.setdefault("app", []).append(app_seconds(name, data, device, folder, epochs))
            for loop, is_recorded in {"textbook": False, "CUDA graph": True}.items():
                if not is_recorded or device.type == "cuda":
                    seconds = textbook_seconds(folder, data, device, epochs, is_recorded=is_recorded)
                    times.setdefault(loop, []).append(seconds)
        middle = {loop: median(rounds) for loop, rounds in times.items()}
        ratios = ", ".join(
            f"{middle[loop] / middle['app']:.2f} times the {loop} loop" for loop in times if loop != "app"
        )
        print(f"  {name:<12} {rows * epochs / middle['app']:>10,.0f} samples/s: {ratios}", flush=True)


def main() -> int:
    """Run all of it; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--device", default="auto")
    parser.add_argument("--rows", type=int, default=60_000, help="samples of the speed comparison")
    parser.add_argument("--epochs", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(1)
    device, findings = Placement.of(options.device).device, Findings()
    print(f"{date.today().isoformat()}  torch {torch.__version__}  {device_text(device)}")  # noqa: DTZ011 - a person's day
    with tempfile.TemporaryDirectory() as place:
        home = Path(place)
        os.environ["TORCHLOOM_HOME"] = str(home / "home")
        print("Templates: two epochs, and stopped and resumed with equal losses")
        for name in (each.name for each in templates() if each.data):
            with findings.checking(name):
                check_template(name, device, home, options.epochs)
        print("Memory: what does not fit is named")
        with findings.checking("a layer that is too large"):
            check_memory(device, home)
        print(f"Speed: medians of {TURNS} turns, batch {BATCH}")
        compare_speed(device, home, options.rows, options.epochs)
    if device.type != "cuda":
        findings.left_out += ["CUDA", "the loop as a CUDA graph", "a card's own message when its memory is full"]
    for what in findings.left_out:
        print(f"left out, for want of a card: {what}")
    print(f"{len(findings.failed)} failed" + (f": {', '.join(findings.failed)}" if findings.failed else ""))
    return 1 if findings.failed else 0


if __name__ == "__main__":
    sys.exit(main())
