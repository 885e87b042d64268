"""The generated source computes what a second implementation computes from the graphs, with the same weights."""

import inspect
from pathlib import Path

import pytest
import torch
from hypothesis import given
from torch import nn

from engine.catalog.index import layer
from engine.codegen.field_usage import reads
from engine.codegen.model import generate
from engine.codegen.parse.project import parse
from engine.codegen.plan import plan_main
from engine.codegen.source import blame
from engine.graph.model import Node, Project
from engine.graph.reserved import RESERVED_ATTRIBUTES
from engine.project import file
from engine.project.templates import Template, templates
from engine.runtime.analysis.analyse import check_project
from tests.golden.networks import NETWORKS
from tests.runtime.codegen.interpreter import Interpreter
from tests.small_projects import graph, node
from tests.strategies.networks import networks
from tests.strategies.sizes import ROWS, Network


def run(text: str, filename: str = "<model>") -> dict[str, object]:
    names: dict[str, object] = {"__name__": "model"}
    exec(compile(text, filename, "exec"), names)  # noqa: S102 (what the app itself does with this text)
    return names


def batch_of(network: Network) -> dict[str, torch.Tensor]:
    batch = {name: torch.randn(shape) for name, shape in network.fields.items()}
    return batch | {name: torch.randint(classes, (ROWS,)) for name, classes in network.labels.items()}


def weights_of(model: nn.Module) -> dict[str, torch.Tensor]:
    """The weights and buffers that the layers compute with, parametrized or not."""
    state = {name: value for name, value in model.state_dict().items() if "parametrizations." not in name}
    for path, module in model.named_modules():
        for name in getattr(module, "parametrizations", {}):
            state[f"{path}.{name}"] = getattr(module, name)
    return state


def answers(network: Network, module: dict[str, object], model: nn.Module, batch: dict[str, torch.Tensor]) -> list:
    """The outputs of the network without a phase, the losses of each phase, and the metrics."""
    read = reads(network.project)
    has_outputs = bool(plan_main(network.project).returns)
    outputs = model(**{name: batch[name] for name in read.inputs}) if has_outputs else {}
    losses = []
    for phase in read.phases if "losses" in module else ():
        params = {"phase": phase.name} if phase.name else {}
        given_values = model(**{name: batch[name] for name in phase.inputs}, **params)
        assert isinstance(given_values, dict) == phase.is_dict
        losses.append(module["losses"](given_values, batch, **params))
    return [outputs, losses, module["metrics"](outputs, batch) if "metrics" in module else {}]


@given(networks())
def test_the_source_computes_what_the_drawing_says(network: Network) -> None:
    torch.manual_seed(0)
    module = run(generate(network.project, network.derived).text)
    model = module["Net"]().eval()
    batch = batch_of(network)
    with torch.no_grad():
        outputs, losses, metrics = answers(network, module, model, batch)
        judge = Interpreter(network, weights_of(model))
        main = network.project.graphs["Net"]
        for name in main.of_kind("Output"):
            given_value = outputs[name] if isinstance(outputs, dict) else outputs
            torch.testing.assert_close(given_value, judge.score(name, batch), rtol=1e-5, atol=1e-6, equal_nan=True)
        values = [("loss", *one) for one_phase in losses for one in one_phase.items()]
        for role, name, value in values + [("metric", *one) for one in metrics.items()]:
            if name in main.nodes and layer(main.nodes[name].kind).role == role:
                torch.testing.assert_close(value, judge.score(name, batch), rtol=1e-5, atol=1e-6, equal_nan=True)
        scores = {name for name, node in main.nodes.items() if node.kind.endswith("Loss")}
        assert {name for one_phase in losses for name in one_phase} == (scores | {"total"} if scores else set())
        for one_phase in losses:
            total = sum(
                main.nodes[name].params.get("scale", 1.0) * one_phase[name] for name in one_phase.keys() - {"total"}
            )
            torch.testing.assert_close(one_phase["total"], total, equal_nan=True)
    assert not judge.unused, "weights that belong to no node that is read"


