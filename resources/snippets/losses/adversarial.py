"""The two sides of a generative adversarial network; each loss is one number, as a tensor without axes.

``real`` and ``fake`` are the discriminator's scores (N, ...) of real and of generated samples.
"""

import torch.nn.functional as F
from torch import Tensor


def non_saturating_discriminator_loss(
    real: Tensor, fake: Tensor, label_smoothing: float = 0.0
) -> Tensor:
    """Binary cross entropy of scores (logits): real samples are 1 - ``label_smoothing``, generated ones 0."""
    return F.softplus(-real).mean() + label_smoothing * real.mean() + F.softplus(fake).mean()


def non_saturating_generator_loss(fake: Tensor) -> Tensor:
    """Binary cross entropy of scores (logits) that should be 1: steep where the discriminator is sure."""
    return F.softplus(-fake).mean()


def least_squares_discriminator_loss(
    real: Tensor, fake: Tensor, label_smoothing: float = 0.0
) -> Tensor:
    """Half the squared distance of real scores from 1 - ``label_smoothing``, and of generated ones from 0."""
    return ((real - (1 - label_smoothing)).square().mean() + fake.square().mean()) / 2


def least_squares_generator_loss(fake: Tensor) -> Tensor:
    """Half the squared distance of generated scores from 1."""
    return (fake - 1).square().mean() / 2


def hinge_discriminator_loss(real: Tensor, fake: Tensor) -> Tensor:
    """How far real scores are below 1, and generated ones above -1."""
    return F.relu(1 - real).mean() + F.relu(1 + fake).mean()


def hinge_generator_loss(fake: Tensor) -> Tensor:
    """The negative mean score."""
    return -fake.mean()


def wasserstein_discriminator_loss(real: Tensor, fake: Tensor) -> Tensor:
    """By how much generated samples are scored above real ones, on average."""
    return fake.mean() - real.mean()


def wasserstein_generator_loss(fake: Tensor) -> Tensor:
    """The negative mean score."""
    return -fake.mean()
