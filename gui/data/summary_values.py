"""A data summary as names and values."""

from collections.abc import Iterator

from engine.protocol.data_answers import DataRead, Summary
from gui.formatting.formats import TIMES, bytes_text, count_text, number_text

MAX_LEFT_OUT = 8


def summary_values(summary: Summary) -> list[tuple[str, str]]:
    """The statistics of a summary, as names and values."""
    values = []
    for name, field in summary["fields"].items():
        scalar = "a class" if name in summary["classes"] else "a number"
        shape = TIMES.join(map(str, field["shape"])) or scalar
        text = f"{shape}  {field['dtype']}"
        if "min" in field and name not in summary["classes"]:
            low, high, mean = field["min"], field["max"], field["mean"]
            mean = 0 if abs(mean) < 1e-5 * (high - low) else mean
            text += f"\n{number_text(low)} to {number_text(high)}\nmean {number_text(mean)}"
        if changes := summary["after"].get(name):
            text += f"\nafter {' and '.join(changes)}"
        values.append((name, text))
    missing = {column: count for column, count in summary["missing"].items() if count}
    values.append(("missing", ", ".join(f"{column} {count:,}" for column, count in missing.items()) or "none"))
    if summary["dropped"]:
        values.append(("dropped", f"{count_text(summary['dropped'])} rows with empty cells"))
    values += [(name, text) for name, text in _read(summary["read"])]
    sizes = [source["size"] for source in summary["sources"]]
    if sizes:
        values.append(("on disk", bytes_text(sum(sizes))))
    return values


def _read(read: DataRead) -> Iterator[tuple[str, str]]:
    """What the reader left out and what it changed."""
    for name, entries in (("left out", read["left_out"]), ("changed", read["scaled"])):
        if entries:
            more = [f"and {len(entries) - MAX_LEFT_OUT:,} more"] if len(entries) > MAX_LEFT_OUT else []
            yield name, "\n".join([*entries[:MAX_LEFT_OUT], *more])
