"""What check reports of the samples: their number, what does not decode, and batches that are too small."""

import re
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from engine.catalog.data.datasets import datasets
from engine.errors import EngineError
from engine.graph.model import Data, End, Node, Project, Split, Wire
from engine.runtime.analysis.analyse import check_project
from engine.runtime.data.prepared_samples import load_data
from engine.runtime.data.survey import sizes, survey
from engine.runtime.training.job import Job
from engine.runtime.training.train import start
from resources.snippets.splits import part_sizes, split_samples
from tests.analyses import scored
from tests.runtime.data.test_data import example_settings
from tests.small_projects import graph, node
from tests.training import template

LABELS = st.lists(st.integers(0, 4), min_size=1, max_size=60)
SHARES = st.sampled_from([0.0, 0.05, 0.1, 0.25, 0.3, 0.45])


@given(LABELS, SHARES, SHARES, st.booleans())
def test_the_sizes_of_parts_are_foretold(labels: list[int], validation: float, test: float, stratify: bool) -> None:
    given_labels = np.array(labels) if stratify else None
    groups = np.unique(labels, return_counts=True)[1].tolist() if stratify else [len(labels)]
    parts = split_samples(len(labels), given_labels, validation=validation, test=test, seed=3)
    assert part_sizes(groups, validation=validation, test=test) == tuple(map(len, parts))


def test_the_sizes_of_parts_split_by_groups_are_foretold() -> None:
    data = Data("SpokenDigits", split=Split(0.25, 0.1, group="voice"))
    loaded = load_data(Project(data=data), Path())
    expected = tuple(map(len, (loaded.training, loaded.validation, loaded.test)))
    assert sizes(data, survey(data, Path())) == expected
    assert sum(expected) == 480
    voices = [set(part.fields["voice"].tolist()) for part in (loaded.training, loaded.validation, loaded.test)]
    assert sum(map(len, voices)) == 24


def mixed(row: int) -> int:
    """A number for a row that is not its index in the file."""
    return row * 7 % 61


def table(place: Path, rows: int) -> Data:
    lines = "".join(f"{mixed(n)},{n % 5},{'ab'[n % 2]}\n" for n in range(rows))
    (place / "t.csv").write_text("x,z,kind\n" + lines)
    return Data("Csv", {"path": "t.csv", "target": "kind"})


def pictures(place: Path, *, classes: int = 2, each: int = 6) -> Data:
    colours = np.random.default_rng(0)
    for kind in range(classes):
        (place / "pets" / str(kind)).mkdir(parents=True)
        for number in range(each):
            picture = Image.fromarray(colours.integers(0, 256, (12, 9, 3), dtype=np.uint8))
            picture.save(place / "pets" / str(kind) / f"{number}.{'jpg' if number % 2 else 'png'}")
    return Data("ImageFolder", {"path": "pets", "height": 8, "width": 8})


def archive(place: Path) -> Data:
    np.savez(place / "a.npz", features=np.ones((20, 2), np.float32), label=np.arange(20) % 2)
    return Data("Npz", {"path": "a.npz"})


def idx_pair(place: Path) -> Data:
    pixels = np.zeros((10, 4, 4), np.uint8)
    (place / "images").write_bytes(bytes((0, 0, 8, 3, 0, 0, 0, 10, 0, 0, 0, 4, 0, 0, 0, 4)) + pixels.tobytes())
    (place / "labels").write_bytes(bytes((0, 0, 8, 1, 0, 0, 0, 10)) + bytes(n % 3 for n in range(10)))
    return Data("Idx", {"images": "images", "labels": "labels"})


DATA: dict[str, Callable[[Path], Data]] = {
    "Csv": lambda place: table(place, 30),
    "ImageFolder": pictures,
    "Npz": archive,
    "Idx": idx_pair,
}


@pytest.mark.parametrize("small", [True, False])
@pytest.mark.parametrize("kind", datasets())
def test_the_survey_counts_what_loading_gives(kind: str, small: bool, tmp_path: Path, monkeypatch, request) -> None:
    monkeypatch.setattr("engine.runtime.data.survey.SMALL_BYTES", 2**26 if small else 0)
    data = DATA[kind](tmp_path) if kind in DATA else Data(kind, example_settings(kind, request))
    data = replace(data, split=Split(validation=0.25, test=0.25))
    loaded = load_data(Project(data=data), tmp_path)
    counts = survey(data, tmp_path)
    assert counts.samples == loaded.sample_count
    assert sizes(data, counts) == tuple(len(part) for _, part in loaded.parts)


