"""Part of a graph as text: it is read back unchanged, and junk is refused with a sentence."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import FileProblem
from engine.graph.fragment import Fragment, fragment_of, parse, to_text
from engine.graph.model import End, Graph, Node, Project, Wire
from tests.strategies import projects


@given(st.data(), projects(6, odd=True))
def test_a_fragment_comes_back_from_its_text_as_it_was(data, project) -> None:
    graph = data.draw(st.sampled_from(list(project.graphs)))
    names = data.draw(st.lists(st.sampled_from(list(project.graphs[graph].nodes))))
    fragment = fragment_of(project, graph, names)
    text = to_text(fragment)
    back = parse(text)
    assert to_text(back) == text
    assert list(back.graph.nodes) == [name for name in project.graphs[graph].nodes if name in names]
    assert [list(block.nodes) for block in back.blocks.values()] == [list(b.nodes) for b in fragment.blocks.values()]


def test_a_cut_is_a_copy_with_its_wires_and_the_blocks_it_uses() -> None:
    inner = Graph({"x": Node("Input"), "deep": Node("Block", graph="Deep"), "y": Node("Output")})
    project = Project(graphs={"Net": Graph(), "Stem": inner, "Deep": Graph({"x": Node("Input")}), "Other": Graph()})
    net = project.graphs["Net"]
    net.nodes = {name: Node("ReLU", {"inplace": False}) for name in "abc"} | {"stem": Node("Block", graph="Stem")}
    net.wires = [
        Wire(End("a", "output"), End("b", "input")),
        Wire(End("b", "output"), End("stem", "x"), ((1.0, 2.0),)),
        Wire(End("stem", "y"), End("c", "input")),
        Wire(End("c", "output"), End("stem", "z")),
    ]

    fragment = fragment_of(project, "Net", ["stem", "b", "gone"])

    assert list(fragment.graph.nodes) == ["b", "stem"]
    assert fragment.graph.wires == [net.wires[1]]
    assert fragment.incoming == (net.wires[0], net.wires[3])
    assert list(fragment.blocks) == ["Deep", "Stem"]
    fragment.graph.nodes["b"].params["inplace"] = True
    assert net.nodes["b"].params == {"inplace": False}


def test_the_text_is_readable_and_has_a_line_for_each_node_and_wire() -> None:
    graph = Graph({"a": Node("ReLU"), "b": Node("ReLU")}, [Wire(End("a", "output"), End("b", "input"))])
    text = to_text(Fragment(graph))
    assert text.splitlines() == [
        "{",
        ' "format": "torchloom-fragment",',
        ' "version": 1,',
        ' "nodes": {',
        '  "a": {"kind": "ReLU", "pos": [0, 0]},',
        '  "b": {"kind": "ReLU", "pos": [0, 0]}',
        " },",
        ' "wires": [',
        '  ["a.output", "b.input"]',
        " ],",
        ' "incoming": [],',
        ' "blocks": {}',
        "}",
    ]


def test_an_unknown_kind_is_kept_as_it_came() -> None:
    node = {"kind": "os.system", "params": {"a": {"b": [1, None]}, "c": "inf"}, "later": True, "pos": [0, 0]}
    head = {"format": "torchloom-fragment", "version": 1}
    fragment = parse(json.dumps(head | {"nodes": {"odd": node}}))
    assert json.loads(to_text(fragment))["nodes"]["odd"] == node


HEAD = '{"format": "torchloom-fragment", "version": 1, '


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "empty"),
        ("hello", "line 1"),
        ("[1, 2]", "not part of a network"),
        ('{"format": "torchloom"}', "not part of a network"),
        (HEAD.replace("1", "2") + '"nodes": {}}', "newer version"),
        (HEAD + '"nodes": []}', "nodes must be an object, got a list"),
        (HEAD + '"nodes": {"a": {}}}', "nodes.a has no kind"),
        (HEAD + '"nodes": {"a;b": {"kind": "ReLU"}}}', "'a;b' is not a name"),
        (HEAD + '"nodes": {"a": {"kind": 3}}}', "nodes.a.kind must be text"),
        (HEAD + '"nodes": {"a": {"kind": "Conv2d", "params": {"bias": {}}}}}', "nodes.a.params.bias must be a value"),
        (HEAD + '"nodes": {"a": {"kind": "ReLU", "pos": [1, "x"]}}}', r"nodes.a.pos\[1\] must be a finite number"),
        (HEAD + '"nodes": {"a": {"kind": "ReLU", "pos": [1]}}}', "two numbers"),
        (HEAD + '"nodes": {"a": {"kind": "ReLU", "repeat": 1.5}}}', "whole number"),
        (HEAD + '"nodes": {"a": {"kind": "ReLU"}}, "wires": [["a.output", "b.input"]]}', "does not fit"),
        (HEAD + '"nodes": {}, "incoming": [["a.output", "b.input"]]}', "does not fit"),
        (HEAD + '"nodes": {}, "wires": [["a", "b.input"]]}', r"wires\[0\]\[0\] must be an end"),
        (HEAD + '"nodes": {}, "wires": [["a.b"]]}', r"wires\[0\] must be a pair"),
        (HEAD + '"nodes": {}, "blocks": {"B": 1}}', "blocks.B must be an object"),
        (HEAD + '"nodes": {"a": {"kind": "ReLU"}, "a": {"kind": "ReLU"}}}', "twice"),
        (HEAD + '"nodes": {"a": {"kind": "ReLU", "pos": [NaN, 0]}}}', "NaN is not JSON"),
        (HEAD + '"x": ' + "[" * 100_000, "nested"),
        ('{"format": "torchloom-fragment\ud800"}', "UTF-8"),
    ],
)
def test_junk_is_refused_with_a_sentence(text, message) -> None:
    with pytest.raises(FileProblem, match=message):
        parse(text)


def test_two_wires_into_one_input_are_refused() -> None:
    wire = '["a.output", "b.input"]'
    nodes = '"nodes": {"a": {"kind": "ReLU"}, "b": {"kind": "ReLU"}}'
    with pytest.raises(FileProblem, match=r"Two wires end at b\.input"):
        parse(f'{HEAD}{nodes}, "wires": [{wire}, {wire}]}}')


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda x: (
            st.lists(x)
            | st.dictionaries(st.sampled_from(("kind", "params", "pos", "a", "graph", "repeat", "nodes")), x)
        ),
        max_leaves=12,
    ),
    st.sampled_from(("nodes", "wires", "incoming", "blocks", "frames", "notes")),
)
def test_any_json_is_a_fragment_or_refused_but_never_a_crash(junk, key) -> None:
    text = json.dumps({"format": "torchloom-fragment", "version": 1, key: junk})
    try:
        fragment = parse(text)
    except FileProblem:
        return
    assert parse(to_text(fragment)) == fragment
