"""Samples that a network generates from noise, and files of them."""

import io

import numpy as np
import torch
from PIL import Image
from safetensors.torch import save
from torch import Tensor, nn

BATCH = 256  # samples at once
COLUMNS = 8  # images in a row of a grid
MARGIN = 2  # pixels around each


def draw_samples(network: nn.Module, output: str, count: int, seed: int) -> Tensor:
    """``count`` samples, on the CPU; the same seed gives the same samples, and the global generator is unchanged."""
    device = next(network.parameters()).device
    was_training, batches = network.training, []
    network.eval()
    with torch.random.fork_rng([device] if device.type == "cuda" else []):
        torch.manual_seed(seed)
        while count > 0:
            outputs = network(count=min(count, BATCH))
            batches.append(
                (outputs[output] if isinstance(outputs, dict) else outputs).detach().cpu()
            )
            count -= BATCH
    network.train(was_training)
    return torch.cat(batches)


def image_grid(samples: Tensor, low: float, high: float) -> np.ndarray:
    """Images in rows, uint8 (height, width) or (height, width, 3); ``low`` is black, ``high`` white or full colour.

    Shapes: samples (N, 1, H, W), (N, 3, H, W) or (N, H, W). Raises: ``ValueError`` for others.
    """
    images = samples[:, None] if samples.dim() == 3 else samples
    if images.dim() != 4 or images.shape[1] not in (1, 3):
        raise ValueError(f"samples of shape {tuple(samples.shape[1:])} are not images")
    shares = ((images.float() - low) / (high - low)).nan_to_num().clamp(0, 1)
    pixels = (shares * 255).round().to(torch.uint8).permute(0, 2, 3, 1).numpy()
    height, width = pixels.shape[1] + MARGIN, pixels.shape[2] + MARGIN
    columns = min(COLUMNS, len(pixels))
    rows = -(-len(pixels) // columns)
    size = (rows * height + MARGIN, columns * width + MARGIN, pixels.shape[3])
    grid = np.zeros(size, np.uint8)
    for place, image in enumerate(pixels):
        top, left = place // columns * height + MARGIN, place % columns * width + MARGIN
        grid[top : top + image.shape[0], left : left + image.shape[1]] = image
    return grid[:, :, 0] if grid.shape[2] == 1 else grid


def sample_file(samples: Tensor, suffix: str, low: float = 0.0, high: float = 1.0) -> bytes:
    """The bytes of a ``.png`` with a grid of images, or of an ``.npz`` or ``.safetensors`` with ``samples``.

    Raises: ``ValueError`` for another suffix, and for samples that are not images.
    """
    if suffix == ".safetensors":
        return save({"samples": samples.contiguous()})
    file = io.BytesIO()
    if suffix == ".png":
        Image.fromarray(image_grid(samples, low, high)).save(file, "PNG")
    elif suffix == ".npz":
        np.savez(file, samples=samples.numpy())
    else:
        raise ValueError(
            f"{suffix or 'a file without a suffix'} is not one of .png, .npz, .safetensors"
        )
    return file.getvalue()
