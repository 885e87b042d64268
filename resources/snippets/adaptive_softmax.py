"""A softmax over many classes, of which the rare ones cost little."""

from collections.abc import Sequence
from itertools import pairwise

import torch
from torch import Tensor, nn


class AdaptiveLogSoftmax(nn.AdaptiveLogSoftmaxWithLoss):
    """The log-probabilities of all classes (..., n_classes) for features (..., in_features).

    With ``target``, class numbers (...), only those of the true classes (...): clusters of rare classes are computed
    for the samples that are in them. Raises: ``ValueError`` for cutoffs that do not rise below ``n_classes``, and
    where a cluster has no feature.
    """

    def __init__(
        self,
        in_features: int,
        n_classes: int,
        cutoffs: Sequence[int],
        div_value: float = 4.0,
        head_bias: bool = False,
    ) -> None:
        bounds = [0, *cutoffs, n_classes]
        if any(low >= high for low, high in pairwise(bounds)):
            raise ValueError(f"cutoffs {tuple(cutoffs)} do not rise from 1 to {n_classes - 1}")
        if in_features < div_value ** len(cutoffs):
            raise ValueError(
                f"the last cluster has no feature: {in_features} is below {div_value:g} ** {len(cutoffs)}"
            )
        super().__init__(in_features, n_classes, cutoffs, div_value, head_bias)

    def forward(self, input: Tensor, target: Tensor | None = None) -> Tensor:  # type: ignore[override] # returns one
        samples = input.flatten(end_dim=-2)
        if target is None:
            return self.log_prob(samples).reshape(*input.shape[:-1], self.n_classes)
        if input.is_meta:  # which samples are in a cluster depends on their values
            return torch.empty(target.shape, device="meta")
        output: Tensor = super().forward(samples, target.flatten()).output
        return output.reshape(target.shape)
