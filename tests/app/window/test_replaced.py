"""Another project is opened in the midst of something: nothing of the former one comes late."""

from PySide6.QtCore import QPointF, Qt

from tests.app.window.person import Person
from tests.gui.canvas.in_step import assert_in_step

KEY = Qt.Key
FIELDS = {"digits-cnn": {"image", "label"}, "iris-mlp": {"features", "label"}}


def analysed(person: Person) -> None:
    person.context.selection.select(["act1"])
    person.canvas.view.setFocus()
    person.key(KEY.Key_M)
    analysis, results = person.context.analysis, person.context.results
    person.wait(lambda: analysis._analysing is not None or not results.stale)  # a quick answer may be there already


def summed_up(person: Person) -> None:
    person.turn_to("Data")
    page = person.window.panels["data"]
    person.wait(lambda: page._requested_data is not None)


def arranged(person: Person) -> None:
    person.canvas.view.setFocus()
    person.hand.drag("act1", person.canvas.scene.nodes["act1"].scene_rect.center() + QPointF(0, 140))
    person.key(KEY.Key_L)


def written_out(person: Person) -> None:
    person.wait_for_shapes()
    person.turn_to("Code")


def wire_up(person: Person) -> None:
    person.hand.press("act1.output")
    person.hand.move(QPointF(*person.empty_place))


def dragged(person: Person) -> None:
    person.hand.press("act1")
    person.hand.move(person.canvas.scene.nodes["act1"].scene_rect.center() + QPointF(0, 90))


MOMENTS = (analysed, summed_up, arranged, written_out, wire_up, dragged)


def test_nothing_of_the_former_project_comes_late(start, asked_worker) -> None:
    person = start(None)
    person.press("welcome_close")
    for moment in MOMENTS:
        moment(person)
        open_another(person, "iris-mlp")
        person.turn_to("Graph")
        assert_in_step(person.canvas)
        open_another(person, "digits-cnn")
        person.turn_to("Graph")


def open_another(person: Person, name: str) -> None:
    """Open another project, and see that everything is about it alone."""
    results = person.context.results
    person.document.history.setClean()
    assert person.context.files.new_from(name)
    if person.hand._button != Qt.MouseButton.NoButton:
        person.hand.release()
    assert not person.document.modified, "what a hand still held changes nothing"
    assert not person.canvas.view.gesture
    person.wait_for_shapes()
    assert set(results.nodes) == set(person.graph.nodes)
    assert not results.errors
    assert set(results.fields) == FIELDS[name]
    person.turn_to("Code")
    code = person.window.panels["code"].model
    person.wait(lambda: code.toPlainText() == results.source)
    person.turn_to("Data")
    samples = person.window.panels["data"].samples
    person.wait(lambda: set(samples._fields) == FIELDS[name])
