"""The analysis against an account of shapes that was written without torch, and against the network that is built."""

import torch
from hypothesis import assume, given

from engine.codegen.model import generate
from engine.runtime.analysis.analyse import Analysis, analyse
from engine.runtime.data.fields import FieldSpec
from tests.runtime.codegen.test_model_source import run
from tests.strategies.networks import networks
from tests.strategies.sizes import Network


def analysed(network: Network) -> Analysis:
    """What the analysis says of a valid network; it objects to nothing but scores of what has no rows."""
    numbers = {name: FieldSpec(shape[1:], "float32") for name, shape in network.fields.items()}
    labels = {name: FieldSpec((), "int64", classes) for name, classes in network.labels.items()}
    found = analyse(network.project, numbers | labels)
    assume(not any(problem.code == "S012" for problem in found.errors))
    assert found.errors == ()
    return found


@given(networks())
def test_the_sizes_it_reads_are_those_that_were_worked_out_without_torch(network: Network):
    found = analysed(network)
    assert {path: network.derived.get(path, values) for path, values in found.derived.items()} == found.derived
    assert generate(network.project, found.derived).text == generate(network.project, network.derived).text


@given(networks())
def test_parameters_are_those_of_the_network_that_is_built(network: Network):
    found = analysed(network)
    with torch.device("meta"):
        model = run(generate(network.project, found.derived).text)["Net"]()
    assert found.parameters == sum(parameter.numel() for parameter in model.parameters())
