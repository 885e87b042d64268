"""Files: nothing unsaved goes without a question, nobody else's document is written, and a crash loses nothing."""

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
class Desk:
    document: Document
    files: Files
    settings: Preferences
    notices: Notices
    answers: Answers

    def draw(self, name="extra"):
        assert self.document.do(AddNode("Net", name, Node("ReLU")))

    @property
    def nodes(self):
        return set(self.document.project.graphs["Net"].nodes)


def made_desk() -> Desk:
    document, settings, notices, answers = Document(), Preferences(), Notices(), Answers()
    return Desk(document, Files(document, settings, notices, answers), settings, notices, answers)


@pytest.fixture
def desk(qapp):
    desk = made_desk()
    yield desk
    desk.files.close()


@pytest.fixture
def other(qapp):
    """A second window."""
    other = made_desk()
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


def test_a_file_is_opened(desk, path, qtbot):
    with qtbot.waitSignals([desk.document.replaced, desk.files.opened]):
        assert desk.files.open(path)
    assert desk.document.path == path
    assert not desk.document.modified
    assert desk.settings.values.recent == [str(path)]
    assert not desk.notices.by_topic


def test_a_file_that_cannot_be_read_leaves_all_as_it_was(desk, path, tmp_path):
    desk.files.open(path)
    broken = tmp_path / "broken.loom"
    broken.write_text("{")
    assert not desk.files.open(broken)
    assert not desk.files.open(tmp_path / "nothing.loom")
    assert desk.document.path == path
    assert [type(each) for each in desk.answers.errors] == [FileProblem, FileProblem]


def test_a_name_that_no_system_could_have_is_told_of(desk, path, tmp_path):
    """As an address that is dragged in can have it."""
    desk.files.open(path)
    assert not desk.files.open(tmp_path / "a\0b.loom")
    assert "cannot be the name of a file" in desk.answers.errors[0].message
    assert desk.document.path == path


def test_opening_the_open_file_again_keeps_what_is_drawn(desk, path):
    desk.files.open(path)
    desk.draw()
    assert desk.files.open(path)
    assert "extra" in desk.nodes


def test_a_newer_format_is_shown_and_not_written(desk, path):
    raw = json.loads(path.read_text())
    path.write_text(json.dumps(raw | {"version": 99, "surprise": 1}))
    before = path.read_bytes()
    assert desk.files.open(path)
    assert desk.document.read_only
    assert "newer Torchloom" in desk.notices.by_topic["read_only"].text
    assert not desk.document.do(SetParam("Net", "conv1", "out_channels", 3))

    desk.answers.place = path.with_name("copy.loom")
    assert not desk.files.save()

    assert path.read_bytes() == before
    assert not desk.answers.place.exists()


def test_a_second_window_reads_only_and_may_save_a_copy(desk, other, path):
    desk.files.open(path)
    assert other.files.open(path)
    assert other.document.read_only
    assert "another window" in other.notices.by_topic["read_only"].text
    assert [label for label, _ in other.notices.by_topic["read_only"].choices] == ["Save a copy..."]

    other.answers.place = path.with_name("copy.loom")
    assert other.files.save()

    assert not other.document.read_only
    assert not other.notices.by_topic
    other.draw()
    assert other.files.save()
    assert "extra" in saved_nodes(other.answers.place)
    assert "extra" not in saved_nodes(path)


def test_a_document_that_another_window_lets_go_can_be_changed_here(desk, other, path):
    desk.files.open(path)
    other.files.open(path)
    other.files.look_at_disk()
    assert "read_only" in other.notices.by_topic  # it is still open there
    desk.draw()
    assert desk.files.save()
    desk.files.new(Project())
    other.files.look_at_disk()  # as when a person comes back to the window
    assert not other.document.read_only
    assert not other.notices.by_topic
    assert "extra" in other.nodes  # with what was saved there
    other.draw("mine")
    assert other.files.save()
    assert "mine" in saved_nodes(path)


def csv(name) -> SetData:
    return SetData(Data("Csv", {"path": str(name), "target": "kind"}))


