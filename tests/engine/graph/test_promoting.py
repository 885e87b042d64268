"""A value inside a block that becomes a parameter: uses that set none compute as before."""

import pytest

from engine.catalog.index import layers
from engine.catalog.spec import effective
from engine.graph.compose import new_node, promote
from engine.graph.edits import EditError
from engine.graph.model import Graph, Node, Project
from engine.graph.resolved import resolved, use_values
from tests.gestures import done, stem_project


@pytest.mark.parametrize("kind", layers())
def test_every_value_that_becomes_a_parameter_keeps_its_meaning(kind) -> None:
    declared = layers()[kind]
    project = Project(graphs={"Net": Graph(), "Part": Graph({"it": new_node(kind)})})
    before = effective(declared.params, project.graphs["Part"].nodes["it"].params)
    for param in declared.params:
        try:
            after = done(project, promote(project, "Part", "it", param.name)).graphs["Part"]
        except EditError:
            continue
        at_use = resolved(after, use_values(after, Node("Block", graph="Part"))).nodes["it"]
        assert effective(declared.params, at_use.params) == before
        (name,) = after.params
        assert after.params[name].declared(name).problem(after.params[name].default) is None


def test_most_values_can_become_parameters() -> None:
    project = Project(graphs={"Net": Graph(), "Part": Graph({"conv": new_node("Conv2d")})})
    for name in ("out_channels", "kernel_size", "stride", "padding", "bias", "padding_mode"):
        done(project, promote(project, "Part", "conv", name))
    with pytest.raises(EditError, match="cannot be"):
        promote(project, "Part", "conv", "in_channels")  # read off the wire, so it has no value


def test_a_node_that_shares_weights_has_no_values_of_its_own_to_become_a_parameter() -> None:
    owner = Node("Linear", {"out_features": 4})
    project = Project(graphs={"Net": Graph(), "Part": Graph({"owner": owner, "again": Node("Linear", shares="owner")})})
    with pytest.raises(EditError, match="uses the weights of owner"):
        promote(project, "Part", "again", "bias")


def test_the_main_graph_has_no_parameters() -> None:
    project = stem_project()
    with pytest.raises(EditError, match="make a block first"):
        promote(project, "Net", "stem", "repeat")
