"""Input gradients: which pixels would change an answer the most."""

from collections.abc import Callable

import torch
from torch import Tensor

from engine.runtime.after_training.explanations.grad_cam import scaled


def input_gradients(score: Callable[[Tensor], Tensor], image: Tensor) -> Tensor:
    """How strongly a score changes with each pixel of an image: the largest of its channels, in [0, 1].

    Shapes: image (C, H, W) float; ``score`` (1, C, H, W) -> (1,); the result (H, W).
    Raises: ``ValueError`` when the score does not depend on the image.
    Source: Simonyan, Vedaldi and Zisserman 2014, "Deep Inside Convolutional Networks".
    """
    with torch.enable_grad():
        batch = image[None].detach().requires_grad_()
        total = score(batch).sum()
        if not total.requires_grad:
            raise ValueError("the answer does not depend on the image")
        (gradient,) = torch.autograd.grad(total, batch, allow_unused=True)
    if gradient is None:
        raise ValueError("the answer does not depend on the image")
    return scaled(gradient[0].abs().amax(0))
