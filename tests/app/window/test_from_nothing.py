"""The promise of the program in one go: drawn by hand from nothing, trained, changed, saved, opened again, exported."""

import subprocess
import sys
import sysconfig
from pathlib import Path

from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QScrollArea, QWidget

from engine.graph.model import Project
from engine.project import file
from engine.runs.events import Continued, EpochDone, Finished, Paused, Started, StepDone
from engine.runs.folder import RunFolder
from engine.runs.summary import state
from engine.runs.tail import read_events
from tests.app.window.person import Person
from tests.gui.canvas.hand import CTRL

KEY = Qt.Key

ALONE = """
import runpy, sys
folder, packages, *words = sys.argv[1:]
sys.path += [packages]  # torch and its kin; without `site`, no path file leads to the program's own source
sys.path.insert(0, folder)  # as when a script is run by name
sys.argv = [folder + "/train.py", *words]
runpy.run_path(sys.argv[0], run_name="__main__")
assert not {"engine", "gui", "resources"} & {name.partition(".")[0] for name in sys.modules}
"""


def test_from_an_empty_project_to_an_export_that_trains_by_itself(start, tmp_path: Path) -> None:
    person = start(None)
    begin_empty(person)
    draw(person)
    see_shapes(person)
    run = train(person)
    change_and_undo(person)
    path = tmp_path / "mine.loom"
    person.save_as(path)
    assert file.dump(file.read(path)) == person.text
    assert not person.document.modified
    person.key(KEY.Key_Q, CTRL)
    person.wait(lambda: not person.frame.isVisible())

    person = start(path)
    assert person.document.path == path
    assert not person.document.modified
    assert not person.context.notices.by_topic
    assert set(person.canvas.scene.nodes) == set(person.graph.nodes)
    see_shapes(person)
    folder = export(person, tmp_path / "program")
    assert folder.joinpath("model.py").read_text() == RunFolder(run).model.read_text()
    train_alone(folder, tmp_path)


def begin_empty(person: Person) -> None:
    person.press("welcome_close")
    assert person.context.preferences.values.welcomed

    def choose(dialog: QWidget) -> None:
        dialog.findChild(QScrollArea).ensureWidgetVisible(dialog.cards["empty"])
        person.click(dialog.cards["empty"])
        person.click(dialog.findChild(QWidget, "button_create"))

    person.during("new_project", choose, lambda: person.key(KEY.Key_N, CTRL))
    assert not person.graph.nodes
    person.hand.click(QPointF(0, 0))
    assert person.canvas.view.hasFocus()


def draw(person: Person) -> None:
    """The digits CNN, by every way that there is of adding and wiring."""
    hand, visible_rect = person.hand, person.canvas.view.visible_rect
    left, top = visible_rect.left() + 40, visible_rect.top() + 60
    person.drag_in("image", left, top)
    person.rename("image")
    person.drag_in("Conv2d", left + 260, top)
    person.rename("conv1")
    person.set("out_channels", "16")
    person.set("kernel_size", "3")
    person.set("padding", "1")
    hand.drag("image.output", "conv1<input")
    hand.click("conv1")
    for kind, name in (("batchnorm2d", "bn1"), ("relu", "act1"), ("maxpool2d", "pool1"), ("flatten", "flat")):
        person.add(kind)
        person.rename(name)
        hand.click(name)
    person.key(KEY.Key_Home)  # the row is wider than the window
    person.drag_in("Linear", left + 300, top + 220)
    person.rename("fc1")
    person.set("out_features", "32")
    hand.drag("flat.output", "fc1<input")
    hand.drag("fc1.output", QPointF(left + 560, top + 320))
    person.choose("dropout")
    person.rename("drop")
    person.set("p", "0.25")
    hand.click("drop")
    person.add("linear")
    person.rename("head")
    person.set("out_features", "10")
    person.drag_in("label", left, top + 360)
    person.rename("label")
    person.drag_in("CrossEntropyLoss", left + 300, top + 360)
    person.rename("loss")
    hand.drag("head.output", "loss<input")
    hand.click("label.output")  # and by click and click
    hand.move("loss<target")
    hand.click("loss<target")
    hand.click(QPointF(*person.empty_place))
    person.key(KEY.Key_L)
    assert not person.canvas.view.gesture
    assert person.ends == {
        ("image.output", "conv1.input"), ("conv1.output", "bn1.input"), ("bn1.output", "act1.input"),
        ("act1.output", "pool1.input"), ("pool1.output", "flat.input"), ("flat.output", "fc1.input"),
        ("fc1.output", "drop.input"), ("drop.output", "head.input"), ("head.output", "loss.input"),
        ("label.output", "loss.target"),
    }  # fmt: skip
    assert {name: node.params for name, node in person.graph.nodes.items() if node.params} == {
        "image": {"field": "image"},
        "conv1": {"out_channels": 16, "kernel_size": 3, "padding": 1},
        "fc1": {"out_features": 32},
        "drop": {"p": 0.25},
        "head": {"out_features": 10},
        "label": {"field": "label"},
    }
    _goes_back_and_forth(person)


