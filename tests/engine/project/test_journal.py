from copy import deepcopy
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.catalog.index import layers
from engine.graph.compose import change_kind, new_node
from engine.graph.edits import AddNode, Batch, EditError, MoveNodes, RemoveNode, SetNode, SetProject
from engine.graph.model import Graph, Node, Project
from engine.project import durable, file, journal
from engine.project.documents import journal_place, key_of, new_untitled
from engine.project.file import content_hash, dump
from engine.project.journal import Journal, Recovery
from tests.engine.project.journals import do, lines, raise_disk_full, reopen, the_width, width
from tests.fault import Crash, sweep
from tests.strategies import edits, projects


@given(st.data(), projects(max_steps=3))
def test_replaying_the_journal_gives_the_document(data, project):
    key = new_untitled() if data.draw(st.booleans()) else f"/documents/{next(NUMBERS)}.loom"
    project = file.parse(dump(project), "it")  # as it was opened: a file also has required values
    saved = deepcopy(project)
    live, undone = Journal(key, project), []
    for _ in range(data.draw(st.integers(0, 8))):
        edit = undone.pop() if undone and data.draw(st.booleans()) else data.draw(edits(project))
        try:
            undone.append(edit.apply(project))
        except EditError:
            continue
        live.record(edit)
        if data.draw(st.booleans()):
            live.flush()
    live.flush()
    live.close()

    again, recovery = Journal.open(key, file.parse(dump(saved), "it"))

    assert not recovery.reason
    assert dump(again.project) == dump(project)
    again.discard()


@pytest.mark.parametrize("kind", [kind for kind, declared in layers().items() if declared.role != "block"])
def test_a_node_that_becomes_another_is_the_same_when_it_was_saved_before(kind):
    """A file has all values that torch requires."""
    project = Project(graphs={"Net": Graph({"node": new_node(kind)})})
    live = Journal(f"/documents/{next(NUMBERS)}.loom", project)
    saved = file.parse(dump(project), "it")
    edit = change_kind(project, "Net", "node", "Conv2d" if kind != "Conv2d" else "MaxPool2d")
    edit.apply(project)
    live.record(edit)
    live.close()

    again, _ = Journal.open(live._key, saved)

    assert dump(again.project) == dump(project)
    again.discard()


NUMBERS = count()


def test_a_journal_survives_any_fault_with_the_first_edits(tmp_path, monkeypatch):
    numbers = count()
    project = Project()
    project.graphs["Net"].nodes["conv1"] = Node("Conv2d")
    changes = [
        width(1),
        width(2, gesture=1),
        width(3, gesture=1),
        RemoveNode("Net", "conv1"),
        SetProject("name", "end"),
    ]
    states = [dump(project)]
    for edit in changes:
        edit.apply(after := file.parse(states[-1], "it"))
        states.append(dump(after))

    def prepare():
        root = tmp_path / str(next(numbers))
        root.mkdir()
        monkeypatch.setenv("TORCHLOOM_HOME", str(root))
        return root

    def draw(_root) -> None:
        live, _ = Journal.open("/net.loom", deepcopy(project))
        try:
            do(live, *changes)
            live.flush()
        finally:
            live._pending = None
            if live._file:
                live._file = None  # the system closes a dead process's files

    for case in sweep(prepare, draw):
        again, recovery = Journal.open("/net.loom", deepcopy(project))
        assert not recovery.reason, case
        assert dump(again.project) in states, case
        if case.error is None:
            assert dump(again.project) == states[-1], case
        if not isinstance(case.error, Crash) and case.error is not None:
            assert "write the journal" in str(case.error), case
        do(again, SetProject("name", "after"))  # and editing can continue
        again.flush()
        again.close()
        last, recovery = Journal.open("/net.loom", deepcopy(project))
        assert (last.project.name, recovery.reason) == ("after", ""), case


def test_an_edit_reaches_the_system_at_once_and_the_disk_at_the_flush(saved, monkeypatch):
    synced = []
    monkeypatch.setattr(durable.Appender, "sync", lambda self: synced.append(self.offset))
    live, _ = reopen(saved)
    do(live, width(3))
    assert [line.get("edit") for line in lines(saved)] == [None, "SetParam"]
    assert synced == []
    live.flush()
    assert synced == [journal_place(key_of(saved)).stat().st_size]
    assert journal.FLUSH_S < 0.25


def test_nothing_is_written_before_the_first_edit(saved, home):
    live, recovery = reopen(saved)
    live.flush()
    live.close()
    assert recovery == Recovery()
    assert not list(home.rglob("*.jsonl"))


def test_a_drag_is_one_line_a_flush(saved):
    live, _ = reopen(saved)
    for number in range(100):
        do(live, width(number, gesture=7))
    live.flush()
    for number in range(100, 200):
        do(live, width(number, gesture=7))
    do(live, width(5, gesture=8))
    live.flush()
    assert [line["value"] for line in lines(saved)[1:]] == [99, 199, 5]


