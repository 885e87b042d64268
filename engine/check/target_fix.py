"""The fix that wires the target of a loss."""

from engine.catalog.data.datasets import datasets
from engine.catalog.spec import Port
from engine.check.view import View
from engine.graph.edits import AddNode, AddWire, Batch, Edit
from engine.graph.model import End, Node, Wire

BESIDE_PX = (-270.0, 92.0)  # from a loss to the new input for its target: under the layer before it


def target_fix(view: View, name: str, port: Port) -> tuple[str, Edit] | None:
    """The edit that wires the target into a loss, with its label; ``None`` where the data declares no such field."""
    dataset = datasets().get(view.project.data.kind)
    field = "target" if port.element == "float" else "label"
    if port.name != "target" or view.role(name) != "loss" or not view.is_main or dataset is None:
        return None
    if not any(each.name == field for each in dataset.fields):
        return None
    inputs = (each for each, node in view.graph.of_kind("Input").items() if (node.params.get("field") or each) == field)
    source = next(inputs, None)
    if source is not None:
        return f"Wire {source} into it", AddWire(view.name, Wire(End(source, "output"), End(name, port.name)))
    if field in view.graph.nodes:
        return None
    x, y = view.graph.nodes[name].pos
    label = f"Add the input {field}"
    edits: tuple[Edit, ...] = (
        AddNode(view.name, field, Node("Input", {"field": field}, (x + BESIDE_PX[0], y + BESIDE_PX[1]))),
        AddWire(view.name, Wire(End(field, "output"), End(name, port.name))),
    )
    return label, Batch(label, edits)