def _goes_back_and_forth(person: Person) -> None:
    history, end = person.document.history, person.text
    for _ in range(history.count()):
        person.key(KEY.Key_Z, CTRL)
    assert not history.canUndo()
    assert person.text == file.dump(Project())
    for _ in range(history.count()):
        person.key(KEY.Key_Y, CTRL)
    assert not history.canRedo()
    assert person.text == end


def see_shapes(person: Person) -> None:
    person.wait_for_shapes()
    assert person.context.results.problems == ()
    assert person.shape("image.output", "conv1.input") == "N×1×8×8"
    assert person.shape("conv1.output", "bn1.input") == "N×16×8×8"
    assert person.shape("pool1.output", "flat.input") == "N×16×4×4"
    assert person.shape("flat.output", "fc1.input") == "N×256"
    assert person.shape("head.output", "loss.input") == "N×10"
    assert person.canvas.scene.nodes["fc1"].caption.startswith("8.22k params")


def train(person: Person) -> Path:
    """Train, pause, go on, stop: by the buttons."""
    runs, actions = person.context.runs, person.context.actions
    person.set_epochs(5000)
    person.press("button_start")
    person.wait(lambda: runs.current.run and runs.current.run.exists())
    run = runs.current.run
    person.wait(lambda: (history := runs.follower.history(run)) is not None and history.metrics)  # an epoch is over
    assert person.window.panels["live"].isVisible()
    assert person.window.toolbar.progress.isVisible()

    person.press("button_pause")
    person.wait(lambda: state(run) == "paused" and actions["train.start"].text() == "Go on")
    person.press("button_start")
    person.wait(lambda: state(run) == "running" and actions["train.pause"].isEnabled())
    person.press("button_stop")
    person.wait(lambda: not len(runs.link))

    events = [*read_events(RunFolder(run).events)]
    kinds = [type(event) for event in events]
    order = [Started, StepDone, EpochDone, Paused, Continued, Finished]
    places = [kinds.index(kind) for kind in order]
    assert places == sorted(places)
    assert events[-1].reason == "stopped"
    assert events[-1].epochs >= 1
    assert 0 < events[-1].metrics["val_accuracy"] <= 1
    assert file.dump(file.read(RunFolder(run).project)) == person.text
    assert "Stopped after" in person.status_text
    assert not person.context.notices.by_topic
    return run


def change_and_undo(person: Person) -> None:
    before, steps = person.text, person.document.history.index()
    person.hand.click("drop")
    person.set("p", "0.5")
    assert person.graph.nodes["drop"].params == {"p": 0.5}
    assert person.document.history.index() == steps + 1
    person.press("button_undo")
    assert person.text == before
    person.press("button_redo")
    assert person.graph.nodes["drop"].params == {"p": 0.5}
    person.press("button_undo")


def export(person: Person, place: Path) -> Path:
    def write(dialog: QWidget) -> None:
        tabs = dialog.preview.tabs
        person.wait(lambda: "train.py" in [tabs.tabText(at) for at in range(tabs.count())])
        assert tabs.tabText(0) == "model.py"
        assert "class Net(nn.Module)" in dialog.preview.source.toPlainText()
        person.retype(dialog.path, str(place))  # Enter presses the button

    person.during("export", lambda dialog: (write(dialog), person.wait(lambda: not dialog.isVisible())),
                  lambda: person.key(KEY.Key_E, CTRL))  # fmt: skip
    assert f"Exported to {place}" in person.context.notices.by_topic["exported"].text
    assert {"model.py", "train.py", "predict.py", "requirements.txt", "README.md", "data"} <= {
        path.name for path in place.iterdir()
    }
    return place


def train_alone(folder: Path, elsewhere: Path) -> None:
    """By an interpreter that knows torch, and nothing of this program."""
    away = elsewhere / "elsewhere"
    away.mkdir()
    packages = sysconfig.get_path("purelib")
    losses = away / "losses.txt"
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", ALONE, folder, packages, "--epochs", "2", "--losses", losses],
        cwd=away, capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    steps = [float.fromhex(line) for line in losses.read_text().splitlines()]
    assert len(steps) == 2 * 23  # 1,438 rows in batches of 64
    assert sum(steps[-10:]) < sum(steps[:10])
