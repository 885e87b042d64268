"""Shapes, counts and sizes as the panels write them."""

import re
from collections.abc import Callable, Container, Sequence

from engine.check.view import first_uses
from engine.graph.model import Project

TIMES = " \u00d7 "


def number(value: float) -> str:
    """A number in about four digits."""
    if value == 0 or value != value:  # noqa: PLR0124 (nan)
        return f"{value:g}"
    if 0.001 <= abs(value) < 1:
        return f"{value:.3f}"
    if 1 <= abs(value) < 10_000:
        return f"{value:.4g}"
    if 10_000 <= abs(value) < 1e9:
        return f"{value:,.0f}"
    digits, _, power = f"{value:.2e}".partition("e")
    return f"{digits}e{int(power)}" if power else digits


def shape_text(shape: Sequence[int | str], element: str = "float") -> str:
    """``N × 32 × 8 × 8``, with the element type unless it is float."""
    sizes = TIMES.join(map(str, shape)) or "scalar"
    return sizes if element == "float" else f"{sizes}  {element}"


def tight_shape(shape: Sequence[int | str], element: str = "float") -> str:
    """The same where there is little room: ``N×32×8×8``."""
    return shape_text(shape, element).replace(TIMES, "\u00d7")


def count_text(count: int) -> str:
    """A count in full up to 99,999, then in three digits: ``1.24 M``."""
    if count < 100_000:
        return f"{count:,}"
    return short_text(count)


def short_text(count: float) -> str:
    """A count in three digits: ``320``, ``18.4 k``, ``1.24 M``."""
    for unit, size in (("T", 1e12), ("G", 1e9), ("M", 1e6), ("k", 1e3)):
        if count >= size * 0.9995:
            return f"{count / size:.3g}\u202f{unit}"
    return f"{count:g}"


def repeated_text(text: Callable[[int], str], count: int, times: int) -> str:
    """A count as that of one copy times the number of copies: ``4,160 × 2``."""
    return f"{text(count // times)}{TIMES}{times:,}" if times > 1 and count % times == 0 else text(count)


def size_text(project: Project) -> str:
    """The size of the main graph, and with the blocks that it uses, each counted once."""
    main, whole = _counts(project)
    if not main:
        return "no main graph"
    return _size(main) if whole == main else f"{_size(main)} ({_size(whole)} with blocks)"


def size_values(project: Project) -> list[tuple[str, str]]:
    """The size as names and values."""
    main, whole = _counts(project)
    return [
        (name, f"{one:,}" if all_of_them == one else f"{one:,} ({all_of_them:,} with blocks)")
        for name, one, all_of_them in zip(("nodes", "wires"), main, whole, strict=False)
    ]


def _counts(project: Project) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Nodes and wires of the main graph, and with those of the blocks it uses; empty without a main graph."""
    graph = project.graphs.get(project.main)
    if graph is None:
        return (), ()
    used = [project.graphs[name] for name in first_uses(project)]
    return (len(graph.nodes), len(graph.wires)), (
        sum(len(each.nodes) for each in used),
        sum(len(each.wires) for each in used),
    )


def _size(counts: tuple[int, ...]) -> str:
    return f"{plural(counts[0], 'node')}, {plural(counts[1], 'wire')}"


def bytes_text(count: float) -> str:
    """A size in memory or on disk: ``0.13 MB``, ``1.20 GB``, ``4.18 TB``."""
    for unit, size, least in (("TB", 1e12, 1e12), ("GB", 1e9, 1e9), ("MB", 1e6, 1e5)):
        if count >= least:
            return f"{count / size:.2f} {unit}"
    return f"{count / 1e3:.1f} kB" if count >= 1e3 else f"{count:.0f} bytes"


def plural(count: int, word: str) -> str:
    """``1 node``, ``2 nodes``."""
    return f"{count:,} {word}" if count == 1 else f"{count:,} {word}s"


def compact_text(value: float) -> str:
    """A number in two to four digits: ``0.143``, ``3.1e-2``."""
    if value == 0 or 0.1 <= abs(value) < 10_000:
        return f"{value:.4g}"
    mantissa, _, exponent = f"{value:.1e}".partition("e")
    return f"{mantissa}e{int(exponent)}"


def number_text(value: float) -> str:
    """A number of the data with four digits or more: ``0.5``, ``63.4``, ``355,800``, ``1.2e9``."""
    if value == 0 or 1e-4 <= abs(value) < 9999.5:
        return f"{value:.4g}"
    return f"{value:,.0f}" if 1 <= abs(value) < 1e7 else compact_text(value)


def strong(text: str) -> str:
    """Rich text of medium weight; ``text`` must be escaped."""
    return f"<span style='font-weight: 500'>{text}</span>"


def sentence(reason: str, names: Container[str]) -> str:
    """A short reason as a sentence with a capital letter and a full stop; names of nodes keep their case."""
    first = reason.partition(" ")[0].partition(".")[0].rstrip(":,")
    head = reason[:1] if first in names else reason[:1].upper()
    return f"{head}{reason[1:]}".rstrip(".") + "."


def unbroken(sentence: str) -> str:
    """A sentence with no line breaks within sizes such as 8 x 8."""
    return re.sub(r"(?<=\d) ([x\u00d7]) (?=\d)", "\u00a0\\1\u00a0", sentence)


def breakable(name: str) -> str:
    """A name with possible line breaks after underscores, dots and dashes."""
    return re.sub(r"([_.-])", "\\1\u200b", name)


def ago(seconds: float) -> str:
    """How long ago, in the largest unit that fits."""
    if seconds < 2:
        return "just now"
    if seconds < 60:
        return f"{seconds:.0f} s ago"
    if seconds < 48 * 3600:
        return f"{seconds / 60:.0f} min ago" if seconds < 3600 else f"{seconds / 3600:.0f} h ago"
    return f"{seconds / 86400:,.0f} days ago"
