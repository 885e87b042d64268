"""How each column of a table is read: as numbers, categories or dates, or not at all."""

import re
from collections.abc import Mapping, Sequence

import numpy as np

from resources.snippets.load_result import Guess
from resources.snippets.table.ambiguous import AmbiguousColumn, ambiguity_guesses
from resources.snippets.table.column import Column, Notation
from resources.snippets.table.dates import (
    TIME,
    doubtful_century,
    looks_like_date,
    looks_like_time,
    order_of,
)
from resources.snippets.table.digits import merged_numbers
from resources.snippets.table.findings import Findings
from resources.snippets.table.free_text import free_text, many_categories
from resources.snippets.table.marks import Spelling
from resources.snippets.table.notation import STYLES, Style
from resources.snippets.table.scan import ColumnScan, are_codes, are_most, scan_column, scan_texts
from resources.snippets.table.text_table import Table

MAX_CATEGORIES = 64  # of a column that is read without a guess
LEAST_ROWS = 20  # in fewer, different values mean nothing
FEW_TEXTS = 20
ODD_SHARE = 0.05


class Recognition:
    """Recognizes the columns together: one that can be read in two ways is read like the others."""

    def __init__(
        self, table: Table, roles: Mapping[str, str], target_role: str, notation: Notation
    ) -> None:
        """``target_role``: the role by which the target is read, or nothing."""
        self.table, self.roles, self._target_role = table, roles, target_role
        self.findings = Findings(table.path, roles)
        self.spelling = Spelling(table, self.findings, notation.get("marks", ()))
        self.scans: dict[int, ColumnScan] = {}
        self.either: list[AmbiguousColumn] = []
        self._decimal, self._dates = notation.get("decimal", "auto"), notation.get("dates", "auto")
        self._style: Style | None = None

    def recognize(
        self, places: Sequence[int], target_at: int | None, *, strict: bool
    ) -> dict[int, Column]:
        """How each of the columns is read. ``strict``: refuse one that cannot be read."""
        for at in filter(self._is_free, places):
            self.spelling.empty_marks(at)
        self.scans = {at: scan_column(self.table, at) for at in places}
        self._style = self._style_of_file()
        columns = {at: self._column(at, is_target=at == target_at, strict=strict) for at in places}
        for at, column in columns.items():
            column.marks = self.spelling.marks_of(column, self.scans[at], is_free=self._is_free(at))
        return columns

    def _is_free(self, at: int) -> bool:
        """Whether a column does not have the role category, in which each text is one."""
        return self.roles.get(self.table.names[at]) != "category"

    def guesses(self) -> list[Guess]:
        """All guesses about the columns."""
        either = ambiguity_guesses(self.table.path, self.either)
        return [*self.findings.guesses(), *self.spelling.guesses(), *either]

    def _style_of_file(self) -> Style | None:
        """The decimal mark of the columns that can be read in one way only, if they agree."""
        if self._decimal in STYLES:
            return "comma" if self._decimal == "comma" else "point"
        styles: set[Style] = set()
        for scan in self.scans.values():
            if scan.plain is None:
                point, comma = scan.count_of("point"), scan.count_of("comma")
                styles |= {"point"} if point > comma else {"comma"} if comma > point else set()
        return styles.pop() if len(styles) == 1 else None

    def _column(self, at: int, *, is_target: bool, strict: bool) -> Column:
        name, scan = self.table.names[at], self.scans[at]
        role = self._target_role if is_target else self.roles.get(name, "")
        if role == "category":
            return Column(at, name, "category")
        if role == "date":
            return self._date(at, name, scan)
        if scan.plain is not None:
            return self._plain(at, name, scan.plain, is_free=not (role or is_target))
        if role == "number":
            return self._number(at, name, scan, self._style_of(name, scan), lenient=True)
        return self._column_without_role(at, name, scan, is_target=is_target, strict=strict)

    def _column_without_role(
        self, at: int, name: str, scan: ColumnScan, *, is_target: bool, strict: bool
    ) -> Column:
        """A column without a role, some of whose cells are not plain numbers."""
        if not scan.filled_count and not is_target and not strict:
            return Column(at, name, "left out", why="empty")
        style = self._style_of(name, scan)
        numbers, odd = scan.count_of(style), sum(scan.counts[text] for text in scan.odd(style))
        if numbers >= max(odd, 1) and not _has_many_units(scan):
            recurring = odd >= max(2 * len(scan.odd(style)), ODD_SHARE * scan.filled_count)
            is_mixed = odd > 0 and recurring and len(scan.counts) <= FEW_TEXTS
            return (
                self._mixed_column(at, name, numbers, odd)
                if is_mixed
                else self._number(at, name, scan, style)
            )
        if not (numbers or is_target) and are_most(scan, looks_like_time):
            return Column(at, name, "date", order=TIME)
        if not (numbers or is_target) and are_most(scan, looks_like_date):
            return self._date(at, name, scan)
        if is_target and any(are_most(scan, each) for each in (looks_like_time, looks_like_date)):
            self.findings.add(
                "dated", name, "is the target and holds dates or times, each of which is a class"
            )
        if numbers and not is_target and len(scan.counts) <= MAX_CATEGORIES:
            return self._mixed_column(at, name, numbers, odd)
        return self._texts(at, name, scan, is_target=is_target, strict=strict)

    def _plain(self, at: int, name: str, numbers: np.ndarray, *, is_free: bool) -> Column:
        text = self.table.text(at)
        if self._style == "comma" and "." in text:
            scan = scan_texts(self.table.cells(at))
            if self._decimal == "comma" or scan.count_of("comma") == scan.count_of("point"):
                self.scans[at] = scan
                return self._number(at, name, scan, self._style_of(name, scan))
        elif self._style is None and self.table.separator == ";" and THOUSANDS.fullmatch(text):
            self.either.append(AmbiguousColumn("decimal", name, text.partition("\0")[0], "point"))
        if is_free:
            self._doubt(at, name, numbers)
        if merged_text := merged_numbers(numbers) if self.roles.get(name) != "number" else "":
            self.findings.add("digits", name, merged_text)
        return Column(at, name, "number")

    def _doubt(self, at: int, name: str, numbers: np.ndarray) -> None:
        """Add a guess when numbers name or count the rows, or are codes."""
        rows = len(numbers)
        if (
            rows >= LEAST_ROWS
            and abs(numbers[-1] - numbers[0]) == rows - 1
            and (abs(np.diff(numbers)) == 1).all()
        ):
            self.findings.add(
                "counted",
                name,
                f"counts the rows, from {numbers[0]:g} to {numbers[-1]:g}, {COUNTS_ROWS}",
            )
        elif rows >= LEAST_ROWS and KEY.search(name) and _all_different(numbers):
            self.findings.add(
                "keys", name, f"has a different whole number in each of the {rows:,} rows, {KEYS}"
            )
        elif are_codes(self.table, at):
            self.findings.add(
                "codes", name, "holds numbers written as codes are, and is read as numbers"
            )

    def _style_of(self, name: str, scan: ColumnScan) -> Style:
        """The decimal mark of the numbers in a column."""
        point, comma = scan.count_of("point"), scan.count_of("comma")
        if self._decimal in STYLES:
            return self._style or "point"
        if point != comma:
            return "point" if point > comma else "comma"
        text = scan.ambiguous
        if not text:
            return "point"
        style = self._style or ("comma" if self.table.separator == ";" else "point")
        self.either.append(AmbiguousColumn("decimal", name, text, style))
        return style

    def _number(
        self, at: int, name: str, scan: ColumnScan, style: Style, *, lenient: bool = False
    ) -> Column:
        if scan.marks and not lenient:
            mark = max(scan.marks, key=lambda each: scan.marks[each])
            line = self.table.line_of(at, mark)
            count, numbers = sum(scan.marks.values()), scan.count_of(style)
            texts = "1 text" if count == 1 else f"{count:,} texts"
            what = "missing values" if count > 1 else "a missing value"
            self.findings.add(
                "marks",
                name,
                f"holds {numbers:,} numbers and {texts}, {mark!r} in line {line}, read as {what}",
            )
        units = sorted(scan.units - {""})
        if len(units) > 1 or (units == ["%"] and "" in scan.units):
            self.findings.add(
                "units", name, f"holds numbers with {', '.join(units)}, which are left off"
            )
        note = ["decimal comma"] if style == "comma" else []
        note += [f"in {units[0]}"] if len(units) == 1 else []
        measure = units[0] if len(units) == 1 else ""
        return Column(
            at, name, "number", style, lenient=lenient, note=", ".join(note), measure=measure
        )

    def _mixed_column(self, at: int, name: str, numbers: int, texts: int) -> Column:
        both = f"{_number_text(texts, 'text')} and {_number_text(numbers, 'number')}"
        self.findings.add("mixed", name, f"holds {both}, and is read as a category")
        return Column(at, name, "category")

    def _date(self, at: int, name: str, scan: ColumnScan) -> Column:
        if scan.plain is not None:
            scan = self.scans[at] = scan_texts(self.table.cells(at))
        if are_most(scan, looks_like_time):
            return Column(at, name, "date", order=TIME, lenient=True)
        dates = [text for text in scan.counts if text not in scan.marks and _is_date(text)]
        preferred = "dmy" if self._style == "comma" or self.table.separator == ";" else "mdy"
        setting = {"day_first": "dmy", "month_first": "mdy"}.get(self._dates, "")
        order, is_either = order_of(dates, setting or preferred)
        if is_either and not setting:
            self.either.append(AmbiguousColumn("dates", name, dates[0], "point", order))
        order = order or setting or preferred
        is_given = self.roles.get(name) == "date"
        if not is_given and (doubt := doubtful_century(dates, order)):
            message = f"has years of two digits, read as 1969 to 2068: {doubt}"
            self.findings.add("years", name, message)
        return Column(at, name, "date", order=order, lenient=is_given)

    def _texts(
        self, at: int, name: str, scan: ColumnScan, *, is_target: bool, strict: bool
    ) -> Column:
        different, filled_cells = len(scan.counts), sum(scan.counts.values())
        all_differ = different == filled_cells >= LEAST_ROWS
        if is_target or (different <= MAX_CATEGORIES and (strict or not all_differ)):
            if all_differ and not is_target:
                self.findings.add(
                    "named",
                    name,
                    f"has a different text in each of the {filled_cells:,} rows, {NAMES_ROWS}",
                )
            elif all_differ:
                self.findings.add("classes", name, ONE_EACH.format(f"{filled_cells:,}"))
            return Column(at, name, "category")
        if all_differ or different > max(MAX_CATEGORIES, filled_cells // 2):
            if strict:
                raise free_text(self.table, name, scan)
            if all_differ:
                message = f"has a different text in each of the {filled_cells:,} rows, so it names them and is left out"
                self.findings.add("named", name, message)
            else:
                texts = f"{different:,} different texts in {filled_cells:,} rows"
                self.findings.add(
                    "free", name, f"holds {texts}, so it is free text and is left out"
                )
            return Column(
                at, name, "left out", why=f"{different:,} different texts in {filled_cells:,} rows"
            )
        self.findings.add(
            "many", name, f"has {different:,} categories, {many_categories(different)}"
        )
        return Column(at, name, "category")


KEY = re.compile(
    r"(?:^|[_\s.-])(?:id|key|nr|no|uuid|guid)$|[a-z]I[dD]$|^id(?:$|[_\s.-])", re.IGNORECASE
)
THOUSANDS = re.compile(r"[1-9][0-9]{0,2}\.[0-9]{3}(?:\0[1-9][0-9]{0,2}\.[0-9]{3})*")
"""Numbers that are all whole thousands if a comma is the decimal mark."""
COUNTS_ROWS = "which gives the answer away where the file is sorted"
ONE_EACH = "is the target and has a different text in each of the {} rows: a class for each row cannot be learned"
KEYS = "as a key has, and cannot help"
NAMES_ROWS = "so it names them and cannot help"


def _is_date(text: str) -> bool:
    return looks_like_date(text) or order_of([text], "dmy")[0] != ""


def _has_many_units(scan: ColumnScan) -> bool:
    """Whether a column has amounts in different units: 5 kg, 300 g."""
    return len({unit for unit in scan.units if unit.isalpha() and unit.islower()}) > 1


def _all_different(numbers: np.ndarray) -> bool:
    return bool(np.all(numbers == np.floor(numbers))) and len(np.unique(numbers)) == len(numbers)


def _number_text(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
