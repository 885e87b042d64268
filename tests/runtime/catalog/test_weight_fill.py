"""The generated source sets and parametrizes every weight of every layer, as torch's functions do."""

from pathlib import Path

import pytest
import torch
from torch import nn

from engine.catalog.emit import Module
from engine.catalog.index import layers
from engine.catalog.spec import Layer
from engine.catalog.weight_settings.initializers import INITIALIZERS
from engine.catalog.weight_settings.parametrizations import PARAMETRIZATIONS
from engine.codegen.model import generate
from engine.codegen.parse.project import parse
from engine.graph.model import Node, Part, Project
from engine.graph.weights import WeightSettings
from engine.runtime.analysis.analyse import analyse
from engine.runtime.data.field_spec import FieldSpec
from engine.runtime.load import network_class
from tests.small_projects import project

SMALL = {"num_heads": 2, "nhead": 2, "num_groups": 2, "dim_feedforward": 8, "out_features": 8}
VALUE = 0.25


def one_layer(entry: Layer, **settings: dict[str, Part]) -> tuple[Project, dict[str, FieldSpec]]:
    """A network of one layer, whose required inputs are fields of the shapes that it declares."""
    ports = [port for port in entry.inputs if not port.optional]
    fields = {}
    for port, shapes in zip(ports, entry.shape.inputs, strict=False):
        axes = [axis for axis in shapes[0].axes[1:] if axis != "*"]
        element = "int64" if port.element == "int" else "float32"
        fields[f"x_{port.name}"] = FieldSpec((8,) * (len(axes) or 1), element)
    params = {name: value for name, value in SMALL.items() if entry.param(name)}
    if entry.emit.snippet == "adaptive_softmax":
        params |= {"n_classes": 9, "cutoffs": (4,)}
    tested = Node(entry.kind, {**entry.preset, **params}, settings=WeightSettings(**settings))
    nodes = {**dict.fromkeys(fields, "Input"), "layer": tested, "y": "Output"}
    wires = [f"x_{port.name} > layer.{port.name}" for port in ports]
    return project(nodes, *wires, f"layer.{entry.outputs[0].name} > y"), fields


def network_of(it: Project, fields: dict[str, FieldSpec], path: Path) -> nn.Module:
    analysis = analyse(it, fields)
    assert analysis.errors == ()
    return network_class(generate(it, analysis.derived).text, it, path)()


def weights_of(entry: Layer) -> dict[str, tuple[int, ...]]:
    tested = analyse(*one_layer(entry)).nodes.get("layer")
    return dict(tested.weights or {}) if tested else {}


WITH_WEIGHTS = [each for each in layers().values() if isinstance(each.emit, Module) and weights_of(each)]


@pytest.mark.parametrize("entry", WITH_WEIGHTS, ids=lambda entry: entry.kind)
def test_every_weight_of_a_layer_can_be_set(entry: Layer, tmp_path: Path) -> None:
    weights = weights_of(entry)
    it, fields = one_layer(entry, init={name: Part("constant_", {"val": VALUE}) for name in weights})

    network = network_of(it, fields, tmp_path / "model.py")

    values = {name.removeprefix("layer."): value for name, value in network.named_parameters()}
    assert values.keys() == weights.keys()
    assert all((value == VALUE).all() for value in values.values())
    text = generate(it, analyse(it, fields).derived).text
    again = parse(text)
    assert generate(again.project, again.derived).text == text


CONV = layers()["Conv2d"]


@pytest.mark.parametrize("kind", INITIALIZERS)
def test_an_initializer_fills_a_weight_as_torch_does(kind: str, tmp_path: Path) -> None:
    entry = layers()["Linear"] if INITIALIZERS[kind].axes.fit(2) else CONV
    params = {param.name: param.default for param in INITIALIZERS[kind].params if param.required}
    it, fields = one_layer(entry, init={"weight": Part(kind, params)})
    torch.manual_seed(0)
    weight = network_of(it, fields, tmp_path / "model.py").layer.weight
    torch.manual_seed(0)
    plain = network_of(*one_layer(entry), tmp_path / "plain.py").layer.weight

    assert torch.equal(weight, getattr(nn.init, kind)(plain, **params))


@pytest.mark.parametrize("kind", PARAMETRIZATIONS)
def test_a_parametrization_computes_a_weight_as_torch_does(kind: str, tmp_path: Path) -> None:
    it, fields = one_layer(CONV, parametrize={"weight": Part(kind)})
    torch.manual_seed(0)
    network = network_of(it, fields, tmp_path / "model.py")
    torch.manual_seed(0)
    plain = network_of(*one_layer(CONV), tmp_path / "plain.py")

    getattr(nn.utils.parametrizations, kind)(plain.layer, "weight")

    assert torch.equal(network.layer.weight, plain.layer.weight)
    assert network.state_dict().keys() == plain.state_dict().keys()
