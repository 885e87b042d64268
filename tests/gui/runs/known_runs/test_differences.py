"""The settings in which projects differ, and their table in the details."""

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QApplication

from engine.graph.model import Clip, End, Node, Part, Phase, Wire
from engine.graph.weights import Follows, WeightSettings, WeightsFile
from engine.project import file
from engine.project.templates import template
from engine.runs.folder import RunFolder
from gui.runs.details.details import WIDTH_PX, Details
from gui.runs.details.notes import read_notes, write_notes
from gui.runs.known_runs.differences import differences, settings


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
