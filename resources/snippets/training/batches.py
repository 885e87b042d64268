"""Batches of data in memory: one gather for many batches, which are then views of it."""

from collections.abc import Callable, Iterator

import torch
from torch import Tensor

Fields = dict[str, Tensor]
Change = Callable[[Fields, Tensor], Fields]
CHUNK_BYTES = 2**20  # gathered at once: many batches, which still fit into the L2 cache


def chunk_size(fields: Fields, batch_size: int) -> int:
    """The number of samples to gather at once: whole batches, at least one."""
    sample_bytes = sum(values[:1].nbytes for values in fields.values())
    return max(1, CHUNK_BYTES // max(1, sample_bytes * batch_size)) * batch_size


def training_batches(
    fields: Fields, order: Tensor, batch_size: int, *, start: int = 0, change: Change | None = None
) -> Iterator[Fields]:
    """The batches of one epoch, in ``order``, from batch ``start`` on.

    ``change``: the augmentation, which takes some samples and their indices.
    """
    size = chunk_size(fields, batch_size)
    for first in range(start * batch_size // size * size, len(order), size):
        index = order[first : first + size]
        chunk = {name: values.index_select(0, index) for name, values in fields.items()}
        if change:
            chunk = change(chunk, index)
        split = zip(*(torch.split(values, batch_size) for values in chunk.values()), strict=True)
        for number, batch in enumerate(split, first // batch_size):
            if number >= start:
                yield dict(zip(chunk, batch, strict=True))


def part_batches(fields: Fields, batch_size: int) -> Iterator[Fields]:
    """All samples in their order, in batches."""
    for batch in zip(*(torch.split(values, batch_size) for values in fields.values()), strict=True):
        yield dict(zip(fields, batch, strict=True))
