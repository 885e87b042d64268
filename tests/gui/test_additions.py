"""A layer costs one declaration: the window reads it."""

from collections.abc import Iterator

import pytest

from engine.catalog.spec import Layer
from engine.graph.model import Project
from gui.palette.layer_rows import all_rows, matching_rows
from tests.additions import declare, forget


@pytest.fixture
def added(monkeypatch: pytest.MonkeyPatch) -> Iterator[Layer]:
    yield declare(monkeypatch)
    monkeypatch.undo()
    forget()


def test_a_declared_layer_is_in_the_palette(added: Layer) -> None:
    rows = [row.text for row in all_rows(Project(), {added.traits.section})]
    assert added.kind in rows


@pytest.mark.parametrize("query", ["multigammaln", "wishart", "gamma"])
def test_a_declared_layer_is_found_by_its_name_and_its_other_names(added: Layer, query: str) -> None:
    assert added.kind in [row.text for row in matching_rows(Project(), query)]
