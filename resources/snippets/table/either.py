"""Columns that can be read in two ways: 1,234 and 03/04/2024."""

from collections.abc import Sequence
from dataclasses import dataclass

from resources.snippets.rows import Guess
from resources.snippets.table.dates import date_text, days_in
from resources.snippets.table.notation import Style, number_in

SETTINGS = {"dmy": "day_first", "mdy": "month_first"}


@dataclass(frozen=True)
class Either:
    """One such column. ``setting``: the one that decides, ``decimal`` or ``dates``. ``text``: one of its cells."""

    setting: str
    name: str
    text: str
    style: Style = "point"
    order: str = ""

    @property
    def value(self) -> str:
        """What the setting would be for the reading that was chosen."""
        return SETTINGS[self.order] if self.setting == "dates" else self.style

    @property
    def meaning(self) -> str:
        """What the cell was read as."""
        return self._read(self.style, self.order)

    @property
    def other(self) -> str:
        """What it would be read as by the other setting."""
        return self._read(
            "comma" if self.style == "point" else "point", "mdy" if self.order == "dmy" else "dmy"
        )

    def _read(self, style: Style, order: str) -> str:
        if self.setting == "dates":
            return date_text(int(days_in(self.text, order) or 1))
        return f"{number_in(self.text, style):.12g}"


def either_guesses(path: str, found: Sequence[Either]) -> list[Guess]:
    """A guess for each setting that would decide."""
    guesses = []
    for setting in ("decimal", "dates"):
        alike = [each for each in found if each.setting == setting]
        if alike:
            one = alike[0]
            more = len(alike) - 1
            others = f", and {more:,} more column{'s' * (more > 1)} likewise" if more else ""
            other = {
                "point": "comma",
                "comma": "point",
                "day_first": "month_first",
                "month_first": "day_first",
            }
            guesses.append(
                Guess(
                    f"{path}: in column {one.name!r} {one.text.strip()!r} is read as {one.meaning}, "
                    f"not as {one.other}{others}.",
                    f"If that is right, set {setting} to {one.value}; if it is wrong, to {other[one.value]}.",
                    setting,
                    one.value,
                    f"Set {setting} to {one.value}",
                )
            )
    return guesses
