"""Random edits and gestures with a scene: it shows the graph after each, and after undo and redo of all."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtWidgets import QApplication, QWidget

from engine.graph.edits import AddNode, RenameNode
from engine.graph.model import Node, Project
from engine.project import file
from gui.actions.actions import Actions
from gui.canvas.canvas import Canvas
from gui.inspector.inspector import Inspector
from gui.outline.outline import Outline
from gui.state.analysis_results import AnalysisResults
from gui.state.document import Document
from gui.state.selection import Selection
from gui.theme import Theme
from tests.gestures import small
from tests.gui.canvas.hand import ALT, CTRL, LEFT, RIGHT, SHIFT, Hand
from tests.gui.canvas.in_step import assert_in_step
from tests.strategies import edits

KEY = Qt.Key


def text(document: Document) -> str:
    return file.dump(document.project)


def spaced_out() -> Project:
    """Convolutions, a block, and nodes that have no wire, with room around each."""
    project = small()
    for graph in project.graphs.values():
        for place, node in enumerate(graph.nodes.values()):
            node.pos = (300.0 * (place % 3), 200.0 * (place // 3))
    return project


def goes_back_and_forth(document: Document, start: str, look: Callable[[], object]) -> None:
    """Undo of all steps gives the start, redo of all the end, and the scene is in step after each."""
    history, end = document.history, text(document)
    at = history.index()
    while history.canUndo():
        history.undo()
        look()
    assert text(document) == start
    while history.index() < at:
        history.redo()
        look()
    assert text(document) == end


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_random_edits_are_shown_and_go_back_and_forth(theme, actions, qapp, full, data) -> None:
    with canvas_with_panels(theme, actions, qapp, full) as canvas:
        document, selection = canvas.scene.document, canvas.scene.selection
        start = text(document)

        def look() -> None:
            qapp.processEvents()  # problems, forms, the tree
            assert_in_step(canvas)

        for _ in range(data.draw(st.integers(3, 12))):
            _act(data, document, selection)
            look()
        goes_back_and_forth(document, start, look)


@pytest.mark.parametrize(("port", "ends"), [("x", ("conv2.output", "stem.a")), ("y", ("stem.a", "out.input"))])
def test_a_port_renamed_within_a_block_renames_it_where_the_block_is_shown(canvas, document, port, ends) -> None:
    document.load(spaced_out())
    document.do(RenameNode("Stem", port, "a"))
    assert_in_step(canvas)
    assert ends in {(str(wire.source), str(wire.target)) for wire in canvas.scene.wires}
    document.history.undo()
    assert_in_step(canvas)


@contextmanager
def canvas_with_panels(theme: Theme, actions: Actions, qapp: QApplication, full: bool) -> Iterator[Canvas]:
    """A canvas with other panels of a document, for one example; deleted even if the example fails."""
    document = Document()
    document.load(spaced_out())
    selection, results = Selection(document, document), AnalysisResults(document, document)
    canvas = Canvas(document, selection, results, theme, actions)
    panels: list[QWidget] = [canvas]
    if full:  # they follow a moment later, and are slow to follow everything
        panels += [Inspector(document, selection, results, theme), Outline(document, selection, results, theme)]
    for panel in panels:
        panel.show()
    try:
        yield canvas
    finally:
        for each in (*panels, document):
            each.deleteLater()
        qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)  # one that stays would catch other tests' pointers
        assert not [each for each in QApplication.topLevelWidgets() if each in panels]


def _act(data: st.DataObject, document: Document, selection: Selection) -> None:
    """One random edit, or a step back, forth, into a block, out of it; or another selection."""
    match data.draw(st.sampled_from(("edit",) * 6 + ("undo", "redo", "dive", "up", "select"))):
        case "undo":
            document.history.undo()
        case "redo":
            document.history.redo()
        case "dive":
            selection.dive("stem")
        case "up":
            selection.up()
        case "select":
            selection.select(data.draw(st.sets(st.sampled_from([*selection.shown_graph.nodes, "ghost"]))))
        case _:
            document.do(data.draw(edits(document.project)))


class RandomUser:
    """A user who does anything anywhere, at random."""

    def __init__(self, canvas: Canvas, hand: Hand, chance: Random) -> None:
        self.canvas, self.hand, self.chance = canvas, hand, chance

    def act(self) -> str:
        name, do = self.chance.choice([*self._acts().items()])
        do()
        self._leave_open()
        return name

    def _acts(self) -> dict[str, Callable[[], object]]:
        hand, at = self.hand, self._somewhere
        keys = {
            "delete": (KEY.Key_Delete,), "heal": (KEY.Key_Delete, SHIFT), "bypass": (KEY.Key_M,), "join": (KEY.Key_J,),
            "copy": (KEY.Key_C, CTRL), "cut": (KEY.Key_X, CTRL), "paste": (KEY.Key_V, CTRL),
            "paste wired": (KEY.Key_V, CTRL | SHIFT), "duplicate": (KEY.Key_D, CTRL), "all": (KEY.Key_A, CTRL),
            "upstream": (KEY.Key_BracketLeft,), "downstream": (KEY.Key_BracketRight,), "tidy": (KEY.Key_L,),
            "row": (KEY.Key_H, SHIFT), "column": (KEY.Key_V, SHIFT), "spread": (KEY.Key_H, CTRL | ALT),
            "walk": (KEY.Key_Right,), "nudge": (KEY.Key_Down, CTRL), "escape": (KEY.Key_Escape,),
            "unpack": (KEY.Key_U, CTRL | SHIFT), "dive": (KEY.Key_Return,), "out": (KEY.Key_Up, CTRL),
            "fit": (KEY.Key_Home,),
        }  # fmt: skip
        return {name: (lambda key=key: hand.key(*key)) for name, key in keys.items()} | {
            "click": lambda: hand.click(at()),
            "add to selection": lambda: hand.click(at(), keys=SHIFT),
            "dot": lambda: hand.click(at(), keys=ALT),
            "drag": lambda: hand.drag(at(), at()),
            "drag far": lambda: hand.drag(at(), at(), at(), keys=self.chance.choice((SHIFT, CTRL, ALT))),
            "wire": lambda: hand.drag(self._port(), self._port()),
            "wire by clicks": self._click_wire,
            "pull a wire": lambda: hand.drag(self._port(), at()),
            "swipe": lambda: hand.drag(at(), at(), at(), button=RIGHT, keys=self.chance.choice((SHIFT, CTRL))),
            "add": lambda: (hand.key(KEY.Key_Tab), self._choose()),
            "add there": lambda: (hand.double_click(at()), self._choose()),
            "frame": lambda: hand.key(KEY.Key_G, CTRL),
            "note": lambda: (hand.key(KEY.Key_N, SHIFT), self._write()),
            "break off": lambda: (hand.press(at(), LEFT), hand.move(at()), hand.key(KEY.Key_Escape), hand.release()),
            "wheel": lambda: hand.wheel(at(), self.chance.choice((-1, 1))),
            "undo": self.canvas.scene.document.history.undo,
            "redo": self.canvas.scene.document.history.redo,
        }

    def _somewhere(self) -> QPointF:
        """On a node, on a wire, or on nothing."""
        scene, chance = self.canvas.scene, self.chance
        places = [item.scene_rect.center() for item in scene.nodes_so_far.values()]
        places += [item.path.pointAtPercent(0.5) for item in scene.wires_so_far.values()]
        visible_rect = self.canvas.view.visible_rect
        free = QPointF(
            chance.uniform(visible_rect.left(), visible_rect.right()),
            chance.uniform(visible_rect.top(), visible_rect.bottom()),
        )
        return chance.choice([*places, free, free])

    def _port(self) -> str | QPointF:
        nodes = self.canvas.scene.nodes
        spots = [(name, spot) for name, item in nodes.items() for spot in (*item.look.inputs, *item.look.outputs)]
        if not spots:
            return self._somewhere()
        name, spot = self.chance.choice(spots)
        return f"{name}{'<' if spot.is_input else '.'}{spot.port}"

    def _click_wire(self) -> None:
        self.hand.click(self._port())
        to = self._port()
        self.hand.move(to)
        self.hand.click(to)

    def _choose(self) -> None:
        popup = self.canvas.layer_popup.search
        if popup.isVisible():
            self.hand.type(self.chance.choice(("relu", "linear", "cat", "stem", "loss", "lstm", "zzz")), popup.field)
            self.hand.key(self.chance.choice((KEY.Key_Return, KEY.Key_Escape)), widget=popup.field)

    def _write(self) -> None:
        field = QApplication.focusWidget()
        if field is not None and field.objectName() == "inline_editor":
            self.hand.type("words", field)
            self.hand.key(self.chance.choice((KEY.Key_Return, KEY.Key_Escape)), CTRL, widget=field)

    def _leave_open(self) -> None:
        """Close what is open after an act: the next one begins on the canvas."""
        self._choose()
        field = QApplication.focusWidget()
        if field is not None and field.objectName() == "inline_editor":
            self.hand.key(KEY.Key_Escape, widget=field)
        if self.canvas.view.gesture:
            self.hand.key(KEY.Key_Escape)
        self.canvas.view.setFocus()


@pytest.mark.parametrize("seed", range(4))
def test_random_gestures_are_shown_and_go_back_and_forth(canvas, hand, document, selection, full, seed) -> None:
    document.load(spaced_out())
    chance = Random(seed)
    start, user, acts = text(document), RandomUser(canvas, hand, chance), []
    for _ in range(1000 if full else 150):
        acts.append(user.act())
        assert not canvas.view.gesture, acts
        assert_in_step(canvas)
    assert document.history.count() > 10
    selection.open(())
    goes_back_and_forth(document, start, lambda: assert_in_step(canvas))


@pytest.fixture
def in_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw whatever differs, lay out any graph, and paste anything, in slices of one step each."""
    monkeypatch.setattr("gui.canvas.editing.graph_commands.LONG", 0)
    monkeypatch.setattr("gui.canvas.scene.sync.MAX_AT_ONCE", 0)
    monkeypatch.setattr("gui.canvas.editing.arranger.MAX_ANIMATED", 0)
    monkeypatch.setattr("gui.system.time_slices.SLICE_S", 0.0)


