"""Columns of many different texts: those with many categories, and free text, which is refused."""

from resources.snippets.samples import DataError
from resources.snippets.table.notation import STYLES
from resources.snippets.table.scan import ColumnScan
from resources.snippets.table.text_table import Table

MAX_ONE_HOT = 256  # beyond, the rarest are put together
NO_FREE_TEXT = (
    "No kind of data set reads free text. Leave the column out of the features; or give each word a whole number, "
    "save the texts as rows of equal length in an .npz file, and read that as Npz, into an Embedding."
)


def many_categories(different: int) -> str:
    """A text about how this number of categories is read."""
    if different <= MAX_ONE_HOT:
        return "each of which becomes a one-hot column"
    return f"of which the {MAX_ONE_HOT - 1} most frequent become one-hot columns, and the others one together"


def free_text(table: Table, name: str, scan: ColumnScan) -> DataError:
    """The error for a column of many different texts."""
    different = sum(
        not any(text in scan.numbers[style] for style in STYLES) for text in scan.counts
    )
    return DataError(
        f"{table.path}: column {name!r} holds {different} different texts, and free text cannot be read as numbers: a "
        "column of texts is read as categories.",
        NO_FREE_TEXT,
    )
