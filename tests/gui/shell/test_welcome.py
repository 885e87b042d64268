"""The welcome over the window."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QWidget

from engine.graph.edits import SetParam
from gui.dialogs.welcome import Welcome


def test_a_click_a_key_and_an_edit_close_the_welcome(window, qtbot):
    def welcome() -> Welcome:
        window.commands.show_welcome()
        return next(each for each in window.frame.findChildren(Welcome) if each.isVisible())

    over = welcome()
    with qtbot.waitSignal(over.closed):
        qtbot.keyClick(over, Qt.Key.Key_Escape)
    over = welcome()
    with qtbot.waitSignal(over.closed):
        qtbot.mouseClick(over, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    over = welcome()
    with qtbot.waitSignal(over.closed):
        window.context.document.do(SetParam("Net", "conv1", "out_channels", 8))
    assert window.context.preferences.values.welcomed


def test_the_welcome_opens_a_template(window, qtbot):
    window.commands.show_welcome()
    card = window.frame.findChild(QWidget, "template_iris-mlp")
    qtbot.mouseClick(card, Qt.MouseButton.LeftButton)
    assert window.context.document.project.name == "iris-mlp"
