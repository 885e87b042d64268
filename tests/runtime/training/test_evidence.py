"""A fault that nobody foresaw leaves its traceback in the run's log."""

import subprocess
import sys

import pytest

from engine.errors import RunProblem
from engine.runtime.training.crash_log import log_crash
from tests.project_files import ROOT


def test_a_fault_of_ours_is_written_down_and_raised(tmp_path):
    log = tmp_path / "log.txt"

    with pytest.raises(ZeroDivisionError), log_crash(log):
        _ = 1 / 0

    text = log.read_text(encoding="utf-8")
    assert "ZeroDivisionError" in text
    assert "test_evidence.py" in text


def test_what_a_person_sees_anyway_is_not_logged(tmp_path):
    log = tmp_path / "log.txt"

    with pytest.raises(RunProblem), log_crash(log):
        raise RunProblem("The run is busy.")

    assert log.read_bytes() == b""


def test_a_log_that_cannot_be_written_stops_nothing(tmp_path):
    done = []
    with log_crash(tmp_path / "missing" / "log.txt"):
        done.append(True)

    assert done


@pytest.mark.skipif(sys.platform == "win32", reason="the signal does not exist there")
def test_the_interpreter_s_last_words_are_kept(tmp_path):
    log = tmp_path / "log.txt"
    script = (
        "import os, signal, pathlib; from engine.runtime.training.crash_log import log_crash\n"
        f"with log_crash(pathlib.Path({str(log)!r})): os.kill(os.getpid(), signal.SIGSEGV)"
    )

    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=False)

    assert done.returncode < 0
    assert "Segmentation fault" in log.read_text(encoding="utf-8")
