"""Inputs for the kinds whose inputs have shapes of their own, as sizes by port; ``N`` are the samples."""

from engine.catalog.params import Value

Sizes = tuple[int | str, ...]
N = "N"
BOXES, IMAGE, INTO = (N, 3, 4), (N, 2, 8, 8), {"input": (N, 4, 6), "index": (N, 2, 6)}
INPUTS: dict[str, dict[str, Sizes]] = {
    "bmm": {"input": (N, 3, 4), "mat2": (N, 4, 5)},
    "einsum": {"operands[0]": (N, 3, 4), "operands[1]": (N, 4, 5)},
    "cdist": {"x1": (N, 3, 4), "x2": (N, 5, 4)},
    "split": {"input": (N, 2, 6)},
    "gather": INTO,
    "take_along_dim": {"input": (N, 4, 6), "indices": (N, 2, 6)},
    "index_select": {"input": (N, 4, 6), "index": (3,)},
    "scatter": {**INTO, "src": (N, 2, 6)},
    "scatter_add": {**INTO, "src": (N, 2, 6)},
    "scatter_reduce": {**INTO, "src": (N, 2, 6)},
    "irfft": {"input": (N, 5, 2)},
    "ifft": {"input": (N, 5, 2)},
    "stft": {"input": (N, 200)},
    "interpolate_like": {"input": IMAGE, "like": (N, 3, 5, 9)},
    "grid_sample": {"input": IMAGE, "grid": (N, 3, 5, 2)},
    "affine_grid": {"theta": (N, 2, 3), "input": IMAGE},
    "roi_align": {"input": IMAGE, "boxes": BOXES},
    "box_iou": {"boxes1": BOXES, "boxes2": (N, 2, 4)},
    "nms": {"boxes": BOXES, "scores": (N, 3)},
    "padding_mask": {"lengths": (N,), "input": (N, 7, 3)},
}
VALUES: dict[str, dict[str, Value]] = {
    "split": {"dim": 1},
    "expand": {"size": (2, -1, -1, -1)},
    "Buffer": {"values": (1.0, 2.0), "shape": (2, 1)},
}
"""Values that fit those inputs, or others, where few values do."""


def usual_inputs(kind: str, samples: int) -> dict[str, tuple[int, ...]] | None:
    """The shapes of a kind's inputs for so many samples, ``None`` where any shape will do."""
    by_port = INPUTS.get(kind)
    return by_port and {
        port: tuple(samples if size == N else int(size) for size in sizes) for port, sizes in by_port.items()
    }
