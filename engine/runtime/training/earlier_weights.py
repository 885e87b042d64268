"""Evaluates a network with the weights of an earlier step, and restores it."""

import contextlib
from collections.abc import Iterator

from engine.errors import RunProblem
from engine.runs.folder import RunFolder
from engine.runtime.checkpoints import checkpoint, random_state
from engine.runtime.training.learner import Learner
from resources.snippets.training.shared_weights import complete_state


@contextlib.contextmanager
def at_step(learner: Learner, folder: RunFolder, step: int | None) -> Iterator[bool]:
    """Give the network the weights of a checkpoint, or with ``None`` keep its own; false if they cannot be read.

    Weights and random states are afterwards what they were.
    """
    network = learner.evaluated
    weights = {name: value.clone() for name, value in network.state_dict().items()}
    with random_state.fork(learner.device):
        try:
            if step is not None:
                earlier = checkpoint.read_weights(folder.checkpoints / str(step))
                network.load_state_dict(complete_state(network, earlier))
        except (RunProblem, RuntimeError):  # a view that is missing must not end a training
            network.load_state_dict(weights)
            yield False
            return
        try:
            yield True
        finally:
            network.load_state_dict(weights)
