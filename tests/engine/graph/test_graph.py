"""The JSON form of a project, and the methods of the model."""

import json
import math
from keyword import kwlist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.catalog.expressions import Expression
from engine.errors import FileProblem
from engine.graph.edits import AddGraph, Batch, RemoveNode, SetNode, SetParam, SetProject
from engine.graph.json_form import (
    data_from_json,
    data_to_json,
    edit_from_json,
    edit_to_json,
    graph_from_json,
    graph_to_json,
    training_from_json,
    training_to_json,
)
from engine.graph.model import UNSET, End, Graph, Node, Project, Wire, is_name
from engine.graph.ports import ports
from tests.strategies import data as datas
from tests.strategies import edits, hostile_texts, projects, trainings


def through_text(form: object) -> object:
    """The form after a round trip through JSON text, which must have nan and inf as strings."""
    return json.loads(json.dumps(form, allow_nan=False))


@given(projects(6, odd=True))
def test_a_graph_comes_back_exactly(project) -> None:
    for graph in project.graphs.values():
        assert repr(graph_from_json(through_text(graph_to_json(graph)))) == repr(graph)


@given(datas(), trainings())
def test_settings_come_back_exactly(data, training) -> None:
    assert repr(data_from_json(through_text(data_to_json(data)))) == repr(data)
    assert repr(training_from_json(through_text(training_to_json(training)))) == repr(training)


@given(st.data(), projects(3))
def test_an_edit_comes_back_exactly_and_does_the_same(data, project) -> None:
    edit = data.draw(edits(project))
    back = edit_from_json(through_text(edit_to_json(edit)))
    assert repr(back) == repr(edit)


def test_values_in_edits_need_no_declaration_to_come_back() -> None:
    for value in (UNSET, None, 1, 1.0, True, math.inf, math.nan, "inf", (1, (2.5, -math.inf), None), ()):
        edit = SetParam("Net", "a", "p", value)
        assert repr(edit_from_json(through_text(edit_to_json(edit)))) == repr(edit)


@pytest.mark.parametrize("bypass", [True, Expression("size(x, 1) == channels")])
def test_a_bypass_comes_back_as_an_edit(bypass) -> None:
    edit = SetNode("Net", "a", "bypass", bypass)
    assert edit_from_json(through_text(edit_to_json(edit))) == edit


def test_values_in_files_are_read_by_their_declaration() -> None:
    def read(kind: str, **params: object) -> dict[str, object]:
        return graph_from_json({"nodes": {"a": {"kind": kind, "params": params}}}).nodes["a"].params

    assert read("LeakyReLU", negative_slope="inf") == {"negative_slope": math.inf}
    assert repr(read("LeakyReLU", negative_slope=1)) == "{'negative_slope': 1.0}"
    assert read("Conv2d", kernel_size=[3, 5], padding="same") == {"kernel_size": (3, 5), "padding": "same"}
    assert read("Input", field="inf") == {"field": "inf"}
    assert read("Conv2d", out_channels="many") == {"out_channels": "many"}  # for `Param.problem` to name
    assert read("Zorp", a="inf", b=[1]) == {"a": "inf", "b": (1,)}


