"""The declaration of a layer: one frozen value that palette, form, checks, shapes, source, docs and tests all read."""

import math
from collections.abc import Mapping
from functools import cached_property
from types import MappingProxyType
from typing import Literal

from msgspec import Struct, field
from msgspec.structs import replace

from engine.catalog.emit import Creation, Emit, Function, Gradient, Module, Slice
from engine.catalog.families import FAMILIES, Family
from engine.catalog.param_index import index_of
from engine.catalog.params import FromInput, Param, Value
from engine.catalog.port_values import Meaning, Takes, WholeNumbers
from engine.catalog.requirements import Ascending, Border, Divides
from engine.catalog.sample_shape import has_letter
from engine.catalog.shapes import Shapes

Role = Literal["layer", "input", "output", "block", "custom", "loss", "metric"]
Element = Literal["float", "int", "bool", "any"]
BackwardUse = Literal["never", "inplace", "always"]
"""When the gradient of a layer is computed from its result: ``inplace`` where it overwrites its input."""

PassesOn = Literal["never", "idle", "always"]
"""When the result of a layer may be in the memory of its first input: ``idle`` while the layer does nothing."""

Layout = Literal["computed", "in order", "moved"]
"""What a layer does with the values of its input: it computes others, or gives the same in order, or moved."""

Conversion = Literal["", "add axis", "remove axis", "join axes", "swap axes", "to float", "to int"]
"""The conversion for which a layer is usually inserted into a wire whose value does not fit the port."""

EMPTY: Mapping[str, Value] = MappingProxyType({})


class Range(Struct, frozen=True):
    """The range of values. ``depth``: the parameter whose negative is the lower bound.

    ``low_param``, ``high_param``: the parameters that are the bounds.
    """

    low: float = -math.inf
    high: float = math.inf
    depth: str = ""
    low_param: str = ""
    high_param: str = ""


ANY_NUMBER = Range()


class Compares(Struct, frozen=True, kw_only=True):
    """What a loss compares.

    ``takes``: what its input means. ``usual``: the layer that usually computes this from scores. ``targets``: the range
    of real targets, unless the flag ``any_target_flag`` is on. ``min_classes``: the smallest number of classes.
    ``is_binary``: each score is a binary decision of its own.
    """

    takes: Meaning = "values"
    usual: str = ""
    targets: Range = ANY_NUMBER
    any_target_flag: str = ""
    min_classes: int = 1
    is_binary: bool = False


class Port(Struct, frozen=True):
    """Where a wire ends. ``variadic`` ports take any number of wires, named ``tensors[0]``, ``tensors[1]`` ...

    ``backward_use``: of an output, when the gradient is computed from it, so that nothing may overwrite it. ``number``:
    the parameter whose number is used if no wire ends here; a function has no other argument for it. ``shape_only``:
    only the shape of this input matters. ``below``: the parameter that its whole numbers must be less than. ``flag``:
    of an output, the parameter that must be on, or there is no such output. ``letter_in``: of an output, the shape that
    must have an axis of variable length, or there is no such output. ``numbers``: of an input of a loss or
    metric, which whole numbers it takes; ``takes``: which real ones. ``is_sign``: its numbers are 1 and -1. ``count``:
    of an output, the parameter that says how many there are, as a number or as a tuple with an entry for each; they are
    named ``part_0``, ``part_1`` ... ``read_only``: of an output, that torch does not let it be overwritten, because
    elements share memory, or because it is memory of the layer itself. ``mask``: whether true in a mask of attention
    hides a key from a query or shows it.
    """

    name: str
    element: Element = "float"
    optional: bool = False
    variadic: bool = False
    help: str = ""
    backward_use: BackwardUse = "never"
    number: str = ""
    shape_only: bool = False
    below: str = ""
    flag: str = ""
    letter_in: str = ""
    numbers: WholeNumbers | None = None
    takes: Takes | None = None
    count: str = ""
    read_only: bool = False
    is_sign: bool = False
    mask: Literal["", "hides", "shows"] = ""


