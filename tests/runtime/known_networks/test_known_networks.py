"""The templates of known networks compute what twins in plain PyTorch compute, which know nothing of Torchloom."""

import inspect
import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from engine.codegen.line_breaking import WIDTH
from engine.codegen.model import generate
from engine.codegen.parse.project import parse
from engine.graph.model import Project
from engine.runtime.analysis.analyse import Analysis, check_project
from engine.runtime.load import network_class
from tests.project_files import ROOT
from tests.runtime.known_networks.known import NETWORKS, KnownNetwork, project_of, small_project

Tensors = dict[str, Tensor]
GOLDEN = ROOT / "tests" / "golden"
IN_WORDS = ("resnet50", "gpt2")  # networks whose source is kept there


@cache
def full_report(name: str) -> Analysis:
    """The analysis of a template as it is."""
    return check_project(project_of(name), Path())


def shapes(network: nn.Module) -> dict[str, tuple[int, ...]]:
    """The shape of each weight and of each buffer that is saved; one that two modules share is there once."""
    saved = network.state_dict()
    buffers = {name: value for name, value in network.named_buffers() if name in saved}
    return {name: tuple(value.shape) for name, value in (*network.named_parameters(), *buffers.items())}


def network_of(project: Project, report: Analysis) -> nn.Module:
    """The network of the generated source."""
    assert report.source is not None, report.problems
    return network_class(report.source.text, project, Path("model.py"))()


def batch_for(report: Analysis, forward: object, below: int, samples: int = 3) -> Tensors:
    """Random values for what ``forward`` takes."""
    arguments = inspect.signature(forward).parameters
    specs = {name: spec for name, spec in report.fields.items() if name in arguments}
    assert specs.keys() == arguments.keys()
    return {name: _random((samples, *spec.shape), spec.dtype, below) for name, spec in specs.items()}


def _random(shape: tuple[int, ...], dtype: str, below: int) -> Tensor:
    match dtype:
        case "int64":
            return torch.randint(below, shape)
        case "bool":
            return torch.arange(shape[-1]).expand(shape) >= shape[-1] - 1
    return torch.randn(shape, dtype=torch.float64)


def results(network: nn.Module, batch: Tensors) -> tuple[list[Tensor], Tensors]:
    """The outputs, and the gradient of each weight of a sum of all outputs with factors that differ."""
    torch.manual_seed(1)  # for dropout
    outputs = network(**batch)
    values = [outputs[name] for name in sorted(outputs)] if isinstance(outputs, dict) else [outputs]
    total = sum((value * torch.arange(value.numel()).cos().view(value.shape).to(value)).sum() for value in values)
    weights = dict(network.named_parameters())
    gradients = torch.autograd.grad(total, list(weights.values()), materialize_grads=True)
    return [value.detach() for value in values], dict(zip(weights, gradients, strict=True))


def assert_alike(network: nn.Module, twin: nn.Module, entry: KnownNetwork, batch: Tensors) -> Tensors:
    """With the twin's weights, the network gives its outputs and gradients; returns the latter."""
    network.load_state_dict({entry.name_of(name): value for name, value in twin.state_dict().items()})
    outputs, gradients = results(network, batch)
    expected, expected_gradients = results(twin, batch)
    for value, expected_value in zip(outputs, expected, strict=True):
        assert_near(value, expected_value, "output")
    for name, value in expected_gradients.items():
        assert_near(gradients[entry.name_of(name)], value, name)
    return expected_gradients


def assert_near(value: Tensor, expected: Tensor, name: str) -> None:
    """Equal up to what float32 loses; that of a sum depends on its largest terms."""
    largest = float(expected.abs().max())
    torch.testing.assert_close(value, expected, rtol=1e-5, atol=1e-4 * largest, msg=lambda text: f"{name}: {text}")


@pytest.mark.parametrize("name", NETWORKS)
def test_the_template_has_the_weights_of_its_twin_and_the_published_count(name: str) -> None:
    entry, report = NETWORKS[name], full_report(name)
    with torch.device("meta"):
        twin, network = entry.twin(), network_of(project_of(name), report)
    assert sum(weight.numel() for weight in twin.parameters()) == entry.parameters
    assert report.parameters == entry.parameters
    assert shapes(network) == {entry.name_of(weight): shape for weight, shape in shapes(twin).items()}


@pytest.mark.parametrize("name", NETWORKS)
def test_the_template_lacks_data_or_a_loss_at_most(name: str) -> None:
    assert {problem.code for problem in full_report(name).problems} <= {"D113", "T001"}


@pytest.mark.parametrize("name", IN_WORDS)
def test_the_source_of_the_template_is_the_golden_one(name: str) -> None:
    """TORCHLOOM_GOLDEN=1 writes the files again."""
    file, source = GOLDEN / f"{name}.txt", full_report(name).source
    assert source is not None
    if os.environ.get("TORCHLOOM_GOLDEN"):
        file.write_text(source.text, encoding="utf-8")
    assert source.text == file.read_text(encoding="utf-8")


def test_the_sources_of_the_templates_are_read_back_and_formatted(tmp_path: Path) -> None:
    for name in NETWORKS:
        source = full_report(name).source
        assert source is not None
        again = parse(source.text)
        assert generate(again.project, again.derived).text == source.text
        (tmp_path / f"{name}.py").write_text(source.text, encoding="utf-8")
    ruff = [sys.executable, "-m", "ruff"]
    for command in (["format", "--diff", f"--line-length={WIDTH}"], ["check", "--select=F,E4,E7,E9,I", "--no-cache"]):
        done = subprocess.run(
            [*ruff, *command, "--isolated", str(tmp_path)], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", NETWORKS)
def test_the_template_computes_what_its_twin_computes(name: str) -> None:
    entry, project = NETWORKS[name], small_project(name)
    report = check_project(project, Path())
    torch.manual_seed(0)
    twin, network = entry.small().double(), network_of(project, report).double()
    with torch.no_grad():  # no weight starts at 0, 1 or 1e-6, where a mistake would not be seen
        for weight in twin.parameters():
            weight.add_(torch.randn_like(weight), alpha=0.1)
    batch = batch_for(report, network.forward, entry.below)
    gradients = assert_alike(network, twin, entry, batch)
    assert {name for name, value in gradients.items() if not value.any()} == set(entry.without_gradient)
    assert_alike(network.eval(), twin.eval(), entry, batch)


@pytest.mark.full
@pytest.mark.parametrize("name", NETWORKS)
def test_the_template_computes_what_its_twin_computes_at_full_size(name: str) -> None:
    entry, project = NETWORKS[name], project_of(name)
    report = check_project(project, Path())
    torch.manual_seed(0)
    twin, network = entry.twin(), network_of(project, report)
    batch = batch_for(report, network.forward, entry.below, samples=1)
    batch = {name: value.float() if value.is_floating_point() else value for name, value in batch.items()}
    assert_alike(network.eval(), twin.eval(), entry, batch)
