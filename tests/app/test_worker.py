"""The analysis worker as the window uses it: another process, spoken to in lines."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.graph.model import Data, Part
from engine.protocol.answers import (
    Analysed,
    DataSummed,
    DevicesFound,
    ExportPreviewed,
    Failed,
    Ready,
    SamplesShown,
    Stale,
)
from engine.protocol.client import Client, WorkerProblem
from engine.protocol.requests import Analyse, DataSummary, Devices, ExportPreview, Samples, encode_request
from tests.project_files import ROOT
from tests.small_projects import classifier

LIGHT = """
import os, sys, types
from engine.protocol.answers import DevicesFound, Failed
from engine.runtime import worker

class RequestHandler:
    def versions(self):
        return {{}}

    def answer(self, request):
        {answer}
        return DevicesFound(request.revision, ())

sys.modules["engine.runtime.handlers"] = types.ModuleType("handlers")
sys.modules["engine.runtime.handlers"].RequestHandler = RequestHandler
{before}
sys.exit(worker.main())
"""


def light(answer: str = "", before: str = "") -> tuple[str, ...]:
    """A worker as it is, but for what answers, which loads no torch."""
    return (sys.executable, "-c", LIGHT.format(answer=answer, before=before))


def test_an_answer_too_long_to_be_read_is_reported_for_its_request(tmp_path: Path) -> None:
    command = light(
        "if request.revision == 7: return Failed(7, 'x' * 3000)",
        "worker.MAX_LINE = 2000",
    )
    with (tmp_path / "log.txt").open("wb") as log, Client(command, log=log) as client:
        assert isinstance(client.receive(60), Ready)
        answer = client.ask(Devices(7))
        assert isinstance(answer, Failed)
        assert answer.revision == 7
        assert "are read" in answer.message
        assert isinstance(client.ask(Devices(8)), DevicesFound)
    assert "Failed has 3," in (tmp_path / "log.txt").read_text()


@pytest.fixture(scope="module")
def _quiet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """One worker for all tests that leave it as they found it."""
    log = (tmp_path_factory.mktemp("worker") / "log.txt").open("wb")
    with log, Client(log=log) as client:
        assert isinstance(client.receive(60), Ready)
        yield client


@pytest.fixture
def client(_quiet: Client) -> Client:
    return _quiet


def test_a_network_is_analysed_with_its_source(client: Client):
    answer = client.ask(Analyse(1, classifier()))
    assert isinstance(answer, Analysed)
    assert answer.problems == ()
    assert answer.nodes["conv1"] == {
        "outputs": {"output": ["N", 32, 8, 8]}, "elements": {"output": "float"}, "parameters": 320, "macs": 18432,
        "weights": {"weight": [32, 1, 3, 3], "bias": [32]},
        "derived": {"in_channels": 1}, "times": 1,
    }  # fmt: skip
    assert (answer.parameters, answer.macs) == (5450, 23552)
    lines = answer.source.splitlines()
    numbers = [number for number, name in answer.lines.items() if name == "conv1"]
    assert any("nn.Conv2d(1, 32, 3, padding=1)" in lines[number - 1] for number in numbers)


def test_problems_come_with_their_fixes(client: Client):
    project = classifier()
    project.graphs["Net"].nodes["fc"].params["out_features"] = 7
    answer = client.ask(Analyse(2, project))
    assert isinstance(answer, Analysed)
    (problem,) = answer.problems
    assert (problem.code, problem.node, problem.port) == ("S010", "loss", "input")
    assert problem.fix is not None
    problem.fix.edit.apply(project)
    answer = client.ask(Analyse(3, project))
    assert isinstance(answer, Analysed)
    assert answer.problems == ()


def test_samples_and_statistics_of_the_data_are_answered(client: Client):
    answer = client.ask(Samples(4, classifier(), part="validation", count=3))
    assert isinstance(answer, SamplesShown)
    assert [sorted(row["fields"]) for row in answer.rows] == [["image", "label"]] * 3
    rows = tuple(row["row"] for row in reversed(answer.rows))
    again = client.ask(Samples(5, classifier(), part="validation", rows=rows))
    assert isinstance(again, SamplesShown)
    assert again.rows == answer.rows[::-1]
    summed = client.ask(DataSummary(4, classifier()))
    assert isinstance(summed, DataSummed)
    assert summed.summary["rows"] == 1797


def test_the_fields_that_the_data_has_are_answered(client: Client, tmp_path: Path):
    np.savez(tmp_path / "a.npz", x=np.ones((10, 3)), y=np.arange(10) % 2)
    project = replace(classifier(), data=Data("Npz", {"path": "a.npz"}))
    answer = client.ask(Analyse(4, project, base=str(tmp_path)))
    assert isinstance(answer, Analysed)
    assert answer.fields == {
        "x": {"shape": [3], "element": "float", "kind": "table"},
        "y": {"shape": [], "element": "class", "kind": "label"},
    }
    answer = client.ask(Analyse(5, replace(project, data=Data("Npz", {"path": "b.npz"})), base=str(tmp_path)))
    assert isinstance(answer, Analysed)
    assert answer.fields == {}


def test_a_table_that_lacks_the_target_tells_the_columns_that_it_has(client: Client, tmp_path: Path):
    (tmp_path / "t.csv").write_text("age,kind\n" + "1,cat\n2,dog\n" * 10)
    project = replace(classifier(), data=Data("Csv", {"path": "t.csv", "target": "price"}))
    answer = client.ask(DataSummary(6, project, base=str(tmp_path)))
    assert isinstance(answer, DataSummed)
    assert answer.summary["headings"] == ["age", "kind"]
    assert "there is no column 'price'" in answer.summary["message"]
    assert answer.summary["hint"]


def test_devices_and_export_are_answered(client: Client):
    answer = client.ask(Devices(5))
    assert isinstance(answer, DevicesFound)
    assert answer.devices[0]["name"] == "cpu"
    files = client.ask(ExportPreview(5, classifier()))
    assert isinstance(files, ExportPreviewed)
    assert {"model.py", "train.py"} <= set(files.files)


def test_what_is_wrong_with_the_data_is_an_answer(client: Client):
    project = replace(classifier(), data=Data("Csv", {"path": "nowhere.csv", "target": "y"}))
    answer = client.ask(DataSummary(6, project, base=str(ROOT)))
    assert isinstance(answer, Failed)
    assert "nowhere.csv" in answer.message
    assert not answer.fault
    analysed = client.ask(Analyse(6, project, base=str(ROOT)))
    assert isinstance(analysed, Analysed)
    assert any("nowhere.csv" in problem.message for problem in analysed.problems)


@pytest.mark.parametrize(
    "line",
    [
        b"garbage\n",
        b"\xff\xfe\n",
        b"[1, 2]\n",
        b'{"request": "Zorp", "revision": 7}\n',
        b'{"request": "Analyse", "revision": 7}\n',
        b'{"request": "Analyse", "revision": -1, "project": {}}\n',
        b'{"request": "Analyse", "revision": 7, "project": {"format": "torchloom"}}\n',
        b'{"request": "Devices", "revision": NaN}\n',
        b'{"request": "Devices", "revision": 7, "revision": 8}\n',
        b"[" * 100_000 + b"\n",
        b'{"request": "Samples", "revision": 7, "count": 1e9, "project": {}}\n',
    ],
)
def test_a_bad_line_is_answered_and_ends_nothing(client: Client, line: bytes):
    stdin = client._process.stdin
    assert stdin is not None
    stdin.write(line)
    stdin.flush()
    answer = client.receive()
    assert isinstance(answer, Failed)
    assert answer.message.startswith("That is not a request")
    assert not answer.fault
    assert isinstance(client.ask(Devices(8)), DevicesFound)


def test_of_a_flood_only_the_newest_is_worked_on(client: Client):
    flood = b"".join(encode_request(Analyse(revision, classifier())) for revision in range(100, 400))
    stdin = client._process.stdin
    assert stdin is not None
    stdin.write(flood)
    stdin.flush()
    answers = [client.receive() for _ in range(300)]
    stale = [answer for answer in answers if isinstance(answer, Stale)]
    done = [answer for answer in answers if isinstance(answer, Analysed)]
    assert len(stale) + len(done) == 300
    assert (
        stale
    )  # how many depends on who is quicker, reading or working; `Inbox` promises that none waits behind another
    assert done[-1].revision == 399
    assert isinstance(client.ask(Analyse(50, classifier())), Stale)


def test_it_tells_each_second_that_it_lives(client: Client):
    before, until = client.last_beat, time.monotonic() + 60
    while client.last_beat == before:
        assert time.monotonic() < until
        time.sleep(0.05)


def test_stray_prints_do_not_mix_with_answers_and_a_fault_ends_nothing(tmp_path: Path):
    stray = r"""print("a stray print")
        os.write(1, b"stray bytes from C\\n")
        if request.revision == 13:
            raise RuntimeError("unlucky")"""
    with (tmp_path / "log").open("w+b") as log:
        with Client(light(stray), log=log) as client:
            assert isinstance(client.receive(60), Ready)
            assert isinstance(client.ask(Devices(12)), DevicesFound)
            fault = client.ask(Devices(13))
            assert isinstance(fault, Failed)
            assert fault.fault
            assert "unlucky" in fault.message
            assert isinstance(client.ask(Devices(14)), DevicesFound)
            assert list(client.strays) == []
        log.seek(0)
        text = log.read().decode()
    assert text.count("a stray print") == 3
    assert text.count("stray bytes from C") == 3
    assert "RuntimeError: unlucky" in text


def test_the_end_of_input_ends_it_after_the_last_answer(tmp_path: Path):
    requests = encode_request(Analyse(1, classifier())) + encode_request(Devices(2))
    command = [sys.executable, "-m", "engine.runtime.worker"]
    done = subprocess.run(command, input=requests, capture_output=True, check=False, cwd=ROOT, timeout=60)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0, done.stderr.decode()
    names = [answer["answer"] for answer in answers if answer["answer"] != "Alive"]
    assert names == ["Ready", "Analysed", "DevicesFound"]


def test_a_killed_worker_is_noticed_and_closing_reaps_it(tmp_path: Path):
    with (tmp_path / "log").open("wb") as log, Client(light(), log=log) as client:
        assert isinstance(client.receive(60), Ready)
        os.kill(client.pid, signal.SIGKILL)
        with pytest.raises(WorkerProblem, match="signal 9"):
            client.ask(Devices(1))
        assert client.close() == -signal.SIGKILL
        assert client.close() == -signal.SIGKILL


def test_a_worker_whose_window_has_gone_ends(tmp_path: Path):
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(light(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, cwd=ROOT)
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdout.readline()
        process.stdout.close()  # nobody listens, although stdin stays open
        code = process.wait(10)
        process.stdin.close()
    assert code == 0, (tmp_path / "log").read_text()


def test_transforms_that_do_not_fit_their_field_are_a_problem(client: Client):
    project = replace(classifier(), data=Data(transforms=(Part("RandomHorizontalFlip", {"field": "label"}),)))
    answer = client.ask(Analyse(600, project))
    assert isinstance(answer, Analysed)
    (problem,) = answer.problems
    assert problem.code.startswith("D")
    assert "label" in problem.message
    assert answer.nodes["fc"]["outputs"] == {"output": ["N", 10]}
