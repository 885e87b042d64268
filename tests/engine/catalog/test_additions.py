"""A layer needs one declaration: everything that needs no torch reads it."""

from collections.abc import Iterator

import pytest

from engine.catalog.doc_pages.pages import handbook
from engine.catalog.index import layers
from engine.catalog.spec import Layer
from engine.check.rules import instant_problems
from engine.codegen.model import generate
from engine.codegen.parse.project import parse
from engine.graph.model import Project
from tests.additions import GAMMA, declare, forget
from tests.small_projects import node, project


@pytest.fixture
def added(monkeypatch: pytest.MonkeyPatch) -> Iterator[Layer]:
    yield declare(monkeypatch)
    monkeypatch.undo()
    forget()


def using(kind: str, **params: int) -> Project:
    return project({"x": "Input", "small": node(kind, **params), "y": "Output"}, "x > small", "small > y")


def test_a_declared_layer_is_in_the_handbook(added: Layer) -> None:
    assert added.kind in layers()
    assert f"### {added.kind}" in handbook()
    assert added.summary in handbook()


def test_a_declared_layer_is_checked(added: Layer) -> None:
    def codes(p: int) -> list[str]:
        problems = instant_problems(using(added.kind, p=p))
        return [each.code for each in problems if each.node == "small"]

    assert codes(3) == []
    assert codes(0)


def test_a_declared_layer_is_written_and_read_back(added: Layer) -> None:
    text = generate(using(added.kind, p=3), {}).text
    assert "torch.special.multigammaln(x, p=3)" in text
    read = parse(text).project
    assert generate(read, {}).text == text
    assert read.graphs[read.main].nodes["small"].kind == added.kind


def test_without_its_declaration_it_is_unknown_again() -> None:
    assert GAMMA.kind not in layers()
    assert f"### {GAMMA.kind}" not in handbook()