@pytest.mark.parametrize("phase_argument", [{}, {"phase": "generator"}, {"phase": "discriminator"}, {"phase": "other"}])
def test_a_phase_computes_nothing_that_its_losses_do_not_read(phase_argument: dict[str, str]) -> None:
    module = run(generate(*NETWORKS["adversaries"]).text)
    model, noise, image = module["Net"](), torch.randn(3, 16), torch.randn(3, 1, 8, 8)
    calls: list[str] = []
    for name in ("gen", "disc"):
        getattr(model, name).register_forward_hook(lambda *_, name=name: calls.append(name))
    if phase_argument == {"phase": "other"}:
        with pytest.raises(ValueError, match="There is no phase 'other'"):
            model(noise=noise, image=image, **phase_argument)
        with pytest.raises(ValueError, match="There is no phase 'other'"):
            module["losses"](noise, {}, **phase_argument)
        return
    is_generator = phase_argument == {"phase": "generator"}
    outputs = model(noise=noise, **({} if is_generator else {"image": image}), **phase_argument)
    assert calls == ["gen", "disc", *(["disc"] if phase_argument == {"phase": "discriminator"} else [])]
    assert isinstance(outputs, torch.Tensor) == is_generator


def test_weights_are_named_by_their_nodes() -> None:
    names = set(run(generate(*NETWORKS["blocks"]).text)["Net"]().state_dict())
    assert {name.partition(".")[0] for name in names} == {"first", "deep", "deepest"}
    assert {"first.conv.weight", "deep.2.stage.conv.bias", "deepest.1.norm.running_mean"} <= names


def test_an_error_inside_a_block_is_blamed_on_its_node() -> None:
    stem = graph({"x": "Input", "fc": node("Linear", out_features=2), "y": "Output"}, "x > fc", "fc > y")
    body = graph({"x": "Input", "act": "ReLU", "stem": Node("Block", graph="Stem", repeat=2), "y": "Output"},
                 "x > act", "act > stem.x", "stem.y > y")  # fmt: skip
    net = graph(
        {"image": "Input", "body": Node("Block", graph="Body"), "out": "Output"}, "image > body.x", "body.y > out"
    )
    project = Project(graphs={"Net": net, "Body": body, "Stem": stem})
    source = generate(project, {("body", "stem", "fc"): {"in_features": 3}})
    model = run(source.text, "/run/model.py")["Net"]()
    with pytest.raises(RuntimeError) as raised:
        model(image=torch.zeros(4, 7))
    assert blame(source, raised.tb, "/run/model.py") == "body.stem.fc"
    assert blame(source, raised.tb, "/other.py") is None


def test_an_error_in_a_loss_is_blamed_on_it() -> None:
    source = generate(*NETWORKS["two_heads"])
    module = run(source.text)
    outputs = {"kind": torch.zeros(4, 3), "size": torch.zeros(4, 1)}
    with pytest.raises((IndexError, RuntimeError)) as raised:
        module["losses"](outputs, {"label": torch.full((4,), 99), "target": torch.zeros(4)})
    assert blame(source, raised.tb, "<model>") == "what"


def test_names_that_modules_use_themselves_are_reserved() -> None:
    used = {name for name in [*dir(nn.Module), *vars(nn.Module())] if not name.startswith("_")}
    assert used <= RESERVED_ATTRIBUTES


@pytest.mark.parametrize("name", NETWORKS)
def test_the_main_class_is_built_without_arguments(name: str) -> None:
    assert not inspect.signature(run(generate(*NETWORKS[name]).text)["Net"]).parameters


@pytest.mark.parametrize("template", [each for each in templates() if each.data], ids=lambda each: each.name)
def test_the_source_of_a_template_is_read_back(template: Template) -> None:
    project = file.parse(template.text(), template.name)
    source = check_project(project, Path()).source
    assert source is not None
    again = parse(source.text)
    assert generate(again.project, again.derived).text == source.text
    assert again.project.generation is None or project.generation is not None
