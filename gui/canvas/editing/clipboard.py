"""Nodes to the clipboard and back, as readable text."""

from collections.abc import Collection

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QGuiApplication

from engine.graph import compose, fragment
from engine.graph.edits import Batch
from gui.canvas.placement.alignment import on_grid
from gui.canvas.scene.scene import GraphScene


def copy(scene: GraphScene) -> bool:
    """Put the selected nodes on the clipboard; false without a selection."""
    names = scene.selection.nodes
    if names:
        part = fragment.fragment_of(scene.document.project, scene.graph_name, names)
        QGuiApplication.clipboard().setText(fragment.to_text(part))
    return bool(names)


def text() -> str:
    """The text on the clipboard."""
    return QGuiApplication.clipboard().text()


def paste(
    scene: GraphScene, part: fragment.Fragment, at: QPointF, *, keep_incoming: bool, own_blocks: Collection[str]
) -> Batch:
    """The edit that adds copied nodes around a place; see `compose.paste`. Raises: `EditError`."""
    area = QRectF()
    for node in part.graph.nodes.values():
        area = area.united(QRectF(*node.pos, 160, 60))
    by = on_grid(at - area.center())
    return compose.paste(
        scene.document.project,
        scene.graph_name,
        part,
        by=(by.x(), by.y()),
        keep_incoming=keep_incoming,
        own_blocks=own_blocks,
    )
