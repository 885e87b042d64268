import json
import math
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import fields

from engine.check.diagnostics import Diagnostic
from engine.project import durable
from engine.runs.event_table import table
from engine.runs.events import (
    KINDS,
    CheckpointSaved,
    Confusion,
    EpochDone,
    Event,
    Finished,
    Predictions,
    Problem,
    Started,
    StepDone,
    decode,
    decode_lines,
    encode,
)
from engine.runs.tail import NewEvents, Tail, read_events
from tests.project_files import ROOT
from tests.strategies import hostile_texts

NUMBERS = st.floats() | st.sampled_from((math.inf, -math.inf, math.nan, -0.0, 5e-324))
COUNTS = st.integers(0, 2**53)
METRICS = st.dictionaries(st.sampled_from(("val_loss", "train_loss", "nan", "inf", "é")), NUMBERS, max_size=3)
VALUES = {
    "str": hostile_texts,
    "str | None": st.none() | hostile_texts | st.sampled_from(("null", "None", "")),
    "int": COUNTS,
    "int | None": st.none() | COUNTS,
    "float": NUMBERS,
    "bool": st.booleans(),
}
SPECIAL = {
    "versions": st.dictionaries(hostile_texts, hostile_texts, max_size=3),
    "rows": st.dictionaries(hostile_texts, COUNTS, max_size=3),
    "losses": st.lists(NUMBERS, max_size=5).map(tuple),
    "phases": st.dictionaries(hostile_texts, st.lists(st.none() | NUMBERS, max_size=3).map(tuple), max_size=2),
    "metrics": METRICS,
    "best": METRICS,
    "norms": METRICS,
    "matrix": st.lists(st.lists(COUNTS, max_size=3).map(tuple), max_size=3).map(tuple),
    "class_names": st.lists(hostile_texts, max_size=3).map(tuple),
    "indices": st.lists(COUNTS, max_size=3).map(tuple),
    "truth": st.lists(COUNTS | NUMBERS | st.lists(COUNTS | NUMBERS, max_size=2).map(tuple), max_size=3).map(tuple),
    "scores": st.lists(st.lists(NUMBERS, max_size=3).map(tuple), max_size=3).map(tuple),
    "differences": st.lists(hostile_texts, max_size=2).map(tuple),
    "legs": st.lists(COUNTS, max_size=3).map(tuple),
    "severity": st.sampled_from(("error", "warning", "info")),
    "reason": st.sampled_from(("completed", "stopped", "failed")),
}


def any_event(kind: type[Event]) -> st.SearchStrategy[Event]:
    def values(name: str, annotation: object) -> st.SearchStrategy[object]:
        if name in SPECIAL and not (name == "best" and kind is CheckpointSaved):
            return SPECIAL[name]
        return VALUES[getattr(annotation, "__name__", "") if isinstance(annotation, type) else str(annotation)]

    return st.builds(kind, **{each.name: values(each.name, each.type) for each in fields(kind)})


events = st.one_of(*map(any_event, get_args(Event)))


@given(events)
def test_an_event_survives_the_wire(event):
    line = encode(event)
    assert "\n" not in line
    assert repr(decode(line)) == repr(event)  # repr: nan is not equal to itself


@given(events)
def test_a_line_is_plain_json_that_names_event_and_time_first(event):
    raw = json.loads(encode(event), parse_constant=lambda word: pytest.fail(f"{word} is not JSON"))
    assert list(raw)[:2] == ["event", "t_s"]
    assert raw["event"] == type(event).__name__
    left_out = {"phases"} if isinstance(event, StepDone) and not event.phases else set()
    assert set(raw) == {"event", *(each.name for each in fields(event))} - left_out


@given(events, st.dictionaries(st.sampled_from(("later", "x", "version")), st.none() | st.integers() | st.text()))
def test_fields_of_a_newer_version_are_skipped(event, more):
    raw = more | json.loads(encode(event))
    assert repr(decode(json.dumps(raw))) == repr(event)


def test_the_contracts_events_are_all_there():
    assert set(KINDS) >= {
        "Started", "StepDone", "EpochDone", "Confusion", "Predictions", "GradientNorms", "CheckpointSaved", "Paused",
        "Continued", "Resumed", "Problem", "Finished", "Samples",
    }  # fmt: skip


