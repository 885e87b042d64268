"""Kills a training at random moments, some inside a checkpoint's writing, resumes it, and compares to the bit.

    python bench/kill.py [--kills 20] [--seed 0] [--epochs 400]

Each kill is a SIGKILL to ``torchloom train`` or ``torchloom resume``. In the end losses, weights and figures must equal
those of a run that was left alone.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
BEGIN_S = 120.0  # a process that has not begun to train by then never will
IN_WRITE_S = 3.0  # to wait for a checkpoint's writing
ENVIRONMENT = os.environ | {"OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}


@dataclass(frozen=True)
class Report:
    """What came of it. ``in_write``: kills that left a half-written checkpoint behind."""

    kills: int
    in_write: int
    whole: Path
    killed: Path


def torchloom(*arguments: object) -> list[str]:
    """The command line of a verb."""
    return [sys.executable, "-m", "engine", *map(str, arguments)]


def by_program(*arguments: object) -> None:
    """Run a verb to its end, in a process of its own."""
    subprocess.run(torchloom(*arguments), check=True, env=ENVIRONMENT, stdout=subprocess.DEVNULL)


def kill_and_resume(
    project: Path, home: Path, kills: int, seed: int, run: Callable[..., object] = by_program
) -> Report:
    """Two runs of a project in ``home``: one left alone, one killed and resumed until it is over.

    ``run``: runs a verb that nobody kills.
    """
    draw = random.Random(seed)  # noqa: S311 (no secret)
    options = ("--device", "cpu", "--threads", "1")
    whole, killed = home / "whole", home / "killed"
    run("train", project, "--run", whole, *options)
    done = in_write = 0
    command = torchloom("train", project, "--run", killed, *options)
    while done < kills:
        process = subprocess.Popen(command, env=ENVIRONMENT, stdout=subprocess.DEVNULL)
        if not _has_begun(process, killed):
            break
        _wait_for_the_moment(process, killed, draw, in_write=bool(done % 2))
        process.send_signal(signal.SIGKILL)
        if process.wait() != -signal.SIGKILL:
            break  # it was over before the kill
        done += 1
        in_write += any(killed.glob("checkpoints/.*"))
        command = torchloom("resume", killed)
    run("resume", killed)
    return Report(done, in_write, whole, killed)


def _has_begun(process: subprocess.Popen[bytes], run: Path) -> bool:
    """Wait until the process trains: until it has recorded something new."""
    before = _stamp(run)
    return _until(lambda: process.poll() is not None or _stamp(run) != before, BEGIN_S) and process.poll() is None


def _stamp(run: Path) -> int:
    try:
        return (run / "losses.txt").stat().st_mtime_ns
    except FileNotFoundError:
        return 0


def _wait_for_the_moment(process: subprocess.Popen[bytes], run: Path, draw: random.Random, *, in_write: bool) -> None:
    time.sleep(draw.uniform(0.0, 0.5))
    if in_write:
        _until(lambda: process.poll() is not None or any(run.glob("checkpoints/.*")), IN_WRITE_S, pause_s=0.0)


def _until(is_so: Callable[[], bool], limit_s: float, pause_s: float = 0.005) -> bool:
    deadline = time.monotonic() + limit_s
    while not is_so():
        if time.monotonic() > deadline:
            return False
        time.sleep(pause_s)
    return True


def differences(report: Report) -> list[str]:
    """What the killed run has that the other has not; nothing, when all is well."""
    import torch

    from engine.runs.events import EpochDone, Finished
    from engine.runs.tail import read_events
    from engine.runtime.checkpoints import checkpoint

    parts = []
    if (report.whole / "losses.txt").read_bytes() != (report.killed / "losses.txt").read_bytes():
        parts.append("losses")
    one, other = (checkpoint.newest(run / "checkpoints").weights for run in (report.whole, report.killed))
    parts += [f"weight {name}" for name in one if not torch.equal(one[name], other[name])]
    metrics = [
        [(event.epochs if isinstance(event, Finished) else event.epoch, event.metrics) for event in events]
        for events in (
            [event for event in read_events(run / "events.jsonl") if isinstance(event, EpochDone | Finished)]
            for run in (report.whole, report.killed)
        )
    ]
    return parts + (["metrics"] if metrics[0] != metrics[1] else [])


def main() -> int:
    """Print the outcome; exit code 1 when the runs differ."""
    sys.path.insert(0, str(ROOT))
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--epochs", type=int, default=400)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        ENVIRONMENT["TORCHLOOM_HOME"] = str(Path(place) / "home")
        project = Path(place) / "digits.loom"
        text = (ROOT / "resources" / "templates" / "digits-mlp.loom").read_text()
        project.write_text(text.replace('"epochs": 30', f'"epochs": {options.epochs}'))
        report = kill_and_resume(project, Path(place), options.kills, options.seed)
        wrong = differences(report)
    verdict = ", ".join(wrong) or "equal to the bit"
    print(f"{report.kills} kills, {report.in_write} inside a checkpoint's writing: {verdict}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