class Layer(Struct, frozen=True, kw_only=True, dict=True):  # the dict keeps what is computed once for all nodes
    """The declaration of one kind of node.

    ``kind``: torch's own name; stored in files, so never renamed, only added to the new kind's ``formerly``.
    ``formula``: what it computes, in a line of plain text; every loss and metric has one.
    ``signature``: the torch object whose arguments ``params`` repeat, when it is not the emit's target.
    ``left_out``: arguments of that signature that are not parameters here, each with the reason.
    ``preset``: values that a newly placed node gets; files still compare with torch's defaults.
    ``passes_on``: whether what overwrites the result may overwrite the input too.
    ``within``: the range of its output; ``"input"``: that of its input; ``None``: unknown. ``gives``: what the output
    means.
    ``combines``: whether each number of its output is computed of several of its input, such as their mean.
    ``layout``: whether it keeps the values of its input, and their order. ``picks``: the parameter that names the axis
    of which it selects entries. ``drops``: the parameter that, left out, makes it remove every axis of size 1.
    ``converts``: the conversion for which this is the usual layer; its first parameters are those of the conversion.
    ``divides``: the parameter that must divide some sizes of the input. ``sparse_flag``: the parameter that makes the
    gradient of its weight sparse. ``sparse_excludes``: flags that do not go together with it.
    ``agreement``: how the shapes of its inputs must agree, as a sentence. ``border``: how large its border may be.
    ``ascending``: two parameters that must be in order.
    ``stops_gradient``: no gradient passes through it.
    ``compares``: for a loss, what it compares. ``lower_is_better``: of a metric; every loss should fall.
    ``metric``: for a loss, the kind of metric that fits it, with the values ``metric_params`` and, by the same names,
    the loss's own values of ``metric_takes``. ``in_unit``: of a metric, whether it is measured in the unit of
    the target; ``unit_power``: its own unit as a power of that one, 2 for a squared error, 0 for a share.
    ``stem``: the name of new nodes, and of the usual metric, where the kind's own name would read badly.
    ``other_names``: other names that the search knows. ``prominence``: from 1 on the palette always shows it; from 2
    on the search lists it first, the higher the earlier.
    """

    kind: str
    family: str
    emit: Emit
    summary: str
    formula: str = ""
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
    unit_power: int = 1
    combines: bool = False
    layout: Layout = "computed"
    picks: str = ""
    drops: str = ""
    converts: Conversion = ""
    divides: Divides | None = None
    sparse_flag: str = ""
    sparse_excludes: tuple[str, ...] = ()
    agreement: str = ""
    border: Border | None = None
    ascending: Ascending | None = None
    stops_gradient: bool = False
    lower_is_better: bool = False
    stem: str = ""
    other_names: tuple[str, ...] = ()
    prominence: int = 0

    def param(self, name: str) -> Param | None:
        """The parameter of that name, or ``None``."""
        return index_of(self.params).by_name.get(name)

    def input(self, name: str) -> Port | None:
        """The input port that a wire's end names (``tensors[1]`` is port ``tensors``), or ``None``."""
        base = name.partition("[")[0]
        port = next((port for port in self.inputs if port.name == base), None)
        return port if port and port.variadic == ("[" in name) else None

    def output(self, name: str) -> Port | None:
        """The output port of that name, or ``None``."""
        stem, _, place = name.rpartition("_")
        base = stem if place.isdigit() and any(port.count for port in self.outputs) else name
        return next((port for port in self.outputs if port.name == base), None)

    def outputs_with(self, params: Mapping[str, Value]) -> tuple[Port, ...]:
        """The output ports of a node with these parameters."""
        if not self.has_optional_outputs:
            return self.outputs
        values = effective(self.params, params)
        ports = (port for port in self.outputs if not port.flag or values.get(port.flag) is True)
        ports = (port for port in ports if not port.letter_in or has_letter(values.get(port.letter_in)))
        return tuple(each for port in ports for each in self._parts(port, values))

    def _parts(self, port: Port, values: Mapping[str, Value]) -> tuple[Port, ...]:
        """The outputs that a node has for a declared output."""
        if not port.count:
            return (port,)
        param, value = self.param(port.count), values.get(port.count)
        if param is not None and param.problem(value) is not None:
            value = param.default
        places = range(len(value) if isinstance(value, tuple) else value if isinstance(value, int) else 0)
        return tuple(replace(port, name=f"{port.name}_{place}") for place in places)

    @cached_property
    def has_optional_outputs(self) -> bool:
        """Whether the parameters of a node decide which outputs it has."""
        return any(port.flag or port.count or port.letter_in for port in self.outputs)

    @cached_property
    def decides_source(self) -> frozenset[str]:
        """The parameters whose values decide which ports and which source a node has: they cannot be expressions."""
        emit = self.emit
        by = emit.by if isinstance(emit, Function) else emit.tuple_flag if isinstance(emit, Module) else ""
        axis = "dim" if isinstance(emit, Slice) else ""
        return frozenset({by, axis, *(port.flag for port in self.outputs)} - {""})

    @cached_property
    def derived(self) -> tuple[FromInput, ...]:
        """The parameters whose values are read off the wires."""
        return index_of(self.params).derived

    def known_as(self, *other_names: str, stem: str = "", prominence: int = 0) -> "Layer":
        """The same declaration with more names for the search."""
        return replace(
            self, other_names=(*self.other_names, *other_names), stem=stem or self.stem, prominence=prominence
        )

    @property
    def usual_name(self) -> str:
        """The name of a metric of this kind where the graph has none and the first loss adds it."""
        return self.stem or self.kind.lower()

    @property
    def traits(self) -> Family:
        """Its family."""
        return FAMILIES[self.family]

    @cached_property
    def constructor_params(self) -> tuple[Param, ...]:
        """The parameters that the constructor of its module takes."""
        names = self.emit.call if isinstance(self.emit, Module) else ()
        return tuple(param for param in self.params if param.is_argument and param.name not in names)

    @cached_property
    def call_params(self) -> tuple[Param, ...]:
        """The parameters that a call of its module takes."""
        names = self.emit.call if isinstance(self.emit, Module) else ()
        return tuple(param for param in self.params if param.is_argument and param.name in names)

    @cached_property
    def stateful(self) -> bool:
        """Whether a node of this kind is an attribute of the generated class."""
        return isinstance(self.emit, Module)

    @property
    def definitions(self) -> tuple[tuple[str, str], ...]:
        """The definitions that its source may need, as (snippet, name)."""
        match self.emit:
            case Module(target=target, snippet=snippet) if snippet:
                return ((snippet, target),)
            case Function(functions=names, snippet=snippet):
                return tuple((snippet, name) for name in names)
            case Gradient(snippet=snippet, function=function):
                return ((snippet, function),)
        return ()

    @cached_property
    def belongs_in_forward(self) -> bool:
        """Whether it is computed once for losses and metrics together, as new numbers must be, and several outputs."""
        is_drawn = isinstance(self.emit, Function) and self.emit.draws
        has_several = len(self.outputs) > 1 or any(port.count for port in self.outputs)
        return isinstance(self.emit, Module | Creation | Gradient) or is_drawn or has_several


def effective(params: tuple[Param, ...], values: Mapping[str, Value]) -> dict[str, Value]:
    """Every parameter's value: that of ``values``, else the default; derived parameters only if ``values`` has them."""
    return {
        param.name: values.get(param.name, param.default)
        for param in params
        if not isinstance(param, FromInput) or param.name in values
    }
