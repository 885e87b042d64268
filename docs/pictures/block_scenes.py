"""Scenes of blocks: made by hand, opened, and looked at from near."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from engine.catalog.expressions import Expression
from engine.graph.block_params import BlockParam
from engine.graph.edits import AddBlockParam, SetNode, SetParam
from engine.graph.loops import LoopSettings
from engine.graph.model import NO_DATA, End, Graph, Node, Project, Wire
from gui.dialogs.new_project import EMPTY, project_of

if TYPE_CHECKING:
    from states import Album

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def type_layers(it: "Album", *queries: str) -> None:
    """Add layers one after the other, each behind the last, by the keyboard alone."""
    view = it.window.panels["canvas"].view
    for query in queries:
        view.setFocus()
        QTest.keyClick(view, Qt.Key.Key_Tab)
        field = it.app.frame.findChild(QWidget, "search_field")
        QTest.keyClicks(field, query)
        QTest.keyClick(field, Qt.Key.Key_Return)


def residual(it: "Album") -> None:
    """Draw a residual unit behind a convolution by keys, and make it a block."""
    it.open(project_of(EMPTY))
    view, selection = it.window.panels["canvas"].view, it.context.selection
    unit = ("conv 16 3x3 padding=1", "batchnorm2d")
    type_layers(it, "input image", "conv 16 3x3", *unit, "relu", *unit, "add")
    selection.select(["conv", "add"])
    QTest.keyClick(view, Qt.Key.Key_J)
    selection.select(["add"])
    type_layers(it, "relu")


def make_block(it: "Album", name: str) -> None:
    """Make a block of the selection, which is complete or is made so by the same keys again."""
    view = it.window.panels["canvas"].view
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_G, CTRL | SHIFT)
    it.rest()
    if it.app.frame.findChild(QWidget, "inline_editor") is None:
        it.keep("block-offer")
        QTest.keyClick(view, Qt.Key.Key_G, CTRL | SHIFT)
        it.rest()
    it.keep("block-name")
    field = it.app.frame.findChild(QWidget, "inline_editor")
    QTest.keyClicks(field, name)
    QTest.keyClick(field, Qt.Key.Key_Return)
    it.until(lambda: not it.context.results.stale, rest_s=1.0)


def blocks(it: "Album") -> None:
    """A selection that is no block yet; a block with the field for its name; one from near, and from inside."""
    residual(it)
    view, selection = it.window.panels["canvas"].view, it.context.selection
    selection.select(["conv2", "add"])
    make_block(it, "Residual")
    it.act("graph.arrange")
    it.rest(1.0)
    it.keep("block-use")
    for zoom in (1.5, 3.0):
        view.set_zoom(zoom)
        view.centerOn(view.graph_scene.rect_of(selection.nodes).center())
        it.rest()
        it.keep(f"block-near-{zoom:g}")
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Return)
    it.rest(1.0)
    it.act("graph.arrange")
    it.rest(1.0)
    it.keep("block-inside")


def block_page(it: "Album") -> None:
    """The page of a block with parameters; an expression, a wrong one, and the page of a use that is repeated."""
    residual(it)
    document, selection = it.context.document, it.context.selection
    selection.select(["conv2", "batch_norm", "relu", "conv3", "batch_norm2", "add", "relu2"])
    view = it.window.panels["canvas"].view
    QTest.keyClick(view, Qt.Key.Key_G, CTRL | SHIFT)
    field = it.app.frame.findChild(QWidget, "inline_editor")
    QTest.keyClicks(field, "Residual")
    QTest.keyClick(field, Qt.Key.Key_Return)
    selection.dive("residual")
    for name, param in (
        ("channels", BlockParam("int", 16, min=1, help="Filters of both convolutions.")),
        ("activation", BlockParam("choice", "relu", options=("relu", "gelu"), help="What follows the sum.")),
    ):
        document.do(AddBlockParam("Residual", name, param))
    it.until(lambda: not it.context.results.stale, rest_s=1.0)
    it.act("graph.arrange")
    it.rest(1.0)
    page = it.window.panels["inspector"].block
    page.params.cards[0].head.setChecked(True)
    it.rest()
    it.keep("block-page")
    selection.select(["conv2"])
    it.rest()
    row = it.window.panels["inspector"].node.form.rows["out_channels"]
    row.switch.start("=")
    for state, letters in (("complete", "ch"), ("", "annels * 2"), ("wrong", "+ widht")):
        QTest.keyClicks(row.visible_editor.field, letters)
        it.rest()
        if state == "complete":
            it.keep("expression-completion")
            row.switch.expression.completion.close()
            continue
        QTest.keyClick(row.visible_editor.field, Qt.Key.Key_Return)
        it.until(lambda: not it.context.results.stale, rest_s=1.0)
        it.keep(f"expression{'-' if state else ''}{state}")
        QTest.keyClick(row.visible_editor.field, Qt.Key.Key_End)
    QTest.keyClick(row.visible_editor.field, Qt.Key.Key_Escape)
    selection.up()
    document.do(SetNode("Net", "residual", "repeat", 3))
    document.do(SetParam("Net", "residual", "channels", Expression("16 * (index + 1)")))
    it.until(lambda: not it.context.results.stale, rest_s=1.0)
    it.keep("block-repeat")


def recurrent() -> Project:
    """A cell that a loop calls for each step of a sequence."""
    nodes = {
        "x": Node("Input", pos=(0, 0)),
        "h": Node("Input", pos=(0, 120)),
        "cell": Node("GRUCell", {"hidden_size": 32}, (240, 40)),
        "answer": Node("Linear", {"out_features": 5}, (480, 0)),
        "h_next": Node("Output", pos=(480, 120)),
        "y": Node("Output", pos=(720, 0)),
    }
    wires = ("x.output cell.input", "h.output cell.hx", "cell.output answer.input", "cell.output h_next.input")
    step = Graph(nodes, [wire(each) for each in (*wires, "answer.output y.input")])
    rounds = LoopSettings(over=(("x", 1),), carry=(("h", "h_next"),), collect=("y",))
    nodes = {
        "steps": Node("Input", {"shape": (20, 8)}, (0, 0)),
        "first": Node("Input", {"shape": (32,)}, (0, 120)),
        "decode": Node("Loop", graph="Step", loop=rounds, pos=(260, 20)),
        "answers": Node("Output", pos=(520, 60)),
    }
    wires = ("steps.output decode.x", "first.output decode.h", "decode.y answers.input")
    return Project("loop", graphs={"Net": Graph(nodes, [wire(each) for each in wires]), "Step": step}, data=NO_DATA)


def wire(text: str) -> Wire:
    """A wire written as its two ends."""
    source, target = text.split()
    return Wire(End.parse(source), End.parse(target))


def loop(it: "Album") -> None:
    """A loop over a sequence, with its rounds in the inspector."""
    it.open(recurrent())
    it.context.selection.select(["decode"])
    it.until(lambda: not it.context.results.stale, rest_s=1.0)
    it.keep("loop")


BLOCK_SCENES = (blocks, block_page, loop)
