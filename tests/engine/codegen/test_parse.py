"""Source read back: it gives the same text again, and foreign source is refused."""

from copy import deepcopy

import pytest
from hypothesis import Phase, find, given, settings

from engine.catalog.index import layers
from engine.codegen.model import generate
from engine.codegen.parse.project import parse
from engine.errors import EngineError
from engine.graph.model import Node, Project
from tests.golden.networks import NETWORKS
from tests.small_projects import graph, node
from tests.strategies.networks import networks
from tests.strategies.sizes import Network
from tests.strategies.values import params_of


@given(networks(draws=True))
def test_source_read_back_gives_the_same_source(network: Network) -> None:
    text = generate(network.project, network.derived).text
    parsed = parse(text)
    assert generate(parsed.project, parsed.derived).text == text


@pytest.mark.parametrize("kind", ["randn", "rand", "full_like", "grad", "vector_norm", "split", "chunk", "topk"])
def test_the_random_networks_hold_each_kind_that_is_written_in_a_way_of_its_own(kind: str) -> None:
    network = find(
        networks(draws=True),
        lambda network: any(graph.of_kind(kind) for graph in network.project.graphs.values()),
        settings=settings(phases=[Phase.generate], max_examples=2_000, derandomize=True, database=None),
    )
    text = generate(network.project, network.derived).text
    assert generate(parse(text).project, parse(text).derived).text == text


@pytest.mark.parametrize("name", NETWORKS)
def test_what_is_read_back_is_the_original_network(name: str) -> None:
    original, derived = deepcopy(NETWORKS[name])
    parsed = parse(generate(original, derived).text)
    assert set(parsed.project.graphs) == set(original.graphs)
    for title, own in original.graphs.items():
        back = parsed.project.graphs[title]
        assert {n: (o.kind, o.shares, o.graph, o.repeat) for n, o in back.nodes.items()} == {
            n: (o.kind, o.shares, o.graph, o.repeat) for n, o in own.nodes.items()
        }
        assert {n: o.params for n, o in back.nodes.items()} == {n: o.params for n, o in own.nodes.items()}
        assert {(w.source, w.target) for w in back.wires} == {(w.source, w.target) for w in own.wires}
    lenders = {path: values for path, values in derived.items() if path[0] != "same"}
    assert parsed.derived == lenders


@pytest.mark.parametrize("kind", [kind for kind, layer in layers().items() if layer.role == "layer"])
def test_every_layer_with_any_values_is_read_back(kind: str) -> None:
    layer = layers()[kind]
    ports = [f"{port.name}[0]" if port.variadic else port.name for port in layer.inputs]
    wires = [f"a > it.{port}" for port in ports]
    derived = {("it",): {param.name: 8 for param in layer.derived}}

    @given(params_of(tuple(param for param in layer.params if param not in layer.derived)))
    def check(params: dict) -> None:
        outs = {f"out_{port.name}": f"it.{port.name}" for port in layer.outputs_with(params)}
        nodes = {"a": "Input", "it": Node(kind, dict(params)), **dict.fromkeys(outs, "Output")}
        leading = [f"{end} > {out}" for out, end in outs.items()]
        original = Project(graphs={"Net": graph(nodes, *wires, *leading)})
        text = generate(original, derived).text
        back = parse(text)
        assert back.project.graphs["Net"].nodes["it"].kind == kind
        assert generate(back.project, back.derived).text == text

    check()


def test_factors_of_losses_are_read_back() -> None:
    parsed = parse(generate(*NETWORKS["two_heads"]).text).project.graphs["Net"]
    assert parsed.nodes["how_large"].params == {"scale": 0.5}
    assert parsed.nodes["what"].params == {}


def test_a_metric_that_a_loss_implies_is_not_read_back_as_a_node() -> None:
    assert not parse(generate(*NETWORKS["mlp"]).text).project.graphs["Net"].of_kind("Accuracy")
    assert parse(generate(*NETWORKS["residual"]).text).project.graphs["Net"].of_kind("Accuracy")


def test_a_field_that_a_layer_is_named_by_gives_way() -> None:
    original = graph(
        {"picture": node("Input", field="conv"), "conv": "ReLU", "y": "Output"}, "picture > conv", "conv > y"
    )
    parsed = parse(generate(Project(graphs={"Net": original}), {}).text).project.graphs["Net"]
    assert parsed.nodes["conv"].kind == "ReLU"
    assert [one.params for one in parsed.of_kind("Input").values()] == [{"field": "conv"}]


OURS = generate(*NETWORKS["blocks"]).text


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("import torch\n", "import torch, os\n", 3),
        ("import torch\n", "import os as torch\n", 3),
        ("nn.BatchNorm2d(16)", "nn.BatchNorm9d(16)", 13),
        ("nn.BatchNorm2d(16)", "open('/etc/passwd')", 13),
        ("padding=1", "padding=1 << 1", 12),
        ("padding=1", "pudding=1", 12),
        ("x = self.act(x)", "x = self.act(zorp)", 19),
        ("x = self.act(x)", "x = self.zorp(x)", 19),
        ("x = self.act(x)", "print(x)", 19),
        ("x = self.act(x)", "x = [y for y in x]", 19),
        ("x = stage + skip", "x = stage // skip", 32),
        ("Stage(in_channels=3)", "Stage()", 41),
        ("class Fork", "print('hello')\n\n\nclass Fork", 23),
        ("class Fork", "def losses_(a):\n    return a\n\n\nclass Fork", 23),
        ("return x\n\n\nclass Fork", "return x(\n\n\nclass Fork", None),
        ("range(3)", "range(x)", 42),
    ],
)  # fmt: skip
def test_what_is_not_ours_is_refused_by_its_line(old: str, new: str, line: int | None) -> None:
    assert old in OURS
    with pytest.raises(EngineError, match=rf"^line {line or ''}"):
        parse(OURS.replace(old, new, 1))


@pytest.mark.parametrize("text", ["", "x = 1", "(" * 100_000, "\0", "def f(): pass", "'''", "-" * 50_000 + "1"])
def test_what_is_no_model_is_refused(text: str) -> None:
    with pytest.raises(EngineError):
        parse(text)


def test_blocks_that_multiply_without_end_are_refused() -> None:
    forward = "    def forward(self, x: Tensor) -> Tensor:\n"
    text = f"from torch import Tensor, nn\n\n\nclass B0(nn.Module):\n{forward}        return x\n"
    for n in range(1, 40):
        lines = f"        self.a = B{n - 1}()\n        self.b = B{n - 1}()\n        self.c = nn.ReLU()\n"
        text += f"\n\nclass B{n}(nn.Module):\n    def __init__(self) -> None:\n        super().__init__()\n{lines}\n"
        text += f"{forward}        x = self.a(x)\n        x = self.b(x)\n        return x\n"
    with pytest.raises(EngineError, match="100,000"):
        parse(text)
