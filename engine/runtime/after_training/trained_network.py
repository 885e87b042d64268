"""A run's network with its weights, for evaluation and predictions."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import torch
from torch import Tensor, nn

from engine.check.diagnostics import Diagnostic
from engine.codegen.model import generate
from engine.errors import RunProblem
from engine.graph.model import Project
from engine.runs.damage import older_answers
from engine.runs.folder import RunFolder
from engine.runtime.analysis.analyse import analyse
from engine.runtime.checkpoints import checkpoint
from engine.runtime.checkpoints.checkpoint import Checkpoint
from engine.runtime.checkpoints.manifest import PositionState
from engine.runtime.checkpoints.run_folder_check import (
    Record,
    other_source,
    read_record,
    refuse_other_model,
    run_project,
)
from engine.runtime.load import Model, Outputs, load_model
from engine.runtime.measure import evaluation_mode, forward
from resources.snippets.training.shared_weights import complete_state

Which = Literal["best", "last"]

Warn = Callable[[Diagnostic], None]
"""Receives warnings about an answer, such as that an older checkpoint gives it."""


def ignore(_warning: Diagnostic) -> None:
    """Drop a warning."""


@dataclass(frozen=True, slots=True)
class TrainedNetwork:
    """A network in evaluation mode on a device."""

    folder: RunFolder
    project: Project
    model: Model
    network: nn.Module
    device: torch.device
    checkpoint: Checkpoint
    record: Record
    lines: Mapping[int, str]  # of the source: the node of each line

    def forward(self, fields: dict[str, Tensor]) -> Outputs:
        """The outputs for samples; call it without gradients."""
        return forward(self.model, self.network, fields)

    @property
    def epoch(self) -> int:
        """The epoch, counted from 0, after or in which it was saved."""
        position = self.checkpoint.metadata["position"]
        return max(0, position["epoch"] - (position["batch"] == 0))

    def evaluation_mode(self) -> AbstractContextManager[None]:
        """A context for using the network, with the random numbers of its epoch's evaluation."""
        return evaluation_mode(self.model, self.project.training.seed, self.epoch, self.device)


def chosen_checkpoint(folder: RunFolder, which: Which, warn: Warn = ignore) -> Checkpoint:
    """The best or the last checkpoint whose weights verify; ``warn`` is called when a newer one is damaged or missing.

    Raises: `RunProblem`, also when no epoch has been the best yet.
    """
    last = newest_checkpoint(folder, warn)
    if which == "last":
        return last
    best = last.metadata["position"]["best_step"]
    if best is None:
        raise RunProblem(
            f"{folder.path} has no best weights: {_without_best(last.metadata['position'])}.",
            hint=f"Use --which last for those of step {last.step}, or continue the run: torchloom resume "
            f"{folder.path}.",
            code="R019",
        )
    if best == last.step:
        return last
    try:
        return checkpoint.read(folder.checkpoints / str(best), to_train=False)
    except RunProblem as error:
        hint = f"It holds the best weights. Use --which last for those of step {last.step}."
        raise RunProblem(error.message, hint=hint, code=error.code) from error


def newest_checkpoint(folder: RunFolder, warn: Warn) -> Checkpoint:
    """The newest checkpoint whose weights verify; ``warn`` is called if a newer one fails. Raises: `RunProblem`."""
    search = checkpoint.find(folder.checkpoints, to_train=False)
    text = older_answers(folder, search.checkpoint.step, search.damaged)
    if text:
        warn(Diagnostic("R011", "warning", text))
    return search.checkpoint


def _without_best(position: PositionState) -> str:
    return "in no epoch was the watched metric a number" if position["epoch"] else "no epoch of it is over"


def trained_network(path: Path, which: Which, device: torch.device, warn: Warn = ignore) -> TrainedNetwork:
    """The network of a run, built from the source that is generated from its project. Raises: `EngineError`."""
    folder = RunFolder.open(path)
    saved = chosen_checkpoint(folder, which, warn)
    project = run_project(folder, saved.metadata)
    refuse_other_model(folder, saved.metadata)
    record = read_record(folder, saved.metadata)
    source = generate(project, analyse(project, record.preparation.network_fields).derived)
    if other := other_source(folder, saved.metadata, source.text):
        warn(other)
    model = load_model(source.text, project, folder.model)
    network = model.network()
    refuse_unfit(path, network, saved)
    return TrainedNetwork(folder, project, model, network.to(device).eval(), device, saved, record, source.lines)


def refuse_unfit(path: Path, network: nn.Module, saved: Checkpoint) -> None:
    """Raises: `RunProblem` when the weights are not, by name and shape, those of the network."""
    try:
        network.load_state_dict(complete_state(network, saved.weights))
    except RuntimeError as error:
        message = " ".join(str(error).split())
        raise RunProblem(f"The weights of {path} do not fit its model.py: {message}", code="R013") from error
