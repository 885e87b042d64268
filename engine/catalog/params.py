"""The kinds of parameter: range, unit, help, and the check of a value."""

import math
from collections.abc import Sequence

from msgspec import Struct

from engine.catalog.expressions import Constant, Expression
from engine.catalog.no_effect import Idle
from engine.catalog.value_text import bounds_text, display, out_of_bounds

Value = Constant | Expression
"""What a parameter can hold: literals and tuples of literals, or in a node an expression; nothing that runs."""

NON_FINITE = {"inf": math.inf, "-inf": -math.inf, "nan": math.nan}


class Param(Struct, frozen=True):
    """One named value of a declaration; subclasses say which values are legal.

    ``required``: torch has no default, so the value is always written to file and code.
    ``is_argument``: false for values the target itself does not take, such as a loss's ``scale``, or that fill a port.
    ``none``: what ``None`` does, where it is legal although the default is another value.
    ``idle``: with which values of other parameters it has no effect.
    """

    name: str
    default: Value = None
    required: bool = False
    is_argument: bool = True
    unit: str = ""
    help: str = ""
    none: str = ""
    idle: tuple[Idle, ...] = ()

    def problem(self, value: Value) -> str | None:
        """What is wrong with ``value``, as a sentence that follows the parameter's name, or ``None``."""
        if value is None:
            return None if self.default is None or self.none else "cannot be None"
        return self._problem(value)

    def _problem(self, value: Value) -> str | None:
        raise TypeError(f"{type(self).__name__} cannot judge {value!r}")

    def from_json(self, raw: object) -> Constant:
        """The value of JSON's ``raw``; one that does not fit is returned unchanged, and `problem` reports it."""
        return freeze(raw)

    def to_json(self, value: Value) -> object:
        """The JSON form of a value, which `from_json` reads."""
        return thaw(value)

    @property
    def type_name(self) -> str:
        """The kind in one lower-case word, as the command line and the docs print it."""
        return type(self).__name__.lower()

    def range_text(self) -> str:
        """The legal values in a few characters, or nothing."""
        return ""


def freeze(raw: object) -> Constant:
    """JSON's lists as tuples, everything else as it is; an object becomes its text, which no parameter accepts."""
    if isinstance(raw, (list, tuple)):
        return tuple(map(freeze, raw))
    return raw if raw is None or isinstance(raw, (bool, int, float, str)) else str(raw)


