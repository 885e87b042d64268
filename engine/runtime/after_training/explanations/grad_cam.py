"""Grad-CAM: where in an image a convolution saw what speaks for an answer."""

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn import functional as F


def grad_cam(score: Callable[[Tensor], Tensor], convolution: nn.Module, image: Tensor) -> Tensor:
    """The importance of each place of an image for a score, in [0, 1]; 0 everywhere where nothing speaks for it.

    Each channel of the output of the convolution counts as much as the mean of its gradient; what is negative in the
    sum is cut off. ``score`` runs the network that contains the convolution.

    Shapes: image (C, H, W) float; ``score`` (1, C, H, W) -> (1,); the result (H, W).
    Raises: ``ValueError`` when the score does not depend on the convolution, or that gives no images.
    Source: Selvaraju et al. 2017, "Grad-CAM: Visual Explanations from Deep Networks via Gradient-based Localization".
    """
    outputs: list[Tensor] = []

    def keep(_module: nn.Module, _inputs: object, output: Tensor) -> Tensor:
        outputs.append(output)
        return output.clone()  # what changes it in place, such as a ReLU, changes the copy

    handle = convolution.register_forward_hook(keep)
    try:
        with torch.enable_grad():
            total = score(image[None].detach().requires_grad_()).sum()
    finally:
        handle.remove()
    if not outputs or outputs[-1].dim() != image.dim() + 1:
        raise ValueError("the convolution gives no images")
    (gradient,) = torch.autograd.grad(total, outputs[-1], allow_unused=True)
    if gradient is None:
        raise ValueError("the answer does not depend on the convolution")
    weights = gradient[0].mean(dim=(1, 2))
    heat = (weights[:, None, None] * outputs[-1][0].detach()).sum(0).relu()
    size = (int(image.shape[1]), int(image.shape[2]))
    large = F.interpolate(heat[None, None], size=size, mode="bilinear", align_corners=False)[0, 0]
    return scaled(large)


def scaled(heat: Tensor) -> Tensor:
    """Importance divided by its largest value, so that it is in [0, 1]; what is no number counts as 0."""
    finite = heat.nan_to_num(0.0, 0.0, 0.0)
    most = float(finite.max()) if finite.numel() else 0.0
    return finite / most if most > 0 else torch.zeros_like(finite)
