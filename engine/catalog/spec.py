"""The declaration of a layer: one frozen value that palette, form, check, shapes, source, docs and tests all read."""

import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from msgspec import Struct, field
from msgspec.structs import replace

from engine.catalog.emit import Emit, Function, Gradient, Module, Random
from engine.catalog.families import FAMILIES, Family
from engine.catalog.param_index import known
from engine.catalog.params import FromInput, Param, Value
from engine.catalog.shapes import Shapes

Role = Literal["layer", "input", "output", "block", "custom", "loss", "metric"]
Element = Literal["float", "int", "bool", "any"]
Kept = Literal["never", "inplace", "always"]
"""When the gradient of a layer is computed from its result: ``inplace`` where it overwrites its input."""

PassesOn = Literal["never", "idle", "always"]
"""When the result of a layer may be in the memory of its first input: ``idle`` while the layer does nothing."""

Meaning = Literal["values", "scores", "probabilities", "log-probabilities"]
"""What the numbers that a loss is fed mean. ``scores``: raw, of any size, before they are made probabilities."""

Layout = Literal["computed", "in order", "moved"]
"""What a layer does with the values that it gets: it computes others, or gives the same ones in order or moved."""

Conversion = Literal["", "add axis", "remove axis", "join axes", "swap axes", "to float", "to int"]
"""What a layer is usually put on a wire for, when the value does not fit where it goes."""

EMPTY: Mapping[str, Value] = MappingProxyType({})


class Range(Struct, frozen=True):
    """Between which numbers values are. ``depth``: the parameter whose negative is the lower end.

    ``low_param``, ``high_param``: the parameters that are the ends.
    """

    low: float = -math.inf
    high: float = math.inf
    depth: str = ""
    low_param: str = ""
    high_param: str = ""


ANY_NUMBER = Range()


class Compares(Struct, frozen=True, kw_only=True):
    """What a loss compares.

    ``takes``: what its input means. ``usual``: the layer that usually makes this of scores. ``targets``: where targets
    that are real numbers must be; not while the flag ``lifted_by`` is on. ``fewest``: classes it can choose among.
    ``questions``: each score answers a question of its own with yes or no.
    """

    takes: Meaning = "values"
    usual: str = ""
    targets: Range = ANY_NUMBER
    lifted_by: str = ""
    fewest: int = 1
    questions: bool = False


class Port(Struct, frozen=True):
    """Where a wire ends. ``variadic`` ports take any number of wires, named ``tensors[0]``, ``tensors[1]`` ...

    ``kept``: of an output, when nothing may overwrite it, for the gradient is computed from it. ``number``: the
    parameter that stands in for a wire: it holds a number to use where none ends here. ``shape_only``: of an input,
    whether only its shape matters, and not its numbers. ``below``: the parameter that its whole numbers must stay
    below.
    """

    name: str
    element: Element = "float"
    optional: bool = False
    variadic: bool = False
    help: str = ""
    kept: Kept = "never"
    number: str = ""
    shape_only: bool = False
    below: str = ""


