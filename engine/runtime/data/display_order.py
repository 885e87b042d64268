"""The order in which samples are shown; training has its own."""

from torch import Tensor

from resources.snippets.training.order import epoch_order

DISPLAY_SEED = 0


def mixed_order(count: int) -> Tensor:
    """A permutation of ``range(count)``, int64, always the same for a number: its start is a fair mixture of all."""
    return epoch_order(count, DISPLAY_SEED, 0)
