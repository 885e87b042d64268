"""The window's connection to its worker: real processes that answer, die, hang and flood."""

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from engine.graph.edits import SetParam
from engine.protocol.answers import Answer, DevicesFound, Failed, SamplesShown
from gui.problems.checks import checks
from gui.state.analysis_results import AnalysisResults
from gui.state.document import Document
from gui.workers import worker_process
from gui.workers.analysis_link import AnalysisLink
from gui.workers.analysis_questions import DEVICES, samples
from gui.workers.worker_process import WorkerProcess

WAIT = 60_000  # torch may be slow to load on a busy machine

FAKE = Path(__file__).parent / "fake_worker.py"


@pytest.fixture
def results(document: Document) -> AnalysisResults:
    return AnalysisResults(document, document)


@pytest.fixture
def fake():
    return lambda mode: (sys.executable, str(FAKE), mode)


@pytest.fixture
def make(document: Document, results: AnalysisResults, qtbot: QtBot) -> Iterator:
    links = []

    def new_link(command=None, **timing) -> AnalysisLink:
        link = AnalysisLink(document, results, document, **({"command": command} if command else {}))
        if timing:
            link._make = lambda: WorkerProcess(command, link, **timing)
        links.append(link)
        return link

    yield new_link
    for link in links:
        link.close()


def test_the_real_worker_gives_shapes_and_source_also_after_an_edit(make, document, results, qtbot) -> None:
    link = make()
    link.start()
    qtbot.waitUntil(lambda: not results.stale, timeout=WAIT)

    assert results.nodes["conv1"].outputs == {"output": ("N", 32, 8, 8)}
    assert results.nodes["conv1"].derived == {"in_channels": 1}
    assert results.parameters == 33_866
    assert results.problems == ()
    assert "class Net(nn.Module)" in results.source
    assert {owner.node for owner in results.lines.values()} >= {"conv1", "head", "loss"}

    document.do(SetParam("Net", "conv1", "out_channels", 16))
    assert results.stale
    qtbot.waitUntil(lambda: not results.stale, timeout=WAIT)
    assert results.nodes["conv1"].outputs == {"output": ("N", 16, 8, 8)}

    document.do(SetParam("Net", "head", "in_features", 7))
    qtbot.waitUntil(lambda: not results.stale, timeout=WAIT)
    assert [each.node for each in results.errors] == ["head"]

    answers: list[Answer] = []
    link.ask(samples("validation", count=3), answers.append)
    link.ask(DEVICES, answers.append)
    qtbot.waitUntil(lambda: len(answers) == 2, timeout=WAIT)
    rows, devices = answers
    assert isinstance(rows, SamplesShown)
    assert len(rows.rows) == 3
    assert isinstance(devices, DevicesFound)
    assert devices.devices[0]["name"] == "cpu"


def test_a_killed_worker_is_replaced_and_reported(make, fake, document, results, qtbot) -> None:
    link = make(fake("well"))
    link.start()
    qtbot.waitUntil(lambda: not results.stale, timeout=WAIT)
    old = link.pid

    with qtbot.waitSignal(link.message, timeout=WAIT) as message:
        os.kill(old, signal.SIGKILL)
    assert "ended by signal 9" in message.args[0]
    assert "work is safe" in message.args[0]

    document.do(SetParam("Net", "conv1", "out_channels", 16))
    qtbot.waitUntil(lambda: not results.stale, timeout=WAIT)
    assert link.pid not in (0, old)


def test_a_worker_that_always_dies_rests_until_the_next_edit(make, fake, document, results, qtbot) -> None:
    link = make(fake("die"))
    messages: list[str] = []
    link.message.connect(messages.append)
    link.start()

    qtbot.waitUntil(lambda: link.state == "resting", timeout=WAIT)
    assert len(messages) == 3
    assert "waits for your next edit" in messages[-1]
    assert link.pid == 0
    assert results.failure

    document.do(SetParam("Net", "conv1", "out_channels", 16))
    assert link.state == "starting"


def test_a_question_to_a_worker_that_died_fails(make, fake, qtbot) -> None:
    link = make(fake("die"))
    answers: list[Answer] = []
    link.ask(samples(), answers.append)
    link.start()

    qtbot.waitUntil(lambda: len(answers) == 1, timeout=WAIT)
    assert isinstance(answers[0], Failed)
    assert "ended with code 3" in answers[0].message


@pytest.mark.parametrize("mode", ["flood", "flood-log"])
def test_a_flood_is_cut_off(make, fake, qtbot, mode) -> None:
    link = make(fake(mode))
    with qtbot.waitSignal(link.message, timeout=WAIT) as message:
        link.start()
    assert "flooded" in message.args[0]
    assert len(link.log) <= 200