def test_the_documentation_lists_every_event_as_it_is_declared():
    text = (ROOT / "docs" / "file-format.md").read_text(encoding="utf-8")
    assert table() in text, "run: python -m engine.runs.event_table, and put that into docs/file-format.md"
    assert all(f"`{each.name}`" in table() for kind in KINDS.values() for each in fields(kind) if each.name != "t_s")


def test_a_line_reads_as_the_contract_says():
    step = StepDone(3, (0.5, math.nan), 1.25, 0.001, 800.0, t_s=2.5)
    assert json.loads(encode(step)) == {
        "event": "StepDone", "t_s": 2.5, "first_step": 3, "losses": [0.5, "nan"], "epoch": 1.25, "lr": 0.001,
        "samples_per_s": 800.0,
    }  # fmt: skip
    done = Finished("completed", 2, {"val_loss": math.inf}, {"val_loss": 0.25}, 1)
    assert json.loads(encode(done))["metrics"] == {"val_loss": "inf"}


@pytest.mark.parametrize(
    "line",
    [
        "",
        "{",
        "null",
        "[]",
        '"Started"',
        "{}",
        '{"event": 3}',
        '{"event": ["Paused"]}',
        '{"event": "Teleported", "t_s": 1.0}',
        '{"event": "StepDone"}',
        '{"event": "StepDone", "first_step": "x", "losses": [], "epoch": 1, "lr": 1, "samples_per_s": 1}',
        '{"event": "Finished", "reason": "bored", "epochs": 1, "metrics": {}, "best": {}}',
        '{"event": "Paused", "t_s": 1e999}',
        '{"event": "Paused", "t_s": NaN}',
        '{"event": "Problem", "code": "\\ud800", "severity": "error", "message": ""}',
        "[" * 100_000,
        '{"event":' * 100_000,
    ],
)
def test_what_is_no_event_is_none(line):
    assert decode(line) is None


def test_bytes_that_are_no_text_are_no_event():
    assert decode(b"\xff\xfe") is None
    assert decode(b'{"event": "Paused\xff"}') is None


def test_names_in_an_old_encoding_do_not_stop_the_run():
    names = ("caf\udce9", "ok")
    assert decode(encode(Confusion(((1, 0), (0, 1)), names))).class_names == ("caf?", "ok")


def test_a_problem_carries_a_diagnostic():
    wrong = Diagnostic("S001", "error", "expects 3 channels, got 1", "Set in_channels.", "stem.conv1", "input")
    event = Problem.of(wrong, t_s=4.0)
    assert (event.t_s, decode(encode(event)).diagnostic()) == (4.0, wrong)


# The tail


def lines(*events: Event) -> bytes:
    return "".join(encode(event) + "\n" for event in events).encode()


def steps(first: int, last: int) -> list[Event]:
    return [StepDone(n, (float(n),), n / 10, 0.1, 9.0, t_s=n / 20) for n in range(first, last + 1)]


def test_a_tail_gives_each_event_once(tmp_path):
    path = tmp_path / "events.jsonl"
    tail = Tail(path)
    assert tail.read() == NewEvents([])
    path.write_bytes(lines(*steps(1, 3)))
    assert tail.read() == NewEvents(steps(1, 3))
    assert tail.read() == NewEvents([])
    durable.append(path, lines(*steps(4, 5)))
    assert tail.read() == NewEvents(steps(4, 5))
    assert tail.offset == path.stat().st_size


def test_a_partial_line_waits_until_it_is_complete(tmp_path):
    path = tmp_path / "events.jsonl"
    data = lines(*steps(1, 2))
    tail, events = Tail(path), []
    for end in range(len(data) + 1):
        path.write_bytes(data[:end])
        new = tail.read()
        assert not new.again
        events += new.events
    assert events == steps(1, 2)


def test_a_file_that_was_cut_back_is_read_again(tmp_path):
    path = tmp_path / "events.jsonl"
    path.write_bytes(lines(*steps(1, 5)))
    tail = Tail(path)
    tail.read()
    durable.cut(path, len(lines(*steps(1, 2))))
    assert tail.read() == NewEvents(steps(1, 2), again=True)
    assert tail.read() == NewEvents([])