def classifier(data: Data, *middle: str | Node, field: str = "features", **training: Any) -> Project:
    """A network over the data whose middle nodes are a chain."""
    names = [f"m{number}" for number in range(len(middle))]
    nodes = {field: "Input", "label": "Input", "flat": "Flatten", **dict(zip(names, middle, strict=True))}
    chain = [field, "flat", *names, "head"]
    project = template("iris-mlp", **training)
    project.main, project.data = "Net", data
    project.graphs = {
        "Net": graph(
            {**nodes, "head": node("Linear", out_features=2), "loss": "CrossEntropyLoss"},
            *(f"{one} > {other}" for one, other in pairwise(chain)),
            "head > loss",
            "label > loss.target",
        )
    }
    return project


def refused_alike(project: Project, place: Path, code: str, message: str) -> Any:
    """Check finds the one problem that training would run into, and training begins with nothing."""
    report = check_project(project, place)
    assert [problem.code for problem in report.errors] == [code], report.problems
    problem = report.errors[0]
    assert message in problem.message
    assert problem.hint
    with pytest.raises(EngineError, match=re.escape(problem.message)):
        start(Job(project, place, place / "run"))
    assert not (place / "run").exists()
    return problem


def check_fix(project: Project, place: Path, problem: Any) -> None:
    """The fix leaves nothing to complain about, and training gets through."""
    assert problem.fix is not None
    problem.fix.edit.apply(project)
    assert check_project(project, place).problems == ()
    assert start(Job(project, place, place / "run")).reason == "completed"


@pytest.mark.parametrize(
    ("rows", "split", "message"),
    [
        (2, Split(), "The validation part would have none of the 2 samples"),
        (4, Split(validation=0.25, test=0.05), "The test part would have none of the 4 samples"),
        (1, Split(), "The validation part would have none of the 1 sample"),
    ],
)
def test_a_table_too_short_for_its_split(rows: int, split: Split, message: str, tmp_path: Path) -> None:
    project = classifier(replace(table(tmp_path, rows), split=split))
    problem = refused_alike(project, tmp_path, "D110", message)
    problem.fix.edit.apply(project)
    assert not any(problem.code == "D110" for problem in check_project(project, tmp_path).problems)


def test_classes_of_one_row_each_can_be_held_out_unevenly(tmp_path: Path) -> None:
    data = table(tmp_path, 20)
    (tmp_path / "t.csv").write_text("x,z,kind\n" + "".join(f"{mixed(n)},1,k{n}\n" for n in range(20)))
    data = replace(data, params={**data.params, "roles": (("kind", "category"),)})  # else their number is warned of
    project = classifier(data)
    project.graphs["Net"].nodes["head"].params["out_features"] = 20
    problem = refused_alike(project, tmp_path, "D110", "The validation part would have none of the 20 samples.")
    assert problem.hint == "Switch stratify off, or use more samples."
    check_fix(project, tmp_path, problem)


def test_labels_of_one_class_are_a_problem(tmp_path: Path) -> None:
    data = table(tmp_path, 20)
    (tmp_path / "t.csv").write_text("x,z,kind\n" + "1,2,same\n" * 20)
    (problem,) = check_project(classifier(data), tmp_path).problems
    assert (problem.code, problem.severity) == ("S010", "warning")
    assert "all of one class" in problem.message


def test_a_batch_that_is_never_full_and_dropped(tmp_path: Path) -> None:
    project = classifier(table(tmp_path, 30), drop_last=True, batch_size=64)
    check_fix(project, tmp_path, refused_alike(project, tmp_path, "T009", "24 samples, fewer than one batch of 64"))


SINGLE = {
    "batch norm": ("BatchNorm1d", 23, {}, "24 samples to train on leave one in batches of 23"),
    "batches of one": ("BatchNorm1d", 1, {}, "24 samples to train on leave one in batches of 1"),
    "held out": (node("BatchNorm1d", track_running_stats=False), 5, {}, "6 samples held out leave one in batches of 5"),
    "group norm": (node("GroupNorm", num_groups=2), 5, {}, "6 samples held out leave one in batches of 5"),
    "squeeze": (node("squeeze", dim=None), 23, {}, "24 samples to train on leave one in batches of 23"),
}


@pytest.mark.parametrize("name", SINGLE)
def test_a_batch_of_one_row_that_a_layer_cannot_take(name: str, tmp_path: Path) -> None:
    kind, size, more, message = SINGLE[name]
    project = classifier(table(tmp_path, 30), kind, batch_size=size, **more)
    problem = refused_alike(project, tmp_path, "S013", message)
    assert problem.node == "m0"
    check_fix(project, tmp_path, problem)


