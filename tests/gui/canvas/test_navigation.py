"""Selection and navigation by key."""

from PySide6.QtCore import Qt

from tests.gui.canvas.graphs import with_block
from tests.gui.canvas.hand import CTRL, SHIFT, Steps

KEY = Qt.Key


def test_up_and_downstream(hand, selection):
    hand.click("flat")
    hand.key(KEY.Key_BracketLeft)
    assert selection.nodes == {"image", "conv", "act", "flat"}
    hand.click("flat")
    hand.key(KEY.Key_BracketRight)
    assert selection.nodes == {"flat", "head", "loss"}


def test_select_all_and_escape(hand, selection, graph):
    hand.key(KEY.Key_A, CTRL)
    assert selection.nodes == set(graph().nodes)
    hand.key(KEY.Key_Escape)
    assert selection.nodes == set()


def test_arrows_follow_wires_else_the_nearest_node(hand, selection):
    hand.click("image")
    for key, name in (
        (KEY.Key_Right, "conv"), (KEY.Key_Right, "act"), (KEY.Key_Right, "flat"), (KEY.Key_Left, "act"),
        (KEY.Key_Down, "loss"), (KEY.Key_Left, "head"), (KEY.Key_Down, "label"), (KEY.Key_Up, "head"),
    ):  # fmt: skip
        hand.key(key)
        assert selection.nodes == {name}
    hand.key(KEY.Key_Right, SHIFT)
    assert selection.nodes == {"head", "loss"}


def test_ctrl_arrows_move(hand, document, graph, selection):
    selection.select(("act", "head"))
    steps = Steps(document)
    hand.key(KEY.Key_Right, CTRL)
    assert graph().nodes["act"].pos == (610.0, 0.0)
    assert graph().nodes["head"].pos == (310.0, 200.0)
    assert steps.is_one()
    hand.key(KEY.Key_Up, CTRL)
    assert graph().nodes["act"].pos == (610.0, -10.0)
    assert document.history.count() == 2


def test_enter_dives_into_a_block_and_else_edits(canvas, hand, document, selection, qtbot):
    document.load(with_block())
    selection.select(("stem",))
    hand.key(KEY.Key_Return)
    assert (selection.graph, selection.path) == ("Stem", ("stem",))
    assert set(canvas.scene.nodes) == {"x", "act", "y"}

    selection.select(("act",))
    with qtbot.waitSignal(canvas.edit_wanted, check_params_cb=lambda name: name == "act"):
        hand.key(KEY.Key_Return)

    selection.clear()
    hand.key(KEY.Key_Up, CTRL)
    assert selection.path == ()
    assert selection.nodes == {"stem"}


def test_a_double_click_dives_too(canvas, hand, document, selection):
    document.load(with_block())
    hand.double_click("stem")
    assert selection.graph == "Stem"
