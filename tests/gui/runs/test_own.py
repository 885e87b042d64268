"""Whose runs are whose: the drawing's own ones are shown with it, others are told of by name and open their own."""

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
from gui.recovery import lost
from gui.runs.known.others import TOPIC, WRONG, OtherDrawings
from gui.runs.known.own import drawing_of
from gui.runs.live.steering import Steering
from gui.runs.page import RunsPage
from gui.runs.table.list import EVERYWHERE
from gui.workers.launch import Launch
from tests.gui.answers import Answers as FileAnswers

WAIT = 60_000
STAMP = "20260101-101010"


def project(name: str = "digits-cnn"):
    return file.parse(template(name).text(), name)


@pytest.fixture
def others(seams) -> OtherDrawings:
    return OtherDrawings(seams, seams.runs, seams.document)


@pytest.fixture
def steering(seams, answers) -> Steering:
    return Steering(seams, seams.runs, answers, seams.document)


@pytest.fixture
def at_work(alone, seams, qtbot):
    """Have a training at work where all unsaved projects have their runs, and an unsaved example in the window."""

    def have(*drawings: str) -> list[Path]:
        runs = [alone(f"{drawing}-{STAMP}", user_data_dir() / "runs").path for drawing in drawings]
        seams.document.load(project())
        seams.runs.start(seams.document)
        qtbot.waitUntil(lambda: all(map(seams.runs.known.find, runs)), timeout=WAIT)  # a few are read at a time
        return runs

    return have


def press(seams, topic: str, label: str) -> None:
    notice = seams.notices.shown[topic]
    seams.notices.take(topic)
    dict(notice.choices)[label]()


# What is found at work


def test_a_training_of_another_drawing_is_told_of_and_not_shown(seams, steering, others, at_work) -> None:
    (run,) = at_work("digits-transformer")

    assert seams.runs.current.run is None
    assert seams.runs.progress.run is None
    assert not seams.actions["train.pause"].isEnabled()
    assert not seams.actions["train.stop"].isEnabled()
    assert run.name in seams.notices.shown[TOPIC].text


def test_a_training_of_the_unsaved_drawing_is_shown(seams, steering, others, at_work) -> None:
    (run,) = at_work("digits-cnn")

    assert seams.runs.current.run == run
    assert seams.actions["train.stop"].isEnabled()
    assert TOPIC not in seams.notices.shown


def test_a_training_of_another_drawing_is_told_of_with_the_next_drawing_as_well(seams, others, at_work) -> None:
    (run,) = at_work("digits-transformer")
    seams.files.new(project("iris-mlp"))
    assert run.name in seams.notices.shown[TOPIC].text
    seams.files.close()


def test_a_longer_name_is_another_drawings(seams, others, at_work) -> None:
    at_work("digits-cnn-wide")
    assert seams.runs.current.run is None
    assert TOPIC in seams.notices.shown


def test_several_are_told_of_together(seams, others, at_work, qtbot) -> None:
    runs = at_work("one", "two")
    assert all(run.name in seams.notices.shown[TOPIC].text for run in runs)
    with qtbot.waitSignal(others.runs_wanted):
        press(seams, TOPIC, "Show runs")
    seams.runs.known.look()
    assert TOPIC not in seams.notices.shown  # it was answered


def test_a_training_that_has_ended_is_told_of_no_more(seams, others, at_work, alone, qtbot) -> None:
    (run,) = at_work("other")
    alone.process[run].kill()
    alone.process[run].wait()
    qtbot.waitUntil(lambda: TOPIC not in seams.notices.shown, timeout=WAIT)


def test_train_asks_about_a_training_of_another_drawing(seams, steering, others, at_work, answers) -> None:
    (run,) = at_work("other")
    steering.train()
    assert answers.asked == [run.name]
    assert list(seams.runs.link) == [run]


# Opening the drawing of a run


