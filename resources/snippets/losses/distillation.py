"""The divergence of softened distributions, by which a small network learns from a large one."""

import torch.nn.functional as F
from torch import Tensor


def softened_kl_div(
    input: Tensor,
    target: Tensor,
    reduction: str = "mean",
    log_target: bool = False,
    temperature: float = 1.0,
) -> Tensor:
    """`F.kl_div` of distributions that the temperature softens along axis 1, times its square.

    Shapes: log-probabilities (N, C, ...) with probabilities of the same shape, or with their logarithms.
    """
    logs = target if log_target else target.log()
    softened = F.log_softmax(input / temperature, dim=1)
    target_probabilities = F.softmax(logs / temperature, dim=1)
    return F.kl_div(softened, target_probabilities, reduction=reduction) * temperature**2
