from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.check.diagnostics import Diagnostic, Fix
from engine.check.rules import instant_problems
from engine.graph.edits import SetParam
from engine.graph.model import Project
from engine.protocol.answers import (
    Alive,
    Analysed,
    Answer,
    CellShown,
    DataSummed,
    DevicesFound,
    ExportPreviewed,
    Failed,
    Ready,
    Replied,
    ResultsSaved,
    RunDescribed,
    RunEvaluated,
    SamplesShown,
    Stale,
    decode_answer,
    encode_answer,
)
from engine.protocol.framing import Lines, LineTooLong
from engine.protocol.inbox import MAX_WAITING, Inbox
from engine.protocol.requests import (
    Analyse,
    Ask,
    CellSamples,
    DataSummary,
    DescribeRun,
    Devices,
    Evaluate,
    ExportPreview,
    Request,
    Samples,
    SaveResults,
    Shutdown,
    decode_request,
    encode_request,
)
from engine.protocol.text import MessageError
from tests.small_projects import classifier
from tests.strategies import HOSTILE, projects

FIXED = Diagnostic(
    "P002", "error", "conv1: bias must be true", "Say yes.", node="stem.conv1", port="input", graph="Stem",
    fix=Fix("Set bias", SetParam("Stem", "conv1", "bias", value=True)),
)  # fmt: skip
ANSWERS: tuple[Answer, ...] = (
    Ready(7, {"torch": "2"}),
    Alive(1.5, 3),
    Alive(1.5),
    Analysed(
        1,
        (FIXED, replace(FIXED, fix=None, node=None, port=None)),
        {"a": {"outputs": {}}},
        5,
        6,
        "x = 1\n",
        {1: "a"},
        {"x": {"shape": [8], "element": "float", "kind": "table"}},
    ),
    SamplesShown(2, [{"row": 1}]),
    DataSummed(3, {"rows": 4}),
    DevicesFound(4, [{"name": "cpu", "text": "processor"}]),
    RunDescribed(5, {"run": "runs/a", "inputs": [], "parts": {"training": 3}}),
    Replied(6, {"answers": [{"input": "the row", "values": {"x": ["nan"]}}], "nodes": {}}),
    RunEvaluated(7, {"run": "runs/a", "samples": 3, "metrics": {"loss": "nan"}}),
    CellShown(8, [{"at": 1, "place": "line 2", "truth": "a", "answer": "b"}]),
    ResultsSaved(9, "report.html"),
    ExportPreviewed(5, {"model.py": "line\nline\n"}),
    Stale(6),
    Failed(None, "no", "try", "D001", "conv1", fault=True),
)
REQUESTS: tuple[Request, ...] = (
    Analyse(1, classifier(), "/some where", training=True),
    Samples(2, classifier(), part="test", start=5, count=7, rows=(9, 2)),
    DataSummary(3, classifier()),
    Devices(4),
    DescribeRun(5, "runs/a"),
    Ask(6, "runs/a", {"fields": {"image": [0.5, 1]}, "nodes": True}),
    Evaluate(7, "runs/a", part="test", data="new.csv"),
    CellSamples(8, "runs/a", true=1, predicted=2),
    SaveResults(9, "runs/a", form="predictions", path="all.csv"),
    ExportPreview(5, classifier()),
    Shutdown(),
)


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: type(answer).__name__)
def test_an_answer_survives_the_wire(answer: Answer):
    line = encode_answer(answer)
    assert line.count(b"\n") == 1
    assert decode_answer(line) == answer


@pytest.mark.parametrize("request_", REQUESTS, ids=lambda request: type(request).__name__)
def test_a_request_survives_the_wire(request_: Request):
    line = encode_request(request_)
    assert line.count(b"\n") == 1
    assert decode_request(line) == request_


@given(projects())
def test_any_project_survives_the_wire(project: Project):
    try:
        line = encode_request(Analyse(1, project))
        received = decode_request(line)
    except MessageError as wrong:
        pytest.fail(str(wrong))
    assert isinstance(received, Analyse)
    assert instant_problems(received.project) == instant_problems(project)


@pytest.mark.parametrize("text", HOSTILE)
def test_any_text_survives_the_wire(text: str):
    answer = Failed(1, text, text)
    line = encode_answer(answer)
    assert line.count(b"\n") == 1
    assert decode_answer(line) == answer


def test_non_finite_numbers_are_strings():
    line = encode_answer(DataSummed(1, {"min": float("nan"), "rows": [float("inf"), -float("inf"), 1.5]}))
    answer = decode_answer(line)
    assert isinstance(answer, DataSummed)
    assert answer.summary == {"min": "nan", "rows": ["inf", "-inf", 1.5]}


def test_fields_of_a_newer_worker_are_ignored():
    assert decode_answer(b'{"answer": "Stale", "revision": 3, "why": "later"}') == Stale(3)


@given(st.binary(max_size=80))
def test_any_line_is_a_message_or_refused(line: bytes):
    for decode in (decode_request, decode_answer):
        with pytest.raises(MessageError):
            decode(line)


def test_a_refused_request_says_its_revision():
    with pytest.raises(MessageError, match="lacks project") as refusal:
        decode_request(b'{"request": "Analyse", "revision": 12}')
    assert refusal.value.revision == 12


@given(st.lists(st.binary(max_size=12).filter(lambda line: b"\n" not in line and b"\r" not in line)), st.data())
def test_lines_come_out_whole_however_they_are_cut(lines: list[bytes], data: st.DataObject):
    stream = b"".join(line + b"\n" for line in lines)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=6)))
    pieces = [stream[a:b] for a, b in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
    reader = Lines()
    assert [line for piece in pieces for line in reader.feed(piece)] == [line for line in lines if line]


def test_a_line_without_end_is_dropped_and_the_next_is_read():
    reader = Lines(longest=10)
    assert [line for _ in range(1000) for line in reader.feed(b"x" * 50)] == []
    assert reader._parts == []
    lines = reader.feed(b"\nnext\n")
    assert isinstance(lines[0], LineTooLong)
    assert lines[1:] == [b"next"]


def test_a_newer_request_takes_the_place_of_an_older_one_of_its_kind():
    inbox = Inbox()
    old, other, new = Analyse(1, classifier()), Devices(1), Analyse(2, classifier())
    assert inbox.put(old) == []
    assert inbox.put(other) == []
    assert inbox.put(new) == [old]
    assert [inbox.take(), inbox.take()] == [other, new]
    assert inbox.put(old) == [old]  # it comes too late


def test_the_queue_of_requests_is_bounded():
    inbox = Inbox()
    dropped = [inbox.put(Devices(revision)) for revision in range(MAX_WAITING + 3)]
    assert sum(map(len, dropped)) == 3
    assert dropped[-1] == [Devices(MAX_WAITING + 2)]
    assert inbox.put(Shutdown()) == []