@pytest.mark.usefixtures("in_slices")
@pytest.mark.parametrize("seed", range(6))
def test_gestures_while_the_scene_is_being_drawn_go_back_and_forth(canvas, hand, document, selection, full, seed):
    document.load(spaced_out())
    chance, half_drawn = Random(seed), 0
    start, user, acts = text(document), RandomUser(canvas, hand, chance), []
    for number in range(400 if full else 80):
        acts.append(user.act())
        half_drawn += not canvas.scene.is_complete
        if chance.random() < 0.3:
            QApplication.processEvents()
        if number % 9 == 8:
            assert_in_step(canvas)
    assert half_drawn > 4
    selection.open(())
    goes_back_and_forth(document, start, QApplication.processEvents)
    assert_in_step(canvas)


@pytest.mark.usefixtures("in_slices")
@pytest.mark.parametrize("seed", range(12))
def test_changes_between_two_slices_lose_nothing(theme, actions, qapp, seed) -> None:
    chance = Random(seed)
    with canvas_with_panels(theme, actions, qapp, full=True) as canvas:
        acts = interruptions(canvas, theme, chance)
        for _ in range(60):
            chance.choice(acts)()
            for _ in range(chance.choice((0, 0, 1, 4))):
                qapp.processEvents()
        canvas.arranger.finish()
        turn_until(qapp, lambda: canvas.scene.is_complete)
        assert_in_step(canvas)
        assert all(item._paints is canvas.scene.paints for item in canvas.scene.nodes.values())


