"""Numbers with a decimal comma, with marks between thousands, or with a unit, in the notation of their column."""

import re
from collections.abc import Mapping
from typing import Any


def amount_in(text: str, column: Mapping[str, Any]) -> float | None:
    """The number in a cell, without its unit; ``None`` where it is not in the notation of the column."""
    point, thousands = column["decimal"], column.get("thousands", "")
    if point == ".":
        try:
            return float(text.replace("_", "?"))
        except ValueError:
            pass
    marks = f"[{re.escape(thousands)}]"
    unit = "|".join(map(re.escape, sorted(column.get("beside", ()), key=len, reverse=True)))
    grouped = f"[1-9][0-9]{{0,2}}(?:{marks}[0-9]{{2,3}})*{marks}[0-9]{{3}}|" if thousands else ""
    digits = f"(?:{grouped}[0-9]+)(?:[{point}][0-9]*)?|[{point}][0-9]+"
    parts = ("([(]?)", "([-+\u2212\u2013]?)", f"(?:{unit})?", "([-\u2212]?)")
    ends = (f"((?:{digits})(?:[eE][-+]?[0-9]+)?)", f"(?:{unit})?", "([)]?)(-?)")
    bare = text.strip("'") if "'" in thousands else text
    match = re.fullmatch("[ \u00a0\u202f\u2009]?".join((*parts, *ends)), bare)
    if not match or bool(match[1]) != bool(match[5]):
        return None
    sign = match[1] + match[2] + match[3] + match[6]
    number = re.sub(marks, "", match[4]) if thousands else match[4]
    if len(sign) > 1:
        return None
    return float(number.replace(",", ".")) * (1 if sign in ("", "+") else -1)