def thaw(value: Value) -> object:
    """The JSON form of a value: tuples as lists, inf and nan as strings, an expression as ``{"=": text}``."""
    if isinstance(value, Expression):
        return {"=": value.text}
    if isinstance(value, tuple):
        return [thaw(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return "nan" if math.isnan(value) else "inf" if value > 0 else "-inf"
    return value


class Int(Param, frozen=True):
    """A whole number.

    ``index_of``: the axis of the declared shapes of which it is an index. ``fits_in``: the axes whose sizes it may not
    exceed.
    """

    min: int | None = None
    max: int | None = None
    index_of: str = ""
    fits_in: tuple[str, ...] = ()

    def _problem(self, value: Value) -> str | None:
        if not isinstance(value, int) or isinstance(value, bool):
            return f"must be a whole number, got {display(value)}"
        if abs(value) > 2**53:
            return f"is too large: {display(value)}"
        return out_of_bounds(value, self.min, self.max)

    def range_text(self) -> str:
        return bounds_text(self.min, self.max)


class Float(Param, frozen=True):
    """A real number; ``above`` and ``below`` are bounds not themselves legal; ``finite=False`` admits inf and nan."""

    min: float | None = None
    max: float | None = None
    above: float | None = None
    below: float | None = None
    finite: bool = True

    def _problem(self, value: Value) -> str | None:
        if not isinstance(value, int | float) or isinstance(value, bool):
            return f"must be a number, got {display(value)}"
        if isinstance(value, int) and abs(value) > 2**53:
            return f"is too large: {display(value)}"
        if self.finite and not math.isfinite(value):
            return f"must be finite, got {value}"
        if self.above is not None and value <= self.above:
            return f"must be > {self.above}, got {value}"
        if self.below is not None and value >= self.below:
            return f"must be < {self.below}, got {value}"
        return out_of_bounds(value, self.min, self.max)

    def from_json(self, raw: object) -> Constant:
        if isinstance(raw, str) and raw in NON_FINITE:
            return NON_FINITE[raw]
        if isinstance(raw, int) and not isinstance(raw, bool) and abs(raw) <= 2**53:
            return float(raw)
        return freeze(raw)

    def range_text(self) -> str:
        parts = [bounds_text(self.min, self.max)]
        parts += [f"> {self.above}"] if self.above is not None else []
        parts += [f"< {self.below}"] if self.below is not None else []
        return ", ".join(part for part in parts if part)


class Number(Float, frozen=True):
    """A real number that stays an ``int`` where it is one: an int tensor plus 1 is an int tensor, plus 1.0 is not."""

    def from_json(self, raw: object) -> Constant:
        return freeze(raw) if isinstance(raw, int) else super().from_json(raw)


class Flag(Param, frozen=True):
    """Yes or no."""

    def _problem(self, value: Value) -> str | None:
        return None if isinstance(value, bool) else f"must be true or false, got {display(value)}"


class Choice(Param, frozen=True):
    """One of a few words; without ``options`` any word."""

    options: tuple[str, ...] = ()

    def _problem(self, value: Value) -> str | None:
        if value in self.options or (isinstance(value, str) and not self.options):
            return None
        return f"must be one of {', '.join(self._words)}, got {display(value)}"

    def range_text(self) -> str:
        return " | ".join(self._words)

    @property
    def _words(self) -> list[str]:
        """The options as messages show them: those of a block's parameter may be any text."""
        return [option if option and option.isprintable() else display(option) for option in self.options]


class Sizes(Param, frozen=True):
    """One whole number for all axes, or a tuple with one for each axis.

    ``n``: length of the tuple, 0 for any length. ``words``: strings legal in place of numbers (``"same"``).
    ``allows_none_entries``: single entries may be ``None`` (adaptive pooling keeps that axis).
    ``single``: a bare number is legal. ``empty``: an empty tuple is legal.
    """

    n: int = 0
    min: int | None = None
    words: tuple[str, ...] = ()
    allows_none_entries: bool = False
    single: bool = True
    empty: bool = False

    def _problem(self, value: Value) -> str | None:
        if (isinstance(value, str) and value in self.words) or (value == () and self.empty):
            return None
        entries = value if isinstance(value, tuple) else (value,) if self.single else None
        if not entries:
            return f"must be {self._legal_form()}, got {display(value)}"
        if isinstance(value, tuple) and self.n and len(value) != self.n:
            return f"needs {self.n} numbers, got {len(value)}"
        for entry in entries:
            if entry is None and self.allows_none_entries:
                continue
            if not isinstance(entry, int) or isinstance(entry, bool) or abs(entry) > 2**53:
                return f"must be {self._legal_form()}, got {display(value)}"
            if wrong := out_of_bounds(entry, self.min, None):
                return wrong
        return None

    def _legal_form(self) -> str:
        count = f"a tuple of {self.n}" if self.n else "a tuple of whole numbers"
        words = f" or {' or '.join(self.words)}" if self.words else ""
        return f"{'a whole number or ' if self.single else ''}{count}{words}"

    def range_text(self) -> str:
        return " | ".join(filter(None, (bounds_text(self.min, None), *self.words)))


class Floats(Param, frozen=True):
    """A tuple of ``n`` real numbers, such as an optimizer's betas; ``n`` 0 for any length.

    ``single``: a bare number is legal too, and counts for every entry.
    ``allows_none_entries``: single entries may be ``None``.
    ``must_enclose``: a number that must be between the first entry and the last.
    """

    n: int = 2
    min: float | None = None
    max: float | None = None
    above: float | None = None
    below: float | None = None
    single: bool = False
    allows_none_entries: bool = False
    must_enclose: float | None = None

    def _problem(self, value: Value) -> str | None:
        if self.single and not isinstance(value, tuple):
            return self._entry.problem(value)
        if not isinstance(value, tuple) or not value or (self.n and len(value) != self.n):
            return f"must be a tuple of {self.n or 'several'} numbers, got {display(value)}"
        numbers = [entry for entry in value if not (entry is None and self.allows_none_entries)]
        if wrong := next(filter(None, map(self._entry.problem, numbers)), None):
            return wrong
        return self._order_problem(value[0], value[-1]) if self.must_enclose is not None else None

    def _order_problem(self, first: Value, last: Value) -> str | None:
        below = Float(self.name, below=self.must_enclose).problem(first)
        above = Float(self.name, above=self.must_enclose).problem(last)
        return (
            f"needs a number below {self.must_enclose} and one above it, got {display((first, last))}"
            if below or above
            else None
        )

    @property
    def _entry(self) -> Float:
        return Float(self.name, 0.0, min=self.min, max=self.max, above=self.above, below=self.below)

    def from_json(self, raw: object) -> Constant:
        if isinstance(raw, list | tuple):
            return tuple(self._entry.from_json(item) for item in raw)
        return self._entry.from_json(raw) if self.single else freeze(raw)

    def range_text(self) -> str:
        return self._entry.range_text()


class Vector(Floats, frozen=True):
    """A tensor argument of one axis, given as numbers; source spells it ``torch.tensor((...))``."""

    n: int = 0


class FromInput(Param, frozen=True):
    """A size read off the wire into ``port``; a value that the user sets overrides it.

    ``axis``: of the input; ``-1`` the last. ``unless``: left out where it equals that parameter. ``noun``: its unit.
    ``longest``: the usual value for an axis of variable length, whose size it limits; 0 where it cannot limit one.
    """

    axis: int = -1
    port: str = "input"
    tuple_ok: bool = False
    min: int = 1
    unless: str = ""
    noun: str = ""
    longest: int = 0

    def problem(self, value: Value) -> str | None:
        if value is None:
            return None
        return (Sizes if self.tuple_ok else Int)(self.name, 0, min=self.min).problem(value)

    @property
    def type_name(self) -> str:
        return "from input"

    def range_text(self) -> str:
        return f"axis {self.axis} of {self.port}"


def find(params: Sequence[Param], name: str) -> Param | None:
    """The parameter of that name, or ``None``."""
    return next((param for param in params if param.name == name), None)
