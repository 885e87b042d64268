"""The open file: no change is lost without a question or by a crash, and no other window's document is written."""

import json
import os
from dataclasses import dataclass
from pathlib import Path

import pytest

from engine.errors import FileProblem
from engine.graph.edits import AddNode, Batch, SetData, SetParam
from engine.graph.model import Data, Node, Project
from engine.project import documents, durable, file
from engine.project.templates import template
from gui.files.open_file import Files
from gui.files.recovery import discard, unsaved_projects
from gui.preferences.preferences import Preferences
from gui.state.document import Document
from gui.state.notices import Notice, Notices
from tests.fault import shut
from tests.gui.answers import Answers


@dataclass
class Workspace:
    document: Document
    files: Files
    settings: Preferences
    notices: Notices
    answers: Answers

    def edit(self, name="extra"):
        assert self.document.do(AddNode("Net", name, Node("ReLU")))

    @property
    def nodes(self):
        return set(self.document.project.graphs["Net"].nodes)


def make_workspace() -> Workspace:
    document, settings, notices, answers = Document(), Preferences(), Notices(), Answers()
    return Workspace(document, Files(document, settings, notices, answers), settings, notices, answers)


@pytest.fixture
def workspace(qapp):
    workspace = make_workspace()
    yield workspace
    workspace.files.close()


@pytest.fixture
def other(qapp):
    """A second window."""
    other = make_workspace()
    yield other
    other.files.close()


@pytest.fixture
def path(tmp_path) -> Path:
    path = tmp_path / "mine.loom"
    path.write_text(template("digits-cnn").text())
    return path


def saved_nodes(path):
    return set(file.read(path).graphs["Net"].nodes)


# Opening


def test_a_file_is_opened(workspace, path, qtbot):
    with qtbot.waitSignals([workspace.document.replaced, workspace.files.document_opened]):
        assert workspace.files.open(path)
    assert workspace.document.path == path
    assert not workspace.document.modified
    assert workspace.settings.values.recent == [str(path)]
    assert not workspace.notices.by_topic


def test_a_file_that_cannot_be_read_leaves_all_as_it_was(workspace, path, tmp_path):
    workspace.files.open(path)
    broken = tmp_path / "broken.loom"
    broken.write_text("{")
    assert not workspace.files.open(broken)
    assert not workspace.files.open(tmp_path / "nothing.loom")
    assert workspace.document.path == path
    assert [type(each) for each in workspace.answers.errors] == [FileProblem, FileProblem]


def test_an_impossible_file_name_is_reported(workspace, path, tmp_path):
    """As a URL that is dragged in can contain it."""
    workspace.files.open(path)
    assert not workspace.files.open(tmp_path / "a\0b.loom")
    assert "cannot be the name of a file" in workspace.answers.errors[0].message
    assert workspace.document.path == path


def test_opening_the_open_file_again_keeps_the_changes(workspace, path):
    workspace.files.open(path)
    workspace.edit()
    assert workspace.files.open(path)
    assert "extra" in workspace.nodes


def test_a_newer_format_is_shown_and_not_written(workspace, path):
    raw = json.loads(path.read_text())
    path.write_text(json.dumps(raw | {"version": 99, "surprise": 1}))
    before = path.read_bytes()
    assert workspace.files.open(path)
    assert workspace.document.read_only
    assert "newer Torchloom" in workspace.notices.by_topic["read_only"].text
    assert not workspace.document.do(SetParam("Net", "conv1", "out_channels", 3))

    workspace.answers.place = path.with_name("copy.loom")
    assert not workspace.files.save()

    assert path.read_bytes() == before
    assert not workspace.answers.place.exists()


def test_a_second_window_reads_only_and_may_save_a_copy(workspace, other, path):
    workspace.files.open(path)
    assert other.files.open(path)
    assert other.document.read_only
    assert "another window" in other.notices.by_topic["read_only"].text
    assert [label for label, _ in other.notices.by_topic["read_only"].choices] == ["Save a copy..."]

    other.answers.place = path.with_name("copy.loom")
    assert other.files.save()

    assert not other.document.read_only
    assert not other.notices.by_topic
    other.edit()
    assert other.files.save()
    assert "extra" in saved_nodes(other.answers.place)
    assert "extra" not in saved_nodes(path)