def test_data_chosen_before_the_first_save_is_named_from_the_project_by_it(desk, tmp_path):
    table = tmp_path / "data" / "iris.csv"
    table.parent.mkdir()
    table.write_text("a,kind\n1,x\n")
    desk.files.new(Project())
    desk.document.do(csv(table))
    assert desk.files.save_to(tmp_path / "mine.loom")
    assert desk.document.project.data.params == {"path": "data/iris.csv", "target": "kind"}
    assert file.read(tmp_path / "mine.loom").data.params["path"] == "data/iris.csv"
    assert not desk.document.modified


def test_data_elsewhere_keeps_its_whole_path(desk, tmp_path):
    table = tmp_path / "elsewhere" / "iris.csv"
    desk.files.new(Project())
    desk.document.do(csv(table))
    (tmp_path / "project").mkdir()
    assert desk.files.save_to(tmp_path / "project" / "mine.loom")
    assert desk.document.project.data.params["path"] == str(table)


def test_a_copy_in_another_folder_finds_the_same_data(desk, tmp_path, path):
    desk.files.open(path)
    desk.document.do(csv("iris.csv"))
    (tmp_path / "sub").mkdir()
    assert desk.files.save_to(tmp_path / "sub" / "copy.loom")
    assert desk.document.project.data.params["path"] == str(tmp_path / "iris.csv")
    assert desk.files.save_to(tmp_path / "other.loom")
    assert desk.document.project.data.params["path"] == str(tmp_path / "iris.csv")  # named by its whole path: it stays


def test_no_step_back_after_a_save_elsewhere_leads_away_from_the_data(desk, tmp_path, path):
    desk.files.open(path)
    before = desk.document.project.data
    desk.document.do(Batch("Use and stretch", (csv("iris.csv"), csv("data/iris.csv"))))
    desk.draw("extra")
    desk.document.do(csv("data/iris.csv"))
    desk.document.history.undo()
    (tmp_path / "sub").mkdir()
    assert desk.files.save_to(tmp_path / "sub" / "copy.loom")
    there = str(tmp_path / "data" / "iris.csv")
    assert desk.document.project.data.params["path"] == there
    desk.document.history.undo()
    assert "extra" not in desk.nodes
    assert desk.document.project.data.params["path"] == there
    desk.document.history.undo()
    assert desk.document.project.data == before
    while desk.document.history.canRedo():
        desk.document.history.redo()
        assert desk.document.project.data.params["path"] == there


def test_what_was_typed_before_there_is_a_project_folder_stays_true(desk, tmp_path, monkeypatch):
    (tmp_path / "here" / "sub").mkdir(parents=True)
    (tmp_path / "here" / "iris.csv").write_text("a,kind\n1,x\n")
    monkeypatch.chdir(tmp_path / "here")
    desk.files.new(Project())
    desk.document.do(csv("iris.csv"))
    assert desk.files.save_to(tmp_path / "here" / "sub" / "mine.loom")
    assert desk.document.project.data.params["path"] == str(tmp_path / "here" / "iris.csv")
    desk.files.new(Project())
    desk.document.do(csv("later.csv"))  # of nothing that is there yet, so it may be meant beside the project
    assert desk.files.save_to(tmp_path / "here" / "sub" / "other.loom")
    assert desk.document.project.data.params["path"] == "later.csv"


def test_a_path_below_the_home_of_an_unknown_user_stays_as_it_is(desk, tmp_path):
    desk.files.new(Project())
    desk.document.do(csv("~someone-unknown/iris.csv"))
    assert desk.files.save_to(tmp_path / "mine.loom")
    (tmp_path / "sub").mkdir()
    assert desk.files.save_to(tmp_path / "sub" / "other.loom")
    assert desk.document.project.data.params["path"] == str(tmp_path / "~someone-unknown" / "iris.csv")


def test_a_copy_of_a_project_that_is_open_elsewhere_finds_the_same_data(desk, other, tmp_path, path):
    desk.files.open(path)
    desk.document.do(csv("iris.csv"))
    assert desk.files.save()
    assert other.files.open(path)
    assert other.document.read_only
    (tmp_path / "sub").mkdir()
    assert other.files.save_to(tmp_path / "sub" / "copy.loom")
    assert file.read(tmp_path / "sub" / "copy.loom").data.params["path"] == str(tmp_path / "iris.csv")
    assert not other.document.modified


