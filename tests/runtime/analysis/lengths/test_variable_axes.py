"""Graphs with axes of variable length: shapes with letters, the limits of lengths, and what depends on a length."""

import json
from pathlib import Path

import pytest

from engine.catalog.expressions import parse
from engine.cli import main
from engine.graph.loops import LoopSettings
from engine.graph.model import NO_DATA, Data, Node, Project
from engine.project import file
from engine.protocol.answers import Analysed
from engine.protocol.requests import Analyse
from engine.runtime.analysis.analyse import Analysis, check_project
from engine.runtime.handlers import RequestHandler
from tests.small_projects import graph, node, project

SERIES, TOKENS = node("Input", shape=("T", 64)), node("Input", shape=("T",), element="int64")


def without_data(nodes: dict[str, Node | str], *wires: str, **blocks: object) -> Project:
    network = project({**nodes, "y": "Output"}, *wires, **blocks)
    network.data = NO_DATA
    return network


def series(*kinds: Node | str) -> Project:
    """Series through some nodes, called n1, n2 ..., to the output."""
    names = [f"n{place}" for place in range(1, len(kinds) + 1)]
    wires = [f"{a} > {b}" for a, b in zip(["x", *names], [*names, "y"], strict=True)]
    return without_data({"x": SERIES, **dict(zip(names, kinds, strict=True))}, *wires)


def checked(network: Project) -> Analysis:
    return check_project(network, Path())


def shape(analysis: Analysis, name: str, port: str = "output") -> tuple[int | str, ...]:
    return analysis.nodes[name].outputs[port]


def test_shapes_have_letters_and_formulas() -> None:
    channels_first = node("transpose", dim0=1, dim1=2)
    analysis = checked(
        series(
            channels_first,
            node("Conv1d", out_channels=8, kernel_size=3, stride=2, padding=1),
            node("MaxPool1d", kernel_size=3),
            node("Conv1d", out_channels=8, kernel_size=3),
            node("ConvTranspose1d", out_channels=8, kernel_size=4),
        )
    )
    assert analysis.ok
    shapes = [shape(analysis, name) for name in ("x", "n1", "n2", "n3", "n4", "n5")]
    assert shapes == [
        ("N", "T", 64),
        ("N", 64, "T"),
        ("N", 8, "(T+1)//2"),
        ("N", 8, "(T+1)//6"),
        ("N", 8, "(T-11)//6"),
        ("N", 8, "(T+7)//6"),
    ]
    assert analysis.source is not None


def test_a_size_that_no_formula_gives_has_a_mark_for_each_function() -> None:
    network = series(node("transpose", dim0=1, dim1=2), node("Conv1d", out_channels=8, kernel_size=2, stride=2))
    network.graphs["Net"].nodes |= {
        "twice": node("Upsample", scale_factor=2.0),
        "thrice": node("Upsample", scale_factor=3.0),
    }
    network.graphs["Net"].wires += graph({}, "n2 > twice", "n2 > thrice").wires
    analysis = checked(network)
    assert shape(analysis, "twice")[2] == "T'"
    assert shape(analysis, "thrice")[2] == "T''"


def test_axes_joined_with_others_are_multiples() -> None:
    analysis = checked(series("Flatten"))
    assert shape(analysis, "n1") == ("N", "64T")
    assert shape(checked(series(node("reshape", shape=(-1, 64)))), "n1") == ("N*T", 64)


def test_fields_with_the_same_letter_share_their_lengths_and_others_do_not() -> None:
    nodes = {"x": SERIES, "z": node("Input", shape=("T", 64)), "sum": "add"}
    wires = ("x > sum", "z > sum.other", "sum > y")
    assert checked(without_data(nodes, *wires)).ok
    other = without_data({**nodes, "z": node("Input", shape=("S", 64))}, *wires)
    (problem,) = checked(other).problems
    assert (problem.code, problem.node) == ("S005", "sum")
    assert "cannot put (N, T, 64) and (N, S, 64) together" in problem.message


def test_recurrent_layers_attention_and_loops_keep_the_letter() -> None:
    cell = graph({"a": "Input", "h": "Input", "cell": node("GRUCell", hidden_size=64), "b": "Output"},
                 "a > cell", "h > cell.hx", "cell > b")  # fmt: skip
    loop = Node("Loop", graph="Cell", loop=LoopSettings(over=(("a", 1),), carry=(("h", "b"),), collect=("b",)))
    network = without_data(
        {
            "x": SERIES,
            "h": node("Input", shape=(64,)),
            "gru": node("GRU", hidden_size=64, batch_first=True),
            "att": node("MultiheadAttention", num_heads=4, batch_first=True),
            "loop": loop,
        },
        "x > gru",
        *(f"gru > att.{port}" for port in ("query", "key", "value")),
        "att.attn_output > loop.a",
        "h > loop.h",
        "loop.b > y",
        blocks={"Cell": cell},
    )
    analysis = checked(network)
    assert analysis.ok
    assert shape(analysis, "gru") == ("N", "T", 64)
    assert shape(analysis, "att", "attn_output_weights") == ("N", "T", "T")
    assert shape(analysis, "loop", "b") == ("N", "T", 64)
    (axis,) = analysis.axes
    assert (axis.low, axis.high, axis.high_node) == (1, 10_000, "loop")


