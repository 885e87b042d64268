"""Whether a scene shows its graph: every item of it, and nothing else."""

from PySide6.QtCore import QPointF, QRectF

from gui.canvas.canvas import Canvas
from gui.canvas.items.node_layout import look


def assert_in_step(canvas: Canvas) -> None:
    """The items are the graph's nodes, wires, frames and notes, as they are now and where they are."""
    scene, document, selection = canvas.scene, canvas.scene.document, canvas.scene.selection
    assert scene.graph_name == selection.graph
    graph = document.project.graphs[selection.graph]
    assert set(scene.nodes) == set(graph.nodes)
    for name, node in graph.nodes.items():
        into = [wire for wire in graph.wires if wire.target.node == name]
        out_of = [wire for wire in graph.wires if wire.source.node == name]
        item = scene.nodes[name]
        assert item.look == look(document.project, selection.graph, name, scene.paints.measure, into, out_of), name
        assert item.pos() == QPointF(*node.pos), name
        assert item.scene_rect == QRectF(*node.pos, item.look.width, item.look.height), name
        assert item.is_selected is (name in selection.nodes), name
    wires = [wire for wire in graph.wires if {wire.source.node, wire.target.node} <= graph.nodes.keys()]
    assert set(scene.wires) == set(wires)
    for wire, item in scene.wires.items():
        assert (item.source, item.target) == (scene.nodes[wire.source.node], scene.nodes[wire.target.node])
        assert item.points == wire.points
        path, (start, end) = item.path, item.ends
        last = path.elementAt(path.elementCount() - 1)
        assert (QPointF(path.elementAt(0).x, path.elementAt(0).y), QPointF(last.x, last.y)) == (start, end), wire
    assert [(item.title, item.rect) for item in scene.frames] == [(f.title, QRectF(*f.rect)) for f in graph.frames]
    assert [(item.text, item.rect) for item in scene.notes] == [(n.text, QRectF(*n.rect)) for n in graph.notes]
    items = {*scene.nodes.values(), *scene.wires.values(), *scene.frames, *scene.notes}
    assert {*scene.items()} == items | {canvas.view.overlay}
    assert selection.nodes <= graph.nodes.keys()
