"""What is known of the data in figures, as names and values."""

from collections.abc import Iterator

from engine.protocol.data_answers import DataRead, Summary
from gui.text.formats import TIMES, bytes_text, count_text, number_text

MOST_LEFT_OUT = 8


def summary_values(summary: Summary) -> list[tuple[str, str]]:
    """The figures of a summary, as names and values."""
    found = []
    for name, field in summary["fields"].items():
        one = "a class" if name in summary["classes"] else "a number"
        shape = TIMES.join(map(str, field["shape"])) or one
        told = f"{shape}  {field['dtype']}"
        if "min" in field and name not in summary["classes"]:
            low, high, mean = field["min"], field["max"], field["mean"]
            mean = 0 if abs(mean) < 1e-5 * (high - low) else mean
            told += f"\n{number_text(low)} to {number_text(high)}\nmean {number_text(mean)}"
        if changes := summary["after"].get(name):
            told += f"\nafter {' and '.join(changes)}"
        found.append((name, told))
    missing = {column: count for column, count in summary["missing"].items() if count}
    found.append(("missing", ", ".join(f"{column} {count:,}" for column, count in missing.items()) or "none"))
    if summary["dropped"]:
        found.append(("dropped", f"{count_text(summary['dropped'])} rows with empty cells"))
    found += [(name, listed) for name, listed in _read(summary["read"])]
    sizes = [source["size"] for source in summary["sources"]]
    if sizes:
        found.append(("on disk", bytes_text(sum(sizes))))
    return found


def _read(read: DataRead) -> Iterator[tuple[str, str]]:
    """What the reader did not take, and what it changed."""
    for name, listed in (("left out", read["left_out"]), ("changed", read["scaled"])):
        if listed:
            more = [f"and {len(listed) - MOST_LEFT_OUT:,} more"] if len(listed) > MOST_LEFT_OUT else []
            yield name, "\n".join([*listed[:MOST_LEFT_OUT], *more])
