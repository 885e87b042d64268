"""The user's names and tags of runs, and the settings in a list of runs."""

import json
import os
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.catalog.optimizers import OPTIMIZERS
from engine.cli import main
from engine.errors import FileProblem, RunProblem
from engine.graph.model import Data, Part, Phase, Project, SchedulePart, Training
from engine.graph.off import OFF
from engine.project import durable, file
from engine.runs.events import Started, encode
from engine.runs.folder import RunFolder
from engine.runs.label import FILE, MAX_TAGS, Label, label_of, read_label, write_label
from engine.runs.run_settings import Setup, setup_of
from engine.runs.summary import summary

STARTED = Started({"torch": "2"}, "cpu", 1, 5, "hash", parameters=83, started_at="2026-11-03T12:00:00+00:00")


def fill(folder) -> None:
    durable.replace(folder / "project.loom", b"{}")
    durable.replace(folder / "events.jsonl", (encode(STARTED) + "\n").encode())
    (folder / "checkpoints" / "0").mkdir(parents=True)


@pytest.fixture
def run(tmp_path):
    return RunFolder.create(tmp_path / "runs" / "one", fill).path


def test_a_label_moves_with_its_folder(run, tmp_path):
    write_label(run, Label("wide network", ("baseline", "for the paper")))
    moved = shutil.move(run, tmp_path / "elsewhere")
    result = summary(moved)
    assert (result.name, result.label.tags, result.ignored) == ("wide network", ("baseline", "for the paper"), "")


def test_a_run_without_a_label_has_its_folders_name_and_an_empty_label_leaves_no_file(run):
    assert summary(run).name == "one"
    write_label(run, Label("named"))
    write_label(run, Label("  "))
    assert not (run / FILE).exists()
    assert summary(run).name == "one"


@given(st.text(), st.lists(st.text()))
def test_any_text_becomes_a_label_that_is_read_as_it_was_stored(name, tags):
    with tempfile.TemporaryDirectory() as folder:
        label = write_label(Path(folder), Label(name, tuple(tags)))
        assert read_label(Path(folder)) == label
        assert write_label(Path(folder), label) == label
    assert "\n" not in label.name
    assert len(label.tags) <= MAX_TAGS
    assert not [tag for tag in label.tags if "," in tag or not tag.strip()]


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (b"", "damaged"),
        (b"[]", "damaged"),
        (b'{"version": 1, "name": 3}', "damaged"),
        (b'{"version": 1, "name": "a", "colour": "red"}', "unknown field `colour`"),
        (b'{"name": "a"}', "version"),
        (b'{"version": 2, "name": "a"}', "version 2"),
        (b'{"version": 1, "name": "' + b"a" * 70_000 + b'"}', "larger than 64 KiB"),
        (b'{"version": 1, "name": "\xff"}', "damaged"),
        (b"[" * 50_000, "damaged"),
    ],
)
def test_a_damaged_label_is_reported_and_ignored(run, damage, message, capsys):
    (run / FILE).write_bytes(damage)
    label, sentence = label_of(run)
    assert label == Label()
    assert message in sentence
    assert str(run / FILE) in sentence
    assert summary(run).name == "one"
    assert main(["runs", str(run), "--json"]) == 0
    printed = capsys.readouterr()
    assert sentence in printed.err
    assert json.loads(printed.out)[0]["name"] == "one"


def test_a_label_that_is_no_file_is_reported_without_blocking(run):
    (run / FILE).mkdir()
    assert "it is a folder" in label_of(run)[1]
    (run / FILE).rmdir()
    os.mkfifo(run / FILE)
    assert "it is a pipe" in label_of(run)[1]
    with pytest.raises(RunProblem):
        read_label(run)


def test_a_run_that_was_removed_gets_no_label(run):
    shutil.rmtree(run)
    with pytest.raises(FileProblem, match="no run"):
        write_label(run, Label("late"))
    assert not run.exists()


@pytest.mark.parametrize("kind", OPTIMIZERS)
def test_a_rate_that_the_file_leaves_out_is_the_declared_one(run, kind):
    project = Project(training=Training(optimizer=Part(kind), batch_size=7), data=Data("Iris"))
    file.write(run / "project.loom", project)
    result = setup_of(run)
    (lr,) = (param.default for param in OPTIMIZERS[kind].params if param.name == "lr")
    assert result == Setup("Iris", kind, "", lr, 7)


def test_what_a_file_leaves_out_has_the_defaults_of_a_project(run):
    project = Project()
    assert setup_of(run).data == project.data.kind  # {} is a project with nothing but defaults
    assert setup_of(run).optimizer == project.training.optimizer.kind
    assert setup_of(run).batch_size == project.training.batch_size


def test_the_optimizers_and_schedules_of_all_phases_are_named_once(run):
    cycle = SchedulePart("OneCycleLR", {"max_lr": 0.1})
    first, second, third = Phase("a", optimizer=Part("SGD", {"lr": 0.3})), Phase("b", schedule=cycle), Phase("c")
    training = Training(optimizer=Part("Adam", {}), batch_size=7, phases=(first, second, third))
    file.write(run / "project.loom", Project(training=training, data=Data("Iris")))
    assert setup_of(run) == Setup("Iris", "SGD, Adam", "OneCycleLR", 0.3, 7)


def test_a_schedule_that_a_phase_does_without_is_not_its_own(run):
    phases = (Phase("a", schedule=OFF), Phase("b", schedule=SchedulePart("StepLR")))
    training = Training(schedule=SchedulePart("OneCycleLR"), phases=phases)
    file.write(run / "project.loom", Project(training=training))
    assert setup_of(run).schedule == "StepLR"


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b'{"training": {"phases": 3}}', b'{"training": 3}', b'{"training": {"batch_size": "x"}}', b"\xff"],
)
def test_a_project_that_cannot_be_read_says_nothing_of_its_settings(run, content):
    (run / "project.loom").write_bytes(content)
    assert setup_of(run) == Setup()


def test_the_list_says_names_tags_and_settings(run, capsys):
    project = Project(training=Training(optimizer=Part("SGD", {"lr": 0.25}), batch_size=16), data=Data("Iris"))
    file.write(run / "project.loom", project)
    write_label(run, Label("slow [one]", ("baseline",)))
    assert main(["runs", str(run), "--json"]) == 0
    (entry,) = json.loads(capsys.readouterr().out)
    expected = {
        "name": "slow [one]", "tags": ["baseline"], "data": "Iris", "optimizer": "SGD", "schedule": "", "lr": 0.25,
        "batch_size": 16, "parameters": 83, "run": str(run),
    }  # fmt: skip
    assert {name: entry[name] for name in expected} == expected
    assert main(["runs", str(run)]) == 0
    head, line = capsys.readouterr().out.splitlines()
    assert "tags" in head
    assert "slow [one]" in line
    assert "baseline" in line
