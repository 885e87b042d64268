"""What the expressions in a form may read, and its values at the use that is shown."""

from collections.abc import Collection, Mapping

from msgspec import Struct, field
from msgspec.structs import replace

from engine.catalog.expressions import Constant, Expression, ExpressionError, evaluate, names, parse, sizes
from engine.catalog.index import did_you_mean
from engine.catalog.params import Param, Value
from gui.forms.value_text import format_value

SIGN = "="  # what a text begins with that is an expression
WORDS = ("and", "or", "not", "if", "else", "True", "False")


class Scope(Struct, frozen=True):
    """The parameters and ports that expressions may read.

    ``place``: where these are declared, for messages; ``is_block``: it can get parameters. ``values``, ``sizes``:
    those that are known at one use.
    """

    place: str = ""
    is_block: bool = False
    params: tuple[str, ...] = ()
    ports: tuple[str, ...] = ()
    values: Mapping[str, Constant] = field(default_factory=dict)
    sizes: Mapping[tuple[str, int], int] = field(default_factory=dict)

    def without(self, names: Collection[str]) -> "Scope":
        """The same without some parameters."""
        return replace(self, params=tuple(name for name in self.params if name not in names))

    def read(self, text: str) -> Expression:
        """The expression that a text is, with or without its sign. Raises: `ExpressionError` with what is wrong."""
        expression = parse(text.strip().removeprefix(SIGN))
        for name in names(expression):
            if name not in self.params:
                raise ExpressionError(f"{name} is no parameter of {self.place}.", "name", hint=self._hint(name))
        for port, _ in sizes(expression):
            if port not in self.ports:
                hint = did_you_mean(port, self.ports) or (f"Use {' or '.join(self.ports)}." if self.ports else "")
                raise ExpressionError(f"{port} is no input of {self.place}.", "size", hint=hint, name=port)
        return expression

    def _hint(self, name: str) -> str:
        if self.params:
            return did_you_mean(name, self.params) or f"Use {', '.join(self.params)}."
        return "It has none: add one on its page." if self.is_block else "Only a block has parameters."

    def value(self, expression: Expression) -> Constant:
        """Its value at the use that is shown. Raises: `ExpressionError` where it has none."""
        return evaluate(expression, self.values, self.sizes)

    def value_text(self, param: Param, expression: Expression) -> str:
        """Its value in a few characters, empty where it has none."""
        try:
            return format_value(param, self.value(expression)) or "none"
        except ExpressionError:
            return ""

    def problem(self, param: Param, value: Value) -> str | None:
        """What is wrong with a value or an expression, as a sentence that follows the parameter's name."""
        if not isinstance(value, Expression):
            return param.problem(value)
        try:
            self.read(value.text)
        except ExpressionError as wrong:
            return f"cannot be computed: {sentence(wrong)}"
        try:
            return param.problem(self.value(value))
        except ExpressionError as wrong:  # a size or a value that is not known yet is no mistake
            return None if wrong.reason in ("size", "name") else f"cannot be computed: {sentence(wrong)}"

    def completions(self) -> tuple[str, ...]:
        """What can be typed: parameters, sizes of inputs, functions and words."""
        return (*self.params, *(f"size({port}, 1)" for port in self.ports), "min(", "max(", *WORDS)


def sentence(wrong: ExpressionError) -> str:
    """What is wrong, and what to do."""
    return f"{wrong.message} {wrong.hint}".strip()
