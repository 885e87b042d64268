"""Numbers in usual notations: decimal commas, thousands, currencies, percent, and marks for missing values."""

import re
from typing import Literal

MISSING = frozenset({"", "na", "n/a", "nan", "null", "?"})
"""Texts that mean a missing value in every column, in lower case."""

_MARKS = (
    "- -- --- \u2013 \u2014 . .. ... none nil missing unknown #n/a #na #value! #div/0! #ref! #num! #null! #name? <na> "
    "n.a. n.a n.d. n/d nd k.a. n.v. (null) (na) \\n *"
)
MARKS = frozenset(_MARKS.split()) | {"not available", "no data"}
"""Texts that mean a missing value in a column of numbers or dates only: among texts they may mean something."""

Style = Literal["point", "comma"]
STYLES: tuple[Style, ...] = ("point", "comma")

_CURRENCY = (
    r"[$\u20ac\u00a3\u00a5\u20b9\u20bd\u20a9\u20ba\u20aa\u0e3f\u20ab\u20b1\u20b4\u00a2]|US\$|R\$|C\$|A\$|"
    r"(?:USD|EUR|GBP|CHF|JPY|CNY|INR|CAD|AUD|SEK|NOK|DKK|PLN|CZK|HUF|BRL|RUB|ZAR|MXN|kr|z\u0142|K\u010d|Rs|Fr)\.?"
)
_UNITS = (
    r"\u00b0C|\u00b0F|\u00b0|kg|mg|\u00b5g|g|km/h|km|cm|mm|\u00b5m|m/s|m\u00b2|m\u00b3|m|mph|ft|in|lbs?|oz|ml|l|"
    r"kWh|kW|MW|Wh|W|mV|kV|V|mA|kHz|MHz|GHz|Hz|kPa|hPa|Pa|bar|mbar|psi|KB|MB|GB|TB|ms|s|sec|min|hours?|hrs?|h|"
    r"days?|years?|yrs?|px|cc|CC|bhp|kmpl|kcal|kJ|ppm|rpm"
)
_ONE_UNIT = (
    rf"(?:{_CURRENCY}|{_UNITS}|[%\u2030]|[kMGmc\u00b5n]?(?:m|g|s|A|V|W|Hz|Pa|J|N|[lL]|mol|K|bar|eV|\u03a9|B|Wh|cal)|1)"
    r"(?:[2\u00b23\u00b3]|\^?-?[0-9])?"
)
_ALONE = re.compile(rf"{_ONE_UNIT}(?:[/*\u00b7 ]{_ONE_UNIT})*|\(.+\)|\[.+\]")
_SPACE = "[ \u00a0\u202f\u2009]?"
_AMOUNT = re.compile(
    rf"(?P<open>\()?{_SPACE}(?P<sign>[-+\u2212\u2013]?){_SPACE}(?P<before>{_CURRENCY})?{_SPACE}(?P<inner>[-\u2212]?)"
    r"(?P<digits>[0-9.,][0-9.,'\u2019 \u00a0\u202f\u2009]*?(?:[eE][-+]?[0-9]+)?)"
    rf"{_SPACE}(?P<after>[%\u2030]|{_CURRENCY}|{_UNITS})?{_SPACE}(?P<close>\))?(?P<behind>-)?"
)
_GROUPED = (
    r"(?:[1-9][0-9]{{0,2}}(?:{group}[0-9]{{3}})+|[1-9][0-9]?(?:{group}[0-9]{{2}})+{group}[0-9]{{3}}|"
    "[1-9][0-9]{{0,2}}(?:['\u2019 \u00a0\u202f\u2009][0-9]{{3}})+)"
)
_SHAPES: dict[Style, re.Pattern[str]] = {
    "point": re.compile(
        rf"(?:{_GROUPED.format(group=',')}(?:\.[0-9]*)?|(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?)"
    ),
    "comma": re.compile(
        rf"(?:{_GROUPED.format(group='[.]')}(?:,[0-9]*)?|(?:[0-9]+,?[0-9]*|,[0-9]+)(?:[eE][-+]?[0-9]+)?)"
    ),
}
_GROUPS: dict[Style, str] = {"point": ",", "comma": "."}
_BETWEEN = re.compile("['\u2019 \u00a0\u202f\u2009]")


def plain_float(cell: str) -> float:
    """The number in a cell, in the notation of Python. Raises: ``ValueError``, also for 1_000, which Python accepts."""
    if "_" in cell:
        raise ValueError(cell)
    return float(cell)


def number_in(cell: str, style: Style) -> float | None:
    """The number in a cell, without its unit; ``None`` where it has none in that style."""
    if style == "point":
        try:
            return plain_float(cell)
        except ValueError:
            pass
    text = cell.strip()
    if len(text) > 2 and text[0] == text[-1] == "'":  # quoted as some programs do
        return number_in(text[1:-1], style)
    match = _AMOUNT.fullmatch(text)
    if (
        not match
        or not _SHAPES[style].fullmatch(match["digits"])
        or bool(match["open"]) != bool(match["close"])
    ):
        return None
    signs = [
        mark for mark in (match["sign"], match["inner"], match["open"], match["behind"]) if mark
    ]
    if len(signs) > 1:
        return None
    digits = _BETWEEN.sub("", match["digits"]).replace(_GROUPS[style], "").replace(",", ".")
    value = float(digits)
    return -value if signs and signs != ["+"] else value


def unit_of(cell: str) -> str:
    """The unit beside the number: a currency, a percent sign, a unit of measurement, or nothing."""
    match = _AMOUNT.fullmatch(cell.strip())
    return (match["before"] or match["after"] or "") if match else ""


def is_unit(cell: str) -> bool:
    """Whether a cell is a unit alone: kg, m/s, EUR, or anything in brackets."""
    return _ALONE.fullmatch(cell.strip()) is not None and not looks_like_number(cell)


def is_missing(cell: str) -> bool:
    """Whether a cell is empty in any column."""
    return cell.strip().lower() in MISSING


def is_mark(cell: str) -> bool:
    """Whether a cell means a missing value in a column of numbers."""
    return cell.strip().lower() in MARKS


def looks_like_number(cell: str) -> bool:
    """Whether a cell is a number in any style."""
    return any(number_in(cell, style) is not None for style in STYLES)


def has_fraction(cell: str) -> bool:
    """Whether a cell is a number with a decimal point or comma."""
    return ("." in cell or "," in cell) and looks_like_number(cell)
