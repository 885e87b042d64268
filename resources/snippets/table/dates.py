"""Dates in usual notations, as days since the first."""

import re
from collections.abc import Iterable
from datetime import date

DATE_ORDERS = ("ymd", "dmy", "mdy")
ORDER_NAMES = {"ymd": "year, month, day", "dmy": "day, month, year", "mdy": "month, day, year"}
TIME = "time"
"""Replaces the order for a column of times of day or durations, which are read as hours."""
_MONTHS = (
    "jan ene gen|feb fev f\u00e9v|mar m\u00e4r mrz|apr abr avr|may mai mag|jun juin giu|jul juil lug|"
    "aug ago aou ao\u00fb|sep set|oct okt ott|nov|dec dez dic d\u00e9c"
)
"""The beginnings of the months in English, German, French, Spanish and Italian."""
_MONTH_NAME = rf"(?:{_MONTHS.replace(' ', '|')})[^\W\d_]*"
_WEEKDAY = re.compile(
    r"(?:mon|tue|wed|thu|fri|sat|sun|mo|di|mi|do|fr|sa|so|lun|mar|mer|jeu|ven|sam|dim)[^\W\d_]*[.,]{0,2} +",
    re.IGNORECASE,
)
_TIME = (
    r"(?:[T ,]+(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2}(?:[.,][0-9]+)?))?"
    r"\s*(?P<half>[ap]\.?m\.?)?\s*(?:Z|UTC|GMT|(?P<zone>[-+][0-9]{2}):?(?P<zone_minute>[0-9]{2})?)?)?"
)
_YEAR_FIRST = re.compile(
    rf"(?P<y>[0-9]{{4}})([-/.])(?P<m>[0-9]{{1,2}})(?:\2(?P<d>[0-9]{{1,2}}))?{_TIME}", re.IGNORECASE
)
_YEAR_LAST = re.compile(
    rf"(?P<a>[0-9]{{1,2}})([-/.])(?P<b>[0-9]{{1,2}})\2(?P<y>[0-9]{{4}}|(?<=[0-9]{{2}}[-./][0-9]{{2}}[-./])[0-9]{{2}}"
    rf"|(?<=/)[0-9]{{2}}){_TIME}",
    re.IGNORECASE,
)
_NAMED_MONTH = re.compile(
    rf"(?:(?P<d>[0-9]{{1,2}})(?:st|nd|rd|th)?\.?[-/ ]+(?:de )?(?P<m>{_MONTH_NAME})\.?,?[-/ ]*(?:de )?"
    rf"(?P<y>[0-9]{{4}}|[0-9]{{2}})"
    rf"|(?P<m2>{_MONTH_NAME})\.? +(?P<d2>[0-9]{{1,2}})(?:st|nd|rd|th)?,? +(?P<y2>[0-9]{{4}})"
    rf"|(?P<m3>{_MONTH_NAME})\.?[- ]+(?P<y3>[0-9]{{4}})){_TIME}",
    re.IGNORECASE,
)
_COMPACT = re.compile(r"(?P<y>[12][0-9]{3})(?P<m>[0-9]{2})(?P<d>[0-9]{2})")
_CLOCK = re.compile(
    r"(?P<hour>[0-9]{1,3}):(?P<minute>[0-5][0-9])(?::(?P<second>[0-5][0-9](?:[.,][0-9]+)?))?\s*(?P<half>[ap]\.?m\.?)?",
    re.IGNORECASE,
)


def hours_in(cell: str) -> float | None:
    """The hours of a time such as 12:30 or 1:05:30 pm; ``None`` where the cell has none."""
    match = _CLOCK.fullmatch(cell.strip())
    if not match:
        return None
    hour, half = int(match["hour"]), (match["half"] or "")[:1].lower()
    if half and not 1 <= hour <= 12:
        return None
    hour = hour % 12 + 12 * (half == "p") if half else hour
    second = float((match["second"] or "0").replace(",", "."))
    return hour + (int(match["minute"]) * 60 + second) / 3600


def looks_like_time(cell: str) -> bool:
    """Whether a cell is a time."""
    return hours_in(cell) is not None


def date_words(order: str) -> str:
    """The kind of cells in a column of dates or times, in words."""
    return "a time such as 12:30" if order == TIME else f"a date in the order {ORDER_NAMES[order]}"