@pytest.mark.parametrize("kind", ["LayerNorm", "BatchNorm1d"])
def test_layers_that_can_take_it_are_let_be(kind: str, tmp_path: Path) -> None:
    size = 23 if kind == "LayerNorm" else 5  # the six held-out samples are evaluated with running statistics
    project = classifier(table(tmp_path, 30), kind, batch_size=size)
    assert check_project(project, tmp_path).problems == ()
    assert start(Job(project, tmp_path, tmp_path / "run")).reason == "completed"


def test_a_layer_inside_a_block_is_named_by_its_path(tmp_path: Path) -> None:
    project = classifier(table(tmp_path, 30), Node("Block", graph="Stem"), batch_size=23)
    project.graphs["Stem"] = graph({"x": "Input", "norm": "BatchNorm1d", "y": "Output"}, "x > norm", "norm > y")
    wires = project.graphs["Net"].wires
    project.graphs["Net"].wires = [
        Wire(
            End(wire.source.node, "y") if wire.source.node == "m0" else wire.source,
            End(wire.target.node, "x") if wire.target.node == "m0" else wire.target,
        )
        for wire in wires
    ]
    assert refused_alike(project, tmp_path, "S013", "norm (BatchNorm1d)").node == "m0.norm"


def test_a_computed_set_that_does_not_fit_into_memory(tmp_path: Path) -> None:
    project = template("gate-xor")
    project.data = Data("SequenceCopy", {"rows": 10_000_000, "length": 1000, "delay": 1000}, Split())
    problems = [problem for problem in check_project(project, tmp_path).problems if problem.code == "D001"]
    assert len(problems) <= 1  # the machine may be that large
    assert all("of memory, and" in problem.message for problem in problems)


@pytest.mark.parametrize(
    ("low", "places", "message"), [(0, 5, "0 to 4, and seq in the data holds 8"), (-3, 9, "holds -3")]
)
def test_an_embedding_has_a_place_for_all_that_the_data_holds(
    low: int, places: int, message: str, tmp_path: Path
) -> None:
    tokens = np.random.default_rng(0).integers(low, 9, (30, 6))
    tokens[0, :2] = low, 8
    np.savez(tmp_path / "t.npz", seq=tokens, label=np.arange(30) % 2)
    project = classifier(
        Data("Npz", {"path": "t.npz"}),
        node("Embedding", num_embeddings=places, embedding_dim=3),
        "Flatten",
        field="seq",
    )
    problem = refused_alike(project, tmp_path, "S015", message)
    assert (problem.node, problem.port) == ("m0", "input")
    if low == 0:
        check_fix(project, tmp_path, problem)


def test_a_computed_set_is_looked_at_as_well(tmp_path: Path) -> None:
    counts = survey(Data("SequenceCopy", {"vocabulary": 20}), tmp_path)
    assert counts.ranges == {"tokens": (0, 20), "label": (0, 20)}


def houses(place: Path, price: float, *between: Node | str) -> Project:
    """A table of prices, and a dense layer that is to predict them."""
    rows = (f"{mixed(at)},{price + at}\n" for at in range(40))
    (place / "houses.csv").write_text("rooms,price\n" + "".join(rows))
    example = scored("features", *between, node("Linear", out_features=1), loss="MSELoss", target="target")
    return replace(example, data=Data("Csv", {"path": "houses.csv", "target": "price"}))


def test_numbers_too_large_to_learn_from_are_reported_with_their_remedy(tmp_path: Path) -> None:
    project = houses(tmp_path, 250_000.0)
    report = check_project(project, tmp_path, training=True)
    assert report.ok
    [problem] = report.problems
    assert (problem.code, problem.severity) == ("D111", "warning")
    assert problem.message.startswith("target holds numbers up to 250,039;")
    assert problem.hint == "Normalize target; answers and errors are still given in its own unit."
    assert problem.fix is not None
    problem.fix.edit.apply(project)
    assert check_project(project, tmp_path, training=True).problems == ()


def test_numbers_of_a_usual_size_or_that_are_normalized_at_once_are_no_problem(tmp_path: Path) -> None:
    assert check_project(houses(tmp_path, 300.0), tmp_path).problems == ()
    (tmp_path / "far.csv").write_text("rooms,price\n" + "".join(f"{5000 * mixed(at)},{at}\n" for at in range(40)))
    far = Data("Csv", {"path": "far.csv", "target": "price", "task": "regression"})
    plain, normed = (replace(houses(tmp_path, 1.0, *between), data=far) for between in ((), ("BatchNorm1d",)))
    assert [each.code for each in check_project(plain, tmp_path).problems] == ["D111"]
    assert check_project(normed, tmp_path).problems == ()
