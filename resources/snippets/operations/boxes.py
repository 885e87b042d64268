"""Boxes in images, each as its corners (x1, y1, x2, y2), in pixels."""

import torch
from torch import Tensor


def box_iou(boxes1: Tensor, boxes2: Tensor) -> Tensor:
    """The area that two boxes share over the area of both, for all pairs: (B, K, 4), (B, M, 4) -> (B, K, M)."""
    first, second = boxes1.unsqueeze(2), boxes2.unsqueeze(1)
    start = torch.maximum(first[..., :2], second[..., :2])
    end = torch.minimum(first[..., 2:], second[..., 2:])
    shared = (end - start).clamp(min=0).prod(-1)
    areas = _area(first) + _area(second) - shared
    return shared / areas.clamp(min=torch.finfo(areas.dtype).tiny)


def nms(boxes: Tensor, scores: Tensor, iou_threshold: float = 0.5) -> Tensor:
    """Whether each box (B, K, 4) stays: it goes if it overlaps one that stays and has a higher score (B, K)."""
    order = scores.argsort(dim=1, descending=True, stable=True)
    in_order = boxes.take_along_dim(order.unsqueeze(-1), dim=1)
    removes = (box_iou(in_order, in_order) > iou_threshold).triu(1)
    stays = torch.ones_like(order, dtype=torch.bool)
    for place in range(boxes.shape[1]):
        stays = stays & ~(removes[:, place] & stays[:, place : place + 1])
    return torch.zeros_like(stays).scatter(1, order, stays)


def roi_align(
    input: Tensor,
    boxes: Tensor,
    output_size: int | tuple[int, ...],
    spatial_scale: float = 1.0,
    sampling_ratio: int = 2,
    aligned: bool = False,
) -> Tensor:
    """The image in each box, resized: (B, C, H, W), (B, K, 4) -> (B, K, C, height, width).

    Each cell of the result is the mean of ``sampling_ratio`` squared points, interpolated between the pixels. Points
    more than a pixel outside count as 0. ``spatial_scale``: the pixels of the input for each unit of the boxes.
    ``aligned``: boxes count from the corners of pixels instead of their centres, and may be smaller than a pixel.

    Source: He et al. 2017.
    """
    height, width = (output_size, output_size) if isinstance(output_size, int) else output_size
    x1, y1, x2, y2 = (boxes * spatial_scale - (0.5 if aligned else 0.0)).unbind(-1)
    least = 0.0 if aligned else 1.0
    rows_BKPH = _point_weights(y1, y2, least, height * sampling_ratio, input.shape[2])
    columns_BKQW = _point_weights(x1, x2, least, width * sampling_ratio, input.shape[3])
    points = torch.einsum("bkph,bchw,bkqw->bkcpq", rows_BKPH, input, columns_BKQW)
    cells = points.reshape(*points.shape[:3], height, sampling_ratio, width, sampling_ratio)
    return cells.mean((4, 6))


def _area(boxes: Tensor) -> Tensor:
    return (boxes[..., 2:] - boxes[..., :2]).clamp(min=0).prod(-1)


def _point_weights(start: Tensor, end: Tensor, least: float, points: int, size: int) -> Tensor:
    """The weights of ``size`` pixels for each of ``points`` places between start and end: (B, K, points, size)."""
    shares = (torch.arange(points, device=start.device) + 0.5) / points
    length = end - start if least == 0 else (end - start).clamp(min=least)
    places = start.unsqueeze(-1) + length.unsqueeze(-1) * shares
    inside = (places >= -1) & (places <= size)
    distances = places.clamp(0, size - 1).unsqueeze(-1) - torch.arange(size, device=start.device)
    return (1 - distances.abs()).clamp(min=0) * inside.unsqueeze(-1)
