"""Numbers with a decimal comma, with marks between thousands, or beside a unit, as one column has them."""

import re
from collections.abc import Mapping
from typing import Any


def amount_in(text: str, column: Mapping[str, Any]) -> float | None:
    """The number of a cell without its unit; ``None`` where it is not written as the column is."""
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
    found = re.fullmatch("[ \u00a0\u202f\u2009]?".join((*parts, *ends)), bare)
    if not found or bool(found[1]) != bool(found[5]):
        return None
    sign = found[1] + found[2] + found[3] + found[6]
    number = re.sub(marks, "", found[4]) if thousands else found[4]
    if len(sign) > 1:
        return None
    return float(number.replace(",", ".")) * (1 if sign in ("", "+") else -1)
