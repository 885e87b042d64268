"""The script that prints what training schemes reach: it runs, judges, and fails where a goal is missed."""

import contextlib
import io
from pathlib import Path

import numpy as np
import pytest

from bench import schemes
from engine.cli.app import run as command


@pytest.fixture(autouse=True)
def in_process(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """The commands of the script, which run in the process of the test."""
    calls: list[tuple[str, ...]] = []

    def torchloom(*arguments: str) -> str:
        calls.append(arguments)
        short = ("--epochs", "1") if arguments[0] == "train" and "--epochs" not in arguments else ()
        with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(io.StringIO()):
            assert command([*arguments, *short]) == 0
        return out.getvalue()

    monkeypatch.setattr(schemes, "torchloom", torchloom)
    return calls


def test_untrained_samples_miss_the_goal_and_noise_is_printed_beside(capsys: pytest.CaptureFixture[str]) -> None:
    assert schemes.main(["digits-gan", "--seeds", "1", "--epochs", "1", "--samples", "20"]) == 1

    judge, goal, noise, real, gan = capsys.readouterr().out.splitlines()
    assert judge.startswith("judge: digits-cnn")
    assert "8 classes with 4% or more" in goal
    assert noise.startswith("uniform noise")
    assert real.startswith("real digits")
    assert gan.startswith("digits-gan, seed 0")
    assert gan.endswith("MISSED")
    assert "MISSED" not in noise + real


def test_a_student_alone_differs_in_the_teachers_loss_and_in_nothing_else(
    capsys: pytest.CaptureFixture[str], in_process: list[tuple[str, ...]]
) -> None:
    assert schemes.main(["digits-distill", "--seeds", "1", "--epochs", "1"]) in (0, 1)

    sizes, *_, gain = capsys.readouterr().out.splitlines()
    trainings = [[word for word in call if "." in word and "=" in word] for call in in_process if call[0] == "train"]
    assert "teacher 100,138 parameters, student 4,810: 1/20.8" in sizes
    assert gain.startswith("gain over the better one alone")
    assert trainings == [[], [schemes.WITHOUT_TEACHER], [schemes.WITHOUT_TEACHER, schemes.UNCHANGED_DATA]]


def test_images_are_judged_by_classes_and_by_how_clear_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [{"scores": {"0": 0.95, "1": 0.05}}, {"scores": {"0": 0.2, "1": 0.8}}] * 10
    monkeypatch.setattr(schemes, "torchloom", lambda *_: schemes.json.dumps(answers))

    verdict = schemes.judged(Path("run"), np.zeros((20, 1, 8, 8)))

    assert verdict == schemes.Judgement(2, 0.5, 0.5)
    assert not verdict.is_good
    assert schemes.Judgement(8, 0.01, 0.65).is_good
    assert not schemes.Judgement(7, 0.01, 0.9).is_good


def test_the_digits_that_judge_the_judge_are_those_that_it_did_not_train_on() -> None:
    assert schemes.unseen_digits().shape == (359, 1, 8, 8)
    assert schemes.unseen_digits().max() == 1.0
