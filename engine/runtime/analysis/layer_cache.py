"""A cache of the shapes, parameters and multiply-adds of single layers."""

from collections.abc import Mapping

from engine.catalog.params import Value
from engine.catalog.spec import Layer
from engine.graph.model import Node
from engine.runtime.analysis.build import Refusal, Result, Spec, layer_result

Key = tuple[object, ...]


class LayerCache:
    """Caches ``size`` results of layers for their values and inputs. Used by one thread."""

    def __init__(self, size: int = 8192) -> None:
        self._size = size
        self._results: dict[Key, Result | Refusal] = {}
        self.runs = 0  # layers that were run

    def of(self, layer: Layer, values: Mapping[str, Value], inputs: Mapping[str, Spec]) -> Result | Refusal:
        """The result of `try_layer`, cached; call it within `trial`."""
        key = (layer.kind, tuple(sorted(values.items(), key=lambda pair: pair[0])), tuple(inputs.items()))
        result = self._results.get(key)
        if result is None:
            result = layer_result(layer, values, inputs)
            self.runs += 1
            if len(self._results) >= self._size:
                del self._results[next(iter(self._results))]  # the oldest
            self._results[key] = result
        return result


def set_values(layer: Layer, node: Node) -> dict[str, Value]:
    """The values set by hand; a size that is derived from the wire counts as not set when it is ``None``."""
    if not layer.derived:
        return dict(node.params)
    read = {param.name for param in layer.derived}
    return {name: value for name, value in node.params.items() if value is not None or name not in read}