def days_in(cell: str, order: str) -> float | None:
    """The day of a date, counted from the year 1, with the time as its fraction; ``None`` for any other cell.

    ``order``: that of day, month and year where all are numbers and the year comes last; other notations are read in
    any order. For ``TIME`` the hours.
    """
    if order == TIME:
        return hours_in(cell)
    text = cell.strip()
    if match := _YEAR_FIRST.fullmatch(text) or _COMPACT.fullmatch(text):
        parts = match.groupdict()
        return _day(parts["y"], parts["m"], parts["d"] or "1", parts)
    if match := _NAMED_MONTH.fullmatch(text):
        parts = match.groupdict()
        year, day = parts["y"] or parts["y2"] or parts["y3"], parts["d"] or parts["d2"] or "1"
        return _day(year, _month(parts["m"] or parts["m2"] or parts["m3"] or ""), day, parts)
    if order != "ymd" and (match := _YEAR_LAST.fullmatch(text)):
        parts = match.groupdict()
        month, day = (parts["b"], parts["a"]) if order == "dmy" else (parts["a"], parts["b"])
        return _day(parts["y"], month, day, parts)
    if match := _WEEKDAY.match(text):
        return days_in(text[match.end() :], order)
    return None


def _month(name: str) -> str:
    """The number of a month."""
    months = enumerate(_MONTHS.split("|"), 1)
    return str(next(at for at, begins in months if name.lower().startswith(tuple(begins.split()))))


def _day(year: str, month: str, day: str, parts: dict[str, str | None]) -> float | None:
    number = int(year)
    if len(year) == 2:
        number += 1900 if number > 68 else 2000
    try:
        whole = date(number, int(month), int(day)).toordinal()
    except ValueError:
        return None
    if not parts.get("hour"):
        return float(whole)
    hour, minute = int(parts["hour"] or 0), int(parts["minute"] or 0)
    second = float((parts["second"] or "0").replace(",", "."))
    half = (parts["half"] or "")[:1].lower()
    if hour > (12 if half else 24) or minute > 59 or second >= 61:
        return None
    hour = hour % 12 + 12 * (half == "p") if half else hour
    zone = parts["zone"] or "+00"
    shift = int(zone) * 60 + int(f"{zone[0]}{parts['zone_minute'] or '0'}")
    return whole + (hour * 3600 + (minute - shift) * 60 + second) / 86400


def looks_like_date(cell: str) -> bool:
    """Whether a cell is a date in any order, and not a number."""
    return not cell.strip().isdigit() and any(
        days_in(cell, order) is not None for order in DATE_ORDERS
    )


def order_of(cells: Iterable[str], preferred: str) -> tuple[str, bool]:
    """The order in which every cell is a date, or nothing, and whether another order gives other dates."""
    texts = list(cells)
    fitting = [
        order for order in DATE_ORDERS if all(days_in(cell, order) is not None for cell in texts)
    ]
    if not fitting or "ymd" in fitting:
        return (fitting[0] if fitting else ""), False
    if len(fitting) == 1:
        return fitting[0], False
    if all("." in cell for cell in texts):  # the Americas write slashes
        return "dmy", False
    differ = any(days_in(cell, "dmy") != days_in(cell, "mdy") for cell in texts)
    return (preferred if preferred in fitting else fitting[0]), differ


def doubtful_century(cells: Iterable[str], order: str) -> str:
    """A text about a cell whose year of two digits may be in another century, if there is one.

    Such years are read as 1969 to 2068, which is doubtful from 2050 on, and where the dates then span over 50 years.
    """
    dates = []
    for cell in cells:
        day = days_in(cell, order)
        if day is not None and str(date.fromordinal(int(day)).year) not in cell:
            dates.append((day, cell))
    if not dates:
        return ""
    (first, _), (last, latest) = min(dates), max(dates)
    years = (date.fromordinal(int(first)).year, date.fromordinal(int(last)).year)
    in_doubt = years[1] >= 2050 or years[1] - years[0] > 50
    return f"{latest.strip()} as {date_text(int(last))}" if in_doubt else ""


def date_text(day: int) -> str:
    """A day as 2024-01-31."""
    return date.fromordinal(day).isoformat()