def test_a_hanging_worker_is_reported_then_replaced(make, fake, qtbot) -> None:
    link = make(fake("mute"), silent_s=0.2, lost_s=0.5, tick_ms=50)
    messages: list[str] = []
    link.message.connect(messages.append)
    link.start()

    # A slow start may be reported too, as a worker that responds again.
    qtbot.waitUntil(lambda: any("did not respond for" in message for message in messages), timeout=WAIT)
    assert "not responding" in messages[0]


def test_stray_lines_are_passed_over(make, fake, results, qtbot) -> None:
    link = make(fake("stray"))
    link.start()
    qtbot.waitUntil(lambda: not results.stale, timeout=WAIT)
    assert link.state == "ready"


def test_only_the_newest_of_many_edits_is_analysed(make, fake, document, results, qtbot) -> None:
    revisions: list[int] = []
    link = make(fake("well"))
    link.start()
    qtbot.waitUntil(lambda: not results.stale, timeout=WAIT)
    take = results.take
    results.take = lambda answer, revision: (revisions.append(revision), take(answer, revision))

    for filters in range(2, 40):
        document.do(SetParam("Net", "conv1", "out_channels", filters))
    qtbot.waitUntil(lambda: not results.stale, timeout=WAIT)

    assert revisions == [document.revision]


def test_questions_asked_before_the_start_wait_and_older_ones_give_way(make, fake, qtbot) -> None:
    link = make(fake("well"))
    answers: list[Answer] = []
    link.ask(samples(start=1), answers.append)
    link.ask(samples(start=2), answers.append)
    link.start()

    qtbot.waitUntil(lambda: len(answers) == 1, timeout=WAIT)
    assert answers[0].rows == [{"start": 2}]


@pytest.mark.parametrize("mode", ["fail", "unknown", "long"])
@pytest.mark.parametrize("again", ["edit", "ask"])
def test_what_was_not_answered_is_not_current_and_is_asked_for_again(
    make, fake, document, results, qtbot, mode, again
) -> None:
    link = make(fake(mode))
    with qtbot.waitSignal(link.message, timeout=WAIT) as message:
        link.start()
    assert "could not be analysed" in message.args[0]
    assert results.stale
    assert results.failure == message.args[0]
    assert [check.good for check in checks(document.project, results)] == [True, False]
    assert "failed" in checks(document.project, results)[-1].text

    if again == "edit":
        document.do(SetParam("Net", "conv1", "out_channels", 16))
        assert not results.failure
    else:
        results.ask()
    qtbot.waitUntil(lambda: not results.stale, timeout=WAIT)
    assert not results.failure
    assert link.state == "ready"


def test_an_analysis_that_was_dropped_is_asked_for_again_by_itself(make, fake, results, qtbot) -> None:
    messages: list[str] = []
    link = make(fake("stale"))
    link.message.connect(messages.append)
    link.start()
    qtbot.waitUntil(lambda: not results.stale, timeout=WAIT)
    assert not messages


def test_a_worker_that_drops_every_analysis_is_not_asked_for_ever(make, fake, results, qtbot) -> None:
    link = make(fake("always-stale"))
    with qtbot.waitSignal(link.message, timeout=WAIT):
        link.start()
    assert results.failure
    serial = link._serial
    qtbot.wait(200)
    assert link._serial == serial


@pytest.mark.parametrize("mode", ["unknown", "long"])
def test_a_question_fails_whose_answer_cannot_be_read(make, fake, qtbot, mode) -> None:
    link = make(fake(mode))
    answers: list[Answer] = []
    link.ask(samples(), answers.append)
    link.start()
    qtbot.waitUntil(lambda: bool(answers), timeout=WAIT)
    assert isinstance(answers[0], Failed)


def test_a_project_too_large_to_send_is_reported_and_the_next_edit_analysed(
    make, fake, document, results, qtbot, monkeypatch
) -> None:
    link = make(fake("well"))
    with monkeypatch.context() as patch:
        patch.setattr(worker_process, "MAX_LINE", 100)
        with qtbot.waitSignal(link.message, timeout=WAIT) as message:
            link.start()
    assert "too large" in message.args[0]
    assert results.failure
    document.do(SetParam("Net", "conv1", "out_channels", 16))
    qtbot.waitUntil(lambda: not results.stale, timeout=WAIT)


def test_a_missing_program_is_reported(make, qtbot) -> None:
    link = make(("/no/such/program",))
    with qtbot.waitSignal(link.message, timeout=WAIT) as message:
        link.start()
    assert "could not be started" in message.args[0]


def test_closing_ends_the_process(make, fake, results, qtbot) -> None:
    link = make(fake("well"))
    link.start()
    qtbot.waitUntil(lambda: not results.stale, timeout=WAIT)
    pid = link.pid

    link.close()

    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    link.refresh()
    assert link.state == "off"
