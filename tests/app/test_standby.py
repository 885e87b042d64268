"""The program that loads torch before it has a command: it does what the command line does, bit for bit, or ends."""

import json
import subprocess
import sys

from engine.project import file
from tests.training import template, train

STANDBY = [sys.executable, "-m", "engine.cli.standby"]


def test_it_trains_as_the_command_line_does(tmp_path):
    project = template("iris-mlp", epochs=3)
    file.write(tmp_path / "net.loom", project)
    train(project, tmp_path / "usual")
    log = tmp_path / "log"
    log.write_text("before\n")
    arguments = ["train", str(tmp_path / "net.loom"), "--run", str(tmp_path / "run"), "--losses", str(tmp_path / "l")]

    line = json.dumps({"arguments": arguments, "log": str(log)}) + "\n"
    done = subprocess.run(STANDBY, input=line.encode(), capture_output=True, check=False, timeout=240)

    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    output = log.read_text()
    assert output.startswith("before\n")
    assert "Completed after 3 whole epochs" in output
    losses = (tmp_path / "l").read_text()
    assert losses
    assert losses == (tmp_path / "usual" / "losses.txt").read_text()


def test_it_ends_when_nothing_can_be_asked_of_it_any_more():
    done = subprocess.run(STANDBY, stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=240)

    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_a_command_that_is_refused_gives_its_exit_code(tmp_path):
    log = tmp_path / "log"
    line = json.dumps({"arguments": ["train", str(tmp_path / "none.loom")], "log": str(log)}) + "\n"

    done = subprocess.run(STANDBY, input=line.encode(), capture_output=True, check=False, timeout=240)

    assert done.returncode == 1
    assert "none.loom" in log.read_text()
