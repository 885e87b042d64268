"""Opening files: what cannot be read changes nothing, and only one window owns a document."""

import json

from engine.errors import FileProblem
from engine.graph.edits import SetParam
from engine.graph.model import Project
from gui.state.notices import Notice
from tests.gui.files.workspace import saved_nodes


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
        workspace.notices.show(notice)
    workspace.files.reload()
    assert list(workspace.notices.by_topic) == ["exported", "lost"]  # it is the same one
    workspace.files.new(Project())
    assert list(workspace.notices.by_topic) == ["lost"]
