"""The problems of a project's generation, and their fixes."""

from dataclasses import replace

import pytest

from engine.catalog.generation_kinds import GENERATORS
from engine.check.generation import problems
from engine.graph.compose import rename
from engine.graph.default_metric import implied_metric
from engine.graph.generation import output_of
from engine.graph.model import Part, Phase, Project
from engine.project.file import from_json, to_json
from tests.small_projects import node, project


def sampler(last: str = "Sigmoid", **params) -> Project:
    """A network that generates samples from noise."""
    network = project(
        {"noise": node("randn", shape=(4,)), "fc": node("Linear", out_features=6), "squash": last, "samples": "Output"},
        "noise > fc",
        "fc > squash",
        "squash > samples",
    )
    return replace(network, generation=Part("FromNoise", dict(params)))


def codes(network: Project) -> list[str]:
    return [problem.code for problem in problems(network)]


def test_a_network_of_noise_generates() -> None:
    assert codes(sampler()) == []
    assert output_of(sampler()) == "samples"
    assert codes(replace(sampler(), generation=None)) == []


def test_it_is_kept_in_the_file() -> None:
    network = sampler(output="samples", low=-1.0)

    assert to_json(network)["generation"] == {"kind": "FromNoise", "params": {"output": "samples", "low": -1.0}}
    assert from_json(to_json(network)).generation == network.generation
    assert "generation" not in to_json(replace(network, generation=None))


def test_an_unknown_kind_or_value_is_reported() -> None:
    (problem,) = problems(replace(sampler(), generation=Part("FromNoize")))
    assert (problem.code, problem.hint) == ("T030", "Did you mean FromNoise?")
    (problem,) = problems(sampler(low="black"))
    assert problem.message == "The generation FromNoise: low must be a number, got 'black'."
    (problem,) = problems(sampler(lo=0.0))
    assert problem.message == "The generation FromNoise has no parameter lo."
    assert codes(sampler("ReLU", low=1.0, high=0.0)) == ["T030"]


def test_the_output_must_be_one() -> None:
    network = sampler(output="sample")
    (problem,) = problems(network)
    assert problem.code == "T031"
    assert problem.message == "The generation names 'sample', which is not an Output of Net."
    problem.fix.edit.apply(network)
    assert codes(network) == []


def test_of_several_outputs_one_must_be_named() -> None:
    network = sampler()
    network.graphs["Net"] = project(
        {"noise": node("randn", shape=(4,)), "fc": node("Linear", out_features=6), "a": "Output", "b": "Output"},
        "noise > fc", "fc > a", "fc > b",
    ).graphs["Net"]  # fmt: skip
    assert codes(network) == ["T031"]
    assert codes(replace(network, generation=Part("FromNoise", {"output": "b"}))) == []


@pytest.mark.parametrize("sink", ["Output", "Accuracy"])
def test_no_output_that_generation_computes_may_need_data(sink: str) -> None:
    network = sampler(output="samples")
    graph = network.graphs["Net"]
    more = project({"image": "Input", "fc2": "Linear", "other": sink}, "image > fc2", "fc2 > other").graphs["Net"]
    graph.nodes |= more.nodes
    graph.wires += more.wires
    (problem,) = problems(network)

    assert (problem.code, problem.node) == ("T032", "other")
    assert problem.message == "FromNoise calls the network without any data, but other is computed from image."


def test_a_loss_counts_too_where_no_phases_are_listed() -> None:
    network = sampler(output="samples")
    graph = network.graphs["Net"]
    more = project(
        {"image": "Input", "fc2": "Linear", "loss": "KLDivLoss", "one": node("full_like", fill_value=1.0)},
        "image > fc2", "fc2 > loss", "fc2 > one", "one > loss.target",
    ).graphs["Net"]  # fmt: skip
    graph.nodes |= more.nodes
    graph.wires += more.wires
    assert codes(network) == ["T032"]
    network.training = replace(network.training, phases=(Phase("all", ("loss",)),))
    assert codes(network) == []


def test_no_loss_implies_a_metric_that_would_need_the_data() -> None:
    network = sampler(output="samples")
    graph = network.graphs["Net"]
    more = project({"image": "Input", "fc2": "Linear", "loss": "MSELoss"}, "image > fc2", "fc2 > loss",
                   "image > loss.target").graphs["Net"]  # fmt: skip
    graph.nodes |= more.nodes
    graph.wires += more.wires
    network.training = replace(network.training, phases=(Phase("all", ("loss",)),))
    assert codes(network) == []
    assert implied_metric(network) is None
    network.generation = None
    assert implied_metric(network)[0] == "loss"


def test_pixels_have_the_range_of_the_samples() -> None:
    network = sampler("Tanh")
    (problem,) = problems(network)

    assert (problem.code, problem.severity) == ("T033", "warning")
    assert "squash (Tanh) gives numbers from -1 to 1" in problem.message
    problem.fix.edit.apply(network)
    assert codes(network) == []
    assert codes(sampler("Identity")) == []


def test_it_follows_its_output_when_that_is_renamed() -> None:
    network = sampler(output="samples")
    undo = rename(network, "Net", "samples", "pictures").apply(network)

    assert network.generation == Part("FromNoise", {"output": "pictures"})
    undo.apply(network)
    assert network.generation == Part("FromNoise", {"output": "samples"})


@pytest.mark.parametrize("declared", GENERATORS.values(), ids=lambda each: each.kind)
def test_every_kind_explains_itself(declared) -> None:
    assert declared.summary.endswith(".")
    assert all(param.help.endswith(".") for param in declared.params)
    assert all(suffix.startswith(".") for suffix in declared.suffixes)
