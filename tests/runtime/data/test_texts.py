"""Texts become numbers by the vocabulary of the training samples, which the run and an export keep."""

import json
from pathlib import Path

import pytest
import torch

from engine.errors import DataProblem
from engine.graph.model import Data, Node, Project, Split
from engine.runtime.data.inputs import Preparation, read_inputs
from engine.runtime.data.prepared_samples import load_data
from engine.runtime.data.summary import samples
from engine.runtime.data.survey import survey
from tests.runtime.exported_data import assert_same_batches, exported
from tests.runtime.small_networks import chain

FOLDER = {"path": "mails", "length": 8}
TABLE = {"path": "mails.csv", "target": "kind", "length": 8}
WORDS = ("Hello", "you", "win", "money", "now", "friend", "meeting")


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """Twenty short texts of two classes; each has a word that no other has."""
    texts = {kind: [f"{WORDS[n % 7]}, {kind}ish number{n} {kind}!" for n in range(10)] for kind in ("ham", "spam")}
    for kind, lines in texts.items():
        (tmp_path / "mails" / kind).mkdir(parents=True)
        for n, line in enumerate(lines):
            (tmp_path / "mails" / kind / f"{n}.txt").write_text(line, encoding="utf-8")
    rows = "".join(f'"{line}",{kind}\n' for kind, lines in texts.items() for line in lines)
    (tmp_path / "mails.csv").write_text("text,kind\n" + rows)
    return tmp_path


def project(kind: str, places: int = 40, **settings: object) -> Project:
    values = {**(FOLDER if kind == "TextFolder" else TABLE), **settings}
    layers = {
        "tokens": Node("Input"),
        "embed": Node("Embedding", {"num_embeddings": places, "embedding_dim": 4}),
        "flat": Node("Flatten"),
        "out": Node("Linear", {"out_features": 2}),
    }
    return chain(Data(kind, values, Split(0.2)), "label", "CrossEntropyLoss", **layers)


def refusal(base: Path, kind: str, **settings: object) -> str:
    with pytest.raises(DataProblem) as caught:
        survey(project(kind, **settings).data, base)
    assert caught.value.hint
    return caught.value.message


@pytest.mark.parametrize("kind", ["TextFolder", "TextTable"])
def test_the_vocabulary_is_that_of_the_training_samples(base: Path, kind: str) -> None:
    loaded = load_data(project(kind), base)
    held_out = {f"number{row % 10}" for row in loaded.validation.index.tolist()}
    words = loaded.whole.decisions["vocabulary"]
    trained = {f"number{row % 10}" for row in loaded.training.index.tolist()}
    assert {word for word in words if word.startswith("number")} == trained
    assert held_out - trained == {f"number{row % 10}" for row in range(20)} - trained
    tokens = loaded.training.fields["tokens"]
    counts = torch.bincount(tokens.flatten())[2:]
    assert (counts[:-1] >= counts[1:]).all()  # the most frequent come first
    assert int(tokens.min()) == 0
    assert 1 not in tokens


def test_rare_words_are_unknown_where_the_vocabulary_is_small(base: Path) -> None:
    loaded = load_data(project("TextFolder", vocabulary=6), base)
    assert len(loaded.whole.decisions["vocabulary"]) == 4
    assert int(loaded.training.fields["tokens"].max()) == 5
    assert 1 in loaded.training.fields["tokens"]


@pytest.mark.parametrize(
    ("settings", "text"),
    [
        ({}, "hello , hamish number0 ham !"),
        ({"length": 3, "keep": "end"}, "number0 ham !"),
        ({"length": 2, "lower": False}, "Hello ,"),
        ({"units": "characters", "length": 9}, "hello, ha"),
    ],
)
def test_samples_are_shown_as_texts(base: Path, settings: dict[str, object], text: str) -> None:
    split = Split(0.0)
    loaded = load_data(Project(data=Data("TextFolder", {**FOLDER, **settings}, split)), base)
    assert samples(loaded, rows=[0])[0]["fields"]["tokens"] == {"text": text}


