"""Saving and leaving: no change is lost without a question."""

import os

import pytest

from engine.graph.model import Project
from engine.project import documents, durable, file
from tests.gui.files.workspace import saved_nodes


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
