"""A crash loses nothing; a large edit is not lost and not repeated."""

import pytest

from engine.errors import FileProblem
from engine.graph.edits import AddNode, Batch
from engine.graph.model import Node, Project
from engine.project import documents, durable, file
from engine.project.templates import template
from gui.files.recovery import discard, unsaved_projects
from tests.gui.files.workspace import crash, make_workspace, saved_nodes


def test_unsaved_steps_are_recovered(workspace, other, path):
    workspace.files.open(path)
    workspace.edit("one")
    workspace.edit("two")
    workspace.document.history.undo()
    crash(workspace)

    assert other.files.open(path)

    assert "one" in other.nodes
    assert "two" not in other.nodes
    assert other.document.modified
    assert "3 unsaved changes" in other.notices.by_topic["recovered"].text
    assert "one" not in saved_nodes(path)


def test_recovered_steps_are_saved_or_discarded(workspace, other, path):
    workspace.files.open(path)
    workspace.edit()
    crash(workspace)
    other.files.open(path)
    dict(other.notices.by_topic["recovered"].choices)["Discard"]()
    assert "extra" not in other.nodes
    assert not other.document.modified
    assert not other.notices.by_topic

    other.edit("later")
    crash(other)
    third = make_workspace()
    third.files.open(path)
    dict(third.notices.by_topic["recovered"].choices)["Save"]()
    assert "later" in saved_nodes(path)
    assert not third.notices.by_topic
    third.files.close()


def test_an_untitled_project_is_recovered(workspace, other):
    workspace.files.new(Project(name="sketch"))
    workspace.edit()
    crash(workspace)

    (left,) = unsaved_projects([])
    assert (left.name, left.path) == ("sketch", None)
    assert other.files.recover(left.key)

    assert "extra" in other.nodes
    assert other.document.modified
    assert unsaved_projects([]) == []


def test_undone_steps_are_not_recovered(workspace, other, path):
    workspace.files.open(path)
    workspace.edit()
    workspace.document.history.undo()
    crash(workspace)
    other.files.open(path)
    assert not other.document.modified
    assert not other.notices.by_topic


def test_unsaved_changes_of_recent_files_are_listed(workspace, path):
    workspace.files.open(path)
    workspace.edit()
    crash(workspace)
    assert [each.path for each in unsaved_projects([str(path), str(path.with_name("none.loom"))])] == [path]
    discard(unsaved_projects([str(path)])[0])
    assert unsaved_projects([str(path)]) == []


def test_an_open_project_is_not_listed_as_unsaved(workspace, path):
    workspace.files.new(Project())
    workspace.edit()
    assert unsaved_projects([]) == []


def test_closing_leaves_no_journal(workspace, path):
    workspace.files.open(path)
    workspace.edit()
    workspace.files.close()
    assert unsaved_projects([str(path)]) == []


def test_steps_that_do_not_fit_the_file_any_more_are_kept_aside(workspace, other, path):
    workspace.files.open(path)
    workspace.edit()
    crash(workspace)
    path.write_text(template("iris-mlp").text())
    other.files.open(path)
    assert "conv1" not in other.nodes
    assert "no longer match" in other.notices.by_topic["aside"].text


def test_edits_are_on_disk_soon(workspace, path, qtbot):
    workspace.files.open(path)
    with qtbot.waitSignal(workspace.files.journaling.flushed):
        workspace.edit()
    assert b"extra" in documents.journal_place(documents.key_of(path)).read_bytes()


def test_a_journal_that_fails_is_reported_and_caught_up(workspace, path, monkeypatch):
    workspace.files.open(path)

    def fail(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(durable.Appender, "write", fail)
        workspace.edit("one")
        assert "save now" in workspace.notices.by_topic["journal"].text
        workspace.edit("two")

    workspace.edit("three")
    workspace.files.journaling.flush()
    assert "journal" not in workspace.notices.by_topic
    crash(workspace)
    again = make_workspace()
    again.files.open(path)
    assert {"one", "two", "three"} <= again.nodes
    again.files.close()


def test_without_a_state_folder_a_file_is_still_edited_and_saved(workspace, path, monkeypatch):
    def refuse(_):
        raise FileProblem("The state folder cannot be written to.")

    monkeypatch.setattr(documents, "claim", refuse)
    assert workspace.files.open(path)
    assert "save now" in workspace.notices.by_topic["journal"].text
    workspace.edit()
    assert workspace.files.save()
    assert "extra" in saved_nodes(path)


MANY = Batch("Add many", tuple(AddNode("Net", f"many{number}", Node("ReLU")) for number in range(400)))


@pytest.mark.parametrize("then", ["nothing", "turn", "undo", "edit", "undo and redo", "save", "save as", "keep mine"])
def test_a_large_edit_is_neither_lost_nor_repeated(workspace, other, path, tmp_path, qtbot, then):
    workspace.files.open(path)
    assert workspace.document.do(MANY)
    match then:
        case "turn":
            qtbot.waitUntil(lambda: not workspace.files.journaling._unwritten)
        case "undo":
            workspace.document.history.undo()
        case "edit":
            workspace.edit("later")
        case "undo and redo":
            workspace.document.history.undo()
            workspace.document.history.redo()
        case "save":
            assert workspace.files.save()
            workspace.edit("later")
        case "save as":
            path = tmp_path / "elsewhere.loom"
            assert workspace.files.save_to(path)
            workspace.edit("later")
        case "keep mine":
            workspace.files.keep_mine()
    expected, steps = file.dump(workspace.document.project), workspace.document.history.index()
    workspace.files.leave_recoverable()
    assert other.files.open(path)
    assert file.dump(other.document.project) == expected
    assert other.document.history.index() == (steps if then != "keep mine" else 0)


def test_a_large_edit_of_a_document_that_is_left_reaches_no_other(workspace, other, path, tmp_path, qtbot):
    workspace.files.open(path)
    workspace.document.do(MANY)
    workspace.answers.first = False  # not saved
    second = tmp_path / "second.loom"
    file.write(second, Project())
    assert workspace.files.open(second)
    qtbot.wait(30)
    workspace.files.leave_recoverable()
    assert other.files.open(second)
    assert not other.document.modified
    assert other.nodes == set()
