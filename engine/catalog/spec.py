"""The declaration of a layer: one frozen value that palette, form, check, shapes, source, docs and tests all read."""

import math
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Literal

from msgspec import Struct, field

from engine.catalog.known import known
from engine.catalog.params import FromInput, Param, Value

Family = Literal[
    "data", "linear", "convolution", "pooling", "normalization", "activation", "regularization", "recurrent",
    "attention", "embedding", "reshaping", "merging", "math", "loss", "metric", "structure",
]  # fmt: skip
Role = Literal["layer", "input", "output", "block", "custom", "loss", "metric"]
Element = Literal["float", "int", "bool", "any"]
Kept = Literal["never", "inplace", "always"]
"""When the gradient of a layer is computed from its result: ``inplace`` where it overwrites its input."""

PassesOn = Literal["never", "idle", "always"]
"""When the result of a layer may be in the memory of its first input: ``idle`` while the layer does nothing."""

Meaning = Literal["values", "scores", "probabilities", "log-probabilities"]
"""What the numbers that a loss is fed mean. ``scores``: raw, of any size, before they are made probabilities."""

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
    """

    takes: Meaning = "values"
    usual: str = ""
    targets: Range = ANY_NUMBER
    lifted_by: str = ""
    fewest: int = 1


class Port(Struct, frozen=True):
    """Where a wire ends. ``variadic`` ports take any number of wires, named ``tensors[0]``, ``tensors[1]`` ...

    ``kept``: of an output, when nothing may overwrite it, for the gradient is computed from it.
    """

    name: str
    element: Element = "float"
    optional: bool = False
    variadic: bool = False
    help: str = ""
    kept: Kept = "never"


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


class Function(Struct, frozen=True):
    """A function of the input ports, in order (a variadic port as one list), then the parameters.

    ``forms``: for values of the parameter ``by``, a plainer function that does the same for them, and the parameters
    that it takes. Which function is called says that parameter's value, so it is never passed.
    """

    target: str
    snippet: str = ""
    by: str = ""
    forms: Mapping[str, tuple[str, tuple[str, ...]]] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def targets(self) -> tuple[str, ...]:
        """Every function that may be called."""
        return (self.target, *(target for target, _ in self.forms.values()))

    def chosen(self, values: Mapping[str, object]) -> str:
        """The function that these values call."""
        return self.forms.get(str(values.get(self.by)), (self.target, ()))[0]

    def takes(self, target: str) -> Callable[[Param], bool]:
        """Whether that function is passed a parameter."""
        named = next((names for form, names in self.forms.values() if form == target), None)
        return lambda param: param.passed and param.name != self.by and (named is None or param.name in named)

    def value(self, target: str) -> dict[str, Value]:
        """What the parameter ``by`` is when that function is called; nothing for the first, which is by default."""
        value = next((value for value, (form, _) in self.forms.items() if form == target), None)
        return {} if value is None else {self.by: value}


class Method(Struct, frozen=True):
    """A method of the first input port's tensor."""

    name: str


class Infix(Struct, frozen=True):
    """An operator between the input ports, in order."""

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
    ``compares``: for a loss, what it compares.
    ``metric``: for a loss, the kind of metric that fits it, with the values ``metric_params`` and, by the same names,
    the loss's own values of ``metric_takes``. ``in_unit``: of a metric, whether it is in the unit of what it compares.
    """

    kind: str
    family: Family
    emit: Emit
    summary: str
    shape: str = ""
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

    @property
    def stateful(self) -> bool:
        """Whether a node of this kind is an attribute of the generated class."""
        return isinstance(self.emit, Module)


class Optimizer(Struct, frozen=True, kw_only=True):
    """A ``torch.optim`` class. ``fused``: the devices on which torch has a fused kernel for it, which training uses."""

    kind: str
    target: str
    summary: str
    source: str = ""
    params: tuple[Param, ...] = ()
    fused: tuple[str, ...] = ()
    left_out: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


class Sets(Struct, frozen=True):
    """A parameter of the optimizer that a schedule sets itself, so that the optimizer's own value is not used.

    ``how``: half a sentence, with the schedule's values in braces. ``by``: the schedule's parameter of that meaning.
    ``where``: the flag that must be on for it. ``entry``: the only one of several numbers that is set.
    """

    param: str
    how: str
    by: str = ""
    where: str = ""
    entry: int | None = None


class Schedule(Struct, frozen=True, kw_only=True):
    """A learning-rate schedule. ``run_length``: the parameter that defaults to the run's length, in steps of ``every``.

    ``every``: how often it moves unless the project says otherwise. ``watches``: it is told the watched metric.
    ``sets``: what it overrules of the optimizer. ``ends``: it cannot move past its length.
    """

    kind: str
    target: str
    summary: str
    source: str = ""
    params: tuple[Param, ...] = ()
    every: Literal["step", "epoch"] = "epoch"
    run_length: str = ""
    watches: bool = False
    ends: bool = False
    sets: tuple[Sets, ...] = ()
    left_out: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


class Field(Struct, frozen=True):
    """One named tensor of a data set, without its first axis (the rows).

    ``shape``: sizes of one row, ``None`` where only the data can tell. ``element``: ``float`` (float32) or ``int``.
    """

    name: str
    shape: tuple[int | None, ...] | None = None
    element: Element = "float"
    help: str = ""


class Dataset(Struct, frozen=True, kw_only=True):
    """A source of rows. ``loader``: ``module:function`` below ``resources.snippets``.

    ``file`` and ``licence``: for shipped sets; the loader first takes the path of that file in ``resources/datasets``.
    """

    kind: str
    summary: str
    loader: str
    fields: tuple[Field, ...] = ()
    source: str = ""
    file: str = ""
    licence: str = ""
    params: tuple[Param, ...] = ()


class Transform(Struct, frozen=True, kw_only=True):
    """A change to one field of every row. ``target``: ``module:class or function`` below ``resources.snippets``.

    ``random``: an augmentation, applied to training rows only, a pure function of (seed, epoch, row).
    ``axes``: how many axes a row of the field must have; 0 for any. ``moves``: what an image shows changes its place.
    ``whole``: takes whole numbers too, and makes them fractions.
    """

    kind: str
    target: str
    summary: str
    source: str = ""
    params: tuple[Param, ...] = ()
    random: bool = False
    axes: int = 0
    moves: bool = False
    whole: bool = False


Declaration = Layer | Optimizer | Schedule | Dataset | Transform


def effective(params: tuple[Param, ...], given: Mapping[str, Value]) -> dict[str, Value]:
    """Every parameter's value: the given one, else the declared default; derived ones only when given."""
    return {
        param.name: given.get(param.name, param.default)
        for param in params
        if not isinstance(param, FromInput) or param.name in given
    }
