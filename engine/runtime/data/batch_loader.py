"""Loads the batches of a run: its samples on its device, in the order of any epoch."""

from collections.abc import Iterator

import torch
from torch import Tensor

from engine.graph.model import Training
from engine.runtime.data.prepared_samples import Augmentation, LoadedData, Part
from engine.runtime.device import is_out_of_memory, samples_too_large
from resources.snippets.training.batches import part_batches, training_batches
from resources.snippets.training.order import epoch_order

Fields = dict[str, Tensor]


def steps_in_epoch(rows: int, training: Training) -> int:
    """Batches of one epoch of this many samples."""
    return rows // training.batch_size if training.drop_last else -(-rows // training.batch_size)


class BatchLoader:
    """Gives batches as a pure function of seed, epoch and position. ``fields``: only these are kept on the device."""

    def __init__(self, data: LoadedData, training: Training, fields: set[str], device: torch.device) -> None:
        self._data, self._training, self._device = data, training, device
        self._fields = fields
        self.training = self._to_device(data.training)
        self.validation = self._to_device(data.validation) if len(data.validation) else {}
        self._augmentations = [one for one in data.augmentations if one.field in fields]

    def _to_device(self, part: Part) -> Fields:
        fields = {name: values for name, values in part.fields.items() if name in self._fields}
        try:
            return {name: values.to(self._device) for name, values in fields.items()}
        except RuntimeError as error:
            if not is_out_of_memory(error):
                raise
            raise samples_too_large(self._device, sum(values.nbytes for values in fields.values())) from error

    @property
    def steps_per_epoch(self) -> int:
        """Batches of one epoch; 0 when the only batch is not full and such are dropped."""
        return steps_in_epoch(len(self._data.training), self._training)

    def batches(self, epoch: int, start: int = 0) -> Iterator[Fields]:
        """The training batches of an epoch (from 0), from number ``start`` on."""
        order = epoch_order(len(self._data.training), self._training.seed, epoch).to(self._device)
        order = order[: self.steps_per_epoch * self._training.batch_size]
        tables = [
            (one, one.draw(self._data.training.fields[one.field], self._training.seed, epoch).to(self._device))
            for one in self._augmentations
        ]

        def change(fields: Fields, rows: Tensor) -> Fields:
            for one, table in tables:
                for name in self._changed_by(one):
                    fields[name] = one.apply(fields[name], table[rows])
            return fields

        return training_batches(
            self.training,
            order,
            self._training.batch_size,
            start=start,
            change=change if tables else None,
        )

    def _changed_by(self, one: Augmentation) -> list[str]:
        return [name for name in (one.field, *one.along) if name in self._fields]

    def part_batches(self, fields: Fields) -> Iterator[Fields]:
        """The samples of a part in stored order."""
        return part_batches(fields, self._training.batch_size)
