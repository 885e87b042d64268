"""The lengths of samples, as a second output of an Input of variable length."""

from pathlib import Path

import numpy as np
import torch

from engine.codegen.field_usage import reads
from engine.codegen.model import generate
from engine.codegen.parse.project import parse
from engine.graph.model import NO_DATA, Data, Node, Project
from engine.runtime.analysis.analyse import check_project
from engine.runtime.load import network_class
from tests.small_projects import graph, node, project


def masked_attention(data: Data = NO_DATA) -> Project:
    """Attention over tokens that does not look at padding, and the mean over all positions that are no padding."""
    nodes = {
        "tokens": node("Input", shape=("T",), element="int64"),
        "label": node("Input", shape=(), element="int64"),
        "embed": node("Embedding", num_embeddings=20, embedding_dim=8),
        "padding": "padding_mask",
        "att": node("MultiheadAttention", num_heads=2, batch_first=True, need_weights=False),
        "column": node("unsqueeze", dim=2),
        "real": node("masked_fill", value=0.0),
        "sum": node("sum", dim=1),
        "fc": node("Linear", out_features=3),
        "loss": "CrossEntropyLoss",
        "y": "Output",
    }
    wires = ("tokens > embed", "tokens.length > padding.lengths", "tokens > padding.input",
             "embed > att.query", "embed > att.key", "embed > att.value", "padding > att.key_padding_mask",
             "padding > column", "att.attn_output > real", "column > real.mask", "real > sum", "sum > fc", "fc > y",
             "fc > loss", "label > loss.target")  # fmt: skip
    network = project(nodes, *wires)
    network.data = data
    return network


def codes(network: Project, folder: Path = Path()) -> list[str]:
    return [problem.code for problem in check_project(network, folder).problems]


def test_an_input_has_the_output_only_where_its_shape_has_a_letter() -> None:
    assert codes(masked_attention()) == []
    fixed = masked_attention()
    fixed.graphs["Net"].nodes["tokens"].params["shape"] = (5,)
    (problem,) = check_project(fixed, Path()).errors
    assert problem.message == "tokens (Input) has no output length while no axis in its shape is a letter."


def test_forward_takes_the_lengths_only_where_they_are_wired() -> None:
    network = masked_attention()
    report = check_project(network, Path())
    assert report.nodes["tokens"].outputs == {"output": ("N", "T"), "length": ("N",)}
    assert report.source is not None
    assert "def forward(self, tokens: Tensor, tokens_length: Tensor) -> Tensor:" in report.source.text
    assert "padding_mask(tokens_length, tokens)" in report.source.text
    assert reads(network).inputs == ("tokens", "tokens_length")
    assert "x_length" not in generate(project({"x": node("Input", shape=("T",)), "y": "Output"}, "x > y"), {}).text


def test_a_sample_alone_has_the_answer_that_it_has_in_a_padded_batch() -> None:
    network = masked_attention()
    report = check_project(network, Path())
    assert report.source is not None
    model = network_class(report.source.text, network, Path("model.py"))().eval()
    tokens, lengths = torch.randint(1, 20, (3, 7)), torch.tensor([7, 4, 1])
    with torch.no_grad():
        together = model(tokens, lengths)
        for place, length in enumerate(lengths.tolist()):
            alone = model(tokens[place : place + 1, :length], torch.tensor([length]))
            torch.testing.assert_close(alone[0], together[place])


def test_source_with_lengths_is_read_back() -> None:
    report = check_project(masked_attention(), Path())
    assert report.source is not None
    again = parse(report.source.text)
    assert generate(again.project, again.derived).text == report.source.text


def test_a_loss_may_read_lengths_from_the_batch() -> None:
    nodes = {
        "x": node("Input", shape=("T", 2)),
        "mean": node("mean", dim=1),
        "fc": node("Linear", out_features=1),
        "flat": node("squeeze", dim=1),
        "target": "float",
        "loss": "MSELoss",
        "y": "Output",
    }
    wires = ("x > mean", "mean > fc", "fc > flat", "flat > loss", "x.length > target", "target > loss.target")
    network = project(nodes, *wires, "flat > y")
    network.data = NO_DATA
    report = check_project(network, Path())
    assert report.ok
    assert report.source is not None
    assert 'batch["x_length"].float()' in report.source.text
    assert "def forward(self, x: Tensor) -> Tensor:" in report.source.text
    assert reads(network).targets == ("x_length",)


def test_the_data_must_have_the_lengths(tmp_path: Path) -> None:
    arrays = {"tokens": np.ones((8, 5), "int64"), "label": np.arange(8) % 3}
    np.savez(tmp_path / "some.npz", **arrays)
    network = masked_attention(Data("Npz", {"path": "some.npz"}))
    problem = next(each for each in check_project(network, tmp_path).problems if each.code == "D107")
    assert "The length of tokens is read from the field tokens_length, which the data does not have." in problem.message
    np.savez(tmp_path / "some.npz", **arrays, tokens_length=np.array([5, 4, 3, 2, 1, 5, 5, 5]))
    assert "D107" not in codes(network, tmp_path)


def test_an_input_of_a_block_has_no_lengths() -> None:
    body = graph({"a": node("Input", shape=("T",)), "f": "float", "b": "Output"}, "a.length > f", "f > b")
    network = project({"x": node("Input", shape=("T",)), "use": Node("Block", graph="Body"), "y": "Output"},
                      "x > use.a", "use.b > y", blocks={"Body": body})  # fmt: skip
    network.data = NO_DATA
    assert "G003" in codes(network)
