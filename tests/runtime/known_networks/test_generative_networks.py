"""The templates that learn to make pictures compute what twins in plain PyTorch compute, in each phase."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
import torch
from torch import nn

from engine.graph.model import Project
from engine.runtime.analysis.analyse import check_project
from engine.runtime.load import Model, load_model
from tests.runtime.known_networks.known import Values, project_of
from tests.runtime.known_networks.test_known_networks import shapes
from tests.runtime.known_networks.twins.dcgan import DCGAN
from tests.runtime.known_networks.twins.vae import VAE

BATCH = 4


@dataclass(frozen=True)
class Generative:
    """``parameters``: how many numbers it learns. ``changes``: what makes it small, by node of the main graph."""

    parameters: int
    twin: Callable[[], nn.Module]
    small: Callable[[], nn.Module]
    changes: Mapping[str, Values]


NETWORKS = {
    "vae": Generative(
        815_824,
        VAE,
        lambda: VAE(hidden=9, latent=3),
        {
            "enc": {"hidden": 9, "latent": 3},
            "draw": {"latent": 3},
            "dec": {"hidden": 9},
            "prior": {"shape": (3,)},
        },
    ),
    "dcgan": Generative(
        383_616,
        DCGAN,
        lambda: DCGAN(width=3),
        {"gen": {"width": 3}, "disc": {"width": 3}},
    ),
}


def model_of(project: Project) -> tuple[Model, int]:
    """The generated source of a project, and how many numbers its network learns."""
    report = check_project(project, Path(), training=True)
    assert report.source is not None, report.problems
    return load_model(report.source.text, project, Path("model.py")), report.parameters


@pytest.mark.parametrize("name", NETWORKS)
def test_the_template_has_the_weights_of_its_twin(name: str) -> None:
    entry = NETWORKS[name]
    model, parameters = model_of(project_of(name))
    with torch.device("meta"):
        twin, network = entry.twin(), model.network()
    assert parameters == sum(weight.numel() for weight in twin.parameters()) == entry.parameters
    assert shapes(network) == shapes(twin)


@pytest.mark.parametrize("name", NETWORKS)
def test_each_phase_and_the_samples_are_those_of_the_twin(name: str) -> None:
    entry, project = NETWORKS[name], project_of(name)
    for node, values in entry.changes.items():
        project.graphs[project.main].nodes[node].params |= values
    model, _ = model_of(project)
    torch.manual_seed(0)
    twin, network, image = entry.small(), model.network(), torch.rand(BATCH, 1, 28, 28)
    network.load_state_dict(twin.state_dict())

    assert [phase.name for phase in model.reads.phases] == list(twin.losses)
    for phase in model.reads.phases:
        torch.manual_seed(1)
        count = {"count": BATCH} if phase.needs.count else {}
        outputs = network(**dict.fromkeys(phase.inputs, image), **count, phase=phase.name)
        loss = model.losses(outputs, {"image": image}, phase.name)["total"]
        torch.manual_seed(1)
        expected = twin.losses[phase.name](image)
        torch.testing.assert_close(loss, expected)
        pairs = [(weight, dict(twin.named_parameters())[key]) for key, weight in network.named_parameters()]
        gradients, expected_gradients = (
            torch.autograd.grad(value, [pair[side] for pair in pairs], allow_unused=True)
            for side, value in enumerate((loss, expected))
        )
        torch.testing.assert_close(gradients, expected_gradients)
    torch.manual_seed(2)
    samples = network.eval()(count=BATCH)
    torch.manual_seed(2)
    torch.testing.assert_close(samples, twin.eval().sample(BATCH))