def test_a_document_that_another_window_closes_can_be_changed_here(workspace, other, path):
    workspace.files.open(path)
    other.files.open(path)
    other.files.check_disk()
    assert "read_only" in other.notices.by_topic  # it is still open there
    workspace.edit()
    assert workspace.files.save()
    workspace.files.new(Project())
    other.files.check_disk()  # as when the user comes back to the window
    assert not other.document.read_only
    assert not other.notices.by_topic
    assert "extra" in other.nodes  # with what was saved there
    other.edit("mine")
    assert other.files.save()
    assert "mine" in saved_nodes(path)


def csv(name) -> SetData:
    return SetData(Data("Csv", {"path": str(name), "target": "kind"}))


def test_the_first_save_makes_the_path_of_the_data_relative(workspace, tmp_path):
    table = tmp_path / "data" / "iris.csv"
    table.parent.mkdir()
    table.write_text("a,kind\n1,x\n")
    workspace.files.new(Project())
    workspace.document.do(csv(table))
    assert workspace.files.save_to(tmp_path / "mine.loom")
    assert workspace.document.project.data.params == {"path": "data/iris.csv", "target": "kind"}
    assert file.read(tmp_path / "mine.loom").data.params["path"] == "data/iris.csv"
    assert not workspace.document.modified


def test_data_elsewhere_keeps_its_whole_path(workspace, tmp_path):
    table = tmp_path / "elsewhere" / "iris.csv"
    workspace.files.new(Project())
    workspace.document.do(csv(table))
    (tmp_path / "project").mkdir()
    assert workspace.files.save_to(tmp_path / "project" / "mine.loom")
    assert workspace.document.project.data.params["path"] == str(table)


def test_a_copy_in_another_folder_finds_the_same_data(workspace, tmp_path, path):
    workspace.files.open(path)
    workspace.document.do(csv("iris.csv"))
    (tmp_path / "sub").mkdir()
    assert workspace.files.save_to(tmp_path / "sub" / "copy.loom")
    assert workspace.document.project.data.params["path"] == str(tmp_path / "iris.csv")
    assert workspace.files.save_to(tmp_path / "other.loom")
    assert workspace.document.project.data.params["path"] == str(
        tmp_path / "iris.csv"
    )  # named by its whole path: it stays


def test_no_undo_after_a_save_elsewhere_loses_the_data(workspace, tmp_path, path):
    workspace.files.open(path)
    before = workspace.document.project.data
    workspace.document.do(Batch("Use and stretch", (csv("iris.csv"), csv("data/iris.csv"))))
    workspace.edit("extra")
    workspace.document.do(csv("data/iris.csv"))
    workspace.document.history.undo()
    (tmp_path / "sub").mkdir()
    assert workspace.files.save_to(tmp_path / "sub" / "copy.loom")
    there = str(tmp_path / "data" / "iris.csv")
    assert workspace.document.project.data.params["path"] == there
    workspace.document.history.undo()
    assert "extra" not in workspace.nodes
    assert workspace.document.project.data.params["path"] == there
    workspace.document.history.undo()
    assert workspace.document.project.data == before
    while workspace.document.history.canRedo():
        workspace.document.history.redo()
        assert workspace.document.project.data.params["path"] == there


def test_a_path_typed_before_there_is_a_project_folder_stays_valid(workspace, tmp_path, monkeypatch):
    (tmp_path / "here" / "sub").mkdir(parents=True)
    (tmp_path / "here" / "iris.csv").write_text("a,kind\n1,x\n")
    monkeypatch.chdir(tmp_path / "here")
    workspace.files.new(Project())
    workspace.document.do(csv("iris.csv"))
    assert workspace.files.save_to(tmp_path / "here" / "sub" / "mine.loom")
    assert workspace.document.project.data.params["path"] == str(tmp_path / "here" / "iris.csv")
    workspace.files.new(Project())
    workspace.document.do(csv("later.csv"))  # of nothing that is there yet, so it may be meant beside the project
    assert workspace.files.save_to(tmp_path / "here" / "sub" / "other.loom")
    assert workspace.document.project.data.params["path"] == "later.csv"


