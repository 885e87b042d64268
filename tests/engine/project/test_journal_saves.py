"""Journals when a document is saved, and which process has a document."""

import pytest

from engine.graph.edits import SetProject
from engine.graph.model import Graph, Node, Project
from engine.project import documents, durable, file
from engine.project.documents import claim, journal_place, key_of, lost_untitled, new_untitled
from engine.project.file import content_hash, dump
from engine.project.journal import Journal, Recovery
from engine.project.upgrade import VERSION
from tests.engine.project.journals import do, lines, raise_disk_full, reopen, the_width, width
from tests.fault import Crash


def test_saving_begins_a_new_journal(saved, home):
    live, _ = reopen(saved)
    do(live, width(3))
    live.save(saved)
    assert not list(home.rglob("*.jsonl"))
    do(live, width(4))
    live.close()
    again, recovery = reopen(saved)
    assert (the_width(file.read(saved)), the_width(again.project), recovery.edits) == (3, 4, 1)


def test_a_crash_between_saving_and_the_new_journal_is_no_alarm(saved, monkeypatch):
    live, _ = reopen(saved)
    do(live, width(3))

    def crash(self):
        raise Crash

    with monkeypatch.context() as patch:
        patch.setattr(Journal, "discard", crash)
        with pytest.raises(Crash):
            live.save(saved)
    live.close()

    again, recovery = reopen(saved)
    assert recovery == Recovery()
    do(again, width(4))
    again.close()
    last, recovery = reopen(saved)
    assert (recovery, the_width(last.project)) == (Recovery(1), 4)


def test_a_save_that_fails_keeps_the_journal(saved, monkeypatch):
    live, _ = reopen(saved)
    do(live, width(3))
    with monkeypatch.context() as patch:
        patch.setattr(durable, "replace", raise_disk_full)
        with pytest.raises(file.FileProblem, match="disk is full"):
            live.save(saved)
    do(live, width(4))
    live.close()
    assert the_width(reopen(saved)[0].project) == 4


def test_saving_under_another_name_moves_the_journal(saved, tmp_path, home):
    live, _ = reopen(saved)
    other = tmp_path / "other.loom"
    stranger = Journal(key_of(other), Project("what lay there before"))
    do(stranger, SetProject("name", "x"))
    stranger.close()
    do(live, width(3))

    live.save(other)
    do(live, width(4))
    live.close()

    assert not journal_place(key_of(saved)).exists()
    again, recovery = reopen(other)
    assert (recovery, the_width(again.project)) == (Recovery(1), 4)
    assert len(list(home.rglob("*.aside-1.jsonl"))) == 1


def test_an_untitled_document_comes_back_whole(tmp_path):
    key = new_untitled()
    project = Project("draft")
    project.graphs["Net"].nodes["conv1"] = Node("Conv2d", {"stride": 2})
    live = Journal(key, project)
    do(live, width(3))
    assert lost_untitled() == [key]
    with claim(key):
        assert lost_untitled() == []
    live.close()

    again, recovery = Journal.open(key, Project())
    assert (recovery.edits, dump(again.project)) == (1, dump(project))
    again.save(tmp_path / "named.loom")
    assert lost_untitled() == []
    assert file.read(tmp_path / "named.loom") == file.parse(dump(project), "it")


def test_one_process_has_a_document_by_whatever_path(saved, tmp_path):
    (tmp_path / "link.loom").symlink_to(saved)
    with claim(key_of(saved)) as lock:
        assert claim(key_of(tmp_path / "link.loom")) is None
        assert claim(key_of(tmp_path / "other.loom")) is not None
        lock.release()
        again = claim(key_of(tmp_path / ".." / tmp_path.name / "net.loom"))
        assert again is not None
        again.release()


def test_a_state_folder_that_cannot_be_made_is_reported(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("TORCHLOOM_HOME", str(tmp_path / "file"))
    with pytest.raises(file.FileProblem, match="Cannot lock"):
        claim(documents.new_untitled())


@pytest.mark.parametrize("is_untitled", [True, False])
def test_a_journal_of_version_1_is_replayed(tmp_path, is_untitled):
    path = tmp_path / "net.loom"
    key = new_untitled() if is_untitled else key_of(path)
    project = Project("net", graphs={"Net": Graph({"conv1": Node("Conv2d")})}, version=1)
    path.write_text(dump(project))
    old = Journal(key, project)
    do(old, width(8), width(16))
    old.close()
    journal, recovery = Journal.open(key, Project() if is_untitled else file.read(path))
    assert (recovery.edits, recovery.aside) == (2, None)
    assert the_width(journal.project) == 16
    assert journal.project.version == VERSION
    journal.close()


@pytest.mark.parametrize("late", [True, False])
def test_a_journal_that_settles_late_starts_from_the_same(saved, late):
    key, project = key_of(saved), file.read(saved)
    journal, _ = Journal.open(key, project, settles=True)
    if not late:
        journal.settle()
    assert (journal._head is None) is late
    journal.settle()
    do(journal, width(7))
    journal.flush()
    journal.close()
    assert lines(saved)[0]["hash"] == content_hash(file.read(saved))
    again, recovery = reopen(saved)
    assert (recovery.edits, recovery.aside, the_width(again.project)) == (1, None, 7)


def test_a_journal_that_settles_late_recovers_after_a_crash(saved):
    do(reopen(saved)[0], width(7))
    journal, recovery = Journal.open(key_of(saved), file.read(saved), settles=True)
    assert (recovery.edits, recovery.aside, the_width(journal.project)) == (1, None, 7)
    do(journal, width(8))
    journal.close()
    assert the_width(reopen(saved)[0].project) == 8


def test_after_a_save_a_journal_starts_from_what_was_saved(saved):
    journal, _ = Journal.open(key_of(saved), file.read(saved), settles=True)
    journal.settle()
    do(journal, width(7))
    journal.save(saved)
    do(journal, width(9))
    journal.close()
    assert lines(saved)[0]["hash"] == content_hash(file.read(saved))
    assert the_width(reopen(saved)[0].project) == 9
