"""What of a run folder is executed: none of its files, only what its project generates."""

import hashlib
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from engine import __version__
from engine.check.diagnostics import Diagnostic
from engine.errors import RunProblem
from engine.runtime.after_training.evaluate import evaluate
from engine.runtime.after_training.export import export_run
from engine.runtime.after_training.predict import predict
from engine.runtime.checkpoints import checkpoint
from engine.runtime.training.train import resume
from tests.training import remove_metadata, set_metadata, template, train


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return train(template("iris-mlp", epochs=2), tmp_path_factory.mktemp("runs") / "iris").folder


@pytest.fixture
def run(trained: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(trained, tmp_path / "run"))


def answers(run: Path, warn: Callable[[Diagnostic], None], out: Path) -> list[object]:
    """The results of the verbs that use a run without continuing it."""
    import numpy as np

    np.savez(out / "new.npz", features=np.array([[5.1, 3.5, 1.4, 0.2]], np.float32))
    shutil.rmtree(out / "code", ignore_errors=True)
    export_run(run, "code", out / "code", warn=warn)
    exported = {path.name: path.read_bytes() for path in (out / "code").iterdir() if path.is_file()}
    return [evaluate(run, warn=warn), predict(run, out / "new.npz", warn=warn), exported]


def rewritten(run: Path, text: str) -> None:
    """``model.py`` is another one, and so is its hash in every checkpoint."""
    (run / "model.py").write_text(text)
    set_metadata(run, "graph_hash", to=hashlib.sha256(text.encode()).hexdigest())


def never(_: Diagnostic) -> None:
    raise AssertionError


def test_code_that_was_put_into_a_run_folder_is_never_run(run: Path, tmp_path: Path) -> None:
    before = answers(run, never, tmp_path)
    marker = tmp_path / "was-run"
    evil = f"open({str(marker)!r}, 'w').close()\n"
    rewritten(run, evil + (run / "model.py").read_text())
    (run / "train.py").write_text(evil)
    (run / "sitecustomize.py").write_text(evil)
    (run / "torch.py").write_text(evil)
    warnings: list[Diagnostic] = []
    assert answers(run, warnings.append, tmp_path) == before
    assert [(each.code, each.severity) for each in warnings] == [("R023", "warning")] * 3
    with pytest.raises(RunProblem, match=r"does not generate from its project.loom"):
        resume(run, epochs=4)
    assert not marker.exists()


def test_a_run_of_a_version_with_another_generator_is_used_but_not_resumed(
    run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = answers(run, never, tmp_path)
    monkeypatch.setattr("engine.codegen.model.TITLE", '"""Another generator."""')
    for version, writer in (("0.0.7", "Torchloom 0.0.7"), (__version__, f"another build of Torchloom {__version__}")):
        set_metadata(run, "versions", "torchloom", to=version)
        warnings: list[Diagnostic] = []
        now = answers(run, warnings.append, tmp_path)
        assert now[:2] == before[:2]
        assert b"Another generator." in now[2]["model.py"]
        assert now[2]["weights.safetensors"] == before[2]["weights.safetensors"]
        assert all(f"was written by {writer}," in each.message for each in warnings)
        assert len(warnings) == 3
        events = (run / "events.jsonl").read_bytes()
        with pytest.raises(RunProblem, match=f"it needs {writer}"):
            resume(run, epochs=4)
        assert (run / "events.jsonl").read_bytes() == events


def test_a_training_step_that_was_changed_alone_is_not_gone_on_with(run: Path, tmp_path: Path) -> None:
    with (run / "step.py").open("a") as file:
        file.write("# a note\n")
    for use in (lambda: export_run(run, "code", tmp_path / "code"), lambda: resume(run, epochs=4)):
        with pytest.raises(RunProblem, match=r"step.py was changed after the run began"):
            use()
    evaluate(run, warn=never)  # takes no step


def test_a_training_step_that_was_changed_with_its_hash_is_never_run(run: Path, tmp_path: Path) -> None:
    marker = tmp_path / "was-run"
    text = f"open({str(marker)!r}, 'w').close()\n" + (run / "step.py").read_text()
    (run / "step.py").write_text(text)
    set_metadata(run, "step_hash", to=hashlib.sha256(text.encode()).hexdigest())
    warnings: list[Diagnostic] = []
    with pytest.raises(RunProblem, match=r"trained a step.py that this Torchloom .* does not generate"):
        resume(run, epochs=4)
    export_run(run, "code", tmp_path / "code", warn=warnings.append)
    assert [(each.code, each.severity) for each in warnings] == [("R023", "warning")]
    assert "was-run" not in (tmp_path / "code" / "step.py").read_text()
    assert not marker.exists()


def test_a_run_of_a_version_that_wrote_no_training_step_goes_on_alike(run: Path, trained: Path, tmp_path: Path) -> None:
    other = Path(shutil.copytree(trained, tmp_path / "other"))
    remove_metadata(run, "step_hash")
    for name in ("step.py", "reading.py", "data.py"):
        (run / name).unlink()
    for each in (run, other):
        resume(each, epochs=4)
    assert (run / "losses.txt").read_bytes() == (other / "losses.txt").read_bytes()
    for name in ("step.py", "reading.py", "data.py", "train.py"):
        assert (run / name).read_bytes() == (other / name).read_bytes()


def test_weights_that_do_not_fit_the_generated_model_by_name_are_refused(run: Path, tmp_path: Path) -> None:
    for step in checkpoint.steps(run / "checkpoints"):
        saved = checkpoint.read(run / "checkpoints" / str(step))
        renamed = {name.replace("head", "tail"): value for name, value in saved.weights.items()}
        checkpoint.remove(run / "checkpoints" / str(step))
        checkpoint.save(run / "checkpoints", replace(saved, weights=renamed))
    with pytest.raises(RunProblem, match=r"do not fit its model.py.*head.weight"):
        evaluate(run)


def test_a_model_that_was_changed_alone_is_refused(run: Path, tmp_path: Path) -> None:
    with (run / "model.py").open("a") as file:
        file.write("# a note\n")
    for use in (lambda: evaluate(run), lambda: export_run(run, "code", tmp_path / "code"), lambda: resume(run)):
        with pytest.raises(RunProblem, match="was changed after the run began"):
            use()
    export_run(run, "safetensors", tmp_path / "w.safetensors")  # needs no model
    assert (tmp_path / "w.safetensors").stat().st_size
