"""Lines of a table with spaces between the cells, or with units below the names."""

from collections.abc import Iterable, Iterator, Sequence


def tabs_to_spaces(lines: Iterable[str]) -> Iterator[str]:
    """The lines with spaces instead of tabs, and none at the end."""
    return (line.replace("\t", " ").rstrip() + "\n" for line in lines)


def skip_units(
    rows: Iterator[tuple[int, list[str]]], units: Sequence[str]
) -> Iterator[tuple[int, list[str]]]:
    """The rows, each with its line, without a first one that holds the units."""
    first = next(rows, None)
    if first and [cell.strip() for cell in first[1]] != list(units):
        yield first
    yield from rows
