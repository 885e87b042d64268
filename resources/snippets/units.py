"""Outputs and metrics in the unit of the data: the transforms of a field are undone in the outputs."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from resources.snippets.training.metrics import Measure, Outputs

Undo = Callable[[np.ndarray], np.ndarray]
"""The inverse of one transform of a field."""


class Unit(NamedTuple):
    """The unit of an output: that of ``field``, with which it is compared, whose samples have this ``shape``.

    ``places``: the index of each value of the output in a flat sample of the field; empty: all of them, in order.
    """

    field: str
    shape: tuple[int, ...]
    places: tuple[int, ...] = ()


def undo_transforms(values: np.ndarray, undo: Sequence[Undo]) -> np.ndarray:
    """A field before its transforms, float64; ``undo``: the last transform first."""
    result = values.astype(np.float64)  # float32 has too few digits where values are large
    for inverse in undo:
        result = inverse(result)
    return result


def output_in_unit(values: np.ndarray, unit: Unit, undo: Sequence[Undo]) -> np.ndarray:
    """An output in the unit of its field, float64, in its own shape."""
    flat = values.reshape(len(values), -1)
    if not unit.places:
        return undo_transforms(flat.reshape(-1, *unit.shape), undo).reshape(values.shape)
    whole = np.zeros((len(values), int(np.prod(unit.shape))))
    whole[:, unit.places] = flat
    result = undo_transforms(whole.reshape(-1, *unit.shape), undo).reshape(whole.shape)
    return result[:, unit.places].reshape(values.shape)


@dataclass(frozen=True)
class Units:
    """The outputs and metrics that have a unit of the data.

    ``undo``: the functions that undo the transforms of a field. ``outputs``: the units of outputs, by name; that of a
    single one is ``""``. ``metrics``: those that have such a unit, such as a mean absolute error.
    """

    undo: Mapping[str, Sequence[Undo]]
    outputs: Mapping[str, Unit]
    metrics: Sequence[str]

    def of_output(self, name: str, values: Tensor) -> Tensor:
        """An output in its unit, on the CPU."""
        unit = self.outputs.get(name)
        if unit is None or unit.field not in self.undo:
            return values.cpu()
        array = values.detach().cpu().numpy()
        return torch.from_numpy(output_in_unit(array, unit, self.undo[unit.field]))

    def of_field(self, name: str, values: Tensor) -> Tensor:
        """A field without its transforms, on the CPU."""
        if name not in self.undo:
            return values.cpu()
        return torch.from_numpy(undo_transforms(values.cpu().numpy(), self.undo[name]))


def in_unit(metrics: Measure, units: Units) -> Measure:
    """The function ``metrics``, with those metrics that have a unit of the data in that unit."""

    def metrics_in_unit(outputs: Outputs, batch: dict[str, Tensor]) -> dict[str, Tensor]:
        result = metrics(outputs, batch)
        fields = {name: units.of_field(name, values) for name, values in batch.items()}
        outputs_in_unit: Outputs = (
            {name: units.of_output(name, values) for name, values in outputs.items()}
            if isinstance(outputs, dict)
            else units.of_output("", outputs)
        )
        in_units = metrics(outputs_in_unit, fields)
        return result | {name: in_units[name] for name in units.metrics}

    return metrics_in_unit
