"""The form of generated source: golden files, placement, names, and the node of each line."""

import ast
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given

from engine.catalog.expressions import Expression
from engine.codegen.line_breaking import WIDTH
from engine.codegen.model import generate
from engine.codegen.parse.project import is_snippet, parse
from engine.codegen.source import blame
from engine.errors import EngineError
from engine.graph.block_params import BlockParam
from engine.graph.model import Node, Project
from engine.graph.repetitions import repetition
from tests.golden.networks import NETWORKS, GoldenNetwork
from tests.project_files import ROOT
from tests.small_projects import graph, node, project
from tests.strategies.networks import networks
from tests.strategies.sizes import Network

GOLDEN = ROOT / "tests" / "golden"
RUFF = shutil.which("ruff", path=os.pathsep.join([str(Path(os.sys.executable).parent), os.environ.get("PATH", "")]))


def source(network: GoldenNetwork) -> str:
    """The source without the definitions that are copied into it, which have tests of their own."""
    text = generate(*network).text
    lines = text.splitlines(keepends=True)
    for tree in reversed(ast.parse(text).body):
        if isinstance(tree, ast.ClassDef | ast.FunctionDef) and is_snippet(tree):
            del lines[tree.lineno - 1 : tree.end_lineno + 2]
    return "".join(lines)


