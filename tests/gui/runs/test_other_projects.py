"""Trainings of other projects are announced, and their projects can be opened."""

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
from gui.runs.commands.other_projects import TOPIC, WRONG, OtherProjects
from tests.gui.answers import Answers as FileAnswers

WAIT = 60_000
STAMP = "20260101-101010"


def project(name: str = "digits-cnn"):
    return file.parse(template(name).text(), name)


@pytest.fixture
def others(context) -> OtherProjects:
    return OtherProjects(context, context.runs, context.document)


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
    context.notices.remove(topic)
    dict(notice.choices)[label]()


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
    context.runs.inventory.refresh()
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
