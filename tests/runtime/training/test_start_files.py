"""Weights that start from files and runs: in the app, in its program, and files that do not fit."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from engine.errors import EngineError
from engine.graph.model import Node
from engine.graph.weights import WeightSettings, WeightsFile
from engine.runtime import initial_weight_files
from engine.runtime.after_training.export import export_project, export_run
from engine.runtime.after_training.predict import predict
from engine.runtime.analysis.analyse import check_project
from engine.runtime.training.train import resume
from engine.runtime.training_setup.prepare import prepare
from resources.snippets.training.start import WeightsError, read_weights
from tests.repeating import repeated, weights
from tests.runtime.training.test_weight_settings import flower, flowers, weight_settings
from tests.small_projects import graph
from tests.training import assert_readable, run_script, train


def start(path: str, prefix: str = "", name: str = "head") -> dict[str, WeightSettings]:
    return {name: weight_settings(weights=WeightsFile(path, prefix))}


def test_a_network_starts_from_a_run_and_from_a_file_and_the_program_too(
    tmp_path: Path, monkeypatch, every_step: None
) -> None:
    teacher = train(flowers(), tmp_path / "teacher").folder
    export_run(teacher, "safetensors", tmp_path / "head.safetensors")
    project = flowers(
        start("head.safetensors", "head"), weight_settings(weights=WeightsFile("teacher", "stem."), frozen=True)
    )
    run = train(project, tmp_path / "run").folder
    first, best = weights(run, 0), load_file(tmp_path / "head.safetensors")
    started = [name for name in best if name.startswith(("stem.", "head."))]
    assert all(torch.equal(first[name], best[name]) for name in started)
    assert torch.equal(first["twin.fc.weight"], best["stem.fc.weight"])  # a follower begins as what it follows
    assert sorted(path.name for path in (run / "weights").iterdir()) == ["head.safetensors", "teacher.safetensors"]

    shutil.rmtree(teacher)
    (tmp_path / "head.safetensors").unlink()
    repeated(run, tmp_path / "out", monkeypatch)
    assert_readable(tmp_path / "out")
    resume(run, epochs=3)
    predict(run, flower(tmp_path))


@pytest.mark.parametrize(
    ("tensors", "says"),
    [
        ({"weight": torch.zeros(3, 6)}, "head cannot start from w.safetensors: it lacks bias"),
        ({"weight": torch.zeros(3, 6), "bias": torch.zeros(3), "more": torch.zeros(1)}, "it has more, which the layer"),
        ({"weight": torch.zeros(6, 3), "bias": torch.zeros(3)}, "weight is (6, 3), where the layer has (3, 6)"),
        ({"weight": torch.zeros(3, 6), "bias": torch.zeros(3, dtype=torch.int64)}, "bias holds torch.int64"),
    ],
)
def test_a_file_of_other_weights_is_a_problem_before_training(tensors, says: str, tmp_path: Path) -> None:
    save_file(tensors, tmp_path / "w.safetensors")
    analysis = check_project(flowers(start("w.safetensors")), tmp_path)
    assert [(problem.code, problem.node) for problem in analysis.errors] == [("W010", "head")]
    assert says in analysis.errors[0].message
    with pytest.raises(EngineError, match="cannot start from"):
        train(flowers(start("w.safetensors")), tmp_path / "run")
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("gone.safetensors", "There are no weights at gone.safetensors."),
        ("", "are not named"),
        ("shipped:zorp", "No weights called 'zorp' come with Torchloom"),
        ("empty", "The folder empty holds no run."),
        (".", "The folder . holds no run."),
        ("a" * 5_000, f"There are no weights at {'a' * 120}... (5,000 characters)."),
        ("shipped:" + "a" * 5_000, "No weights called 'aaa"),
        ("text.txt", "text.txt: "),
    ],
    ids=lambda text: text[:20],
)
def test_a_file_that_cannot_be_read_is_a_problem(path: str, says: str, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "text.txt").write_text("hello")
    analysis = check_project(flowers(start(path)), tmp_path)
    (problem,) = analysis.errors
    assert (problem.code, problem.node) == ("W009", "head")
    assert says in problem.message
    assert len(problem.message) < 400
    assert problem.message.count(path) <= 1 or len(path) < 2
    assert problem.hint


def test_weights_that_a_layer_inside_of_a_block_starts_from_are_reported_there(tmp_path: Path) -> None:
    (problem,) = check_project(flowers(start("gone.safetensors", name="fc")), tmp_path).errors
    assert problem.node == "stem.fc"


def test_a_missing_copy_is_named_once(tmp_path: Path) -> None:
    with pytest.raises(WeightsError) as caught:
        read_weights(tmp_path / "gone.safetensors", "")
    assert (
        str(caught.value) == f"No weights can be read from {tmp_path / 'gone.safetensors'}: No such file or directory."
    )


def test_a_copy_that_was_changed_is_refused_by_the_program_and_by_the_app(tmp_path: Path, monkeypatch) -> None:
    save_file({"weight": torch.zeros(3, 6), "bias": torch.zeros(3)}, tmp_path / "w.safetensors")
    run = train(flowers(start("w.safetensors")), tmp_path / "run").folder
    save_file({"weight": torch.ones(3, 6), "bias": torch.zeros(3)}, run / "weights" / "w.safetensors")
    with pytest.raises(SystemExit, match="was changed: its SHA-256 is another"):
        run_script(run, monkeypatch)
    with pytest.raises(EngineError, match=r"w\.safetensors"):
        resume(run, epochs=3)
    with pytest.raises(EngineError, match=r"w\.safetensors"):
        export_run(run, "code", tmp_path / "out")


def test_shipped_weights_come_with_their_licence(tmp_path: Path, monkeypatch) -> None:
    place = tmp_path / "shipped"
    place.mkdir()
    save_file({"weight": torch.ones(3, 6), "bias": torch.zeros(3)}, place / "heads.safetensors")
    (place / "heads.LICENSE.txt").write_text("free")
    monkeypatch.setattr(initial_weight_files, "SHIPPED_FOLDER", place)
    assert initial_weight_files.shipped() == ("heads",)
    project = flowers(start("shipped:heads"))
    run = train(project, tmp_path / "run").folder
    export_run(run, "code", tmp_path / "of_run")
    export_project(project, tmp_path, tmp_path / "of_project")
    for folder in (run, tmp_path / "of_run", tmp_path / "of_project"):
        assert (folder / "weights" / "heads.LICENSE.txt").read_text() == "free"
    (problems,) = check_project(flowers(start("shipped:head")), tmp_path).errors
    assert problems.hint == "Did you mean heads?"


def test_two_files_of_one_name_are_kept_apart(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        save_file({"weight": torch.ones(3, 6), "bias": torch.ones(3)}, tmp_path / folder / "w.safetensors")
    project = flowers(start("a/w.safetensors"))
    project.graphs["Net"].nodes["other"] = replace(project.graphs["Net"].nodes["head"].copy())
    project.graphs["Net"].nodes["other"].settings = weight_settings(weights=WeightsFile("b/w.safetensors"))
    project.graphs["Net"].nodes["y"] = Node("Output")
    project.graphs["Net"].wires += graph({}, "stem.y > other", "other > y").wires
    assert [file.name for file in prepare(project, tmp_path).start] == [
        "weights/w.safetensors", "weights/w_2.safetensors",
    ]  # fmt: skip
