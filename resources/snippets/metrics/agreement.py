"""Metrics of how far predictions and truth agree beyond chance; each is one number, as a tensor without axes."""

import torch
from torch import Tensor

from resources.snippets.metrics.scores import truth_of


def matthews_corr_coef(
    input: Tensor,
    target: Tensor,
    threshold: float = 0.0,
    task: str = "auto",
    ignore_index: int = -100,
) -> Tensor:
    """Correlation of predicted and true classes, from -1 to 1; 0 is chance, also where only one class occurs.

    Shapes as in `accuracy`; yes-or-no answers of all columns count together.
    """
    matrix = _confusion(input, target, threshold, task, ignore_index)
    true, predicted, count = matrix.sum(dim=1), matrix.sum(dim=0), matrix.sum()
    shared = matrix.diagonal().sum() * count - (true * predicted).sum()
    spread = (count**2 - true.square().sum()) * (count**2 - predicted.square().sum())
    return torch.where(spread > 0, shared / spread.sqrt(), 0)


def cohen_kappa(
    input: Tensor,
    target: Tensor,
    weights: str = "none",
    threshold: float = 0.0,
    task: str = "auto",
    ignore_index: int = -100,
) -> Tensor:
    """1 - disagreement / disagreement by chance, at most 1; 0 is chance. Shapes as in `matthews_corr_coef`.

    ``weights``: how far a class is from another: ``none`` 1, ``linear`` the difference of their numbers,
    ``quadratic`` its square. Not a number where all are of one class.
    """
    matrix = _confusion(input, target, threshold, task, ignore_index)
    numbers = torch.arange(len(matrix), device=matrix.device)
    distance = (numbers.unsqueeze(1) - numbers).abs()
    power = {"none": 0, "linear": 1, "quadratic": 2}[weights]
    costs = (distance > 0) * distance**power
    by_chance = matrix.sum(dim=1, keepdim=True) * matrix.sum(dim=0) / matrix.sum()
    return 1 - (costs * matrix).sum() / (costs * by_chance).sum()


def _confusion(
    input: Tensor, target: Tensor, threshold: float, task: str, ignore_index: int
) -> Tensor:
    """How often each true class (row) is predicted as each class (column), float64."""
    truth, classes = truth_of(input, target, task)
    predicted = input.argmax(dim=1) if classes else (input > threshold).long()
    valid = (truth != ignore_index).flatten()
    classes = classes or 2
    places = torch.where(valid, (truth * classes + predicted).flatten(), 0)
    counts = torch.zeros(classes**2, dtype=torch.float64, device=input.device)
    return counts.scatter_add(0, places, valid.double()).reshape(classes, classes)