def test_the_limits_of_nodes_bound_the_lengths_and_are_reported(tmp_path: Path, capsys) -> None:
    network = series(
        node("LearnedPositionEncoding", num_positions=50),
        node("transpose", dim0=1, dim1=2),
        node("Conv1d", out_channels=2, kernel_size=7),
    )
    path = tmp_path / "net.loom"
    file.write(path, network)
    assert main(["check", str(path), "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["nodes"]["n3"]["outputs"] == {"output": ["N", 2, "T-6"]}
    assert printed["lengths"] == {
        "T": {"length": 31, "low": 7, "high": 50, "low_node": "n3", "high_node": "n1"}
    }  # fmt: skip
    assert main(["check", str(path)]) == 0
    assert "Axis T: at least 7 (n3) and at most 50 (n1); multiply-adds are for T = 31." in capsys.readouterr().out
    macs = 2 * 64 * 7 * 25
    assert printed["nodes"]["n3"]["macs"] == macs


def test_the_worker_sends_letters_and_limits() -> None:
    network = series(node("LearnedPositionEncoding", num_positions=50))
    answer = RequestHandler().answer(Analyse(1, network, ""))
    assert isinstance(answer, Analysed)
    assert answer.nodes["n1"]["outputs"] == {"output": ["N", "T", 64]}
    assert answer.lengths == {"T": {"length": 31, "limits": "at most 50 (n1)"}}


def test_weights_that_would_depend_on_a_length_are_reported_once() -> None:
    (problem,) = checked(series("Flatten", node("Linear", out_features=3), "ReLU")).problems
    assert (problem.code, problem.node, problem.fix) == ("S022", "n2", None)
    assert "reads in_features off an axis of variable length, 64T, so it would depend on T" in problem.message


def test_positions_get_a_largest_length_by_the_fix() -> None:
    network = series("LearnedPositionEncoding")
    (problem,) = checked(network).problems
    assert problem.fix is not None
    problem.fix.edit.apply(network)
    assert checked(network).ok
    assert network.graphs["Net"].nodes["n1"].params == {"num_positions": 512}


def test_a_size_of_an_input_that_a_block_reads_must_not_vary() -> None:
    body = graph({"a": "Input", "fc": Node("Linear", {"out_features": parse("size(a, 1)")}), "b": "Output"},
                 "a > fc", "fc > b")  # fmt: skip
    network = without_data(
        {"x": SERIES, "use": Node("Block", graph="Body")}, "x > use.a", "use.b > y", blocks={"Body": body}
    )
    problems = checked(network).errors
    assert ("S022", "use") in {(problem.code, problem.node) for problem in problems}


def test_messages_have_letters_instead_of_the_lengths_that_were_tried() -> None:
    problem = checked(series(node("Unflatten", dim=1, unflattened_size=(4, 4)))).errors[0]
    assert "gets (N, T, 64)" in problem.message
    assert "251" not in problem.message + problem.hint


@pytest.mark.parametrize(("letters", "is_legal"), [(("T", 8, 8), True), ((1, "H", "W"), True), ((2, "H", "W"), False)])
def test_letters_agree_with_any_size_of_the_data(letters: tuple[int | str, ...], *, is_legal: bool) -> None:
    network = project({"image": node("Input", shape=letters), "y": "Output"}, "image > y")
    network.data = Data("Digits")
    analysis = checked(network)
    assert ("D114" not in {problem.code for problem in analysis.problems}) is is_legal
    if is_legal:
        assert shape(analysis, "image") == ("N", *letters)


def test_the_letter_of_the_samples_is_no_variable_axis() -> None:
    network = without_data({"x": node("Input", shape=("N", 3))}, "x > y")
    assert any("N, which is the axis of the samples" in problem.message for problem in checked(network).problems)


def test_a_token_network_with_a_loss_over_positions_is_whole() -> None:
    network = without_data(
        {
            "tokens": TOKENS,
            "tags": TOKENS,
            "embed": node("Embedding", num_embeddings=30, embedding_dim=8),
            "lstm": node("LSTM", hidden_size=5, batch_first=True),
            "fc": node("Linear", out_features=4),
            "scores": node("transpose", dim0=1, dim1=2),
            "loss": "CrossEntropyLoss",
        },
        "tokens > embed", "embed > lstm", "lstm > fc", "fc > scores", "scores > loss", "tags > loss.target",
        "scores > y",
    )  # fmt: skip
    analysis = checked(network)
    assert analysis.ok
    assert shape(analysis, "scores") == ("N", 4, "T")
