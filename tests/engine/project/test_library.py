"""Libraries of blocks: what is published is read again, and what cannot be read is explained."""

import json
from pathlib import Path

import pytest

from engine.check.rules import graph_problems
from engine.errors import EngineError
from engine.graph.compose import paste
from engine.graph.model import Graph, Node, Project
from engine.project.file import dump, parse, read
from engine.project.library import Library, library, publish, shipped
from tests.small_projects import graph, node, project


def example() -> Project:
    inner = graph({"x": "Input", "act": "ReLU", "y": "Output"}, "x > act", "act > y")
    outer = graph(
        {"x": "Input", "inner": Node("Block", graph="Inner"), "fc": node("Linear", out_features=3), "y": "Output"},
        "x > inner.x", "inner.y > fc", "fc > y",
    )  # fmt: skip
    nodes = {"x": "Input", "use": Node("Block", graph="Outer"), "y": "Output"}
    return project(nodes, "x > use.x", "use.y > y", blocks={"Outer": outer, "Inner": inner, "Other": Graph()})


def only(result: Library):
    (block,) = result.blocks.values()
    assert result.problems == {}
    return block


def test_a_published_block_takes_along_what_it_uses(tmp_path: Path) -> None:
    path = publish(example(), "Outer", tmp_path / "blocks", "Two layers.", {"x": ((4,), "float32")}).path
    block = only(library(path.parent, "mine"))
    assert (block.name, block.summary, block.version, block.library) == ("Outer", "Two layers.", 1, "mine")
    assert list(block.graphs) == ["Outer", "Inner"]
    example_project = read(path)
    assert example_project.graphs[example_project.main].nodes["x"].params == {"shape": (4,)}
    assert [problem.message for problem in graph_problems(example_project) if problem.severity == "error"] == []

    target = project({"x": "Input", "y": "Output"}, "x > y")
    paste(target, "Net", block.fragment()).apply(target)
    assert [name for name in target.graphs if name != "Net"] == ["Inner", "Outer"]
    assert target.graphs["Net"].nodes["outer"].graph == "Outer"


def test_a_block_is_published_under_any_name(tmp_path: Path) -> None:
    for name in ("With", "Print", "_", "A0", "ReLU"):
        source = example()
        source.graphs[name] = source.graphs.pop("Inner")
        publish(source, name, tmp_path / name, "")
        target = project({"x": "Input", "y": "Output"}, "x > y")
        paste(target, "Net", only(library(tmp_path / name, "mine")).fragment()).apply(target)
        assert [node.graph for node in parse(dump(target), name).graphs["Net"].nodes.values() if node.graph] == [name]


def test_publishing_again_gives_the_next_version_unless_nothing_has_changed(tmp_path: Path) -> None:
    source = example()
    path = publish(source, "Outer", tmp_path, "Two layers.").path
    before = path.read_bytes()
    assert publish(source, "Outer", tmp_path, "Two layers.").is_equal
    assert path.read_bytes() == before
    source.graphs["Inner"].nodes["act"].kind = "Tanh"
    publish(source, "Outer", tmp_path, "Two layers.")
    assert only(library(tmp_path, "mine")).version == 2


def test_files_that_offer_no_block_are_explained_and_the_others_are_read(tmp_path: Path) -> None:
    path = publish(example(), "Outer", tmp_path, "").path
    raw = json.loads(path.read_text())
    (tmp_path / "newer.loom").write_text(json.dumps(raw | {"version": 99}))
    (tmp_path / "plain.loom").write_text(dump(example()))
    published = raw["published"] | {"version": 0}
    (tmp_path / "zero.loom").write_text(json.dumps(raw | {"published": published}))
    (tmp_path / "broken.loom").write_text("{")
    result = library(tmp_path, "mine")
    assert list(result.blocks) == ["Outer"]
    texts = " ".join(f"{problem.message} {problem.hint}" for problem in result.problems.values())
    assert "newer.loom has version 99" in texts
    assert "plain.loom offers no block" in texts
    assert "broken.loom" in texts
    assert "published.version must be a whole number from 1, got 0" in texts
    (tmp_path / "copy.loom").write_text(path.read_text())
    twice = library(tmp_path, "mine").problems["copy.loom"]
    assert twice.message.endswith("copy.loom offers Outer, as Outer.loom does.")
    (tmp_path / "Inner.loom").write_text(path.read_text())
    with pytest.raises(EngineError, match="offers the block Outer"):
        publish(example(), "Inner", tmp_path, "")
    path.write_text(json.dumps(raw | {"version": 99}))
    with pytest.raises(EngineError, match="version 99"):
        publish(example(), "Outer", tmp_path, "")
    with pytest.raises(EngineError, match="There is no block Net"):
        publish(example(), "Net", tmp_path, "")


def test_a_folder_that_does_not_exist_has_no_blocks(tmp_path: Path) -> None:
    assert library(tmp_path / "none", "mine") == Library("mine", {})


def test_every_shipped_block_says_what_it_is_for() -> None:
    blocks = shipped().blocks
    assert len(blocks) >= 21
    for block in blocks.values():
        assert block.summary.endswith(".")
        assert len(block.summary) < 120, block.name
