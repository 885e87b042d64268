"""The paths of the data when a project is saved: relative within its folder, else in full."""

from engine.errors import FileProblem
from engine.graph.edits import Batch
from engine.graph.model import Project
from engine.project import file
from tests.gui.files.workspace import csv


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
