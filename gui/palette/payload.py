"""The data of a drag from the palette: the kind, and the whole node as JSON."""

import json

from PySide6.QtCore import QMimeData

from engine.catalog.params import freeze, thaw
from engine.graph.compose import new_node
from engine.graph.model import Node

KIND_MIME = "application/x-torchloom-kind"
NODE_MIME = "application/x-torchloom-node"


def drag_data(node: Node) -> QMimeData:
    """The data of a drag that adds a new node."""
    data = QMimeData()
    data.setData(KIND_MIME, node.kind.encode())
    more = {
        "kind": node.kind,
        "graph": node.graph,
        "params": {key: thaw(value) for key, value in node.params.items()},
    }
    data.setData(NODE_MIME, json.dumps(more).encode())
    return data


def dropped_node(data: QMimeData) -> Node | None:
    """The new node that a drag carries, or ``None`` if it carries something else."""
    if not data.hasFormat(KIND_MIME):
        return None
    node = new_node(data.data(KIND_MIME).toStdString())
    if data.hasFormat(NODE_MIME):
        more = json.loads(data.data(NODE_MIME).toStdString())
        node.graph = more["graph"]
        node.params = {key: freeze(value) for key, value in more["params"].items()}
    return node