def test_undoing_is_recorded_as_an_edit(saved):
    live, _ = reopen(saved)
    edit = width(3)
    inverse = edit.apply(live.project)
    live.record(edit)
    do(live, inverse)
    live.close()
    again, recovery = reopen(saved)
    assert recovery.edits == 2
    assert content_hash(again.project) == content_hash(file.read(saved))


def test_a_partial_last_line_is_dropped_and_not_joined_to_the_next(saved):
    live, _ = reopen(saved)
    do(live, width(3), width(4))
    live.close()
    place = journal_place(key_of(saved))
    place.write_bytes(place.read_bytes()[:-5])

    again, recovery = reopen(saved)
    assert (recovery, the_width(again.project)) == (Recovery(1), 3)
    do(again, width(5))
    again.close()
    assert the_width(reopen(saved)[0].project) == 5


def test_a_file_changed_by_another_program_keeps_its_own_content(saved):
    live, _ = reopen(saved)
    do(live, width(3))
    live.close()
    other = file.read(saved)
    other.name = "changed elsewhere"
    file.write(saved, other)

    again, recovery = reopen(saved)

    assert again.project == other
    assert recovery.edits == 0
    assert recovery.reason == "the file has been changed since by another program."
    assert b'"out_channels"' in recovery.aside.read_bytes()
    assert not journal_place(key_of(saved)).exists()
    assert reopen(saved)[1] == Recovery()  # reported once


@pytest.mark.parametrize(
    "damage",
    [
        b"\xff\xfe\n",
        b"[]\n",
        b"nonsense\n",
        b'{"edit": "Explode"}\n',
        b'{"edit": "RemoveNode", "graph": "Net", "name": "ghost"}\n',
        b'{"edit": "SetParam", "graph": "Net"}\n',
        b"[" * 10_000 + b"\n",
        b"\n",
    ],
)
def test_a_damaged_line_ends_the_replay_and_is_reported(saved, damage):
    live, _ = reopen(saved)
    do(live, width(3), width(4), width(5))
    live.close()
    place = journal_place(key_of(saved))
    whole = place.read_bytes().splitlines(keepends=True)
    place.write_bytes(b"".join([*whole[:3], damage, *whole[3:]]))
    damaged = place.read_bytes()

    again, recovery = reopen(saved)

    assert (recovery.edits, the_width(again.project)) == (2, 4)
    assert recovery.reason
    assert recovery.aside.read_bytes() == damaged
    do(again, width(6))
    again.close()
    last, recovery = reopen(saved)
    assert (recovery, the_width(last.project)) == (Recovery(1), 6)


@pytest.mark.parametrize("head", [b"", b"\n", b"{}\n", b'{"journal": 99, "hash": "x"}\n', b"\0" * 50 + b"\n", b"[1]\n"])
def test_what_is_no_journal_is_put_aside(saved, head):
    live, _ = reopen(saved)
    do(live, width(3))
    live.close()
    place = journal_place(key_of(saved))
    place.write_bytes(head + b"".join(place.read_bytes().splitlines(keepends=True)[1:]))
    again, recovery = reopen(saved)
    assert the_width(again.project) == the_width(file.read(saved))
    assert recovery.aside.exists()
    assert recovery.reason


def test_only_a_few_journals_are_kept_aside(saved, home):
    for number in range(12):
        live, _ = reopen(saved)
        do(live, width(number))
        live.close()
        journal_place(key_of(saved)).write_bytes(b"%d\n" % number)
    reopen(saved)
    asides = sorted(path.read_bytes() for path in home.rglob("*.aside-*"))
    assert asides == sorted(b"%d\n" % number for number in range(7, 12))


def test_a_full_disk_makes_no_gap(saved, monkeypatch):
    live, _ = reopen(saved)
    do(live, width(3))
    with monkeypatch.context() as patch:
        patch.setattr(durable, "_write", raise_disk_full)
        for _ in range(2):
            with pytest.raises(file.FileProblem, match=r"Cannot write the journal .*: the disk is full"):
                do(live, AddNode("Net", f"relu{len(live.project.graphs['Net'].nodes)}", Node("ReLU")))
    do(
        live,
        AddNode("Net", "late", Node("ReLU")),
        MoveNodes("Net", {"relu1": (3.0, 4.0)}),
        SetNode("Net", "relu2", "bypass", value=True),
    )
    live.close()
    again, recovery = reopen(saved)
    assert not recovery.reason
    assert again.project == live.project


def test_a_flush_writes_what_a_full_disk_refused(saved, monkeypatch):
    live, _ = reopen(saved)
    with monkeypatch.context() as patch:
        patch.setattr(durable, "_write", raise_disk_full)
        with pytest.raises(file.FileProblem):
            do(live, width(3))
    live.flush()
    live.close()
    assert the_width(reopen(saved)[0].project) == 3


def test_a_long_journal_is_replaced_by_one_with_the_document(saved, monkeypatch):
    monkeypatch.setattr(journal, "LONGEST", 2_000)
    live, _ = reopen(saved)
    for number in range(200):
        do(live, width(number), Batch("both", (width(number + 1), width(number))))
    live.close()
    assert journal_place(key_of(saved)).stat().st_size < 4_000
    assert the_width(reopen(saved)[0].project) == 199
