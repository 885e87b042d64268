"""The declaration of a layer: one frozen value that palette, form, check, shapes, source, docs and tests all read."""

import math
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Literal

from msgspec import Struct, field
from msgspec.structs import replace

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

Pattern = tuple["str | Pattern", ...]
"""Port names, nested as torch nests them: ``("input", ("h_0", "c_0"))``."""

EMPTY: Mapping[str, Value] = MappingProxyType({})


class Range(Struct, frozen=True):
    """Between which numbers values are. ``depth``: the parameter whose negative is the lower end."""

    low: float = -math.inf
    high: float = math.inf
    depth: str = ""


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
    parameter that stands in for a wire: it holds a number to use where none ends here. ``has_gradient``: of an input,
    whether the result changes with its numbers; false where only the shape is taken. ``below``: the parameter that its
    whole numbers must stay below.
    """

    name: str
    element: Element = "float"
    optional: bool = False
    variadic: bool = False
    help: str = ""
    kept: Kept = "never"
    number: str = ""
    has_gradient: bool = True
    below: str = ""


class Module(Struct, frozen=True):
    """A ``torch.nn`` class, built in ``__init__`` and called in ``forward``.

    ``takes``: how the input ports are passed, when not plainly in order; optional ports that it does not name go by
    keyword. ``gives``: how the results are unpacked, when there is more than one. ``call``: parameters that ``forward``
    takes, not the constructor.
    ``snippet``: the file in ``resources/snippets`` that defines a class torch lacks.
    """

    target: str
    takes: Pattern = ()
    gives: Pattern = ()
    call: tuple[str, ...] = ()
    snippet: str = ""


class Extension(Struct, frozen=True):
    """A function of the snippet, called in place of torch's where ``param`` has another value than ``usual``."""

    target: str
    param: str
    usual: Value


class Function(Struct, frozen=True):
    """A function of the input ports, in order (a variadic port as one list), then the parameters.

    ``forms``: for values of the parameter ``by``, a plainer function that does the same for them, and the parameters
    that it takes. The value selects the function, so it is never passed. ``extension``: a function that also takes a
    parameter which ``target`` lacks. ``snippet``: the file in ``resources/snippets`` that defines what torch lacks.
    """

    target: str
    snippet: str = ""
    by: str = ""
    forms: Mapping[str, tuple[str, tuple[str, ...]]] = field(default_factory=lambda: MappingProxyType({}))
    extension: Extension | None = None

    @property
    def targets(self) -> tuple[str, ...]:
        """Every function that may be called."""
        extension = (self.extension.target,) if self.extension else ()
        return (self.target, *(target for target, _ in self.forms.values()), *extension)

    @property
    def copied(self) -> tuple[str, ...]:
        """The functions that the snippet defines."""
        return tuple(target for target in self.targets if "." not in target) if self.snippet else ()

    def chosen(self, values: Mapping[str, object]) -> str:
        """The function that these values call."""
        more = self.extension
        if more and values.get(more.param, more.usual) != more.usual:
            return more.target
        return self.forms.get(str(values.get(self.by)), (self.target, ()))[0]

    def takes(self, target: str) -> Callable[[Param], bool]:
        """Whether that function is passed a parameter."""
        named = next((names for form, names in self.forms.values() if form == target), None)
        lacked = {self.by}
        if self.extension and target != self.extension.target:
            lacked.add(self.extension.param)
        return lambda param: param.passed and param.name not in lacked and (named is None or param.name in named)

    def value(self, target: str) -> dict[str, Value]:
        """What the parameter ``by`` is when that function is called; nothing for the first, which is by default."""
        value = next((value for value, (form, _) in self.forms.items() if form == target), None)
        return {} if value is None else {self.by: value}


class Method(Struct, frozen=True):
    """A method of the first input port's tensor."""

    name: str


class Infix(Struct, frozen=True):
    """An operator between the input ports, in order; a port without a wire may be a number (`Port.number`)."""

    operator: str


class Slice(Struct, frozen=True):
    """``x[:, start:end:step]`` on the axis that the parameter ``dim`` names."""


class Structure(Struct, frozen=True):
    """No expression of its own: inputs, outputs, blocks and custom code are spelled out by the generator."""


Emit = Module | Function | Method | Infix | Slice | Structure


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


def effective(params: tuple[Param, ...], given: Mapping[str, Value]) -> dict[str, Value]:
    """Every parameter's value: the given one, else the declared default; derived ones only when given."""
    return {
        param.name: given.get(param.name, param.default)
        for param in params
        if not isinstance(param, FromInput) or param.name in given
    }
