"""A lock is held as long as its process lives."""

import subprocess
import sys
from pathlib import Path

from engine.project.lock import Lock, is_held
from tests.project_files import ROOT

HOLDER = """
import sys, time
from pathlib import Path
from engine.project.lock import Lock
lock = Lock.take(Path(sys.argv[1]))
print("held" if lock else "refused", flush=True)
sys.stdin.read()
"""


def holder(path: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "held\n"
    return process


def test_a_lock_is_held_exactly_as_long_as_its_process_lives(tmp_path):
    path = tmp_path / "lock"
    with holder(path) as process:
        assert is_held(path)
        assert is_held(path)  # looking does not disturb
        assert Lock.take(path, wait_s=0.05) is None
        process.kill()
        process.wait(10)
        assert not is_held(path)
        with Lock.take(path, wait_s=0) as lock:
            assert is_held(path)
            lock.release()
            assert not is_held(path)


def test_a_lock_survives_the_renaming_of_its_folder(tmp_path):
    (tmp_path / "temporary").mkdir()
    with Lock.take(tmp_path / "temporary" / "lock"):
        (tmp_path / "temporary").rename(tmp_path / "run")
        assert is_held(tmp_path / "run" / "lock")
    assert not is_held(tmp_path / "run" / "lock")


def test_a_missing_lock_is_not_held(tmp_path):
    assert not is_held(tmp_path / "lock")
    assert list(tmp_path.iterdir()) == []