def test_the_drawing_of_a_training_is_opened_with_it_in_sight(seams, steering, others, at_work, qtbot) -> None:
    (run,) = at_work("other")
    seams.document.load(project("iris-mlp"))

    with qtbot.waitSignal(others.opened) as told:
        press(seams, TOPIC, "Open graph")

    assert told.args == [run]
    assert seams.document.path is None
    assert set(seams.document.project.graphs["Net"].nodes) == set(project().graphs["Net"].nodes)
    assert seams.runs.current.run == run
    assert seams.runs.current.is_own
    assert seams.actions["train.stop"].isEnabled()
    assert TOPIC not in seams.notices.shown
    seams.files.close()


def test_what_is_unsaved_is_asked_about_first(seams, others, real_run) -> None:
    asking = seams.files._asking = FileAnswers(first=None)
    seams.document.do(AddNode("Net", "extra", Node("ReLU")))

    assert not others.open(real_run)

    assert asking.asked == 1
    assert "extra" in seams.document.project.graphs["Net"].nodes
    assert seams.runs.current.run is None


def test_paths_of_the_data_lead_to_where_the_run_had_them(seams, others, real_run, tmp_path) -> None:
    run = RunFolder(Path(shutil.copytree(real_run, tmp_path / "far" / "runs" / "a")))
    file.write(run.project, replace(project(), data=Data("Csv", {"path": "tables/a.csv", "target": "y"})))

    assert others.open(run.path)
    assert seams.document.project.data.params["path"] == str(real_run.parents[1] / "tables" / "a.csv")
    run.data.unlink()
    assert others.open(run.path)
    assert seams.document.project.data.params["path"] == str(tmp_path / "far" / "tables" / "a.csv")
    seams.files.close()


def test_a_drawing_that_cannot_be_read_is_told_of(seams, others, tmp_path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "project.loom").write_text("{")
    before = seams.document.project
    assert not others.open(tmp_path / "a")
    assert "cannot be opened" in seams.notices.shown[WRONG].text
    assert seams.document.project is before


# What is listed


def listed(page: RunsPage) -> list[str]:
    return [page.model.run(row).path.name for row in range(page.model.rowCount())]


def test_an_unsaved_drawing_lists_its_own_and_keeps_them_when_it_is_saved(
    seams, trainer, real_run, theme, answers, tmp_path, qtbot
) -> None:
    shutil.copytree(real_run, user_data_dir() / "runs" / f"other-{STAMP}")
    seams.document.load(project())
    seams.runs.start(seams.document)
    page = RunsPage(seams.runs, seams.settings, theme, answers)
    qtbot.addWidget(page)
    assert listed(page) == []
    with qtbot.waitSignal(seams.runs.link.appeared, timeout=WAIT):
        run = seams.runs.link.start(seams.document.project, None)
    qtbot.waitUntil(lambda: listed(page) == [run.name], timeout=WAIT)
    seams.runs.link.stop(run)
    qtbot.waitUntil(lambda: len(seams.runs.link) == 0, timeout=WAIT)

    for name in ("mine", "again"):
        path = tmp_path / name / f"{name}.loom"
        path.parent.mkdir()
        file.write(path, seams.document.project)
        seams.document.mark_saved(path)
        assert listed(page) == [run.name]
        assert seams.runs.current.run == run
    seams.document.load(seams.document.project, path)  # read again from the disk
    assert listed(page) == [run.name]

    seams.document.load(project())
    qtbot.waitUntil(lambda: listed(page) == [], timeout=WAIT)  # of the same name, and unsaved; the run is another's
    mine = tmp_path / "mine" / "mine.loom"
    seams.document.load(file.parse(mine.read_text(), "mine"), mine)  # opened another day
    qtbot.waitUntil(lambda: listed(page) == [run.name], timeout=WAIT)
    assert seams.runs.current.run == run

    seams.document.load(project())
    page.show_everywhere()
    assert page.scope.current == EVERYWHERE
    assert set(listed(page)) == {run.name, f"other-{STAMP}"}