def test_a_file_that_was_cut_back_and_has_grown_past_the_place_is_read_again(tmp_path):
    path = tmp_path / "events.jsonl"
    path.write_bytes(lines(*steps(1, 5)))
    tail = Tail(path)
    tail.read()
    later = [StepDone(n, (n / 2,), n / 10, 0.1, 9.0, t_s=n) for n in range(3, 30)]
    path.write_bytes(lines(*steps(1, 2), *later))
    assert tail.read() == NewEvents([*steps(1, 2), *later], again=True)


def test_the_events_of_a_removed_file_are_dropped_once(tmp_path):
    path = tmp_path / "events.jsonl"
    path.write_bytes(lines(*steps(1, 2)))
    tail = Tail(path)
    tail.read()
    path.unlink()
    assert tail.read() == NewEvents([], again=True)
    assert tail.read() == NewEvents([])
    path.write_bytes(lines(*steps(1, 1)))
    assert tail.read() == NewEvents(steps(1, 1))


def test_a_replaced_file_is_read_again(tmp_path):
    path = tmp_path / "events.jsonl"
    path.write_bytes(lines(*steps(1, 3)))
    tail = Tail(path)
    tail.read()
    durable.replace(path, lines(*steps(11, 13)))
    assert tail.read() == NewEvents(steps(11, 13), again=True)


def test_a_tail_may_begin_at_an_offset(tmp_path):
    path = tmp_path / "events.jsonl"
    path.write_bytes(lines(*steps(1, 4)))
    assert Tail(path, len(lines(*steps(1, 3)))).read() == NewEvents(steps(4, 4))
    assert Tail(path, 10**6).read() == NewEvents(steps(1, 4), again=True)


def test_a_tail_reads_a_bounded_amount_at_a_time(tmp_path):
    path = tmp_path / "events.jsonl"
    long = Started({"note": "x" * 5000}, "cpu", 1, 1, "h")
    path.write_bytes(lines(*steps(1, 50), long, *steps(51, 99)))
    tail, rounds, events = Tail(path), 0, []
    while new := tail.read(limit=1000).events:
        rounds += 1
        events += new
    assert events == [*steps(1, 50), long, *steps(51, 99)]
    assert rounds > 10


def test_broken_lines_and_unknown_events_are_passed_over(tmp_path):
    path = tmp_path / "events.jsonl"
    path.write_bytes(lines(*steps(1, 1)) + b'\0\0\0\n\n{"event": "Later"}\n' + lines(*steps(2, 2)))
    assert Tail(path).read() == NewEvents(steps(1, 2))
    assert decode_lines(path.read_bytes()) == steps(1, 2)


def test_a_long_run_is_read_whole(tmp_path):
    path = tmp_path / "events.jsonl"
    path.write_bytes(lines(*steps(1, 1000)) * 100)
    assert len(read_events(path)) == 100_000


@given(data=st.data())
def test_a_follower_ends_with_what_is_in_the_file_however_it_is_cut_and_grown(data, tmp_path_factory):
    path = tmp_path_factory.mktemp("run") / "events.jsonl"
    tail, events, now, clock = Tail(path), [], [], 0
    for _ in range(data.draw(st.integers(1, 8))):
        if data.draw(st.booleans()) and path.exists():
            now = now[: data.draw(st.integers(0, len(now)))]
            durable.cut(path, len(lines(*now)))
        for _ in range(data.draw(st.integers(0, 3))):
            clock += 1
            event = EpochDone(clock, {}, 1.0, t_s=float(clock))
            now = [*now, event]
            durable.append(path, lines(event))
        if data.draw(st.booleans()):
            new = tail.read(limit=data.draw(st.sampled_from((10, 100, 10_000))))
            events = new.events if new.again else [*events, *new.events]
    while new := tail.read():
        events = new.events if new.again else [*events, *new.events]
        if not new.again and not new.events:
            break
    assert events == now


def test_predictions_keep_whole_numbers_whole():
    event = Predictions((1, 2), (3, (1, 2.5)), ((0.5,), (1.0,)))
    assert decode(encode(event)).truth == (3, (1, 2.5))
    assert isinstance(decode(encode(event)).truth[0], int)
