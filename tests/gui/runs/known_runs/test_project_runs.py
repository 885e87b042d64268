"""Which runs belong to the open project, also after it is saved, moved or recovered."""

import shutil
from pathlib import Path

import pytest

from engine.graph.edits import AddNode
from engine.graph.model import Node
from engine.places import user_data_dir
from engine.project import file
from engine.project.templates import template
from gui.files.recovery import unsaved_projects
from gui.runs.known_runs.project_runs import project_name_of
from gui.runs.pages.runs_page import RunsPage
from gui.runs.table.runs_list import EVERYWHERE
from gui.workers.launch import Launch
from tests.gui.answers import Answers as FileAnswers

WAIT = 60_000
STAMP = "20260101-101010"


def project(name: str = "digits-cnn"):
    return file.parse(template(name).text(), name)


# The list


def names_listed(page: RunsPage) -> list[str]:
    return [page.model.run(row).path.name for row in range(page.model.rowCount())]


def test_an_unsaved_project_lists_its_runs_and_keeps_them_when_saved(
    context, trainer, real_run, theme, answers, tmp_path, qtbot
) -> None:
    shutil.copytree(real_run, user_data_dir() / "runs" / f"other-{STAMP}")
    context.document.load(project())
    context.runs.start(context.document)
    page = RunsPage(context.runs, context.preferences, theme, answers)
    qtbot.addWidget(page)
    assert names_listed(page) == []
    with qtbot.waitSignal(context.runs.link.appeared, timeout=WAIT):
        run = context.runs.link.start(context.document.project, None)
    qtbot.waitUntil(lambda: names_listed(page) == [run.name], timeout=WAIT)
    context.runs.link.stop(run)
    qtbot.waitUntil(lambda: len(context.runs.link) == 0, timeout=WAIT)

    for name in ("mine", "again"):
        path = tmp_path / name / f"{name}.loom"
        path.parent.mkdir()
        file.write(path, context.document.project)
        context.document.mark_saved(path)
        assert names_listed(page) == [run.name]
        assert context.runs.current.run == run
    context.document.load(context.document.project, path)  # read again from the disk
    assert names_listed(page) == [run.name]

    context.document.load(project())
    qtbot.waitUntil(
        lambda: names_listed(page) == [], timeout=WAIT
    )  # unsaved, with the same name: the run belongs to another project
    mine = tmp_path / "mine" / "mine.loom"
    context.document.load(file.parse(mine.read_text(), "mine"), mine)  # opened another day
    qtbot.waitUntil(lambda: names_listed(page) == [run.name], timeout=WAIT)
    assert context.runs.current.run == run

    context.document.load(project())
    page.show_everywhere()
    assert page.scope.current == EVERYWHERE
    assert set(names_listed(page)) == {run.name, f"other-{STAMP}"}


def test_an_unsaved_project_is_recovered_with_its_runs(context, trainer, theme, answers, tmp_path, qtbot) -> None:
    files = context.files
    files.new(project())
    context.runs.start(context.document)
    page = RunsPage(context.runs, context.preferences, theme, answers)
    qtbot.addWidget(page)
    assert context.document.do(AddNode("Net", "mine", Node("ReLU")))
    runs = []
    for _ in range(2):
        with qtbot.waitSignal(context.runs.link.appeared, timeout=WAIT):
            runs.append(context.runs.link.start(context.document.project, None))
        context.runs.link.stop(runs[-1])
        qtbot.waitUntil(lambda: len(context.runs.link) == 0, timeout=WAIT)
    files.leave_recoverable()
    context.document.history.setClean()

    (left,) = unsaved_projects([])
    files.new(project())  # of the same name
    qtbot.waitUntil(lambda: context.runs.current.run is None, timeout=WAIT)
    assert files.recover(left.key)
    qtbot.waitUntil(lambda: set(names_listed(page)) == {run.name for run in runs}, timeout=WAIT)
    assert context.runs.current.run == context.runs.inventory.runs[0].path

    (tmp_path / "kept").mkdir()
    assert files.save_to(tmp_path / "kept" / "kept.loom")
    files.new(project())
    qtbot.waitUntil(lambda: names_listed(page) == [], timeout=WAIT)
    assert files.open(tmp_path / "kept" / "kept.loom")
    qtbot.waitUntil(lambda: set(names_listed(page)) == {run.name for run in runs}, timeout=WAIT)
    assert context.runs.current.run in runs
    files.close()


def test_a_resumed_run_of_another_project_stays_with_it(context, trainer, real_run, tmp_path, qtbot) -> None:
    run = Path(shutil.copytree(real_run, tmp_path / "far" / "runs" / "other-1"))
    context.runs.link.resume(run)
    assert context.runs.current.run == run
    assert not context.runs.current.is_of_project


# Gradients and progress


def test_a_shown_training_of_another_project_has_its_name_and_no_gradients(context, trainer, qtbot) -> None:
    runs, moved, texts = context.runs, [], []
    runs.activity.activity.connect(moved.append)
    runs.progress.changed.connect(lambda text, _share: texts.append(text))
    run = runs.link.start(context.document.project, context.document.path)
    qtbot.waitUntil(lambda: bool(moved) and bool(moved[-1]), timeout=WAIT)
    assert not texts[-1].startswith("net · ")

    context.document.load(project())

    assert runs.current.run == run
    assert texts[-1].startswith("net · ")
    qtbot.waitUntil(lambda: moved[-1] == {}, timeout=WAIT)
    assert runs.activity.norms("head") == []


@pytest.mark.parametrize(("run", "name"), [(f"net-{STAMP}", "net"), (f"a-b-{STAMP}-2", "a-b"), ("by-hand", "by-hand")])
def test_the_name_of_a_run_contains_that_of_its_project(run, name) -> None:
    assert project_name_of(Path("/runs") / run) == name


# Folders


@pytest.fixture
def file_answers(context, monkeypatch) -> FileAnswers:
    file_answers = FileAnswers()
    monkeypatch.setattr(context.files, "_questions", file_answers)
    return file_answers


def test_a_training_never_makes_a_folder_again_that_was_moved_away(
    context, training_actions, file_answers, trainer, qtbot
) -> None:
    path = context.document.path
    moved = path.parent.rename(path.parent.with_name("moved"))
    context.actions["train.start"].trigger()
    assert file_answers.gone_from == [path]
    assert not path.parent.exists()

    file_answers.again, file_answers.place = "elsewhere", moved / path.name
    with qtbot.waitSignal(context.runs.link.appeared, timeout=WAIT) as appeared:
        context.actions["train.start"].trigger()
    assert appeared.args[0].parent == moved / "runs"
    assert not path.parent.exists()

    moved.rename(path.parent)
    assert Launch.prepare(context.document.project, moved / path.name).run.path.parent == user_data_dir() / "runs"
    assert not moved.exists()