def test_what_was_read_is_reported(base: Path) -> None:
    (base / "mails" / "ham" / "notes.pdf").write_text("x")
    reading = survey(project("TextFolder", length=4).data, base).reading
    assert reading.classes == {"ham": 10, "spam": 10}
    assert reading.fields == {"tokens": "tokens", "label": "label"}
    assert reading.left_out == ("in ham 1 file (.pdf)",)
    assert reading.scaled == ("20 of 20 texts cut at 4 words",)


def test_texts_that_cannot_be_used_are_named_or_left_out(base: Path) -> None:
    (base / "mails" / "ham" / "3.txt").write_text(" \n")
    assert "3.txt holds no text" in refusal(base, "TextFolder")
    (base / "mails" / "spam" / "4.txt").write_bytes(b"PK\0\0")
    assert "2 of 20 files cannot be used: ham/3.txt and spam/4.txt" in refusal(base, "TextFolder")
    reading = survey(project("TextFolder", broken="drop").data, base).reading
    assert reading.samples == 18
    assert reading.left_out == ("2 broken files (ham/3.txt and spam/4.txt)",)
    with (base / "mails.csv").open("a") as table:
        table.write("no class here,\n")
    assert "line 22: kind holds no class" in refusal(base, "TextTable")
    assert survey(project("TextTable", broken="drop").data, base).samples == 20
    assert "has no column 'body'" in refusal(base, "TextTable", column="body")
    assert "has no folder with such files" in refusal(base, "TextFolder", path="mails/ham")


@pytest.mark.parametrize("kind", ["TextFolder", "TextTable"])
@pytest.mark.parametrize("units", ["words", "characters"])
def test_an_exported_program_reads_the_same_samples(base: Path, tmp_path: Path, kind: str, units: str) -> None:
    assert_same_batches(project(kind, units=units), base, tmp_path / "program")


def test_a_long_vocabulary_has_a_file_of_its_own(base: Path, tmp_path: Path) -> None:
    words = " ".join(f"word{n}" for n in range(1500))
    for kind in ("ham", "spam"):
        for n in range(10):
            (base / "mails" / kind / f"{n}.txt").write_text(words)
    folder = tmp_path / "program"
    assert_same_batches(project("TextFolder", 1600, length=2000), base, folder)
    assert len(json.loads((folder / "reading.json").read_text())["how"]["vocabulary"]) == 1500


def test_new_texts_are_read_by_the_vocabulary_of_the_run(base: Path, tmp_path: Path) -> None:
    table = project("TextTable")
    loaded = load_data(table, base)
    preparation = Preparation.from_json(json.loads(json.dumps(Preparation.of(loaded).as_json())))
    lines = base / "new.txt"
    lines.write_text("Hello, strangers!\n\nwin money\n")
    inputs = read_inputs(lines, table.data, preparation, ["tokens"])
    words = ["", "?", *loaded.whole.decisions["vocabulary"]]
    assert [[words[number] for number in row if number] for row in inputs.fields["tokens"].tolist()] == [
        ["hello", ",", "?", "!"],
        ["win", "money"],
    ]
    assert inputs.places == ("line 1", "line 3")
    assert [(each.row, each.place) for each in inputs.refusals] == [(1, "line 2")]
    again = read_inputs(base / "mails.csv", table.data, preparation, ["tokens"])
    assert torch.equal(again.fields["tokens"][loaded.training.index], loaded.training.fields["tokens"])
    with exported(table, base, tmp_path / "program") as modules:
        fields, new = modules["predict"].read(lines)
        assert torch.equal(fields["tokens"], inputs.fields["tokens"])
        assert [each.place for each in new.refusals] == ["line 2"]
    folder = project("TextFolder")
    preparation = Preparation.of(load_data(folder, base))
    inputs = read_inputs(base / "mails" / "ham", folder.data, preparation, ["tokens"])
    assert len(inputs.places) == 10