class Layer(Struct, frozen=True, kw_only=True):
    """Everything the app knows of one kind of node.

    ``kind``: torch's own name; stored in files, so never renamed, only added to the new kind's ``formerly``.
    ``signature``: the torch object whose arguments ``params`` repeat, when it is not the emit's target.
    ``left_out``: arguments of that signature that are not parameters here, each with the reason.
    ``preset``: values that a newly placed node gets; files still compare with torch's defaults.
    ``passes_on``: whether what overwrites the result may overwrite the input too.
    ``within``: where the numbers that it gives are; ``"input"``: where those that it takes are; ``None``: not known.
    ``gives``: what these numbers mean.
    ``layout``: whether the values are the same, and where they are then. ``picks``: the parameter that names the axis
    of which it gives some entries only. ``drops``: the parameter that, left out, makes it take away any axis of size 1.
    ``converts``: the conversion for which this is the usual layer; what it needs to know are its first parameters.
    ``agreement``: how the shapes of its inputs must agree, as a sentence.
    ``compares``: for a loss, what it compares. ``lower_is_better``: of a metric; every loss should fall.
    ``metric``: for a loss, the kind of metric that fits it, with the values ``metric_params`` and, by the same names,
    the loss's own values of ``metric_takes``. ``in_unit``: of a metric, whether it is in the unit of what it compares.
    ``stem``: what new nodes are called, where the kind's own name would read badly, and a metric without a name.
    ``other_names``: what else people call it. ``prominence``: from 1 on the palette always shows it; from 2 on
    the search offers it first, the higher the earlier.
    """

    kind: str
    family: str
    emit: Emit
    summary: str
    shape: Shapes = Shapes()
    source: str = ""
    params: tuple[Param, ...] = ()
    inputs: tuple[Port, ...] = (Port("input"),)
    outputs: tuple[Port, ...] = (Port("output"),)
    role: Role = "layer"
    signature: str = ""
    left_out: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    preset: Mapping[str, Value] = field(default_factory=lambda: EMPTY)
    formerly: tuple[str, ...] = ()
    passes_on: PassesOn = "never"
    within: Range | Literal["input"] | None = None
    gives: Meaning = "values"
    compares: Compares | None = None
    metric: str = ""
    metric_params: Mapping[str, Value] = field(default_factory=lambda: EMPTY)
    metric_takes: tuple[str, ...] = ()
    in_unit: bool = False
    layout: Layout = "computed"
    picks: str = ""
    drops: str = ""
    converts: Conversion = ""
    agreement: str = ""
    lower_is_better: bool = False
    stem: str = ""
    other_names: tuple[str, ...] = ()
    prominence: int = 0

    def param(self, name: str) -> Param | None:
        """The parameter of that name, or ``None``."""
        return known(self.params).by_name.get(name)

    def input(self, name: str) -> Port | None:
        """The input port that a wire's end names (``tensors[1]`` is port ``tensors``), or ``None``."""
        base = name.partition("[")[0]
        port = next((port for port in self.inputs if port.name == base), None)
        return port if port and port.variadic == ("[" in name) else None

    def output(self, name: str) -> Port | None:
        """The output port of that name, or ``None``."""
        return next((port for port in self.outputs if port.name == name), None)

    @property
    def derived(self) -> tuple[FromInput, ...]:
        """The parameters whose values are read off the wires."""
        return known(self.params).derived

    def known_as(self, *other_names: str, stem: str = "", prominence: int = 0) -> "Layer":
        """The same kind, with what people look for it by."""
        return replace(self, other_names=other_names, stem=stem or self.stem, prominence=prominence)

    @property
    def usual_name(self) -> str:
        """What a metric of this kind is called where the graph has none and the first loss brings it."""
        return self.stem or self.kind.lower()

    @property
    def traits(self) -> Family:
        """What is true of its whole family."""
        return FAMILIES[self.family]

    @property
    def stateful(self) -> bool:
        """Whether a node of this kind is an attribute of the generated class."""
        return isinstance(self.emit, Module)

    @property
    def definitions(self) -> tuple[tuple[str, str], ...]:
        """The definitions of snippets that its source may need, each by snippet and name."""
        match self.emit:
            case Module(target=target, snippet=snippet) if snippet:
                return ((snippet, target),)
            case Function(functions=names, snippet=snippet):
                return tuple((snippet, name) for name in names)
            case Gradient(snippet=snippet, function=function):
                return ((snippet, function),)
        return ()

    @property
    def belongs_into_forward(self) -> bool:
        """Whether it is computed once for losses and metrics alike, as what draws random numbers must be."""
        return isinstance(self.emit, Module | Random | Gradient)


def effective(params: tuple[Param, ...], given: Mapping[str, Value]) -> dict[str, Value]:
    """Every parameter's value: the given one, else the declared default; derived ones only when given."""
    return {
        param.name: given.get(param.name, param.default)
        for param in params
        if not isinstance(param, FromInput) or param.name in given
    }