def test_a_save_that_fails_leaves_the_names_of_the_data(desk, tmp_path, monkeypatch):
    desk.files.new(Project())
    desk.document.do(csv(tmp_path / "iris.csv"))

    def fails(*_):
        raise FileProblem("no")

    monkeypatch.setattr(file, "put", fails)
    assert not desk.files.save_to(tmp_path / "mine.loom")
    assert desk.document.project.data.params["path"] == str(tmp_path / "iris.csv")
    desk.document.history.undo()
    desk.document.history.redo()
    assert desk.document.project.data.params["path"] == str(tmp_path / "iris.csv")


def test_the_right_to_change_passes_on(desk, other, path):
    desk.files.open(path)
    desk.files.new(Project())
    assert other.files.open(path)
    assert not other.document.read_only


def test_a_file_that_is_open_elsewhere_is_not_overwritten(desk, other, path):
    other.files.open(path)
    desk.files.new(Project())
    desk.draw()
    assert not desk.files.save_to(path)
    assert "another window" in desk.answers.errors[0].message
    assert "conv1" in saved_nodes(path)


def test_what_is_told_of_a_document_goes_when_another_is_opened(desk, path):
    desk.files.open(path)
    for notice in (Notice("exported", "Exported to here"), Notice("lost", "A drawing was left", stays=True)):
        desk.notices.put(notice)
    desk.files.reload()
    assert list(desk.notices.by_topic) == ["exported", "lost"]  # it is the same one
    desk.files.new(Project())
    assert list(desk.notices.by_topic) == ["lost"]


# Saving


def test_saving_writes_the_file(desk, path):
    desk.files.open(path)
    desk.draw()
    assert desk.files.save()
    assert "extra" in saved_nodes(path)
    assert not desk.document.modified


def test_an_untitled_document_asks_for_its_place(desk, tmp_path):
    desk.files.new(Project())
    desk.draw()
    assert not desk.files.save()

    desk.answers.place = tmp_path / "fresh"
    assert desk.files.save()

    assert desk.document.path == tmp_path / "fresh.loom"
    assert file.read(tmp_path / "fresh.loom").name == "fresh"
    assert not desk.document.modified


def test_saving_elsewhere_leaves_the_former_file(desk, path):
    desk.files.open(path)
    desk.draw()
    assert desk.files.save_to(path.with_name("second.loom"))
    assert "extra" not in saved_nodes(path)
    assert "extra" in saved_nodes(path.with_name("second.loom"))
    assert not documents.journal_place(documents.key_of(path)).exists()


