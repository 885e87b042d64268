"""The list of runs, their differences, the shown run, and gradients on the canvas."""

import os
import shutil
import signal
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from engine.graph.model import Clip, End, Node, Part, Phase, Wire
from engine.graph.weights import Follows, WeightSettings, WeightsFile
from engine.project import file
from engine.project.templates import template
from engine.runs import index
from engine.runs.desired import read_desired
from engine.runs.folder import RunFolder
from gui.runs.context.activity import levels, mark
from gui.runs.details.details import WIDTH_PX, Details
from gui.runs.details.notes import read_notes, write_notes
from gui.runs.inventory.differences import differences, settings
from gui.runs.inventory.inventory import RunInventory, read
from gui.runs.table.columns import COLUMNS, metric, score
from gui.runs.table.table_model import RunsModel
from tests.fault import shut

WAIT = 60_000


@pytest.fixture(autouse=True)
def in_one_go(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read all runs before anything else, however slow the machine is."""
    monkeypatch.setattr("gui.runs.inventory.inventory.BUDGET_S", 60.0)


@pytest.fixture
def inventory(qapp) -> RunInventory:
    run_inventory = RunInventory()
    yield run_inventory
    run_inventory.close()


def copied(real_run: Path, place: Path) -> Path:
    place.parent.mkdir(parents=True, exist_ok=True)
    return Path(shutil.copytree(real_run, place))


def test_runs_beside_the_project_are_listed_newest_first(inventory, real_run, tmp_path) -> None:
    older, newer = (copied(real_run, tmp_path / "runs" / name) for name in ("a", "b"))
    text = (newer / "events.jsonl").read_text()
    (newer / "events.jsonl").write_text(text.replace('"started_at":"2', '"started_at":"3', 1))

    inventory.start(tmp_path)

    assert [run.path for run in inventory.runs] == [newer, older]
    run = inventory.find(older)
    assert (run.summary.state, run.target_epochs, run.in_project) == ("finished", 4, True)
    assert run.seconds > 0
    assert run.started.parameters == 33_866


def test_other_runs_of_the_index_are_not_in_the_project(inventory, real_run, tmp_path) -> None:
    far = copied(real_run, tmp_path / "elsewhere" / "a")
    index.remember(far)

    inventory.start(tmp_path / "project")

    assert [(run.path, run.in_project) for run in inventory.runs] == [(far, False)]


def test_a_run_that_is_started_elsewhere_appears(inventory, alone, tmp_path, qtbot) -> None:
    inventory.start(tmp_path)
    assert inventory.runs == ()

    with qtbot.waitSignal(inventory.found_alive, timeout=WAIT) as appeared:
        run = alone()

    assert appeared.args == [run.path]
    assert inventory.runs[0].is_alive


def test_a_run_that_dies_is_broken_off(inventory, alone, tmp_path, qtbot) -> None:
    run = alone()
    inventory.start(tmp_path)
    os.kill(alone.process[run.path].pid, signal.SIGKILL)
    alone.process[run.path].wait()

    qtbot.waitUntil(lambda: inventory.runs[0].summary.state == "interrupted", timeout=WAIT)


def test_a_run_that_is_deleted_leaves_the_list(inventory, real_run, tmp_path, qtbot) -> None:
    run = copied(real_run, tmp_path / "runs" / "a")
    inventory.start(tmp_path)
    shutil.rmtree(run)

    qtbot.waitUntil(lambda: inventory.runs == (), timeout=WAIT)


def test_what_is_no_run_is_passed_over(inventory, tmp_path) -> None:
    (tmp_path / "runs" / "empty").mkdir(parents=True)
    (tmp_path / "runs" / "file").write_text("text")
    inventory.start(tmp_path)
    assert inventory.runs == ()
    assert read(tmp_path / "runs" / "empty") is None


# The table


def test_a_row_has_state_metrics_and_times(real_run) -> None:
    run = read(real_run)
    texts = {column.title: column.text(run) for column in COLUMNS}
    assert texts["Run"] == "digits-1"
    assert texts["State"] == "Finished"
    assert texts["Epochs"] == "4"
    assert texts["At best epoch"].endswith("% accuracy")
    assert score(run)[0] == "val_accuracy"
    assert texts["Started"].startswith("today")
    assert texts["Validation loss"] == f"{metric('val_loss').raw(run):.3f}"


def test_rows_that_stay_keep_their_place(real_run, tmp_path, qtbot) -> None:
    runs = [read(copied(real_run, tmp_path / name)) for name in "abc"]
    model = RunsModel()
    model.set_runs(tuple(runs))
    resets = []
    model.modelReset.connect(lambda: resets.append(1))

    model.set_runs((runs[0], runs[2]))
    assert [model.run(row).path.name for row in range(model.rowCount())] == ["a", "c"]
    model.set_runs(tuple(runs))
    assert [model.run(row).path.name for row in range(model.rowCount())] == ["a", "b", "c"]
    changed = replace(runs[1], seconds=99.0)
    with qtbot.waitSignal(model.dataChanged):
        model.set_runs((runs[0], changed, runs[2]))
    assert resets == []
    model.set_runs((runs[2], runs[0]))
    assert resets == [1]


# Differences


def project():
    return file.parse(template("digits-cnn").text(), "digits-cnn")


def test_alike_projects_have_no_difference() -> None:
    moved = project()
    moved.graphs["Net"].nodes["conv1"].pos = (9.0, 9.0)
    assert differences([project(), moved]) == []


def test_settings_that_differ_have_their_values() -> None:
    other = project()
    other.training = replace(
        other.training, epochs=50, optimizer=Part("AdamW", {"lr": 0.01}), clip=Clip("norm", 1.0), schedule=None
    )
    other.graphs["Net"].nodes["drop"].params["p"] = 0.5
    other.data = replace(other.data, split=replace(other.data.split, seed=7))

    values = {each.name: each.values for each in differences([project(), other])}

    assert values["epochs"] == ("20", "50")
    assert values["optimizer.lr"] == ("0.001", "0.01")
    assert values["drop.p"] == ("0.25", "0.5")
    assert values["split seed"] == ("0", "7")
    assert values["clip gradients"] == ("–", "norm 1")
    assert values["schedule"] == ("OneCycleLR", "–")
    assert not any(name.startswith("schedule.") for name in values)


def test_phases_differ_in_their_settings() -> None:
    one, other = project(), project()
    phase = Phase("all", ("loss",), every=2)
    one.training = replace(one.training, phases=(phase,))
    changed = replace(phase, every=1, learns=("fc1",), optimizer=Part("SGD", {"lr": 0.1}), epochs=(1, 3))
    other.training = replace(other.training, phases=(changed, Phase("rest", ("loss",))))

    values = {each.name: each.values for each in differences([one, other])}

    assert values["phase all.every"] == ("2", "1")
    assert values["phase all.learns"] == ("what no other phase does", "fc1")
    assert values["phase all.optimizer"] == ("–", "SGD")
    assert values["phase all.epochs"] == ("–", "1 to 3")
    assert values["phase rest"] == ("–", "loss")
    assert not any(name.startswith("phase rest.") for name in values)


def test_settings_of_weights_have_their_values() -> None:
    other = project()
    nodes = other.graphs["Net"].nodes
    init, norm = {"weight": Part("normal_", {"std": 0.02})}, {"weight": Part("spectral_norm")}
    file = WeightsFile("shipped:digits", "fc1")
    nodes["fc1"].settings = WeightSettings(init, norm, frozen=True, lr_scale=0.1, decay=False, weights=file)
    nodes["head"].settings = WeightSettings(follows=Follows("fc1", every=10))

    values = {each.name: each.values[1] for each in differences([project(), other])}

    assert values["fc1.weight begins with"] == "normal_"
    assert values["fc1.weight computed by"] == "spectral_norm"
    assert (values["fc1.frozen"], values["fc1.lr_scale"], values["fc1.decay"]) == ("yes", "0.1", "no")
    assert values["fc1.starts from"] == "shipped:digits, fc1"
    assert values["head.follows"] == "fc1, every 10 steps"


def test_a_node_that_only_one_has_is_one_difference() -> None:
    other = project()
    graph = other.graphs["Net"]
    graph.nodes["extra"] = Node("ReLU")
    graph.wires.append(Wire(End("fc1", "output"), End("extra", "input")))

    assert [each.name for each in differences([project(), other])] == ["extra"]


def test_a_value_left_at_its_default_is_the_same_as_one_that_was_set() -> None:
    other = project()
    other.graphs["Net"].nodes["conv1"].params["stride"] = 1
    assert differences([project(), other]) == []
    assert settings(other)["conv1.stride"] == "1"


def test_notes_are_kept_with_the_run(tmp_path) -> None:
    assert read_notes(tmp_path) == ""
    write_notes(tmp_path, "a good one\nlr × 2")
    assert read_notes(tmp_path) == "a good one\nlr × 2"
    write_notes(tmp_path, "")
    assert list(tmp_path.iterdir()) == []


# The shown run


def test_a_started_training_is_shown(context, trainer, qtbot) -> None:
    runs = context.runs
    run = runs.link.start(context.document.project, context.document.path)
    assert runs.current.run == run
    with qtbot.waitSignal(runs.current.advanced, timeout=WAIT):
        pass
    assert runs.current.history.started is not None


def test_the_last_run_of_the_project_is_shown_when_it_is_opened(context, real_run) -> None:
    folder = context.document.path.parent / "runs"
    copied(real_run, folder / "other-1")
    mine = copied(real_run, folder / "net-20260101-101010")

    context.runs.start(context.document)

    assert context.runs.current.run == mine


def test_a_training_that_is_found_at_work_is_shown_and_steered(context, alone, qtbot) -> None:
    run = alone()
    context.runs.start(context.document)

    assert context.runs.current.run == run.path
    assert context.runs.link.trainer(run.path) is not None
    context.runs.link.pause(run.path)
    assert read_desired(run.desired).state == "pause"


def test_a_chosen_run_stays_in_sight(context, real_run, alone, qtbot) -> None:
    run = copied(real_run, context.document.path.parent / "runs" / "net-1")
    context.runs.current.show_run(run)
    alone()
    context.runs.start(context.document)
    assert context.runs.current.run == run


def test_another_project_lets_go_of_a_run_that_is_over(context, real_run) -> None:
    context.runs.current.show_run(real_run)
    context.document.load(project())
    assert context.runs.current.run is None


def test_a_folder_of_runs_that_may_not_be_looked_into_lists_none_until_it_may(context, real_run, qtbot) -> None:
    run = copied(real_run, context.document.path.parent / "runs" / "net-1")
    inventory = context.runs.inventory
    context.runs.start(context.document)
    assert inventory.find(run)
    with shut(context.document.path.parent):
        inventory.look()
        qtbot.waitUntil(lambda: inventory.find(run) is None, timeout=WAIT)
    inventory.look()
    qtbot.waitUntil(lambda: inventory.find(run) is not None, timeout=WAIT)


def test_a_run_that_vanishes_is_let_go_of(context, real_run, qtbot) -> None:
    run = copied(real_run, context.document.path.parent / "runs" / "net-1")
    context.runs.start(context.document)
    assert context.runs.current.run == run
    shutil.rmtree(run)
    qtbot.waitUntil(lambda: context.runs.current.run is None, timeout=WAIT)


# Gradients


def test_levels_are_steps_of_two_around_the_median() -> None:
    node_levels = levels(
        {"a": 1.0, "b": 2.0, "c": 4.0, "d": 0.5, "e": 1.0, "f": 0.0, "g": 1e9, "h": float("nan"), "i": 1e-9}
    )
    assert node_levels == {"a": 4, "b": 5, "c": 6, "d": 3, "e": 4, "f": 0, "g": 8, "h": 8, "i": 1}
    assert levels({}) == {}
    assert levels({"a": 0.0}) == {"a": 0}


def test_a_mark_is_believed_when_it_stays() -> None:
    assert mark([1.0, 1.0, 1e9], 1.0) is None
    assert mark([1e9, 1e9, 1e9], 1.0) == "exploding"
    assert mark([1.0, float("inf")], 1.0) == "exploding"
    assert mark([1.0, 1e-9, 1e-9, 1e-9], 1.0) == "vanishing"
    assert mark([], 1.0) is None


def test_the_canvas_shows_gradients_until_the_training_ends(context, trainer, qtbot) -> None:
    runs, activities = context.runs, []
    runs.activity.activity.connect(activities.append)
    run = runs.link.start(context.document.project, context.document.path)
    qtbot.waitUntil(lambda: bool(activities), timeout=WAIT)
    assert activities[0] == {"conv1": 3, "fc1": 4, "head": 5}
    assert runs.activity.norms("fc1")[-1] == 2.0

    runs.link.stop(run)
    qtbot.waitUntil(lambda: activities[-1] == {}, timeout=WAIT)


def test_selected_nodes_are_looked_at_first(context, trainer, qtbot) -> None:
    runs = context.runs
    run = runs.link.start(context.document.project, context.document.path)
    qtbot.waitUntil(lambda: bool(runs.activity.norms("head")), timeout=WAIT)

    context.selection.select(["head"])

    qtbot.waitUntil(lambda: read_desired(run / "desired.json").xray == ("head", "conv1", "fc1"), timeout=WAIT)
    context.selection.clear()
    qtbot.waitUntil(lambda: read_desired(run / "desired.json").xray == (), timeout=WAIT)


@pytest.mark.parametrize("count", [2, 3, 4])
def test_what_differs_is_seen_whole_beside_the_curves(theme, qtbot, tmp_path, count) -> None:
    runs = {}
    for at in range(count):
        other = project()
        other.training = replace(other.training, epochs=10 * at, optimizer=Part("AdamW", {"lr": 0.1 / (at + 1)}))
        folder = RunFolder(tmp_path / f"net-20260101-10101{at}")
        folder.path.mkdir()
        file.write(folder.project, other)
        runs[folder.path] = theme.tokens.series[at]
    details = Details(theme)
    qtbot.addWidget(details)
    details.resize(WIDTH_PX - 18, 320)
    details.show()
    details.show_differences(runs, {run: f"10:10:1{at}" for at, run in enumerate(runs)})
    table = details.table
    assert table.rowCount() >= 2
    assert table.columnCount() == 1 + count
    QApplication.processEvents()
    assert not table.horizontalScrollBar().isVisible()
    headings = [table.horizontalHeaderItem(at).text() for at in range(1, 1 + count)]
    assert all(headings) == (count <= 3)  # a name that does not fit is left out, not elided


def test_runs_are_read_in_slices_and_listed_together(inventory, real_run, tmp_path, qtbot, monkeypatch) -> None:
    monkeypatch.setattr("gui.runs.inventory.inventory.BUDGET_S", 0.0)
    runs = {copied(real_run, tmp_path / "runs" / name) for name in ("a", "b", "c")}
    (tmp_path / "runs/b/project.loom").write_text("{}")
    lists = []
    inventory.changed.connect(lambda: lists.append({run.path for run in inventory.runs}))
    inventory.start(tmp_path)
    assert lists == []
    qtbot.waitUntil(lambda: bool(lists))
    assert lists == [runs]
    assert [run.path.name for run in inventory.runs if run.summary.damage] == ["b"]
