"""What averaged weights need beside `torch.optim.swa_utils`."""

from collections.abc import Callable, Iterable
from typing import Any

from torch import Tensor, nn


def measure_batch_norm(
    model: nn.Module,
    batches: Iterable[dict[str, Tensor]],
    forward: Callable[[dict[str, Tensor]], Any],
) -> None:
    """Measure the running statistics of batch norm again, as means over the batches.

    They belong to the weights, and averaged weights have others than those that learn. ``forward``: passes a batch
    through the network. Without batch norm no batch is read.
    """
    model.train()
    kinds = (nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d)
    norms = [module for module in model.modules() if isinstance(module, kinds) and module.training]
    momenta = [norm.momentum for norm in norms]
    if not norms:
        return
    for norm in norms:
        norm.reset_running_stats()
        norm.momentum = None  # the mean over all batches
    for batch in batches:
        forward(batch)
    for norm, momentum in zip(norms, momenta, strict=True):
        norm.momentum = momentum