def test_the_file_form_of_a_node_is_short() -> None:
    graph = Graph(
        {
            "a": Node("ReLU", pos=(10.0, 0.5)),
            "b": Node("Block", graph="Stem", repeat=3, bypass=True),
            "c": Node("Linear", shares="a"),
        },
        [Wire(End("a", "output"), End("b", "x"), ((1.0, 2.0),))],
    )
    assert graph_to_json(graph) == {
        "nodes": {
            "a": {"kind": "ReLU", "pos": [10, 0.5]},
            "b": {"kind": "Block", "graph": "Stem", "repeat": 3, "bypass": True, "pos": [0, 0]},
            "c": {"kind": "Linear", "shares": "a", "pos": [0, 0]},
        },
        "wires": [["a.output", "b.x", [[1, 2]]]],
    }


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ([], "edit must be an object"),
        ({}, "edit has no edit"),
        ({"edit": "Explode"}, "edit.edit must be one of AddNode"),
        ({"edit": "RemoveNode", "graph": "Net"}, "edit has no name"),
        ({"edit": "RemoveNode", "graph": "Net", "name": "import"}, "not a name"),
        ({"edit": "RemoveNode", "graph": "Net", "name": "a", "more": 1}, "does not know: more"),
        ({"edit": "AddNode", "graph": "Net", "name": "a", "node": {"kind": "ReLU"}, "index": -1}, "counted from 0"),
        ({"edit": "SetNode", "graph": "Net", "node": "a", "name": "extra", "value": {}}, "edit.name must be one of"),
        (
            {"edit": "SetNode", "graph": "Net", "node": "a", "name": "repeat", "value": "x"},
            "edit.value must be a whole",
        ),
        ({"edit": "SetProject", "name": "main", "value": "a b"}, "not a name"),
        ({"edit": "SetParam", "graph": "Net", "node": "a", "name": "p", "value": {"x": 1}}, "edit.value must be"),
        ({"edit": "Batch", "label": "x", "edits": [{"edit": "Explode"}]}, r"edit.edits\[0\].edit must be one of"),
        ({"edit": "SetTraining", "training": {"epochs": "3"}}, "edit.training.epochs must be a whole number"),
        ({"edit": "SetTraining", "training": {"clip": {"by": "force"}}}, "edit.training.clip.by must be"),
        ({"edit": "SetData", "data": {"split": {"test": None}}}, "edit.data.split.test must be a finite number"),
    ],
)
def test_an_edit_of_the_wrong_shape_is_refused_with_its_path(raw, message) -> None:
    with pytest.raises(FileProblem, match=message):
        edit_from_json(raw)


def test_usual_values_are_left_out_of_an_edit() -> None:
    assert edit_to_json(RemoveNode("Net", "a")) == {"edit": "RemoveNode", "graph": "Net", "name": "a"}
    assert edit_to_json(SetNode("Net", "a", "shares", None))["value"] is None
    batch = Batch("x", (AddGraph("B"), SetProject("main", "B")))
    assert edit_from_json(edit_to_json(batch)) == batch


# The model


@given(hostile_texts)
def test_only_identifiers_are_names(text) -> None:
    assert is_name(text) == (text.isascii() and text.isidentifier() and text not in kwlist)


def test_the_end_of_a_wire_is_written_with_a_dot() -> None:
    end = End.parse("cat.tensors[12]")
    assert (end, end.base, end.index) == (End("cat", "tensors[12]"), "tensors", 12)
    assert str(end) == "cat.tensors[12]"
    assert (End("a", "b").base, End("a", "b").index) == ("b", 0)
    for wrong in ("cat", ".x", "x.", ""):
        with pytest.raises(ValueError, match=r"node\.port"):
            End.parse(wrong)


def test_wires_into_a_variadic_port_come_in_its_order() -> None:
    wires = [Wire(End(f"n{place}", "output"), End("cat", f"tensors[{place}]")) for place in (10, 2, 0, 1)]
    assert [wire.target.index for wire in Graph(wires=wires).into("cat")] == [0, 1, 2, 10]


def test_a_block_has_the_ports_of_its_graph() -> None:
    stem = Graph({"b": Node("Input"), "relu": Node("ReLU"), "out": Node("Output"), "a": Node("Input")})
    project = Project(graphs={"Net": Graph(), "Stem": stem})
    inputs, outputs = ports(project, Node("Block", graph="Stem"))
    assert [port.name for port in inputs] == ["b", "a"]
    assert [port.name for port in outputs] == ["out"]
    assert ports(project, Node("Block", graph="Lost")) == ((), ())
    assert ports(project, Node("Zorp")) == ((), ())
    cat = ports(project, Node("cat"))
    assert cat.input("tensors[3]") is cat.inputs[0]
    assert cat.input("tensors") is None


def test_new_projects_share_nothing_that_can_change():
    before = repr(Project())
    one = Project()
    one.training.optimizer.params["lr"] = 1
    one.data.params["shuffle"] = True
    one.data.split.extra["later"] = one.training.best.extra["later"] = 1
    assert repr(Project()) == before
