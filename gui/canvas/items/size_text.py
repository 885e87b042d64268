"""Sizes and shapes as short text."""

from collections.abc import Sequence
from typing import NamedTuple

Shape = Sequence[int | str]


class Piece(NamedTuple):
    """A part of a shape's text. ``voice``: ``dim`` for the batch size, ``bold`` for a size that the node changed."""

    text: str
    voice: str = ""


def human(count: int) -> str:
    """A count in at most five characters: 320, 18.4k, 1.2M."""
    for unit, step in (("", 1), ("k", 10**3), ("M", 10**6), ("G", 10**9), ("T", 10**12)):
        if count < 999.5 * step or unit == "T":
            scaled = count / step
            return f"{count}" if step == 1 else f"{scaled:.3g}{unit}" if scaled < 1000 else f"{scaled:.0f}{unit}"
    raise AssertionError("the last unit takes everything")


def counts(parameters: int, macs: int, times: int = 1) -> str:
    """The parameters and multiply-adds of a node, for its caption; empty if there are none.

    ``times``: how often the node is repeated; the text gives the counts of one copy, if all are equal.
    """
    if times > 1 and parameters % times == macs % times == 0 and (parameters or macs):
        once = counts(parameters // times, macs // times)
        return f"({once}) × {times}" if parameters and macs else f"{once} × {times}"
    parts = [f"{human(parameters)} params"] if parameters else []
    parts += [f"{human(macs)} multiply-adds"] if macs else []
    return " · ".join(parts)


def pieces(shape: Shape, element: str = "float", before: Shape | None = None) -> tuple[Piece, ...]:
    """A shape's text for a wire. ``before``: the input shape of the node, to mark the sizes that it changed."""
    changed = _changed(shape, before)
    parts: list[Piece] = []
    for index, size in enumerate(shape):
        voice = "dim" if index == 0 and _is_batch(size) else "bold" if changed[index] else ""
        parts += [Piece("×", "dim"), Piece(str(size), voice)] if parts else [Piece(str(size), voice)]
    if not parts:
        parts.append(Piece("scalar", "dim"))
    if element != "float":
        parts.append(Piece(f" {element}", "dim"))
    return tuple(parts)


def _is_batch(size: int | str) -> bool:
    return isinstance(size, str) and size.startswith("N")


def _changed(shape: Shape, before: Shape | None) -> list[bool]:
    if before is None:
        return [False] * len(shape)
    if len(before) == len(shape):
        return [size != old for size, old in zip(shape, before, strict=True)]
    old = list(before)
    changed = []
    for size in shape:  # another number of axes: sizes that were there in this order are unchanged
        changed.append(size not in old)
        if size in old:
            del old[: old.index(size) + 1]
    return changed
