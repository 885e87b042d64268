"""Shapes, parameters and multiply-adds of single layers, remembered: the same question is computed once."""

from collections.abc import Mapping

from engine.catalog.params import Value
from engine.catalog.spec import Layer
from engine.runtime.analysis.build import Refused, Result, Spec, tried

Key = tuple[object, ...]


class Shapes:
    """Results of layers for their values and inputs. Used by one thread; caches ``size`` results."""

    def __init__(self, size: int = 8192) -> None:
        self._size = size
        self._known: dict[Key, Result | Refused] = {}
        self.tried = 0  # layers that were really run

    def of(self, layer: Layer, values: Mapping[str, Value], inputs: Mapping[str, Spec]) -> Result | Refused:
        """The result of `try_layer`, cached; call it within `trying`."""
        key = (layer.kind, tuple(sorted(values.items(), key=lambda pair: pair[0])), tuple(inputs.items()))
        result = self._known.get(key)
        if result is None:
            result = tried(layer, values, inputs)
            self.tried += 1
            if len(self._known) >= self._size:
                del self._known[next(iter(self._known))]  # the oldest
            self._known[key] = result
        return result