def test_a_path_below_the_home_of_an_unknown_user_stays_as_it_is(workspace, tmp_path):
    workspace.files.new(Project())
    workspace.document.do(csv("~someone-unknown/iris.csv"))
    assert workspace.files.save_to(tmp_path / "mine.loom")
    (tmp_path / "sub").mkdir()
    assert workspace.files.save_to(tmp_path / "sub" / "other.loom")
    assert workspace.document.project.data.params["path"] == str(tmp_path / "~someone-unknown" / "iris.csv")


def test_a_copy_of_a_project_that_is_open_elsewhere_finds_the_same_data(workspace, other, tmp_path, path):
    workspace.files.open(path)
    workspace.document.do(csv("iris.csv"))
    assert workspace.files.save()
    assert other.files.open(path)
    assert other.document.read_only
    (tmp_path / "sub").mkdir()
    assert other.files.save_to(tmp_path / "sub" / "copy.loom")
    assert file.read(tmp_path / "sub" / "copy.loom").data.params["path"] == str(tmp_path / "iris.csv")
    assert not other.document.modified


def test_a_save_that_fails_keeps_the_paths_of_the_data(workspace, tmp_path, monkeypatch):
    workspace.files.new(Project())
    workspace.document.do(csv(tmp_path / "iris.csv"))

    def fails(*_):
        raise FileProblem("no")

    monkeypatch.setattr(file, "put", fails)
    assert not workspace.files.save_to(tmp_path / "mine.loom")
    assert workspace.document.project.data.params["path"] == str(tmp_path / "iris.csv")
    workspace.document.history.undo()
    workspace.document.history.redo()
    assert workspace.document.project.data.params["path"] == str(tmp_path / "iris.csv")


def test_ownership_passes_to_the_next_window(workspace, other, path):
    workspace.files.open(path)
    workspace.files.new(Project())
    assert other.files.open(path)
    assert not other.document.read_only


def test_a_file_that_is_open_elsewhere_is_not_overwritten(workspace, other, path):
    other.files.open(path)
    workspace.files.new(Project())
    workspace.edit()
    assert not workspace.files.save_to(path)
    assert "another window" in workspace.answers.errors[0].message
    assert "conv1" in saved_nodes(path)


def test_notices_about_a_document_go_when_another_is_opened(workspace, path):
    workspace.files.open(path)
    for notice in (Notice("exported", "Exported to here"), Notice("lost", "A project was left", stays=True)):
        workspace.notices.put(notice)
    workspace.files.reload()
    assert list(workspace.notices.by_topic) == ["exported", "lost"]  # it is the same one
    workspace.files.new(Project())
    assert list(workspace.notices.by_topic) == ["lost"]


# Saving


def test_saving_writes_the_file(workspace, path):
    workspace.files.open(path)
    workspace.edit()
    assert workspace.files.save()
    assert "extra" in saved_nodes(path)
    assert not workspace.document.modified


def test_an_untitled_document_asks_for_a_path(workspace, tmp_path):
    workspace.files.new(Project())
    workspace.edit()
    assert not workspace.files.save()

    workspace.answers.place = tmp_path / "fresh"
    assert workspace.files.save()

    assert workspace.document.path == tmp_path / "fresh.loom"
    assert file.read(tmp_path / "fresh.loom").name == "fresh"
    assert not workspace.document.modified


def test_saving_elsewhere_leaves_the_former_file(workspace, path):
    workspace.files.open(path)
    workspace.edit()
    assert workspace.files.save_to(path.with_name("second.loom"))
    assert "extra" not in saved_nodes(path)
    assert "extra" in saved_nodes(path.with_name("second.loom"))
    assert not documents.journal_place(documents.key_of(path)).exists()


