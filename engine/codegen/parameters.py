"""The parameters of a block in its class, and the text of expressions over them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.catalog.emit import Module
from engine.catalog.expressions import Expression, ExpressionError, names, parse, rename, sizes, substitute
from engine.catalog.params import Value
from engine.codegen.expression import Argument, Values
from engine.codegen.literals import literal, quote
from engine.codegen.names import CONSTRUCTOR_NAMES, Scope
from engine.codegen.plan import Plan
from engine.codegen.wiring import Step
from engine.errors import EngineError
from engine.graph.block_params import ParamType
from engine.graph.node_expressions import LOOP_NAMES
from engine.graph.reserved import RESERVED_ATTRIBUTES
from engine.graph.sizes import short_ports, size_name, size_reads

TYPES: Mapping[ParamType, str] = {
    "int": "int",
    "float": "float",
    "flag": "bool",
    "choice": "str",
    "tuple": "tuple[int, ...]",
}
"""The annotation of each type of parameter."""
CHOICE = "Literal"
"""What the options of a choice are the arguments of."""


@dataclass(slots=True)
class Parameters:
    """How a class spells the expressions of its block.

    ``arguments``: the constructor's argument of each parameter. ``sizes``: that of each size of an input.
    ``attributes``: the attribute that keeps an argument for ``forward``. ``conditions``: by node, the attribute that is
    true where the node is bypassed. ``in_calls``: by node, the expressions that its call in ``forward`` reads.
    ``scope``: of the constructor.
    """

    plan: Plan
    scope: Scope
    arguments: dict[str, str] = field(default_factory=dict)
    sizes: dict[tuple[str, int], str] = field(default_factory=dict)
    attributes: dict[str, str] = field(default_factory=dict)
    conditions: dict[str, str] = field(default_factory=dict)
    in_calls: dict[str, dict[str, Expression]] = field(default_factory=dict)

    @property
    def are_read(self) -> bool:
        """Whether the class needs a constructor for them."""
        return bool(self.arguments or self.sizes or self.conditions)

    def in_constructor(self, expression: Expression, repeat: int = 1) -> str:
        """The text of an expression in the constructor. ``repeat``: of the use in whose parameters it stands."""
        values: dict[str, int | Expression] = {
            name: Expression(argument) for name, argument in self.arguments.items() if name != argument
        }
        values |= {LOOP_NAMES[1]: repeat} if repeat > 1 else {}
        by_size = {size: Expression(argument) for size, argument in self.sizes.items()}
        try:
            self._check_names(expression, repeat)
            if values.keys().isdisjoint(names(expression)) and not sizes(expression):
                return parse(expression.text).text
            return literal(substitute(expression, values, by_size))
        except ExpressionError as wrong:
            raise EngineError(f"{expression.text}: {wrong.message}", hint=wrong.hint, code="P006") from wrong

    def _check_names(self, expression: Expression, repeat: int) -> None:
        legal = {*self.arguments, *(LOOP_NAMES if repeat > 1 else ())}
        for name in names(expression):
            if name not in legal:
                raise ExpressionError(f"There is no parameter {name} here.", "name", name=name)

    def arguments_read(self, value: Expression) -> list[str]:
        """The arguments of the constructor that an expression reads."""
        params = [self.arguments[name] for name in names(value) if name in self.arguments]
        return [*params, *(self.sizes[size] for size in sizes(value) if size in self.sizes)]

    def in_forward(self, expression: Expression) -> str:
        """The text of an expression in ``forward``, where arguments are attributes."""
        attributes = {argument: f"self.{attribute}" for argument, attribute in self.attributes.items()}
        return rename(Expression(self.in_constructor(expression)), attributes).text

    def constructor_values(self, values: Mapping[str, Value]) -> dict[str, Value | Argument]:
        """The values of a node as the constructor spells them."""
        return {
            name: Argument(self.in_constructor(value)) if isinstance(value, Expression) else value
            for name, value in values.items()
        }

    def forward_values(self, step: Step, values: Values) -> Values:
        """The values of a step as its call in ``forward`` spells them."""
        in_call = self.in_calls.get(step.name)
        if in_call is None:
            return values
        return {**values, **{name: Argument(self.in_forward(value)) for name, value in in_call.items()}}

    def default(self, name: str) -> str:
        """The argument of a parameter with its type and its default."""
        param = self.plan.wiring.graph.params[name]
        is_choice = param.type == "choice" and param.options
        kind = f"{CHOICE}[{', '.join(map(quote, param.options))}]" if is_choice else TYPES[param.type]
        return f"{self.arguments[name]}: {kind} = {literal(param.default)}"


def parameters_of(plan: Plan, classes: Mapping[str, object]) -> Parameters:
    """The names that the class of a graph needs. ``classes``: the names of all classes."""
    graph = plan.wiring.graph
    result = Parameters(plan, Scope(classes, local_names=CONSTRUCTOR_NAMES))
    result.arguments = result.scope.take({name: name for name in graph.params})
    ports = short_ports(graph.of_kind("Input"))
    result.sizes = result.scope.take(
        {(port, axis): size_name(ports.get(port, port), axis) for port, axis in size_reads(graph)}
    )
    steps = list({step.name: step for variant in plan.variants for step in variant.steps}.values())
    owners = [step.name for step in plan.module_steps()]
    scope = Scope([*owners, *RESERVED_ATTRIBUTES], local_names=frozenset())
    result.in_calls = {step.name: in_call for step in steps if (in_call := _in_call(step))}
    values = [value for in_call in result.in_calls.values() for value in in_call.values()]
    read = {name for value in values for name in result.arguments_read(value)}
    in_order = [name for name in (*result.sizes.values(), *result.arguments.values()) if name in read]
    result.attributes = scope.take({name: name for name in in_order})
    by_text: dict[str, str] = {}
    for name in dict.fromkeys([*owners, *(step.name for step in steps)]):
        bypass = graph.nodes[name].bypass if name in graph.nodes else False
        if isinstance(bypass, Expression):
            text = result.in_constructor(bypass)
            if text not in by_text:
                by_text[text] = scope.take({name: f"{name}_is_bypassed"})[name]
            result.conditions[name] = by_text[text]
    return result


def _in_call(step: Step) -> dict[str, Expression]:
    """The expressions among the parameters that ``forward`` reads."""
    emit = step.kind.emit
    if step.loop:
        return {"count": step.loop.count} if isinstance(step.loop.count, Expression) else {}
    if Expression not in map(type, step.params.values()):  # as of most steps
        return {}
    return {
        name: value
        for name, value in step.params.items()
        if isinstance(value, Expression) and (not isinstance(emit, Module) or name in emit.call)
    }
