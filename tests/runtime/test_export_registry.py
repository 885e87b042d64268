"""An export is one declaration and one writer: every export works, and a new one is found everywhere."""

import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

from engine.catalog import exports
from engine.catalog.exports import EXPORTS, Export, Offer, choices
from engine.catalog.params import Flag
from engine.errors import ExportProblem
from engine.runtime.after_training.export import export_project, export_run, preview
from tests.training import template, train


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return train(template("gate-xor", epochs=2), tmp_path_factory.mktemp("gate") / "run").folder


@pytest.fixture
def listing(monkeypatch: pytest.MonkeyPatch) -> Export:
    """An export that no module of the app has: the names of the nodes, in capitals on request."""
    writer = ModuleType("engine.runtime.after_training.listing")

    def names(source, *, capitals: bool) -> bytes:
        text = "\n".join(source.prepared.project.graphs[source.prepared.project.main].nodes)
        return (text.upper() if capitals else text).encode()

    writer.names = names
    monkeypatch.setitem(sys.modules, writer.__name__, writer)
    declared = Export(
        name="listing",
        title="List of nodes",
        tip="Write the names of the nodes",
        writer="listing:names",
        of_graph=Offer("The names of the nodes", "One text file."),
        of_run=Offer("The names of a run's nodes", "One text file."),
        suffix=".txt",
        options=(Flag("capitals", False, help="Write them large."),),
        preview="program",
    )
    monkeypatch.setitem(exports._BY_NAME, declared.name, declared)
    return declared


def read_back(declared: Export, place: Path) -> object:
    module, _, function = declared.reader.partition(":")
    read = getattr(import_module(module), function)
    return read(place.read_bytes() if declared.suffix else (place / "model.py").read_text())


@pytest.mark.parametrize("declared", EXPORTS.values(), ids=EXPORTS)
def test_every_export_writes_a_run_and_reads_it_back(declared: Export, run: Path, tmp_path: Path) -> None:
    place = tmp_path / f"out{declared.suffix}"
    export_run(run, declared.name, place)
    assert place.is_file() == bool(declared.suffix)
    assert place.is_dir() != bool(declared.suffix)
    if declared.reader:
        assert read_back(declared, place)


@pytest.mark.parametrize("declared", EXPORTS.values(), ids=EXPORTS)
def test_every_export_writes_a_graph_or_says_that_it_needs_a_run(declared: Export, tmp_path: Path) -> None:
    place, project = tmp_path / f"out{declared.suffix}", template("gate-xor")
    if declared.needs_run:
        with pytest.raises(ExportProblem, match="no weights yet"):
            export_project(project, tmp_path, place, declared.name)
        assert not place.exists()
    else:
        export_project(project, tmp_path, place, declared.name)
        assert place.exists()
        assert preview(project, tmp_path, declared.name)


@pytest.mark.parametrize("declared", EXPORTS.values(), ids=EXPORTS)
def test_every_export_is_offered_in_words(declared: Export) -> None:
    assert declared.title
    assert not declared.tip.endswith(".")
    assert all(choice.offer.title and choice.offer.summary.endswith(".") for choice in choices(declared))
    assert choices(declared)[-1].of_run


def test_a_new_export_is_a_declaration_and_a_writer(listing: Export, run: Path, tmp_path: Path) -> None:
    export_project(template("gate-xor"), tmp_path, tmp_path / "a.txt", listing.name)
    export_run(run, listing.name, tmp_path / "b.txt", options={"capitals": True})
    assert preview(template("gate-xor"), tmp_path, listing.name) == {"listing.txt": (tmp_path / "a.txt").read_text()}
    assert (tmp_path / "a.txt").read_text().upper() == (tmp_path / "b.txt").read_text()


def test_what_an_export_is_not_given_rightly_is_refused(listing: Export, run: Path, tmp_path: Path) -> None:
    place = tmp_path / "out.txt"
    for options, message in (({"capitals": 3}, "capitals"), ({"large": True}, "large is not an option")):
        with pytest.raises(ExportProblem, match=message):
            export_run(run, listing.name, place, options=options)
    with pytest.raises(ExportProblem, match="no export 'listings'"):
        export_run(run, "listings", place)
    assert not place.exists()
