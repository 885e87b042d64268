"""The analysis against shapes that were computed without torch, and against the network that is built."""

from hypothesis import assume, given

from engine.codegen.model import generate
from engine.runtime.analysis.analyse import Analysis, analyse
from engine.runtime.data.field_spec import FieldSpec
from tests.runtime.codegen.test_model_source import run
from tests.strategies.networks import networks
from tests.strategies.sizes import Network


def analysed(network: Network) -> Analysis:
    """The analysis of a valid network; its only problems are scores of values without samples."""
    numbers = {name: FieldSpec(shape[1:], "float32") for name, shape in network.fields.items()}
    labels = {name: FieldSpec((), "int64", classes) for name, classes in network.labels.items()}
    analysis = analyse(network.project, numbers | labels)
    assume(not any(problem.code == "S012" for problem in analysis.errors))
    assert analysis.errors == ()
    return analysis


@given(networks(draws=True))
def test_the_sizes_it_reads_are_those_that_were_worked_out_without_torch(network: Network):
    analysis = analysed(network)
    assert {path: network.derived.get(path, values) for path, values in analysis.derived.items()} == analysis.derived
    assert generate(network.project, analysis.derived).text == generate(network.project, network.derived).text


@given(networks(draws=True))
def test_parameters_are_those_of_the_network_that_is_built(network: Network):
    analysis = analysed(network)
    model = run(generate(network.project, analysis.derived).text)["Net"]()  # orthogonal needs numbers: not on meta
    assert analysis.parameters == sum(parameter.numel() for parameter in model.parameters())