def test_a_disk_that_fails_loses_nothing(desk, path, monkeypatch):
    desk.files.open(path)
    desk.draw()
    before = path.read_bytes()

    def fail(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(durable, "replace", fail)
        assert not desk.files.save()
        assert not desk.files.save_to(path.with_name("second.loom"))

    assert path.read_bytes() == before
    assert desk.document.modified
    assert desk.document.path == path
    assert desk.document.project.name == "digits-cnn"
    assert desk.files.save()
    assert "extra" in saved_nodes(path)


def test_a_write_protected_file_is_kept_and_what_is_drawn_as_well(desk, path):
    desk.files.open(path)
    desk.draw()
    path.chmod(0o444)
    assert not desk.files.save()
    assert "it is write-protected. Choose another name" in str(desk.answers.errors[0])
    assert desk.document.modified
    assert "extra" not in saved_nodes(path)
    path.chmod(0o644)
    assert desk.files.save()
    assert "extra" in saved_nodes(path)


@pytest.mark.skipif(os.name == "nt", reason="there are no pipes among files there")
def test_a_pipe_is_neither_waited_for_nor_replaced(desk, tmp_path):
    pipe = tmp_path / "pipe.loom"
    os.mkfifo(pipe)
    desk.files.new(Project(name="sketch"))
    assert not desk.files.save_to(pipe)
    assert not desk.files.open(pipe)
    assert all("it is a pipe, not a file. Choose a file" in str(each) for each in desk.answers.errors)
    assert len(desk.answers.errors) == 2
    assert pipe.is_fifo()
    assert desk.document.project.name == "sketch"
    assert desk.document.path is None


# Leaving


@pytest.mark.parametrize(("answer", "leaves", "kept"), [(True, True, True), (False, True, False), (None, False, False)])
def test_unsaved_changes_are_asked_about(desk, path, answer, leaves, kept):
    desk.files.open(path)
    desk.draw()
    desk.answers.first = answer
    assert desk.files.new(Project()) is leaves
    assert desk.answers.questions == 1
    assert ("extra" in saved_nodes(path)) is kept
    assert ("extra" in desk.nodes) is not leaves


def test_a_save_that_fails_keeps_the_document(desk):
    desk.files.new(Project())
    desk.draw()
    desk.answers.first = True  # but no place is given
    assert not desk.files.new(Project())
    assert "extra" in desk.nodes


def test_nothing_is_asked_where_nothing_is_unsaved(desk, path):
    desk.files.open(path)
    desk.draw()
    desk.document.history.undo()
    assert desk.files.new(Project())
    assert not desk.answers.questions


# After a crash


def crashed(desk):
    """The window is gone without a word; the system lets go of its locks."""
    desk.files.leave_behind()


def test_unsaved_steps_come_back(desk, other, path):
    desk.files.open(path)
    desk.draw("one")
    desk.draw("two")
    desk.document.history.undo()
    crashed(desk)

    assert other.files.open(path)

    assert "one" in other.nodes
    assert "two" not in other.nodes
    assert other.document.modified
    assert "3 unsaved steps" in other.notices.by_topic["recovered"].text
    assert "one" not in saved_nodes(path)


def test_recovered_steps_are_saved_or_discarded(desk, other, path):
    desk.files.open(path)
    desk.draw()
    crashed(desk)
    other.files.open(path)
    dict(other.notices.by_topic["recovered"].choices)["Discard"]()
    assert "extra" not in other.nodes
    assert not other.document.modified
    assert not other.notices.by_topic

    other.draw("later")
    crashed(other)
    third = made_desk()
    third.files.open(path)
    dict(third.notices.by_topic["recovered"].choices)["Save"]()
    assert "later" in saved_nodes(path)
    assert not third.notices.by_topic
    third.files.close()


def test_an_untitled_drawing_comes_back(desk, other):
    desk.files.new(Project(name="sketch"))
    desk.draw()
    crashed(desk)

    (left,) = unsaved_projects([])
    assert (left.name, left.path) == ("sketch", None)
    assert other.files.recover(left.key)

    assert "extra" in other.nodes
    assert other.document.modified
    assert unsaved_projects([]) == []


def test_steps_that_were_undone_are_no_reason_to_ask(desk, other, path):
    desk.files.open(path)
    desk.draw()
    desk.document.history.undo()
    crashed(desk)
    other.files.open(path)
    assert not other.document.modified
    assert not other.notices.by_topic


def test_what_a_crash_left_of_a_file_is_found_among_the_recent_ones(desk, path):
    desk.files.open(path)
    desk.draw()
    crashed(desk)
    assert [each.path for each in unsaved_projects([str(path), str(path.with_name("none.loom"))])] == [path]
    discard(unsaved_projects([str(path)])[0])
    assert unsaved_projects([str(path)]) == []


def test_a_drawing_that_is_open_is_not_lost(desk, path):
    desk.files.new(Project())
    desk.draw()
    assert unsaved_projects([]) == []


def test_closing_in_order_leaves_nothing_behind(desk, path):
    desk.files.open(path)
    desk.draw()
    desk.files.close()
    assert unsaved_projects([str(path)]) == []


def test_steps_that_do_not_fit_the_file_any_more_are_kept_aside(desk, other, path):
    desk.files.open(path)
    desk.draw()
    crashed(desk)
    path.write_text(template("iris-mlp").text())
    other.files.open(path)
    assert "conv1" not in other.nodes
    assert "do not fit" in other.notices.by_topic["aside"].text


def test_edits_are_on_disk_soon(desk, path, qtbot):
    desk.files.open(path)
    with qtbot.waitSignal(desk.files.journaling.flushed):
        desk.draw()
    assert b"extra" in documents.journal_place(documents.key_of(path)).read_bytes()


def test_a_journal_that_cannot_be_written_is_told_and_made_up_for(desk, path, monkeypatch):
    desk.files.open(path)

    def fail(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(durable.Appender, "write", fail)
        desk.draw("one")
        assert "save now" in desk.notices.by_topic["journal"].text
        desk.draw("two")

    desk.draw("three")
    desk.files.journaling.flush()
    assert "journal" not in desk.notices.by_topic
    crashed(desk)
    again = made_desk()
    again.files.open(path)
    assert {"one", "two", "three"} <= again.nodes
    again.files.close()


def test_without_a_state_folder_a_file_is_still_edited_and_saved(desk, path, monkeypatch):
    def refuse(_):
        raise FileProblem("The state folder cannot be written to.")

    monkeypatch.setattr(documents, "claim", refuse)
    assert desk.files.open(path)
    assert "save now" in desk.notices.by_topic["journal"].text
    desk.draw()
    assert desk.files.save()
    assert "extra" in saved_nodes(path)


# Changed by others


def changed_on_disk(desk, path, qtbot):
    with qtbot.waitSignal(desk.notices.changed):
        durable.replace(path, template("iris-mlp").text().encode())
        desk.files.look_at_disk()


def test_no_save_answers_the_question_about_a_change_on_disk(desk, path, qtbot):
    desk.files.open(path)
    desk.draw()
    theirs = template("iris-mlp").text()
    path.write_text(theirs)
    for _ in range(3):  # as when Ctrl+S is pressed again
        assert not desk.files.save()
    assert path.read_text() == theirs
    assert "disk" in desk.notices.by_topic
    desk.answers.first = True
    assert not desk.files.may_leave()
    label, keep = desk.notices.by_topic["disk"].choices[1]
    desk.notices.take("disk")  # as the press of a button does
    keep()
    assert label == "Keep mine"
    assert desk.files.save()
    assert "extra" in saved_nodes(path)


def test_a_change_on_disk_is_a_question(desk, path, qtbot):
    desk.files.open(path)
    changed_on_disk(desk, path, qtbot)
    assert [label for label, _ in desk.notices.by_topic["disk"].choices] == ["Reload from disk", "Keep mine"]
    assert "conv1" in desk.nodes


def test_reloading_shows_what_is_there(desk, path, qtbot):
    desk.files.open(path)
    desk.draw()
    changed_on_disk(desk, path, qtbot)
    dict(desk.notices.by_topic["disk"].choices)["Reload from disk"]()
    assert "conv1" not in desk.nodes
    assert not desk.document.modified
    assert not desk.notices.by_topic


def test_keeping_mine_is_unsaved_and_survives_a_crash(desk, other, path, qtbot):
    desk.files.open(path)
    desk.draw()
    changed_on_disk(desk, path, qtbot)
    desk.notices.take("disk")
    desk.files.keep_mine()
    assert desk.document.modified
    desk.draw("later")
    crashed(desk)

    other.files.open(path)

    assert {"conv1", "extra", "later"} <= other.nodes
    assert "aside" not in other.notices.by_topic


def test_a_file_that_may_not_be_looked_at_any_more_is_told(desk, path):
    desk.files.open(path)
    with shut(path.parent):
        desk.files.look_at_disk()
    assert "What you see here is all there is" in desk.notices.by_topic["disk"].text
    desk.files.look_at_disk()
    assert not desk.notices.by_topic
    assert not desk.document.modified
    assert desk.files.save()


def test_the_system_tells_of_a_change(desk, path, qtbot):
    desk.files.open(path)
    with qtbot.waitSignal(desk.notices.changed, timeout=10_000):
        durable.replace(path, template("iris-mlp").text().encode())
    assert "disk" in desk.notices.by_topic


def test_a_file_that_goes_is_told(desk, path, qtbot):
    desk.files.open(path)
    path.unlink()
    desk.files.look_at_disk()
    assert f"is not in {path.parent} any more" in desk.notices.by_topic["disk"].text
    assert desk.document.modified
    dict(desk.notices.by_topic["disk"].choices)["Save here again"]()
    assert "conv1" in saved_nodes(path)
    assert not desk.notices.by_topic
    assert not desk.answers.gone_from


def test_our_own_saving_is_no_news(desk, path):
    desk.files.open(path)
    desk.draw()
    desk.files.save()
    desk.files.look_at_disk()
    assert not desk.notices.by_topic


@pytest.fixture
def far(tmp_path) -> Path:
    """A project in a folder of its own, which may be moved away."""
    path = tmp_path / "work" / "mine.loom"
    path.parent.mkdir()
    path.write_text(template("digits-cnn").text())
    return path


@pytest.mark.parametrize("answer", [None, "here", "elsewhere"])
def test_a_folder_that_was_renamed_is_made_anew_only_when_a_person_says_so(desk, far, answer):
    """Whether or not the window has noticed it by itself."""
    desk.files.open(far)
    desk.draw()
    moved = far.parent.rename(far.parent.with_name("renamed")) / far.name
    desk.answers.again, desk.answers.place = answer, moved

    assert desk.files.save() is (answer is not None)

    assert desk.answers.gone_from == [far]
    assert not desk.answers.errors
    assert far.parent.exists() is (answer == "here")
    assert ("extra" in saved_nodes(moved)) is (answer == "elsewhere")
    assert desk.document.path == (moved if answer == "elsewhere" else far)
    assert desk.document.modified is (answer is None)


@pytest.mark.parametrize("notices_it", [True, False])
def test_a_file_that_came_back_is_no_cause_for_a_question(desk, far, notices_it):
    desk.files.open(far)
    moved = far.parent.rename(far.parent.with_name("renamed"))
    if notices_it:
        desk.files.look_at_disk()
        assert "disk" in desk.notices.by_topic
    moved.rename(far.parent)
    assert desk.files.has_place()
    assert not desk.notices.by_topic
    assert not desk.document.modified
    desk.draw()
    assert desk.files.save()
    assert not desk.answers.gone_from


def test_what_was_drawn_while_the_file_was_away_stays_unsaved(desk, far):
    desk.files.open(far)
    moved = far.parent.rename(far.parent.with_name("renamed"))
    desk.files.look_at_disk()
    desk.draw()
    moved.rename(far.parent)
    desk.files.look_at_disk()
    assert desk.document.modified


def test_saving_asks_about_a_change_that_the_window_had_not_noticed(desk, path):
    desk.files.open(path)
    desk.draw()
    durable.replace(path, template("iris-mlp").text().encode())
    assert not desk.files.save()
    assert "disk" in desk.notices.by_topic
    assert "conv1" not in saved_nodes(path)


# Much at once: it is noted in the next turn of the event loop


MANY = Batch("Add many", tuple(AddNode("Net", f"many{number}", Node("ReLU")) for number in range(400)))


@pytest.mark.parametrize("then", ["nothing", "turn", "undo", "edit", "undo and redo", "save", "save as", "keep mine"])
def test_a_large_edit_is_never_lost_nor_done_twice(desk, other, path, tmp_path, qtbot, then):
    desk.files.open(path)
    assert desk.document.do(MANY)
    match then:
        case "turn":
            qtbot.waitUntil(lambda: not desk.files.journaling._unwritten)
        case "undo":
            desk.document.history.undo()
        case "edit":
            desk.draw("later")
        case "undo and redo":
            desk.document.history.undo()
            desk.document.history.redo()
        case "save":
            assert desk.files.save()
            desk.draw("later")
        case "save as":
            path = tmp_path / "elsewhere.loom"
            assert desk.files.save_to(path)
            desk.draw("later")
        case "keep mine":
            desk.files.keep_mine()
    expected, steps = file.dump(desk.document.project), desk.document.history.index()
    desk.files.leave_behind()
    assert other.files.open(path)
    assert file.dump(other.document.project) == expected
    assert other.document.history.index() == (steps if then != "keep mine" else 0)


def test_a_large_edit_of_a_document_that_is_left_reaches_no_other(desk, other, path, tmp_path, qtbot):
    desk.files.open(path)
    desk.document.do(MANY)
    desk.answers.first = False  # not saved
    second = tmp_path / "second.loom"
    file.write(second, Project())
    assert desk.files.open(second)
    qtbot.wait(30)
    desk.files.leave_behind()
    assert other.files.open(second)
    assert not other.document.modified
    assert other.nodes == set()
