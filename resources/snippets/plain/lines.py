"""Lines of a table that need more than a separator: spaces between the cells, units below the names."""

from collections.abc import Iterable, Iterator, Sequence


def evened(lines: Iterable[str]) -> Iterator[str]:
    """The lines with a space for each tab, and none at the end: runs of spaces are left for the reader of CSV."""
    return (line.replace("\t", " ").rstrip() + "\n" for line in lines)


def below_units(
    rows: Iterator[tuple[int, list[str]]], units: Sequence[str]
) -> Iterator[tuple[int, list[str]]]:
    """The rows, each with its line, without a first one that holds the units."""
    first = next(rows, None)
    if first and [cell.strip() for cell in first[1]] != list(units):
        yield first
    yield from rows
