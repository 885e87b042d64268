"""The data of a drag from the palette: the kind and the whole node as JSON, or a use of a block with its graphs."""

import json

from PySide6.QtCore import QMimeData

from engine.graph.compose import new_node
from engine.graph.fragment import Fragment, parse, to_text
from engine.graph.json_form.graphs import node_from_json, node_to_json
from engine.graph.json_form.prescan import load
from engine.graph.model import Node

KIND_MIME = "application/x-torchloom-kind"
NODE_MIME = "application/x-torchloom-node"
FRAGMENT_MIME = "application/x-torchloom-fragment"
Addition = Node | Fragment
"""What an entry adds: a node, or one use of a block with the graphs that it needs."""


def drag_data(addition: Addition) -> QMimeData:
    """The data of a drag that adds a new node."""
    data = QMimeData()
    node = addition if isinstance(addition, Node) else next(iter(addition.graph.nodes.values()))
    data.setData(KIND_MIME, node.kind.encode())
    if isinstance(addition, Fragment):
        data.setData(FRAGMENT_MIME, to_text(addition).encode())
        return data
    data.setData(NODE_MIME, json.dumps(node_to_json(node)).encode())
    return data


def dropped(data: QMimeData) -> Addition | None:
    """What a drag adds, or ``None`` if it carries something else. Raises: `FileProblem` when it is wrong."""
    if not data.hasFormat(KIND_MIME):
        return None
    if data.hasFormat(FRAGMENT_MIME):
        return parse(data.data(FRAGMENT_MIME).toStdString())
    if data.hasFormat(NODE_MIME):
        return node_from_json(load(bytes(data.data(NODE_MIME).data()), "drag"))
    return new_node(data.data(KIND_MIME).toStdString())
