"""How the source of a kind of node is written: as a module, a function, a method or an operator."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from msgspec import Struct, field

from engine.catalog.params import Param, Value

Pattern = tuple["str | Pattern", ...]
"""Port names, nested as torch nests them: ``("input", ("h_0", "c_0"))``."""


class Module(Struct, frozen=True):
    """A ``torch.nn`` class, built in ``__init__`` and called in ``forward``.

    ``takes``: how the input ports are passed, when not plainly in order; optional ports that it does not name go by
    keyword. ``gives``: how the results are unpacked, when there is more than one. ``call``: parameters that ``forward``
    takes, not the constructor. ``tuple_flag``: the parameter that must be on, or the result is the first port alone.
    ``draws``: it draws random numbers in evaluation too. ``snippet``: the file in ``resources/snippets`` that defines a
    class torch lacks.
    """

    target: str
    takes: Pattern = ()
    gives: Pattern = ()
    call: tuple[str, ...] = ()
    tuple_flag: str = ""
    draws: bool = False
    snippet: str = ""

    def pattern(self, params: Mapping[str, object]) -> Pattern:
        """How the result of a node with these parameters is unpacked; empty for one value."""
        return () if self.tuple_flag and params.get(self.tuple_flag) is not True else self.gives


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
    ``order``: the ports and parameters that are passed by place, where parameters come between the ports; the values of
    a variadic port come last, one by one. ``draws``: it draws random numbers.
    """

    target: str
    snippet: str = ""
    by: str = ""
    forms: Mapping[str, tuple[str, tuple[str, ...]]] = field(default_factory=lambda: MappingProxyType({}))
    extension: Extension | None = None
    order: tuple[str, ...] = ()
    draws: bool = False

    @property
    def targets(self) -> tuple[str, ...]:
        """Every function that may be called."""
        extension = (self.extension.target,) if self.extension else ()
        return (self.target, *(target for target, _ in self.forms.values()), *extension)

    @property
    def functions(self) -> tuple[str, ...]:
        """The functions that the snippet defines."""
        return tuple(target for target in self.targets if "." not in target) if self.snippet else ()

    def function_for(self, values: Mapping[str, object]) -> str:
        """The function that these values call."""
        more = self.extension
        if more and values.get(more.param, more.usual) != more.usual:
            return more.target
        return self.forms.get(str(values.get(self.by)), (self.target, ()))[0]

    def takes(self, target: str) -> Callable[[Param], bool]:
        """The test whether that function takes a parameter."""
        param_names = next((names for form, names in self.forms.values() if form == target), None)
        lacked = {self.by}
        if self.extension and target != self.extension.target:
            lacked.add(self.extension.param)
        return lambda param: (
            param.is_argument and param.name not in lacked and (param_names is None or param.name in param_names)
        )

    def value(self, target: str) -> dict[str, Value]:
        """The value of the parameter ``by`` that selects that function; empty for the default function."""
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


class Creation(Struct, frozen=True):
    """New numbers from ``target``, for as many samples as the port ``like`` has, or as ``forward`` is called for.

    The parameter ``shape`` has the other axes. ``draws``: they are random.
    """

    target: str
    draws: bool = False


class Gradient(Struct, frozen=True):
    """The gradient of the port ``outputs`` with respect to the port ``inputs``.

    ``reduction``: the method that reduces the outputs to one number. ``function``: the function of ``snippet`` that
    makes a value require a gradient.
    """

    target: str
    reduction: str = "sum"
    snippet: str = "gradients"
    function: str = "differentiable"


class Structure(Struct, frozen=True):
    """No expression of its own: the generator writes inputs, outputs, blocks and custom code itself."""


Emit = Module | Function | Method | Infix | Slice | Creation | Gradient | Structure
