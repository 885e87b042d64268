"""A loss or metric with both its inputs, and the edits that make them fit each other."""

from collections.abc import Mapping
from dataclasses import dataclass

from engine.catalog.params import Value
from engine.catalog.spec import Layer
from engine.check.diagnostics import Diagnostic
from engine.check.view import View
from engine.graph.edits import Edit, SetParam
from engine.runtime.analysis.build import Spec
from engine.runtime.analysis.flattening import ShapeOf


@dataclass(frozen=True, slots=True)
class Comparison:
    """A loss or metric with both its inputs. ``classes``: how many the label field has, if it is one.

    ``occurring``: how many of them have samples, where that is known. ``shapes``: of the nodes before it.
    """

    view: View
    name: str
    layer: Layer
    values: Mapping[str, Value]
    scores: Spec
    target: Spec
    classes: int | None
    occurring: int | None
    shapes: ShapeOf

    @property
    def title(self) -> str:
        return f"{self.name} ({self.layer.kind})"

    def value(self, name: str) -> Value:
        """A parameter's value, given or by default."""
        param = self.layer.param(name)
        return self.values.get(name, param.default if param else None)

    def problem(
        self, code: str, message: str, hint: str, *, port: str = "target", fix: tuple[str, Edit] | None = None
    ) -> Diagnostic:
        """A problem of this node."""
        return self.view.problem(code, message, hint, node=self.name, port=port, fix=fix)


def compares_samples(layer: Layer) -> bool:
    """Whether a loss or metric compares scores of any number of axes with classes, or value with value."""
    return layer.compares is not None or (layer.role == "metric" and not layer.shape.is_closed)


def size_fix(comparison: Comparison, size: int) -> tuple[str, Edit] | None:
    """The edit that sets the number of scores of the layer that gives them."""
    view, name, port = comparison.view, comparison.name, "input"
    while (wire := view.into.get(name, {}).get(port)) is not None:
        name = wire.source.node
        node, declaration = view.graph.nodes[name], view.layers[name]
        if declaration is None:
            return None
        if not node.is_bypassed and not declaration.traits.keeps_shape:
            owner = node.shares or name
            param_name = "out_features" if len(comparison.scores.shape) == 2 else "out_channels"
            label = f"Set {param_name} of {owner} to {size}"
            return (label, SetParam(view.name, owner, param_name, size)) if declaration.param(param_name) else None
        inputs = view.ports[name].inputs
        if not inputs:
            return None
        port = inputs[0].name
    return None