def test_an_unsaved_drawing_that_a_crash_left_comes_back_with_its_runs(
    seams, trainer, theme, answers, tmp_path, qtbot
) -> None:
    files = seams.files
    files.new(project())
    seams.runs.start(seams.document)
    page = RunsPage(seams.runs, seams.settings, theme, answers)
    qtbot.addWidget(page)
    assert seams.document.do(AddNode("Net", "mine", Node("ReLU")))
    runs = []
    for _ in range(2):
        with qtbot.waitSignal(seams.runs.link.appeared, timeout=WAIT):
            runs.append(seams.runs.link.start(seams.document.project, None))
        seams.runs.link.stop(runs[-1])
        qtbot.waitUntil(lambda: len(seams.runs.link) == 0, timeout=WAIT)
    files.leave_behind()
    seams.document.history.setClean()

    (left,) = lost([])
    files.new(project())  # of the same name
    qtbot.waitUntil(lambda: seams.runs.current.run is None, timeout=WAIT)
    assert files.recover(left.key)
    qtbot.waitUntil(lambda: set(listed(page)) == {run.name for run in runs}, timeout=WAIT)
    assert seams.runs.current.run == seams.runs.known.runs[0].path

    (tmp_path / "kept").mkdir()
    assert files.save_to(tmp_path / "kept" / "kept.loom")
    files.new(project())
    qtbot.waitUntil(lambda: listed(page) == [], timeout=WAIT)
    assert files.open(tmp_path / "kept" / "kept.loom")
    qtbot.waitUntil(lambda: set(listed(page)) == {run.name for run in runs}, timeout=WAIT)
    assert seams.runs.current.run in runs
    files.close()


def test_a_resumed_run_of_another_drawing_stays_anothers(seams, trainer, real_run, tmp_path, qtbot) -> None:
    run = Path(shutil.copytree(real_run, tmp_path / "far" / "runs" / "other-1"))
    seams.runs.link.resume(run)
    assert seams.runs.current.run == run
    assert not seams.runs.current.is_own


# What moves, and how far it is


def test_a_training_in_sight_with_another_drawing_is_named_and_moves_nothing_there(seams, trainer, qtbot) -> None:
    runs, moved, said = seams.runs, [], []
    runs.activity.activity.connect(moved.append)
    runs.progress.shown.connect(lambda text, _share: said.append(text))
    run = runs.link.start(seams.document.project, seams.document.path)
    qtbot.waitUntil(lambda: bool(moved) and bool(moved[-1]), timeout=WAIT)
    assert not said[-1].startswith("net · ")

    seams.document.load(project())

    assert runs.current.run == run
    assert said[-1].startswith("net · ")
    qtbot.waitUntil(lambda: moved[-1] == {}, timeout=WAIT)
    assert runs.activity.norms("head") == []


@pytest.mark.parametrize(
    ("run", "drawing"), [(f"net-{STAMP}", "net"), (f"a-b-{STAMP}-2", "a-b"), ("by-hand", "by-hand")]
)
def test_a_run_tells_its_drawing(run, drawing) -> None:
    assert drawing_of(Path("/runs") / run) == drawing


# Where they lie


@pytest.fixture
def asked(seams, monkeypatch) -> FileAnswers:
    asked = FileAnswers()
    monkeypatch.setattr(seams.files, "_asking", asked)
    return asked


def test_a_training_never_makes_a_folder_anew_that_was_moved_away(seams, steering, asked, trainer, qtbot) -> None:
    path = seams.document.path
    moved = path.parent.rename(path.parent.with_name("moved"))
    seams.actions["train.start"].trigger()
    assert asked.gone_from == [path]
    assert not path.parent.exists()

    asked.again, asked.place = "elsewhere", moved / path.name
    with qtbot.waitSignal(seams.runs.link.appeared, timeout=WAIT) as appeared:
        seams.actions["train.start"].trigger()
    assert appeared.args[0].parent == moved / "runs"
    assert not path.parent.exists()

    moved.rename(path.parent)
    assert Launch.prepare(seams.document.project, moved / path.name).run.path.parent == user_data_dir() / "runs"
    assert not moved.exists()