def ruff(*command: str, text: str) -> str:
    done = subprocess.run([RUFF, *command, "-"], input=text, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr if done.returncode else ""


@pytest.mark.parametrize("name", NETWORKS)
def test_the_source_is_the_golden_one(name: str) -> None:
    """TORCHLOOM_GOLDEN=1 writes the files again."""
    file = GOLDEN / f"{name}.txt"
    if os.environ.get("TORCHLOOM_GOLDEN"):
        file.write_text(source(NETWORKS[name]), encoding="utf-8")
    assert source(NETWORKS[name]) == file.read_text(encoding="utf-8")


@given(networks(draws=True))
def test_generated_source_is_formatted_and_has_no_idle_import(network: Network) -> None:
    text = generate(network.project, network.derived).text
    assert not ruff("format", "--isolated", "--diff", f"--line-length={WIDTH}", text=text)
    assert not ruff("check", "--isolated", "--select=F,E4,E7,E9,I", "--no-cache", text=text)


@given(networks(draws=True))
def test_the_same_network_gives_the_same_bytes(network: Network) -> None:
    assert generate(network.project, network.derived) == generate(network.project, network.derived)


@given(networks(draws=True))
def test_a_line_belongs_to_a_node_that_it_names_or_computes(network: Network) -> None:
    result = generate(network.project, network.derived)
    names = {name for net in network.project.graphs.values() for name in net.nodes} | {"accuracy", "mae"}
    assert set(result.lines.values()) <= names
    for number in result.lines:
        assert result.text.splitlines()[number - 1].strip()


def test_values_are_rebound_only_for_the_very_next_line() -> None:
    net = graph(
        {"image": "Input", "a": "ReLU", "b": "Tanh", "c": "Sigmoid", "d": "add", "out": "Output"},
        "image > a", "image > b", "b > c", "a > d", "c > d.other", "d > out",
    )  # fmt: skip
    assert forward(Project(graphs={"Net": net})) == [
        "a = self.a(image)",
        "x = self.b(image)",
        "x = self.c(x)",
        "x = a + x  # d",
        "return x",
    ]


def test_outputs_that_nothing_reads_have_no_variable() -> None:
    net = graph(
        {"seq": "Input", "lstm": node("LSTM", hidden_size=8), "last": node("select", dim=0, index=-1), "y": "Output"},
        "seq > lstm", "lstm.h_n > last", "last > y",
    )  # fmt: skip
    assert forward(Project(graphs={"Net": net}), {("lstm",): {"input_size": 3}}) == [
        "_, (x, _) = self.lstm(seq)",
        "x = x.select(0, -1)  # last",
        "return x",
    ]


def test_what_nothing_needs_is_left_out_and_what_is_bypassed_is_passed_by() -> None:
    net = graph(
        {"image": "Input", "idle": "ReLU", "drop": Node("Dropout", bypass=True), "act": "ReLU", "y": "Output"},
        "image > idle", "image > drop", "drop > act", "act > y",
    )  # fmt: skip
    text = generate(Project(graphs={"Net": net}), {}).text
    assert forward(Project(graphs={"Net": net})) == ["x = self.act(image)", "return x"]
    assert "idle" not in text
    assert "drop" not in text


def test_a_function_of_the_batch_that_the_network_needs_too_is_computed_there() -> None:
    net = graph(
        {"a": "Input", "twice": "add", "target": "add", "given": "mul", "loss": "MSELoss"},
        "a > twice", "a > twice.other", "twice > target", "twice > target.other", "twice > given",
        "twice > given.other", "given > loss", "target > loss.target",
    )  # fmt: skip
    project = Project(graphs={"Net": net})
    assert forward(project) == [
        "twice = a + a",
        "target = twice + twice",
        "x = twice * twice  # given",
        'return {"given": x, "target": target}',
    ]
    assert 'F.mse_loss(outputs["given"], outputs["target"])' in generate(project, {}).text


def test_functions_of_labels_are_computed_with_the_losses() -> None:
    net = graph(
        {
            "image": "Input", "label": "Input", "fc": node("Linear", out_features=1),
            "column": node("unsqueeze", dim=1), "loss": "MSELoss", "error": "RootMeanSquaredError",
        },
        "image > fc", "label > column", "fc > loss", "column > loss.target", "fc > error", "column > error.target",
    )  # fmt: skip
    text = generate(Project(graphs={"Net": net}), {("fc",): {"in_features": 4}}).text
    assert "def forward(self, image: Tensor) -> Tensor:" in text
    assert text.count('column = batch["label"].unsqueeze(1)') == 2
    assert "loss = F.mse_loss(outputs, column)" in text
    assert '"error": root_mean_squared_error(outputs, column)' in text


def test_a_function_of_a_label_that_the_network_reads_is_computed_by_the_network() -> None:
    net = graph(
        {"label": "Input", "twice": "add", "act": "ReLU", "loss": "MSELoss"},
        "label > twice", "label > twice.other", "twice > act", "act > loss", "twice > loss.target",
    )  # fmt: skip
    text = generate(Project(graphs={"Net": net}), {}).text
    assert 'return {"act": x, "twice": twice}' in text
    assert 'F.mse_loss(outputs["act"], outputs["twice"])' in text


@pytest.mark.parametrize("name", ["torch", "x", "F", "self", "batch", "outputs", "max", "l", "block", "Net"])
def test_a_variable_never_hides_what_the_file_needs(name: str) -> None:
    net = graph(
        {"image": "Input", name: "Identity", "b": "ReLU", "c": "add", "loss": "MSELoss"},
        f"image > {name}", f"{name} > b", f"{name} > c", "b > c.other", f"{name} > loss", "c > loss.target",
    )  # fmt: skip
    text = generate(Project(graphs={"Net": net}), {}).text
    assert f"{name}_ = self.{name}(image)" in text
    assert f'"{name}": {name}_' in text


def test_a_derived_value_that_is_not_known_names_node_and_parameter() -> None:
    net = graph({"image": "Input", "fc": "Linear", "y": "Output"}, "image > fc", "fc > y")
    with pytest.raises(EngineError, match=r"^fc: .*in_features") as raised:
        generate(Project(graphs={"Net": net}), {})
    assert raised.value.node == "fc"


def test_the_path_of_a_node_inside_a_block_is_reported() -> None:
    stem = graph({"x": "Input", "conv": "Conv2d", "y": "Output"}, "x > conv", "conv > y")
    net = graph(
        {"image": "Input", "stem": Node("Block", graph="Stem"), "out": "Output"}, "image > stem.x", "stem.y > out"
    )
    with pytest.raises(EngineError) as raised:
        generate(Project(graphs={"Net": net, "Stem": stem}), {})
    assert raised.value.node == "stem.conv"


@pytest.mark.parametrize(
    ("nodes", "wires", "message"),
    [
        ({"a": "add", "b": "add", "y": "Output"}, ("a > b", "b > a", "a > a.other", "b > y"), "cycle"),
        ({"a": "Zorp", "y": "Output"}, ("a > y",), "Zorp"),
        ({"a": "Custom", "y": "Output"}, ("a > y",), "Custom"),
        ({"a": "Input", "y": "Output"}, (), "y needs a wire"),
        ({"a": "Input"}, (), "has no output and no loss"),
        ({"a": "Input", "b": "cat", "y": "Output"}, ("b > y",), "tensors"),
        ({"a": "Input", "b": Node("Block", graph="Net"), "y": "Output"}, ("a > b.a", "b.y > y"), "contains itself"),
        ({"a": "Input", "b": Node("Block", graph="No"), "y": "Output"}, ("a > b.a", "b.y > y"), "block No"),
        ({"a": "Input", "total": "MSELoss", "y": "Output"}, ("a > total", "a > total.target", "a > y"), "total"),
        ({"a": "Input", "forward": "ReLU", "y": "Output"}, ("a > forward", "forward > y"), "torch.nn.Module"),
        ({"a": "Input", "b": Node("ReLU", shares="c"), "c": "Tanh", "y": "Output"}, ("a > b", "b > y"), "weights of c"),
        ({"a": node("Input", field="no name"), "y": "Output"}, ("a > y",), "field called 'no name'"),
        ({"a": "Input", "b": "ReLU", "y": "Output"}, ("a > b", "b.zorp > y"), "no output zorp"),
    ],
)  # fmt: skip
def test_what_cannot_be_source_is_refused_in_words(nodes: dict, wires: tuple[str, ...], message: str) -> None:
    with pytest.raises(EngineError, match=message):
        generate(Project(graphs={"Net": graph(nodes, *wires)}), {})


def test_blame_joins_the_lines_of_all_frames() -> None:
    result = generate(*NETWORKS["blocks"])
    lines = {owner: number for number, owner in result.lines.items()}
    assert blame(result, [lines["first"], lines["conv"]]) == "first.conv"
    assert blame(result, [1]) is None
    assert blame(result, None) is None


@pytest.mark.parametrize(
    ("widths", "value"),
    [
        ((3, 8, 8), "3 if index == 0 else 8"), ((3, 8, 9), "(3, 8, 9)[index]"), ((3, 3, 3), ""),
        ((3, 8, 13), "3 + 5 * index"), ((13, 8, 3), "13 - 5 * index"),
    ],
)  # fmt: skip
def test_sizes_that_differ_along_repetitions_are_chosen_by_their_index(widths: tuple[int, ...], value: str) -> None:
    conv = node("Conv2d", out_channels=8, kernel_size=1)
    stem = graph({"x": "Input", "conv": conv, "y": "Output"}, "x > conv", "conv > y")
    nodes = {"image": "Input", "stem": Node("Block", graph="Stem", repeat=3), "out": "Output"}
    example = project(nodes, "image > stem.x", "stem.y > out", blocks={"Stem": stem})
    derived = {(repetition("stem", place), "conv"): {"in_channels": width} for place, width in enumerate(widths)}
    text = generate(example, derived).text
    argument = f"in_channels={value}" if value else ""
    variable = "index" if value else "_"
    assert f"(Stem({argument}) for {variable} in range(3))" in ast.unparse(ast.parse(text))
    assert parse(text).derived == (derived if value else {("stem", "conv"): {"in_channels": 3}})


def forward(project: Project, derived: dict | None = None) -> list[str]:
    """The statements of the main class's ``forward``, comments and all."""
    text = generate(project, derived or {}).text
    main = next(tree for tree in ast.parse(text).body if isinstance(tree, ast.ClassDef) and tree.name == "Net")
    function = next(tree for tree in main.body if isinstance(tree, ast.FunctionDef) and tree.name == "forward")
    return [text.splitlines()[statement.lineno - 1].strip() for statement in function.body]


def sizes_of(names: list[str], inputs: tuple[str, ...] = ("x",), params: tuple[str, ...] = ()) -> list[str]:
    """The arguments of a block's class that has a Linear of each of these names, each of another size at its uses."""
    block = graph({**dict.fromkeys(inputs, "Input"), **{name: node("Linear", out_features=2) for name in names}})
    for name in names:
        block.nodes[f"y_{name}"] = Node("Output")
        block.wires += graph({}, f"{inputs[0]} > {name}", f"{name} > y_{name}").wires
    block.params = {name: BlockParam("int", 1) for name in params}
    uses = {use: Node("Block", graph="Stem") for use in ("one", "two")}
    nodes = {"image": "Input", **uses, **{f"out_{use}": "Output" for use in uses}}
    wires = [f"image > {use}.{port}" for use in uses for port in inputs]
    wires += [f"{use}.y_{names[0]} > out_{use}" for use in uses]
    example = project(nodes, *wires, blocks={"Stem": block})
    derived = {(use, name): {"in_features": size} for size, use in enumerate(uses, 3) for name in names}
    text = generate(example, derived).text
    again = parse(text)
    assert generate(again.project, again.derived).text == text
    init = next(each for each in ast.walk(ast.parse(text)) if getattr(each, "name", "") == "__init__")
    return [argument.arg for argument in init.args.args[1 : len(init.args.args) - len(init.args.defaults)]]


def test_a_size_has_its_own_name_where_no_other_of_the_class_has_it() -> None:
    assert sizes_of(["fc"]) == ["in_features"]
    assert sizes_of(["fc", "fc2"]) == ["fc_in_features", "fc2_in_features"]
    assert sizes_of(["fc"], params=("in_features",)) == ["fc_in_features"]
    assert sizes_of(["fc"], params=("in_features", "fc_in_features")) == ["fc_in_features_"]


def test_the_sizes_of_blocks_within_blocks_have_the_shortest_names_that_differ() -> None:
    inner = graph({"x": "Input", "fc": node("Linear", out_features=2), "y": "Output"}, "x > fc", "fc > y")
    use = Node("Block", graph="Inner")
    outer = graph({"x": "Input", "z": "Input", "a": use, "y": "Output"}, "x > a.x", "a.y > y")
    uses = {name: Node("Block", graph="Outer") for name in ("one", "two")}
    nodes = {"image": "Input", **uses, "first": "Output", "second": "Output"}
    wires = [f"image > {name}.{port}" for name in uses for port in ("x", "z")]
    example = project(nodes, *wires, "one.y > first", "two.y > second", blocks={"Outer": outer, "Inner": inner})
    derived = {(name, "a", "fc"): {"in_features": size} for size, name in enumerate(uses, 3)}
    text = generate(example, derived).text
    assert "self.a = Inner(in_features=in_features)" in text
    assert "self.two = Outer(in_features=4)" in text

    outer.nodes |= {"b": Node("Block", graph="Inner"), "second": Node("Output")}
    outer.wires += graph({}, "z > b.x", "b.y > second").wires
    derived |= {(name, "b", "fc"): {"in_features": size} for size, name in enumerate(uses, 7)}
    text = generate(example, derived).text
    assert "self.b = Inner(in_features=b_in_features)" in text
    assert "self.two = Outer(a_in_features=4, b_in_features=8)" in text
    again = parse(text)
    assert generate(again.project, again.derived).text == text


@pytest.mark.parametrize("port", ["x", "input"])
def test_the_sizes_of_repetitions_have_their_number_in_their_names(port: str) -> None:
    inner = graph({port: "Input", "rnn": node("GRUCell", hidden_size=4), "y": "Output"}, f"{port} > rnn", "rnn > y")
    use = Node("Block", graph="Inner", repeat=2)
    outer = graph({port: "Input", "a": use, "y": "Output"}, f"{port} > a.{port}", "a.y > y")
    uses = {name: Node("Block", graph="Outer") for name in ("one", "two")}
    wires = (f"image > one.{port}", f"image > two.{port}", "one.y > first", "two.y > second")
    nodes = {"image": "Input", **uses, "first": "Output", "second": "Output"}
    example = project(nodes, *wires, blocks={"Outer": outer, "Inner": inner})
    derived = {
        (name, repetition("a", index), "rnn"): {"input_size": 3 + size + 2 * index}
        for size, name in enumerate(uses)
        for index in range(2)
    }
    text = generate(example, derived).text
    assert "(self, a_input_size: int, a_1_input_size: int)" in text
    again = parse(text)
    assert again.derived == derived
    assert generate(again.project, again.derived).text == text


@pytest.mark.parametrize("ports", [["input"], ["input_"], ["_x", "x"], ["x", "x_"], ["__x"], ["range", "max_"]])
def test_a_size_that_an_expression_reads_is_parsed_whatever_the_name_of_its_input(ports: list[str]) -> None:
    kinds = {port: node("Linear", out_features=Expression(f"size({port}, 1) * 2")) for port in ports}
    block = graph({**dict.fromkeys(ports, "Input"), **{f"fc{place}": kind for place, kind in enumerate(kinds.values())},
                   **{f"y{place}": "Output" for place in range(len(ports))}})  # fmt: skip
    for place, port in enumerate(ports):
        block.wires += graph({}, f"{port} > fc{place}", f"fc{place} > y{place}").wires
    nodes = {"image": "Input", "use": Node("Block", graph="Stem"), "out": "Output"}
    example = project(nodes, *(f"image > use.{port}" for port in ports), "use.y0 > out", blocks={"Stem": block})
    sizes = {f"{port}_size_1": 3 for port in ports}
    text = generate(example, {("use",): sizes, **{("use", f"fc{place}"): {"in_features": 3} for place in (0, 1)}}).text
    again = parse(text)
    assert generate(again.project, again.derived).text == text


@pytest.mark.parametrize(
    "options",
    [
        ("relu", "gelu"),
        ("relu",),
        tuple(f"a word of number {count}" for count in range(12)),
        ('"', "'", "torch.", "])"),
    ],
)
def test_the_options_of_a_choice_are_in_the_source_and_parsed_back(options: tuple[str, ...]) -> None:
    block = graph({"x": "Input", "drop": "Dropout", "y": "Output"}, "x > drop", "drop > y")
    block.params = {"act": BlockParam("choice", options[0], options=options), "free": BlockParam("flag", False)}
    block.nodes["drop"].params["p"] = Expression(f"0.5 if act == {options[0]!r} else 0.1")
    nodes = {"image": "Input", "use": Node("Block", {"act": options[-1]}, graph="Stem"), "out": "Output"}
    text = generate(project(nodes, "image > use.x", "use.y > out", blocks={"Stem": block}), {}).text
    assert "from typing import Literal\n" in text
    assert not ruff("format", "--isolated", "--diff", f"--line-length={WIDTH}", text=text)
    assert not ruff("check", "--isolated", "--select=F,E4,E7,E9,I", "--no-cache", text=text)
    again = parse(text)
    assert again.project.graphs["Stem"].params == block.params
    assert generate(again.project, again.derived).text == text