def test_a_disk_that_fails_loses_nothing(workspace, path, monkeypatch):
    workspace.files.open(path)
    workspace.edit()
    before = path.read_bytes()

    def fail(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(durable, "replace", fail)
        assert not workspace.files.save()
        assert not workspace.files.save_to(path.with_name("second.loom"))

    assert path.read_bytes() == before
    assert workspace.document.modified
    assert workspace.document.path == path
    assert workspace.document.project.name == "digits-cnn"
    assert workspace.files.save()
    assert "extra" in saved_nodes(path)


def test_a_write_protected_file_and_the_changes_are_kept(workspace, path):
    workspace.files.open(path)
    workspace.edit()
    path.chmod(0o444)
    assert not workspace.files.save()
    assert "it is write-protected. Choose another name" in str(workspace.answers.errors[0])
    assert workspace.document.modified
    assert "extra" not in saved_nodes(path)
    path.chmod(0o644)
    assert workspace.files.save()
    assert "extra" in saved_nodes(path)


@pytest.mark.skipif(os.name == "nt", reason="there are no pipes among files there")
def test_a_pipe_is_neither_waited_for_nor_replaced(workspace, tmp_path):
    pipe = tmp_path / "pipe.loom"
    os.mkfifo(pipe)
    workspace.files.new(Project(name="sketch"))
    assert not workspace.files.save_to(pipe)
    assert not workspace.files.open(pipe)
    assert all("it is a pipe, not a file. Choose a file" in str(each) for each in workspace.answers.errors)
    assert len(workspace.answers.errors) == 2
    assert pipe.is_fifo()
    assert workspace.document.project.name == "sketch"
    assert workspace.document.path is None


# Leaving


@pytest.mark.parametrize(
    ("answer", "leaves", "is_saved"), [(True, True, True), (False, True, False), (None, False, False)]
)
def test_unsaved_changes_are_asked_about(workspace, path, answer, leaves, is_saved):
    workspace.files.open(path)
    workspace.edit()
    workspace.answers.first = answer
    assert workspace.files.new(Project()) is leaves
    assert workspace.answers.questions == 1
    assert ("extra" in saved_nodes(path)) is is_saved
    assert ("extra" in workspace.nodes) is not leaves


def test_a_save_that_fails_keeps_the_document(workspace):
    workspace.files.new(Project())
    workspace.edit()
    workspace.answers.first = True  # but no place is given
    assert not workspace.files.new(Project())
    assert "extra" in workspace.nodes


def test_nothing_is_asked_where_nothing_is_unsaved(workspace, path):
    workspace.files.open(path)
    workspace.edit()
    workspace.document.history.undo()
    assert workspace.files.new(Project())
    assert not workspace.answers.questions


# After a crash


def crash(workspace):
    """The window ends without closing the file; the system releases its locks."""
    workspace.files.leave_recoverable()


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
    assert "3 unsaved steps" in other.notices.by_topic["recovered"].text
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
    assert "do not fit" in other.notices.by_topic["aside"].text


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


# Changed by others


def changed_on_disk(workspace, path, qtbot):
    with qtbot.waitSignal(workspace.notices.changed):
        durable.replace(path, template("iris-mlp").text().encode())
        workspace.files.check_disk()


def test_saving_does_not_answer_the_question_about_a_change_on_disk(workspace, path, qtbot):
    workspace.files.open(path)
    workspace.edit()
    theirs = template("iris-mlp").text()
    path.write_text(theirs)
    for _ in range(3):  # as when Ctrl+S is pressed again
        assert not workspace.files.save()
    assert path.read_text() == theirs
    assert "disk" in workspace.notices.by_topic
    workspace.answers.first = True
    assert not workspace.files.may_leave()
    label, keep = workspace.notices.by_topic["disk"].choices[1]
    workspace.notices.take("disk")  # as pressing the button does
    keep()
    assert label == "Keep mine"
    assert workspace.files.save()
    assert "extra" in saved_nodes(path)


def test_a_change_on_disk_is_a_question(workspace, path, qtbot):
    workspace.files.open(path)
    changed_on_disk(workspace, path, qtbot)
    assert [label for label, _ in workspace.notices.by_topic["disk"].choices] == ["Reload from disk", "Keep mine"]
    assert "conv1" in workspace.nodes


def test_reloading_shows_the_file(workspace, path, qtbot):
    workspace.files.open(path)
    workspace.edit()
    changed_on_disk(workspace, path, qtbot)
    dict(workspace.notices.by_topic["disk"].choices)["Reload from disk"]()
    assert "conv1" not in workspace.nodes
    assert not workspace.document.modified
    assert not workspace.notices.by_topic


def test_keeping_mine_is_unsaved_and_survives_a_crash(workspace, other, path, qtbot):
    workspace.files.open(path)
    workspace.edit()
    changed_on_disk(workspace, path, qtbot)
    workspace.notices.take("disk")
    workspace.files.keep_mine()
    assert workspace.document.modified
    workspace.edit("later")
    crash(workspace)

    other.files.open(path)

    assert {"conv1", "extra", "later"} <= other.nodes
    assert "aside" not in other.notices.by_topic


def test_a_file_that_becomes_unreadable_is_reported(workspace, path):
    workspace.files.open(path)
    with shut(path.parent):
        workspace.files.check_disk()
    assert "The open version is the only one left" in workspace.notices.by_topic["disk"].text
    workspace.files.check_disk()
    assert not workspace.notices.by_topic
    assert not workspace.document.modified
    assert workspace.files.save()


def test_a_change_is_noticed_without_a_check(workspace, path, qtbot):
    workspace.files.open(path)
    with qtbot.waitSignal(workspace.notices.changed, timeout=10_000):
        durable.replace(path, template("iris-mlp").text().encode())
    assert "disk" in workspace.notices.by_topic


def test_a_removed_file_is_reported(workspace, path, qtbot):
    workspace.files.open(path)
    path.unlink()
    workspace.files.check_disk()
    assert f"is not in {path.parent} any more" in workspace.notices.by_topic["disk"].text
    assert workspace.document.modified
    dict(workspace.notices.by_topic["disk"].choices)["Save here again"]()
    assert "conv1" in saved_nodes(path)
    assert not workspace.notices.by_topic
    assert not workspace.answers.gone_from


def test_our_own_saving_is_not_reported(workspace, path):
    workspace.files.open(path)
    workspace.edit()
    workspace.files.save()
    workspace.files.check_disk()
    assert not workspace.notices.by_topic


@pytest.fixture
def far(tmp_path) -> Path:
    """A project in its own folder, which a test may move."""
    path = tmp_path / "work" / "mine.loom"
    path.parent.mkdir()
    path.write_text(template("digits-cnn").text())
    return path


@pytest.mark.parametrize("answer", [None, "here", "elsewhere"])
def test_a_renamed_folder_is_created_again_only_after_a_question(workspace, far, answer):
    """Whether or not the window noticed it by itself."""
    workspace.files.open(far)
    workspace.edit()
    moved = far.parent.rename(far.parent.with_name("renamed")) / far.name
    workspace.answers.again, workspace.answers.place = answer, moved

    assert workspace.files.save() is (answer is not None)

    assert workspace.answers.gone_from == [far]
    assert not workspace.answers.errors
    assert far.parent.exists() is (answer == "here")
    assert ("extra" in saved_nodes(moved)) is (answer == "elsewhere")
    assert workspace.document.path == (moved if answer == "elsewhere" else far)
    assert workspace.document.modified is (answer is None)


@pytest.mark.parametrize("notices_it", [True, False])
def test_a_file_that_came_back_needs_no_question(workspace, far, notices_it):
    workspace.files.open(far)
    moved = far.parent.rename(far.parent.with_name("renamed"))
    if notices_it:
        workspace.files.check_disk()
        assert "disk" in workspace.notices.by_topic
    moved.rename(far.parent)
    assert workspace.files.ensure_file_exists()
    assert not workspace.notices.by_topic
    assert not workspace.document.modified
    workspace.edit()
    assert workspace.files.save()
    assert not workspace.answers.gone_from


def test_changes_made_while_the_file_was_missing_stay_unsaved(workspace, far):
    workspace.files.open(far)
    moved = far.parent.rename(far.parent.with_name("renamed"))
    workspace.files.check_disk()
    workspace.edit()
    moved.rename(far.parent)
    workspace.files.check_disk()
    assert workspace.document.modified


def test_saving_asks_about_a_change_that_the_window_had_not_noticed(workspace, path):
    workspace.files.open(path)
    workspace.edit()
    durable.replace(path, template("iris-mlp").text().encode())
    assert not workspace.files.save()
    assert "disk" in workspace.notices.by_topic
    assert "conv1" not in saved_nodes(path)


# Large edits, which are recorded in the next turn of the event loop


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
