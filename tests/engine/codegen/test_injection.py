"""No text or number of a project changes the structure of the source: it is a constant in it, or it is refused."""

import ast
import re
from collections.abc import Iterator
from contextlib import suppress
from copy import deepcopy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.catalog.emit import Module
from engine.catalog.index import layers
from engine.catalog.params import Param, Value
from engine.catalog.spec import Layer
from engine.codegen.expression import call, constructor
from engine.codegen.literals import literal, quote
from engine.codegen.model import generate
from engine.codegen.parse.project import parse
from engine.errors import EngineError
from engine.graph.model import Project, is_name
from tests.small_projects import graph, node
from tests.strategies.values import HOSTILE, hostile_texts, literals

CODE = "__import__('os').system('true')"
PIECES = (
    *("'", '"', "'''", '"""', "\\", "\n", "\r", "\t", "\0", "\x1b", "\x85", "\u2028", "\u2029", "\ud800", "\u202e"),
    *("{", "}", "{{0}}", "%s", "#", ";", ")", "(", "]", ",", "\xe9", "\U0001d499", "\\N{BULLET}", "\\u0027"),
    *(CODE, "f'{x}'", "lambda: 0", "# type: ignore"),
)
VALUES: tuple[str, ...] = tuple(dict.fromkeys([*HOSTILE, *(a + b for a in PIECES for b in PIECES)]))[:600]
NUMBERS: tuple[Value, ...] = (
    *(float("inf"), float("-inf"), float("nan"), -0.0, 1e308, 5e-324, -1, 0, 2**53, -(2**53), 2**200, True, None),
    *((), (1,), ((1, (2,)),)),
)


def test_there_are_enough_hostile_values() -> None:
    assert len(VALUES) >= 500


def test_a_text_is_one_constant_on_one_line() -> None:
    for text in VALUES:
        literal = quote(text)
        assert len(literal.splitlines()) == 1
        assert ast.literal_eval(literal) == text
        assert isinstance(ast.parse(literal, mode="eval").body, ast.Constant)


@given(literals)
def test_a_value_is_a_literal_that_means_it(value: Value) -> None:
    tree = ast.parse(literal(value), mode="eval")
    kinds = {type(inner) for inner in ast.walk(tree)}
    assert kinds <= {ast.Expression, ast.Constant, ast.Tuple, ast.UnaryOp, ast.USub, ast.Load, ast.Call, ast.Name}
    assert all(inner.func.id == "float" for inner in ast.walk(tree) if isinstance(inner, ast.Call))
    assert repr(eval(literal(value), {"__builtins__": {}, "float": float})) == repr(value)  # noqa: S307 (just checked)


@pytest.mark.parametrize("kind", [kind for kind, layer in layers().items() if layer.role not in ("block", "custom")])
def test_no_parameter_reaches_source_as_code(kind: str) -> None:
    """Even values that `Param.problem` refuses: the source must stay intact without the check."""
    layer = layers()[kind]
    for param in layer.params:
        for value in (*VALUES[:: 1 if param.type_name == "text" else 7], *NUMBERS):
            _check_param(layer, param, value)


def _check_param(layer: Layer, param: Param, value: Value) -> None:
    targets = getattr(layer.emit, "targets", (getattr(layer.emit, "target", "nn"),))
    names = {"torch", "nn", "F", "self", "float", "a", "b", "c", *(target.partition(".")[0] for target in targets)}
    with suppress(EngineError):
        for text in _expressions(layer, {param.name: value}):
            nodes = list(ast.walk(ast.parse(text, mode="eval")))
            assert {inner.id for inner in nodes if isinstance(inner, ast.Name)} <= names
            assert not any(isinstance(inner, ast.Lambda | ast.JoinedStr | ast.comprehension) for inner in nodes)


def _expressions(layer: Layer, values: dict[str, Value]) -> Iterator[str]:
    values = {param.name: 1 for param in layer.derived} | values
    ports = [port.name + ("[0]" if port.variadic else "") for port in layer.inputs]
    if isinstance(layer.emit, Module):
        yield constructor(layer, values)
    if layer.role not in ("input", "output"):
        yield call(layer, "self.a", dict(zip(ports, "abc", strict=False)), values)


BENIGN = graph(
    {
        "image": node("Input", field="image"), "label": node("Input", field="label"),
        "conv": node("Conv2d", out_channels=3, kernel_size=3, padding="same", padding_mode="reflect"),
        "flat": "Flatten", "fc": node("Linear", out_features=2), "out": "Output",
        "loss": node("CrossEntropyLoss", weight=(1.0, 2.0)),
    },
    "image > conv", "conv > flat", "flat > fc", "fc > out", "fc > loss", "label > loss.target",
)  # fmt: skip
DERIVED = {("conv",): {"in_channels": 1}, ("fc",): {"in_features": 9}}


def shape_of(text: str) -> str:
    """The syntax tree without its constants."""
    tree = ast.parse(text)
    for inner in ast.walk(tree):
        if isinstance(inner, ast.Constant):
            inner.value = 0
    return ast.dump(tree)


@pytest.mark.parametrize(("name", "key"), [("label", "field"), ("conv", "padding_mode"), ("conv", "padding")])
def test_texts_of_a_project_stay_constants(name: str, key: str) -> None:
    plain = shape_of(generate(Project(graphs={"Net": BENIGN}), DERIVED).text)
    for number, text in enumerate(VALUES):
        project = Project(name=text, graphs={"Net": deepcopy(BENIGN)})
        project.graphs["Net"].nodes[name].params[key] = text
        source = generate(project, DERIVED).text
        assert shape_of(source) == plain
        if number % 6 == 0:
            back = parse(source)
            assert generate(back.project, back.derived).text == source


def test_a_text_that_is_no_name_is_refused_where_a_name_belongs() -> None:
    for text in VALUES:
        for change in (_rename_field, _rename_node, _rename_stateless, _rename_output, _rename_loss, _rename_graph):
            project = Project(graphs={"Net": deepcopy(BENIGN)})
            change(project, text)
            if not is_name(text):
                with pytest.raises(EngineError):
                    generate(project, DERIVED)


def _rename_field(project: Project, text: str) -> None:
    project.graphs["Net"].nodes["image"].params["field"] = text or " "


def _rename_node(project: Project, text: str) -> None:
    _rename(project, "fc", text)


def _rename_stateless(project: Project, text: str) -> None:
    project.graphs["Net"].nodes["fc"] = node("mean")
    _rename(project, "fc", text)


def _rename_output(project: Project, text: str) -> None:
    _rename(project, "out", text)


def _rename_loss(project: Project, text: str) -> None:
    _rename(project, "loss", text)


def _rename(project: Project, old: str, text: str) -> None:
    net = project.graphs["Net"]
    net.nodes = {text if name == old else name: node for name, node in net.nodes.items()}
    net.wires = [
        wire.__class__(
            wire.source._replace(node=text) if wire.source.node == old else wire.source,
            wire.target._replace(node=text) if wire.target.node == old else wire.target,
        )
        for wire in net.wires
    ]


def _rename_graph(project: Project, text: str) -> None:
    project.graphs = {text: project.graphs.pop("Net")}
    project.main = text


@given(hostile_texts | st.sampled_from(VALUES))
def test_reading_back_gives_a_network_of_ours_or_refuses_in_words(text: str) -> None:
    source = generate(Project(graphs={"Net": BENIGN}), DERIVED).text
    for hurt in (text, source + text, source.replace("padding", text, 1), re.sub("self.fc", lambda _: text, source)):
        with suppress(EngineError):
            assert parse(hurt).project.graphs
