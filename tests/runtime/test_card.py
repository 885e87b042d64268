"""The script for graphics cards must also run on a machine without one."""

import pytest

from bench import card
from engine.errors import RunProblem
from engine.project.templates import templates


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TORCHLOOM_HOME", "set by the script, and put back afterwards")
    monkeypatch.setattr(card, "TURNS", 1)
    monkeypatch.setattr(card, "NETWORKS", {"mlp": card.NETWORKS["mlp"]})
    monkeypatch.setattr(card, "templates", lambda: [each for each in templates() if each.name == "gate-xor"])
    monkeypatch.setattr("sys.argv", ["card", "--device", "cpu", "--rows", "256", "--epochs", "2"])


def test_it_runs_on_the_processor_and_names_what_it_left_out(small: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert card.main() == 0
    printed = capsys.readouterr().out
    assert "passed  gate-xor" in printed
    assert "passed  a layer that is too large" in printed
    assert "times the textbook loop" in printed
    assert "left out, for want of a card: the loop as a CUDA graph" in printed
    assert printed.endswith("0 failed\n")


def test_a_resume_that_gives_other_losses_fails(small: None, monkeypatch, capsys) -> None:
    def resumed(run):
        outcome = card_resume(run)
        losses = run / "losses.txt"
        losses.write_text(losses.read_text().replace("p-", "p+", 1))
        return outcome

    card_resume = card.resume
    monkeypatch.setattr(card, "resume", resumed)
    assert card.main() == 1
    assert "FAILED  gate-xor: the resumed run has other losses from step 1 of" in capsys.readouterr().out


def test_what_is_refused_without_its_node_fails(small: None, monkeypatch, capsys) -> None:
    whole = card.start

    def started(job, *emit):
        if job.folder.name == "too-large":
            raise RunProblem("There is no memory.")
        return whole(job, *emit)

    monkeypatch.setattr(card, "start", started)
    assert card.main() == 1
    assert "FAILED  a layer that is too large: no node is named: There is no memory." in capsys.readouterr().out
