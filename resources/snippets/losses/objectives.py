"""Losses that torch lacks; each is one number, as a tensor without axes."""

import torch
import torch.nn.functional as F
from torch import Tensor

LEAST_DOUBT = 1e-12  # a power below 1 has no gradient at 0
ROWS_AT_ONCE = 1024


def dice_loss(
    input: Tensor, target: Tensor, smooth: float = 1.0, ignore_index: int = -100
) -> Tensor:
    """1 - (2 |A and B| + smooth) / (|A| + |B| + smooth), the mean over samples and classes.

    Shapes: scores (N, C, ...) with classes (N, ...), or with 0 and 1 in their own shape. A are the probabilities,
    B the truth, each summed over the axes from 2 on.
    """
    shared, predicted, true = _overlap(input, target, ignore_index)
    return 1 - ((2 * shared + smooth) / (predicted + true + smooth)).mean()


def iou_loss(
    input: Tensor, target: Tensor, smooth: float = 1.0, ignore_index: int = -100
) -> Tensor:
    """1 - (|A and B| + smooth) / (|A or B| + smooth); else as `dice_loss`."""
    shared, predicted, true = _overlap(input, target, ignore_index)
    return 1 - ((shared + smooth) / (predicted + true - shared + smooth)).mean()


def focal_loss(
    input: Tensor,
    target: Tensor,
    gamma: float = 2.0,
    alpha: float | None = None,
    ignore_index: int = -100,
    reduction: str = "mean",
) -> Tensor:
    """(1 - p) ** gamma times the cross entropy -log p, where p is the probability of the truth; shapes as `dice_loss`.

    ``alpha``: the weight of 1 among targets of 0 and 1; that of 0 is 1 - alpha.
    """
    valid = target != ignore_index
    if target.shape == input.shape:
        true = torch.where(valid, target, 0).to(input.dtype)
        losses = F.binary_cross_entropy_with_logits(input, true, reduction="none")
    else:
        losses = F.cross_entropy(input, target, ignore_index=ignore_index, reduction="none")
    doubt = -torch.expm1(-losses)
    losses = doubt.clamp(min=LEAST_DOUBT) ** gamma * losses
    if alpha is not None and target.shape == input.shape:
        losses = losses * (alpha * true + (1 - alpha) * (1 - true))
    total = (losses * valid).sum()
    return total / valid.sum() if reduction == "mean" else total


def info_nce_loss(
    input1: Tensor, input2: Tensor, temperature: float = 0.1, symmetric: bool = False
) -> Tensor:
    """Cross entropy of finding the partner of each vector of ``input1`` (N, D) among all of ``input2`` (N, D).

    The scores are cosines over the temperature. ``symmetric``: the mean with the search the other way round.
    """
    first, second = F.normalize(input1, dim=1), F.normalize(input2, dim=1)
    loss = _partner_loss(first, second, temperature)
    return (loss + _partner_loss(second, first, temperature)) / 2 if symmetric else loss


def gaussian_kl_div(mean: Tensor, log_var: Tensor, reduction: str = "batchmean") -> Tensor:
    """Divergence of normal distributions from the standard normal one: (mean² + var - 1 - log var) / 2.

    ``reduction``: ``batchmean`` is the sum over all axes but the samples, ``mean`` the mean over all elements.
    """
    divergences = (mean.square() + torch.expm1(log_var) - log_var) / 2
    if reduction == "mean":
        return divergences.mean()
    return divergences.sum() / len(mean) if reduction == "batchmean" else divergences.sum()


def perceptual_loss(input: Tensor, target: Tensor, normalize: bool = True) -> Tensor:
    """Squared distance of two features (N, C, ...) along axis 1, the mean over samples and places.

    ``normalize``: both are divided by their length along axis 1 first, so that only their directions count.
    """
    first, second = (F.normalize(each, dim=1) if normalize else each for each in (input, target))
    return (first - second).square().sum(dim=1).mean()


def hinge_loss(
    input: Tensor, target: Tensor, margin: float = 1.0, reduction: str = "mean"
) -> Tensor:
    """max(0, margin - target * score), for scores with targets 1 and -1 of the same shape."""
    losses = (margin - target * input).clamp(min=0)
    return losses.mean() if reduction == "mean" else losses.sum()


def _overlap(input: Tensor, target: Tensor, ignore_index: int) -> tuple[Tensor, Tensor, Tensor]:
    """The sums of probability and truth together, of the probabilities, and of the truth: (N, C) each."""
    valid = target != ignore_index
    if target.shape == input.shape:
        probabilities, true = input.sigmoid(), torch.where(valid, target, 0).to(input.dtype)
    else:
        probabilities, valid = input.softmax(dim=1), valid.unsqueeze(1)
        numbers = torch.arange(input.shape[1], device=input.device)
        true = (target.unsqueeze(-1) == numbers).movedim(-1, 1).to(input.dtype)
    probabilities = probabilities * valid
    classes = input.shape[1] if input.ndim > 1 else 1
    products = (probabilities * true, probabilities, true)
    shared, predicted, truth = (each.reshape(len(input), classes, -1).sum(2) for each in products)
    return shared, predicted, truth


def _partner_loss(vectors: Tensor, partners: Tensor, temperature: float) -> Tensor:
    """The mean loss of all vectors, some rows of their scores at a time."""
    truth = torch.arange(len(vectors), device=vectors.device)
    losses = []
    for start in range(0, len(vectors), ROWS_AT_ONCE):
        piece = slice(start, start + ROWS_AT_ONCE)
        scores = vectors[piece] @ partners.T / temperature
        losses.append(F.cross_entropy(scores, truth[piece], reduction="sum"))
    return torch.stack(losses).sum() / len(vectors)
