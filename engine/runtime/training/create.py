"""Makes a run folder, complete with checkpoint 0, so that a run can be resumed as soon as it exists."""

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from math import lcm
from pathlib import Path

import torch
from torch import nn

from engine.codegen.scripts import ASKING
from engine.codegen.scripts.run_length import RunLength
from engine.errors import RunProblem
from engine.graph.phases import effective_phases
from engine.project import durable
from engine.project import file as files
from engine.runs.damage import line_hash
from engine.runs.desired import Desired, write_desired
from engine.runs.events import Started, encode
from engine.runs.folder import RunFolder
from engine.runs.identity import result_hash
from engine.runtime.checkpoints import checkpoint, random_state
from engine.runtime.checkpoints.environment import environment, versions
from engine.runtime.checkpoints.manifest import RunMetadata, UnreportedLosses
from engine.runtime.checkpoints.run_folder_check import data_record, record_hash, source_hashes
from engine.runtime.checkpoints.run_length import length_record
from engine.runtime.data.batch_loader import BatchLoader
from engine.runtime.device import device_text, synchronize
from engine.runtime.load import Model, load_model
from engine.runtime.training.learner import Learner
from engine.runtime.training.recorder import Offsets
from engine.runtime.training.threads import probe
from engine.runtime.training_setup.prepare import Prepared
from engine.runtime.training_setup.program import program
from resources.snippets.training.start import WeightsError, start_from

PROBE_STEPS = 3


def create_run(place: Path, prepared: Prepared, device: torch.device, *, or_next: bool) -> RunFolder:
    """Make a complete run folder; it appears by one rename. ``or_next``: under the next free name if it exists."""
    return RunFolder.create(place, lambda folder: _fill(RunFolder(folder), prepared, device), or_next=or_next)


def _fill(folder: RunFolder, prepared: Prepared, device: torch.device) -> None:
    project = prepared.project
    durable.put(folder.project, files.encoded(project, folder.project))
    durable.put(folder.model, prepared.source.text.encode())
    data = data_record(prepared.base, prepared.data)
    durable.put(folder.data, data)
    _copy_start(folder, prepared)
    durable.put(folder.losses, b"")
    durable.put(folder.log, b"")
    write_desired(folder.desired, Desired())
    model = load_model(prepared.source.text, project, folder.model)
    loader = make_loader(prepared, model, device)
    threads = project.training.threads
    if threads == "auto":
        threads = _thread_count(model, prepared, loader, device)
    torch.set_num_threads(threads)
    write_program(folder, program(prepared, threads))
    start = _start_function(folder, prepared)
    learner = Learner(model, project, device, loader.steps_per_epoch, units=prepared.units(), start=start)
    if not learner.is_finite():
        raise RunProblem(
            "The network's first weights are not finite.", hint="Look for a layer with an extreme setting."
        )
    _begin(folder, prepared, learner, loader, threads, data)


def _copy_start(folder: RunFolder, prepared: Prepared) -> None:
    """Keep the files that weights start from, for the program of the folder and for exports."""
    for file in prepared.start:
        for name, data in file.files.items():
            place = folder.path / name
            place.parent.mkdir(exist_ok=True)
            durable.put(place, data)


def _start_function(folder: RunFolder, prepared: Prepared) -> Callable[[nn.Module], None]:
    """The function that fills a network from these copies. It raises `RunProblem`."""
    files = {file.path: (file.name, file.sha256) for file in prepared.start}

    def start(network: nn.Module) -> None:
        try:
            start_from(network, files, folder.path)
        except WeightsError as error:
            raise RunProblem(str(error), hint="It was changed just now; train again.", code="W010") from error

    return start


def write_program(folder: RunFolder, texts: Mapping[str, str]) -> None:
    """Write the files that train outside the app as the run does. Raises: ``OSError``."""
    for name, text in texts.items():
        if name not in ASKING:
            durable.replace(folder.path / name, text.encode())


def make_loader(prepared: Prepared, model: Model, device: torch.device) -> BatchLoader:
    """The samples that the model reads, on the device."""
    return BatchLoader(
        prepared.data, prepared.project.training, set(model.reads.fields_among(prepared.data.training.fields)), device
    )


def _begin(
    folder: RunFolder, prepared: Prepared, learner: Learner, loader: BatchLoader, threads: int, data: bytes
) -> None:
    training = prepared.project.training
    began = time.time()
    started = Started(
        versions(),
        device_text(learner.device),
        threads,
        loader.steps_per_epoch,
        prepared.graph_hash,
        epochs=training.epochs,
        batch_size=training.batch_size,
        seed=training.seed,
        parameters=sum(parameter.numel() for parameter in learner.parameters),
        rows={name: len(part) for name, part in prepared.data.parts},
        started_at=datetime.fromtimestamp(began, UTC).isoformat(timespec="seconds"),
    )
    line = encode(started).encode() + b"\n"
    durable.put(folder.events, line)
    unreported: UnreportedLosses = {"unreported": []}
    metadata: RunMetadata = {
        **environment(learner.device, threads),
        "began": began,
        "in_unit": True,
        **length_record(RunLength.planned(training.epochs)),
        "graph_hash": prepared.graph_hash,
        **source_hashes(prepared.step_hashes),
        "project_hash": result_hash(prepared.project),
        "offsets": Offsets(len(line), 0, sha256(line).hexdigest(), sha256().hexdigest()).state(),
        "data_hash": record_hash(data),
        "first_event": line_hash(line),
        **unreported,
    }
    first = folder.checkpoints / "0"
    first.mkdir(parents=True)
    checkpoint.write(first, learner.capture(metadata))


def _thread_count(model: Model, prepared: Prepared, loader: BatchLoader, device: torch.device) -> int:
    """The best number of threads for this network and batch on this machine."""
    if device.type != "cpu":
        return 1
    with random_state.fork(device):
        learner = Learner(model, prepared.project, device, max(1, loader.steps_per_epoch))
        learner.position.batch = lcm(*(phase.every for phase in effective_phases(prepared.project))) - 1  # all are due
        batches = [batch for batch, _ in zip(loader.batches(0), range(PROBE_STEPS), strict=False)]
        return probe(_steps(learner, batches))


def _steps(learner: Learner, batches: list[dict[str, torch.Tensor]]) -> Callable[[], None]:
    def step() -> None:
        learner.learn(batches[0])
        synchronize(learner.device)

    return step
