"""Runs and their projects: those of the open project are shown with it, others are announced and open their own."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from engine.graph.edits import AddNode
from engine.graph.model import Data, Node
from engine.places import user_data_dir
from engine.project import file
from engine.project.templates import template
from engine.runs.folder import RunFolder
from gui.files.recovery import unsaved_projects
from gui.runs.commands.other_projects import TOPIC, WRONG, OtherProjects
from gui.runs.commands.training_actions import TrainingActions
from gui.runs.inventory.project_runs import project_name_of
from gui.runs.pages.runs_page import RunsPage
from gui.runs.table.runs_list import EVERYWHERE
from gui.workers.launch import Launch
from tests.gui.answers import Answers as FileAnswers

WAIT = 60_000
STAMP = "20260101-101010"


def project(name: str = "digits-cnn"):
    return file.parse(template(name).text(), name)


@pytest.fixture
def others(context) -> OtherProjects:
    return OtherProjects(context, context.runs, context.document)


@pytest.fixture
def training_actions(context, answers) -> TrainingActions:
    return TrainingActions(context, context.runs, answers, context.document)


@pytest.fixture
def at_work(alone, context, qtbot):
    """Start trainings in the folder of runs of unsaved projects, with an unsaved project in the window."""

    def have(*names: str) -> list[Path]:
        runs = [alone(f"{name}-{STAMP}", user_data_dir() / "runs").path for name in names]
        context.document.load(project())
        context.runs.start(context.document)
        qtbot.waitUntil(lambda: all(map(context.runs.inventory.find, runs)), timeout=WAIT)  # a few are read at a time
        return runs

    return have


def press(context, topic: str, label: str) -> None:
    notice = context.notices.by_topic[topic]
    context.notices.take(topic)
    dict(notice.choices)[label]()


# Trainings that were not started here


def test_a_training_of_another_project_is_announced_and_not_shown(context, training_actions, others, at_work) -> None:
    (run,) = at_work("digits-transformer")

    assert context.runs.current.run is None
    assert context.runs.progress.run is None
    assert not context.actions["train.pause"].isEnabled()
    assert not context.actions["train.stop"].isEnabled()
    assert run.name in context.notices.by_topic[TOPIC].text


def test_a_training_of_the_unsaved_project_is_shown(context, training_actions, others, at_work) -> None:
    (run,) = at_work("digits-cnn")

    assert context.runs.current.run == run
    assert context.actions["train.stop"].isEnabled()
    assert TOPIC not in context.notices.by_topic


def test_a_training_of_another_project_is_announced_in_the_next_project_as_well(context, others, at_work) -> None:
    (run,) = at_work("digits-transformer")
    context.files.new(project("iris-mlp"))
    assert run.name in context.notices.by_topic[TOPIC].text
    context.files.close()


def test_a_run_with_a_longer_name_is_of_another_project(context, others, at_work) -> None:
    at_work("digits-cnn-wide")
    assert context.runs.current.run is None
    assert TOPIC in context.notices.by_topic


def test_several_are_announced_together(context, others, at_work, qtbot) -> None:
    runs = at_work("one", "two")
    assert all(run.name in context.notices.by_topic[TOPIC].text for run in runs)
    with qtbot.waitSignal(others.runs_wanted):
        press(context, TOPIC, "Show runs")
    context.runs.inventory.look()
    assert TOPIC not in context.notices.by_topic  # it was answered


def test_the_notice_of_a_training_goes_when_it_has_ended(context, others, at_work, alone, qtbot) -> None:
    (run,) = at_work("other")
    alone.process[run].kill()
    alone.process[run].wait()
    qtbot.waitUntil(lambda: TOPIC not in context.notices.by_topic, timeout=WAIT)


def test_train_asks_about_a_training_of_another_project(context, training_actions, others, at_work, answers) -> None:
    (run,) = at_work("other")
    training_actions.train()
    assert answers.questions == [run.name]
    assert list(context.runs.link) == [run]


# Opening the project of a run


def test_the_project_of_a_training_is_opened_with_its_run_shown(
    context, training_actions, others, at_work, qtbot
) -> None:
    (run,) = at_work("other")
    context.document.load(project("iris-mlp"))

    with qtbot.waitSignal(others.graph_opened) as graph_opened:
        press(context, TOPIC, "Open graph")

    assert graph_opened.args == [run]
    assert context.document.path is None
    assert set(context.document.project.graphs["Net"].nodes) == set(project().graphs["Net"].nodes)
    assert context.runs.current.run == run
    assert context.runs.current.is_of_project
    assert context.actions["train.stop"].isEnabled()
    assert TOPIC not in context.notices.by_topic
    context.files.close()


def test_what_is_unsaved_is_asked_about_first(context, others, real_run) -> None:
    asking = context.files._questions = FileAnswers(first=None)
    context.document.do(AddNode("Net", "extra", Node("ReLU")))

    assert not others.open(real_run)

    assert asking.questions == 1
    assert "extra" in context.document.project.graphs["Net"].nodes
    assert context.runs.current.run is None


def test_paths_of_the_data_lead_to_where_the_run_had_them(context, others, real_run, tmp_path) -> None:
    run = RunFolder(Path(shutil.copytree(real_run, tmp_path / "far" / "runs" / "a")))
    file.write(run.project, replace(project(), data=Data("Csv", {"path": "tables/a.csv", "target": "y"})))

    assert others.open(run.path)
    assert context.document.project.data.params["path"] == str(real_run.parents[1] / "tables" / "a.csv")
    run.data.unlink()
    assert others.open(run.path)
    assert context.document.project.data.params["path"] == str(tmp_path / "far" / "tables" / "a.csv")
    context.files.close()


def test_a_project_that_cannot_be_read_is_reported(context, others, tmp_path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "project.loom").write_text("{")
    before = context.document.project
    assert not others.open(tmp_path / "a")
    assert "cannot be opened" in context.notices.by_topic[WRONG].text
    assert context.document.project is before


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