def interruptions(canvas: Canvas, theme: Theme, chance: Random) -> list[Callable[[], object]]:
    """What a user may do at any time."""
    document, selection = canvas.scene.document, canvas.scene.selection
    numbers = count()

    def add() -> None:
        node = Node(chance.choice(("Linear", "ReLU")), {}, (chance.uniform(0, 900), chance.uniform(0, 900)))
        document.do(AddNode(selection.graph, f"new{next(numbers)}", node))

    def select() -> None:
        selection.select(chance.sample(sorted(selection.shown_graph.nodes), len(selection.shown_graph.nodes) // 2))

    return [
        add,
        add,
        select,
        document.history.undo,
        document.history.redo,
        lambda: document.load(chance.choice((spaced_out, Project))()),
        lambda: theme.set(chance.choice(("light", "dark"))),
        lambda: selection.dive("stem"),
        selection.up,
        canvas.scene.follow_results,
        canvas.fit,
        canvas.arrange,
    ]


def turn_until(qapp: QApplication, condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < end
        qapp.processEvents()


@pytest.fixture
def half_arranged(canvas, document, in_slices) -> dict[str, tuple[float, float]]:
    """A layout in progress; gives the places after it."""
    document.load(spaced_out())
    canvas.arrange()
    canvas.arranger.finish()
    places = {name: node.pos for name, node in canvas.scene.graph.nodes.items()}
    document.history.undo()
    canvas.scene.finish()
    canvas.arrange()
    for _ in range(3):
        canvas.arranger._turns._step()
    assert not canvas.arranger._turns.is_done
    assert places != {name: node.pos for name, node in canvas.scene.graph.nodes.items()}
    return places


def test_a_layout_is_finished_between_events(canvas, half_arranged, qapp) -> None:
    turn_until(qapp, lambda: canvas.arranger._turns.is_done and canvas.scene.is_complete)
    assert half_arranged == {name: node.pos for name, node in canvas.scene.graph.nodes.items()}
    assert_in_step(canvas)


def test_undo_during_a_layout_takes_it_back(canvas, document, half_arranged, qapp) -> None:
    before = text(document)
    document.history.undo()
    assert text(document) == before
    document.history.redo()
    turn_until(qapp, lambda: canvas.scene.is_complete)
    assert half_arranged == {name: node.pos for name, node in canvas.scene.graph.nodes.items()}


def test_an_edit_during_a_layout_is_a_step_after_it(canvas, document, half_arranged) -> None:
    steps = document.history.index()
    document.do(AddNode("Net", "new", Node("ReLU")))
    assert document.history.index() == steps + 2
    assert half_arranged.items() <= {name: node.pos for name, node in canvas.scene.graph.nodes.items()}.items()
    assert_in_step(canvas)


@pytest.mark.usefixtures("half_arranged")
def test_a_step_chosen_from_the_list_ends_a_layout_in_progress(canvas, document) -> None:
    document.do(AddNode("Net", "new", Node("ReLU")))
    canvas.arrange()
    before, index = text(document), document.history.index()
    document.history.setIndex(index - 1)  # as the list does
    document.history.setIndex(index)
    assert text(document) == before
    assert canvas.arranger._turns.is_done


@pytest.mark.usefixtures("half_arranged")
@pytest.mark.parametrize("leave", ["dive", "load", "save"])
def test_a_graph_is_arranged_before_it_is_left_or_saved(canvas, document, selection, half_arranged, leave) -> None:
    project = document.project
    match leave:
        case "dive":
            selection.dive("stem")
        case "load":
            document.load(Project())
        case "save":
            document.settle()
    assert half_arranged == {name: node.pos for name, node in project.graphs["Net"].nodes.items()}
    assert_in_step(canvas)


@pytest.mark.usefixtures("in_slices")
@pytest.mark.parametrize("then", ["nothing", "undo", "edit", "paste", "dive", "load"])
def test_a_paste_in_progress_is_finished_before_anything_else(canvas, document, selection, qapp, then) -> None:
    document.load(spaced_out())
    project, before = document.project, len(document.project.graphs["Net"].nodes)
    selection.select(["conv1", "conv2"])
    canvas.commands.copy()
    canvas.commands.paste(QPointF(900, 900))
    assert len(project.graphs["Net"].nodes) == before
    more = {"nothing": 2, "undo": 0, "edit": 3, "paste": 4, "dive": 2, "load": 2}[then]
    match then:
        case "undo":
            document.history.undo()
        case "edit":
            document.do(AddNode("Net", "new", Node("ReLU")))
        case "paste":
            canvas.commands.paste(QPointF(0, 900))
        case "dive":
            selection.dive("stem")
        case "load":
            document.load(Project())
    turn_until(qapp, lambda: canvas.commands._sliced.is_done and canvas.scene.is_complete)
    assert len(project.graphs["Net"].nodes) == before + more
    assert_in_step(canvas)


@pytest.mark.usefixtures("in_slices")
@pytest.mark.parametrize("again", [False, True])
def test_another_graph_is_painted_when_it_is_whole(canvas, document, qapp, again) -> None:
    viewport = canvas.view.viewport()
    document.load(spaced_out())
    assert not viewport.updatesEnabled()
    if again:
        qapp.processEvents()
        document.load(spaced_out())
    turn_until(qapp, lambda: canvas.scene.is_complete)
    assert viewport.updatesEnabled()
    document.do(AddNode("Net", "new", Node("ReLU")))
    assert viewport.updatesEnabled()
