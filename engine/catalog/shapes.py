"""The shapes that a kind of node takes and gives, declared axis by axis."""

from msgspec import Struct


class Shape(Struct, frozen=True):
    """The shape of one value; `of` makes it.

    ``axes``: a letter, a parameter or a size for each axis, ``*`` for any further ones. ``what``: which numbers these
    are. ``port``: the name of the value, where the text needs it to distinguish several.
    """

    axes: tuple[str, ...]
    what: str = ""
    port: str = ""

    @property
    def text(self) -> str:
        """The shape as text: ``(B, C, H, W)``."""
        return " ".join(filter(None, (self.port, f"({', '.join(self.axes)})", self.what)))

    def is_for(self, axes: int) -> bool:
        """Whether values of this shape usually have this many axes: with ``*`` in the middle, few."""
        if "*" not in self.axes:
            return len(self.axes) == axes
        count = len(self.axes) - self.axes.count("*")
        return axes >= count and (self.axes[-1] == "*" or axes <= count + 1)


def of(*axes: str, what: str = "", port: str = "") -> Shape:
    """The shape of a value with these axes."""
    return Shape(axes, what, port)


class Shapes(Struct, frozen=True):
    """The shapes of the inputs of a kind, in order, and of its outputs; optional inputs at the end may be left out.

    ``takes``: several in one place are alternatives. ``gives``: left out where the inputs or a parameter decide.
    ``keeps``: the output has the shape of the first input. ``more``: any number of further inputs of a variadic port.
    ``rule``: the end of the text, such as how sizes change.
    """

    takes: tuple[Shape | tuple[Shape, ...], ...] = ()
    gives: tuple[Shape, ...] = ()
    rule: str = ""
    keeps: bool = False
    more: bool = False

    @property
    def inputs(self) -> tuple[tuple[Shape, ...], ...]:
        """The alternatives of each input."""
        return tuple((each,) if isinstance(each, Shape) else each for each in self.takes)

    @property
    def is_closed(self) -> bool:
        """Whether every axis of every input is declared."""
        return bool(self.takes) and not any("*" in shape.axes for one in self.inputs for shape in one)

    @property
    def text(self) -> str:
        """All in one line, inputs and outputs with an arrow between them; empty where nothing is declared."""
        if self == Shapes():
            return ""
        takes = ", ".join(" or ".join(each.text for each in one) for one in self.inputs) + (
            ", ..." if self.more else ""
        )
        gives = "the same" if self.keeps else ", ".join(each.text for each in self.gives)
        return f"{takes} -> {gives}{self.rule}"
