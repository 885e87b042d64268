"""A run's network with its weights, to ask rather than to train."""

from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from engine.errors import RunProblem
from engine.graph.model import Project
from engine.project import file as files
from engine.runs.folder import RunFolder
from engine.runtime.load import Model, Outputs, load_model
from engine.runtime.training import checkpoint
from engine.runtime.training.checkpoint import Checkpoint
from engine.runtime.training.job import Which
from engine.runtime.training.prepare import refuse_other_model


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
    """The best or the last checkpoint that verifies. Before the first epoch is over, the last is the best.

    Raises: `RunProblem`.
    """
    last = checkpoint.newest(folder.checkpoints)
    best = last.facts["position"]["best_step"]
    if which == "last" or best is None or best == last.step:
        return last
    return checkpoint.read(folder.checkpoints / str(best))


def trained(path: Path, which: Which, device: torch.device) -> Trained:
    """The network of a run. Raises: `RunProblem`."""
    folder = RunFolder.open(path)
    project = files.read(folder.project)
    found = chosen_checkpoint(folder, which)
    refuse_other_model(folder, str(found.facts["graph_hash"]))
    model = load_model(folder.model, project.main)
    network = model.network()
    try:
        network.load_state_dict(found.weights)
    except RuntimeError as error:
        raise RunProblem(f"The weights of {path} do not fit its model.py: {error}", code="R013") from error
    return Trained(folder, project, model, network.to(device).eval(), device, found)
