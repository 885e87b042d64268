"""Columns that can be read in two ways: 1,234 and 03/04/2024."""

from collections.abc import Sequence
from dataclasses import dataclass

from resources.snippets.load_result import Guess
from resources.snippets.table.dates import date_text, days_in
from resources.snippets.table.notation import Style, number_in

SETTINGS = {"dmy": "day_first", "mdy": "month_first"}


@dataclass(frozen=True)
class AmbiguousColumn:
    """One such column. ``setting``: ``decimal`` or ``dates``, which decides it. ``text``: one of its cells."""

    setting: str
    name: str
    text: str
    style: Style = "point"
    order: str = ""

    @property
    def value(self) -> str:
        """The value of the setting for the way in which the column is read."""
        return SETTINGS[self.order] if self.setting == "dates" else self.style

    @property
    def meaning(self) -> str:
        """The value of the cell."""
        return self._read(self.style, self.order)

    @property
    def other(self) -> str:
        """The value of the cell with the other value of the setting."""
        return self._read(
            "comma" if self.style == "point" else "point", "mdy" if self.order == "dmy" else "dmy"
        )

    def _read(self, style: Style, order: str) -> str:
        if self.setting == "dates":
            return date_text(int(days_in(self.text, order) or 1))
        return f"{number_in(self.text, style):.12g}"


def ambiguity_guesses(path: str, columns: Sequence[AmbiguousColumn]) -> list[Guess]:
    """A guess for each setting that decides such columns."""
    guesses = []
    for setting in ("decimal", "dates"):
        alike = [each for each in columns if each.setting == setting]
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
