"""What each node of a network gives for one sample."""

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import FrameType
from typing import Any

import torch
from torch import Tensor
from torch.overrides import TorchFunctionMode

from engine.protocol.asking import NodeOutput
from engine.runtime.after_training.asking.pixels import as_pixels

MAX_MAPS = 16
MAPS_PER_ROW = 8
MAP_PX = 24  # the longer side of a channel's picture
STRIP_ROWS = 4  # of a long vector
STRIP_LENGTH = 64  # numbers in a row of it
MAX_NODES = 512


class _Recorder(TorchFunctionMode):
    """Keeps the result of the last function of torch that each line of ``model.py`` calls, by the node of the line.

    A call belongs to the line from which it is reached. Inside a block, the lines of all blocks around it give the
    path, and each of these blocks gets the result, too: what a block gives is what was computed last in it.
    """

    def __init__(self, path: str, lines: Mapping[int, str]) -> None:
        super().__init__()
        self._path, self._lines = path, lines
        self.outputs: dict[str, Tensor] = {}

    def __torch_function__(
        self, func: Callable[..., Any], types: object, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:  # noqa: ANN401 (whatever the function of torch gives)
        del types
        result = func(*args, **(kwargs or {}))
        value = _tensor_in(result)
        if value is not None and value.dim() > 0:
            value = value.detach().clone()  # a later function may change it in place
            path: list[str] = []
            for node in self._nodes():
                path.append(node)
                if len(self.outputs) < MAX_NODES or ".".join(path) in self.outputs:
                    self.outputs[".".join(path)] = value
        return result

    def _nodes(self) -> list[str]:
        """The nodes whose lines are being run, from the main graph inwards."""
        nodes: list[str] = []
        frame: FrameType | None = sys._getframe(2)  # noqa: SLF001 (the documented way to the caller)
        while frame is not None:
            if frame.f_code.co_filename == self._path and (node := self._lines.get(frame.f_lineno)):
                nodes.append(node)
            frame = frame.f_back
        return nodes[::-1]


def _tensor_in(result: object) -> Tensor | None:
    """The tensor that a function gave, or the first of several."""
    if isinstance(result, tuple | list) and result:
        result = result[0]
    return result if isinstance(result, Tensor) and not result.is_sparse else None


@contextmanager
def recorded(path: str, lines: Mapping[int, str]) -> Iterator[dict[str, Tensor]]:
    """Within it, the outputs of the nodes are collected by node path while the network runs.

    ``path``: the name of the source in its code objects. ``lines``: the node of each of its lines.
    """
    with _Recorder(path, lines) as recorder:
        yield recorder.outputs


def node_output(values: Tensor) -> NodeOutput:
    """The output of a node for its first sample, as a picture with statistics.

    Shapes: values (N, ...). Images (N, C, H, W) become maps, sequences (N, T, E) a matrix, vectors (N, E) a strip;
    further axes are joined with the one before.
    """
    first = values[0].detach().float().cpu() if values.dim() > 1 else values[:1].detach().float().cpu()
    finite = first.nan_to_num(0.0, 0.0, 0.0)
    form, picture = _picture(finite)
    low, high = float(finite.min()), float(finite.max())
    return {
        "form": form,
        "shape": list(first.shape),
        "picture": as_pixels(picture, low, high, longest=MAPS_PER_ROW * (MAP_PX + 1)),
        "min": low,
        "max": high,
        "mean": float(finite.mean()),
        "zero_share": float((first == 0).float().mean()),
    }


def _picture(values: Tensor) -> tuple[Any, Tensor]:
    if values.dim() >= 3:
        return "maps", _maps(values.flatten(0, values.dim() - 3))
    if values.dim() == 2 and min(values.shape) > 1:
        return "matrix", values
    return "strip", _strip(values.flatten())


def _maps(channels: Tensor) -> Tensor:
    """The first channels beside and below each other, with a line of the smallest value between them."""
    some = channels[:MAX_MAPS]
    _, height, width = some.shape
    if max(height, width) > MAP_PX:
        scale = MAP_PX / max(height, width)
        size = (max(1, round(height * scale)), max(1, round(width * scale)))
        some = torch.nn.functional.adaptive_avg_pool2d(some, size)
    count, height, width = some.shape
    columns = min(MAPS_PER_ROW, count)
    rows = -(-count // columns)
    sheet = some.new_full((rows * (height + 1) - 1, columns * (width + 1) - 1), float(channels.min()))
    for at, channel in enumerate(some):
        top, left = at // columns * (height + 1), at % columns * (width + 1)
        sheet[top : top + height, left : left + width] = channel
    return sheet


def _strip(values: Tensor) -> Tensor:
    """A vector as rows of equal length; of a long one the means of neighbours."""
    most = STRIP_ROWS * STRIP_LENGTH
    if len(values) > most:
        values = torch.nn.functional.adaptive_avg_pool1d(values[None, None], most)[0, 0]
    rows = -(-len(values) // STRIP_LENGTH)
    length = -(-len(values) // rows)
    padded = torch.nn.functional.pad(values, (0, rows * length - len(values)), value=float(values.min()))
    return padded.reshape(rows, length)
