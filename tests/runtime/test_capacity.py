"""A network that this machine cannot hold is refused before anything is allocated for it."""

from pathlib import Path

import pytest

from engine.catalog.optimizers import OPTIMIZERS
from engine.errors import MachineProblem
from engine.runtime.training import capacity
from engine.runtime.training.job import resume
from tests.drawn import node
from tests.training import template, train


@pytest.fixture
def memory(monkeypatch: pytest.MonkeyPatch):
    def set_to(size: float) -> None:
        monkeypatch.setattr(capacity, "memory_left", lambda: size)

    return set_to


def test_too_many_weights_are_refused_with_the_layer_that_holds_most(tmp_path: Path, memory) -> None:
    memory(16 * 2**30)
    project = template("iris-mlp")
    project.graphs["Net"].nodes["fc1"].params["out_features"] = 10**9
    with pytest.raises(MachineProblem, match=r"at least .* GiB of memory for 8,000,000,003 parameters, and 16.0 GiB"):
        train(project, tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_too_large_a_result_is_refused_with_the_layer_that_gives_it(tmp_path: Path, memory) -> None:
    memory(2**20)
    project = template("digits-cnn", batch_size=600)
    project.graphs["Net"].nodes["pool1"] = node("Upsample", scale_factor=4.0)
    with pytest.raises(MachineProblem, match="what pool1 gives for a batch of 600") as caught:
        train(project, tmp_path / "run")
    assert caught.value.node == "pool1"
    assert f"at least {32 * 32 * 32 * 600 * 4 / 2**20:.1f} MiB" in caught.value.message


def test_what_fits_is_trained_and_a_run_that_no_longer_fits_is_not_resumed(tmp_path: Path, memory) -> None:
    memory(2**20)
    run = train(template("iris-mlp"), tmp_path / "run").folder
    memory(2**10)
    with pytest.raises(MachineProblem, match=r"1\.0 KiB are left"):
        resume(run, epochs=4)


def test_the_moments_of_every_optimizer_are_known() -> None:
    assert set(capacity.MOMENTS) == set(OPTIMIZERS) - {"SGD"}  # which keeps one only with momentum
