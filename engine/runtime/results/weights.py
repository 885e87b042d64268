"""A run's network with its weights, to ask rather than to train."""

from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from engine.errors import RunProblem
from engine.graph.model import Project
from engine.runs.folder import RunFolder
from engine.runtime.load import Model, Outputs, load_model
from engine.runtime.training import checkpoint
from engine.runtime.training.checkpoint import Checkpoint
from engine.runtime.training.facts import PositionFacts
from engine.runtime.training.job import Which
from engine.runtime.training.origin import refuse_other_model, run_project


@dataclass(frozen=True, slots=True)
class Trained:
    """A network in evaluation mode on a device."""

    folder: RunFolder
    project: Project
    model: Model
    network: nn.Module
    device: torch.device
    found: Checkpoint

    def forward(self, fields: dict[str, Tensor]) -> Outputs:
        """The outputs for rows; call it where gradients are off."""
        outputs: Outputs = self.network(**{name: fields[name] for name in self.model.inputs})
        return outputs


def chosen_checkpoint(folder: RunFolder, which: Which) -> Checkpoint:
    """The best or the last checkpoint that verifies.

    Raises: `RunProblem`, also when no epoch has been the best yet.
    """
    last = checkpoint.newest(folder.checkpoints)
    if which == "last":
        return last
    best = last.facts["position"]["best_step"]
    if best is None:
        raise RunProblem(
            f"{folder.path} has no best weights: {_without_best(last.facts['position'])}.",
            hint=f"Say --which last for those of step {last.step}, or go on with the run: torchloom resume "
            f"{folder.path}.",
            code="R019",
        )
    return last if best == last.step else checkpoint.read(folder.checkpoints / str(best))


def _without_best(position: PositionFacts) -> str:
    return "in no epoch was the watched figure a number" if position["epoch"] else "no epoch of it is over"


def trained(path: Path, which: Which, device: torch.device) -> Trained:
    """The network of a run. Raises: `RunProblem`."""
    folder = RunFolder.open(path)
    found = chosen_checkpoint(folder, which)
    project = run_project(folder, found.facts)
    refuse_other_model(folder, found.facts)
    model = load_model(folder.model, project.main)
    network = model.network()
    try:
        network.load_state_dict(found.weights)
    except RuntimeError as error:
        raise RunProblem(f"The weights of {path} do not fit its model.py: {error}", code="R013") from error
    return Trained(folder, project, model, network.to(device).eval(), device, found)
