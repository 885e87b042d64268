"""The states of the panel that asks the network of a run."""

from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from gui.asking.asking_panel import SAMPLE

if TYPE_CHECKING:
    from states import Album

SEVEN = ((40, 30), (120, 30), (70, 140))


def asking(it: "Album") -> None:
    """Nothing to ask, a drawing with what each node gives and Grad-CAM, a sample, a row with its columns."""
    it.fresh("digits-cnn")
    it.train(3)
    it.until(lambda: not len(it.context.runs.link))
    it.act("view.asking")
    panel = it.window.panels["asking"]
    it.until(lambda: panel.editors)
    it.keep("asking-empty")
    draw(panel.editors["image"].board)
    panel.graph.click()
    panel.explanation.choice.setCurrentText("Grad-CAM")
    it.until(panel.explanation.heat.isVisible, rest_s=1.0)
    it.keep("asking-drawing")
    panel.ways.choose(SAMPLE)
    it.rest(1.5)
    it.keep("asking-sample")
    panel.graph.click()
    it.fresh("iris-mlp")
    it.train(10)
    it.until(lambda: not len(it.context.runs.link))
    it.until(lambda: "features" in panel.editors)
    panel.explanation.choice.setCurrentText("Importance of columns")
    it.rest(2.0)
    it.keep("asking-row")
    it.act("view.asking")
    it.fresh("digits-cnn")


def draw(board: QWidget) -> None:
    """Draw a seven."""
    left = Qt.MouseButton.LeftButton
    QTest.mousePress(board, left, pos=QPoint(*SEVEN[0]))
    for (x, y), (to_x, to_y) in pairwise(SEVEN):
        for step in range(1, 11):
            QTest.mouseMove(board, QPoint(x + (to_x - x) * step // 10, y + (to_y - y) * step // 10))
    QTest.mouseRelease(board, left, pos=QPoint(*SEVEN[-1]))
