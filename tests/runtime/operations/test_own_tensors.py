"""Tensors of the network itself, and random numbers: through the generated source."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor, nn

from engine.catalog.params import Value
from engine.check.rules import graph_problems
from engine.codegen.model import generate
from engine.graph.model import Node, Part, Project
from engine.graph.weights import WeightSettings
from engine.runtime.analysis.analyse import Analysis
from engine.runtime.analysis.learning import trainable_weights
from tests.analyses import analysis_of
from tests.runtime.codegen.test_model_source import run
from tests.small_projects import node, project


def network_of(example: Project) -> tuple[nn.Module, str, Analysis]:
    analysis = analysis_of(example)
    text = generate(example, analysis.derived).text
    assert analysis.problems == (), analysis.problems
    return run(text)["Net"](), text, analysis


def scaled(**params: Value) -> Project:
    """Features times a learned tensor."""
    return project(
        {"features": "Input", "scale": node("Parameter", **params), "mul": "mul", "y": "Output"},
        "features > mul", "scale > mul.other", "mul > y",
    )  # fmt: skip


def test_a_learned_tensor_is_broadcast_and_gets_the_gradient_of_all_samples() -> None:
    net, text, analysis = network_of(scaled(shape=(4,), init="ones"))
    x = torch.rand(5, 4)
    net(features=x).sum().backward()

    assert 'self.scale = LearnedTensor((4,), init="ones")' in text
    assert analysis.parameters == 4
    assert list(net.state_dict()) == ["scale.weight"]
    torch.testing.assert_close(net.scale.weight.grad, x.sum(0))


def test_with_a_like_value_each_sample_gets_a_copy() -> None:
    example = project(
        {"series": "Input", "token": node("Parameter", shape=(1, 6), init="normal"), "cat": "cat", "y": "Output"},
        "series > token.like", "token > cat.tensors[0]", "series > cat.tensors[1]", "cat > y",
    )  # fmt: skip
    example.graphs["Net"].nodes["cat"].params["dim"] = 1
    net, _, analysis = network_of(example)
    x = torch.rand(3, 12, 6)
    result = net(series=x)
    result[:, 0].sum().backward()

    assert analysis.nodes["token"].outputs == {"output": ("N", 1, 6)}
    assert analysis.nodes["cat"].outputs == {"output": ("N", 13, 6)}
    torch.testing.assert_close(result, torch.cat((net.token.weight.expand(3, 1, 6), x), 1))
    assert 0 < net.token.weight.std() < 0.1
    assert torch.equal(net.token.weight.grad, torch.full((1, 6), 3.0))


def test_settings_of_weights_hold_for_a_learned_tensor() -> None:
    example = scaled(shape=(4,))
    example.graphs["Net"].nodes["scale"].settings = WeightSettings(
        init={"weight": Part("constant_", {"val": 2.0})}, frozen=True
    )
    net, _, _ = network_of(example)

    assert torch.equal(net.scale.weight, torch.full((4,), 2.0))
    assert not net.scale.weight.requires_grad


@pytest.mark.parametrize(
    ("values", "shape", "expected"),
    [
        ((1.0, 2.0, 3.0), (3, 1), [[1.0], [2.0], [3.0]]),
        ((1.0, 2.0), None, [1.0, 2.0]),
        (0.5, (2, 2), [[0.5, 0.5], [0.5, 0.5]]),
    ],
)
def test_fixed_numbers_are_saved_and_do_not_learn(values: Value, shape: Value, expected: list) -> None:
    constant = node("Buffer", values=values, **({} if shape is None else {"shape": shape}))
    example = project({"c": constant, "image": "Input", "add": "add", "y": "Output"},
                      "image > add", "c > add.other", "add > y")  # fmt: skip
    example.graphs["Net"].nodes["image"] = Node("Input", {"field": "image"})
    text = generate(example, {}).text
    net = run(text)["Net"]()

    assert net.c().tolist() == expected
    assert list(net.state_dict()) == ["c.values"]
    assert not list(net.parameters())


def test_numbers_that_do_not_fill_a_shape_are_reported_at_the_node() -> None:
    example = project(
        {"c": node("Buffer", values=(1.0, 2.0), shape=(3,)), "features": "Input", "add": "add", "y": "Output"},
        "features > add", "c > add.other", "add > y",
    )  # fmt: skip
    (problem,) = [each for each in analysis_of(example).problems if each.severity == "error"]

    assert problem.node == "c"
    assert problem.message == "c (Buffer) cannot be made with these values: 2 values do not fill the shape (3,)."


@pytest.mark.parametrize("kind", ["Parameter", "Buffer"])
def test_what_a_network_owns_is_not_overwritten(kind: str) -> None:
    example = project({"own": node(kind, **({"shape": (4,)} if kind == "Parameter" else {"values": (1.0,) * 4})),
                       "act": node("ReLU", inplace=True), "features": "Input", "add": "add", "y": "Output"},
                      "own > act", "features > add", "act > add.other", "add > y")  # fmt: skip
    (problem,) = graph_problems(example)

    assert problem.code == "G024"
    assert (
        problem.message
        == f"act (ReLU) overwrites its input, but torch does not let a value of own ({kind}) be overwritten."
    )


def through(kind: str, *ports: str, **params: Value) -> Project:
    """An image through a node of a kind, which reads it at all these ports."""
    return project({"image": "Input", "it": node(kind, **params), "y": "Output"},
                   *(f"image > it.{port}" for port in ports or ("input",)), "it > y")  # fmt: skip


RANDOM = {
    "randn_like": (("input",), {}, lambda x: torch.randn(x.shape)),
    "rand_like": (("input",), {}, lambda x: torch.rand(x.shape)),
    "bernoulli": (("input",), {}, torch.bernoulli),
    "normal": (("mean", "std"), {}, lambda x: torch.randn(x.shape) * x + x),
}


@pytest.mark.parametrize("kind", RANDOM)
def test_numbers_are_drawn_from_the_generator_that_a_seed_sets(kind: str) -> None:
    ports, params, expected = RANDOM[kind]
    net, text, _ = network_of(through(kind, *ports, **params))
    x = torch.rand(4, 1, 8, 8)
    torch.manual_seed(3)
    first, second = net(image=x), net(image=x)
    torch.manual_seed(3)

    assert torch.equal(net(image=x), first)
    assert not torch.equal(first, second)
    torch.manual_seed(3)
    torch.testing.assert_close(first, expected(x))
    assert generate(*_needs(through(kind, *ports, **params))).text == text


def _needs(example: Project) -> tuple[Project, dict]:
    return example, analysis_of(example).derived


@pytest.mark.parametrize(("params", "ports"), [({"std": 0.5}, ("mean",)), ({"mean": 1.0}, ("std",))])
def test_a_number_in_place_of_means_or_deviations(params: dict, ports: tuple[str, ...]) -> None:
    net, _, _ = network_of(through("normal", *ports, **params))
    x = torch.full((1, 1, 8, 8), 0.25)
    torch.manual_seed(0)
    numbers = net(image=x)
    torch.manual_seed(0)

    torch.testing.assert_close(numbers, torch.normal(params.get("mean", 0.25), params.get("std", 0.25), x.shape))


@given(st.integers(0, 99), st.sampled_from((0.1, 0.5, 0.9)))
def test_whole_samples_are_dropped_and_the_mean_stays(seed: int, p: float) -> None:
    net = NETS.setdefault(("DropPath", p), network_of(through("DropPath", p=p))[0])
    x = torch.rand(64, 1, 2, 2) + 0.5
    torch.manual_seed(seed)
    dropped = net.train()(image=x)
    factors = (dropped / x).flatten(1)

    assert torch.equal(net.eval()(image=x), x)
    assert (factors - factors[:, :1]).abs().max() < 1e-5, "a sample is kept or dropped as a whole"
    assert all(each == 0 or abs(each - 1 / (1 - p)) < 1e-4 for each in factors[:, 0].tolist())
    assert abs((factors[:, 0] > 0).float().mean() - (1 - p)) < 0.3


NETS: dict[tuple[str, float], nn.Module] = {}


def test_every_sample_may_be_dropped() -> None:
    net, _, _ = network_of(through("DropPath", p=1.0))

    assert net.train()(image=torch.ones(3, 1, 2, 2)).abs().max() == 0


def test_noise_is_added_during_training_alone() -> None:
    net, _, _ = network_of(through("GaussianNoise", std=0.5))
    x = torch.rand(4, 1, 8, 8)
    torch.manual_seed(1)
    noisy = net.train()(image=x)
    torch.manual_seed(1)

    torch.testing.assert_close(noisy, x + 0.5 * torch.randn(x.shape))
    assert torch.equal(net.eval()(image=x), x)


def test_no_gradient_passes_where_it_is_stopped() -> None:
    example = project(
        {"features": "Input", "fc": node("Linear", out_features=1), "stop": "detach", "loss": "MSELoss",
         "target": "Input"},
        "features > fc", "fc > stop", "stop > loss", "target > loss.target",
    )  # fmt: skip
    nodes = analysis_of(example).nodes
    assert [problem.code for problem in trainable_weights.problems(example, nodes)] == ["T010"]
    example.graphs["Net"].nodes["stop"].bypass = True
    assert not list(trainable_weights.problems(example, analysis_of(example).nodes))


def test_positions_look_up_entries() -> None:
    example = project(
        {"series": "Input", "places": node("arange", dim=1, end=3), "pick": node("index_select", dim=1), "y": "Output"},
        "series > places", "series > pick", "places > pick.index", "pick > y",
    )  # fmt: skip
    net, _, analysis = network_of(example)
    x: Tensor = torch.rand(2, 12, 6)

    assert analysis.nodes["pick"].outputs == {"output": ("N", 3, 6)}
    assert torch.equal(net(series=x), x[:, :3])
