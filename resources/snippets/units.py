"""Answers and errors in the unit of the data: what transforms did to a field is undone in what the network gives."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from resources.snippets.training.metrics import Measure, Outputs

Undo = Callable[[np.ndarray], np.ndarray]
"""Takes a field as one transform left it, and gives it as the transform found it."""


class Unit(NamedTuple):
    """The unit of an output: that of ``field``, with which it is compared, whose samples have this ``shape``.

    ``places``: where in a sample of the field each value of the output belongs; empty: all of them, in order.
    """

    field: str
    shape: tuple[int, ...]
    places: tuple[int, ...] = ()


def undone(values: np.ndarray, undo: Sequence[Undo]) -> np.ndarray:
    """A field before its transforms, float64; ``undo``: the last transform first."""
    back = values.astype(np.float64)  # around a million float32 has no digits for a spread of one
    for step in undo:
        back = step(back)
    return back


def answers_in_unit(values: np.ndarray, unit: Unit, undo: Sequence[Undo]) -> np.ndarray:
    """An output in the unit of its field, float64, in the shape that it has."""
    flat = values.reshape(len(values), -1)
    if not unit.places:
        return undone(flat.reshape(-1, *unit.shape), undo).reshape(values.shape)
    whole = np.zeros((len(values), int(np.prod(unit.shape))))
    whole[:, unit.places] = flat
    back = undone(whole.reshape(-1, *unit.shape), undo).reshape(whole.shape)
    return back[:, unit.places].reshape(values.shape)


@dataclass(frozen=True)
class Units:
    """Which answers and metrics are in a unit of the data, and how to get there.

    ``undo``: what undoes the transforms of a field. ``outputs``: the units of outputs, by name; a single one is called
    ``""``. ``metrics``: those that are in such a unit, as a mean absolute error is; all others stay as they are.
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
        return torch.from_numpy(answers_in_unit(array, unit, self.undo[unit.field]))

    def of_field(self, name: str, values: Tensor) -> Tensor:
        """A field as the data has it, on the CPU."""
        if name not in self.undo:
            return values.cpu()
        return torch.from_numpy(undone(values.cpu().numpy(), self.undo[name]))


def in_unit(metrics: Measure, units: Units) -> Measure:
    """The metrics, those in a unit of the data in that unit."""

    def measured(outputs: Outputs, batch: dict[str, Tensor]) -> dict[str, Tensor]:
        found = metrics(outputs, batch)
        fields = {name: units.of_field(name, values) for name, values in batch.items()}
        answers: Outputs = (
            {name: units.of_output(name, values) for name, values in outputs.items()}
            if isinstance(outputs, dict)
            else units.of_output("", outputs)
        )
        back = metrics(answers, fields)
        return found | {name: back[name] for name in units.metrics}

    return measured
