"""Changes of the open file by other programs, and files that are moved or removed."""

from pathlib import Path

import pytest

from engine.project import durable
from engine.project.templates import template
from tests.fault import shut
from tests.gui.files.workspace import crash, saved_nodes


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
    workspace.notices.remove("disk")  # as pressing the button does
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
    workspace.notices.remove("disk")
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
