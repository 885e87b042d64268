"""The catalogue against torch: every class is known, every argument has torch's name, place and default."""

import inspect
import typing
from collections.abc import Iterator, Mapping
from importlib import import_module

import pytest
import torch
from torch import nn

from engine.catalog.doc_pages import left_out
from engine.catalog.emit import Function, Method, Module
from engine.catalog.index import layers
from engine.catalog.optimizers import OPTIMIZERS
from engine.catalog.params import FromInput, Param
from engine.catalog.schedules import SCHEDULES
from engine.catalog.spec import Layer
from engine.catalog.weight_settings.initializers import INITIALIZERS
from engine.catalog.weight_settings.parametrizations import PARAMETRIZATIONS
from engine.catalog.weight_settings.spec import Initializer, Parametrization

MODULES = [entry for entry in layers().values() if isinstance(entry.emit, Module)]
FUNCTIONS = [entry for entry in layers().values() if isinstance(entry.emit, Function)]
HIDDEN = ("RNN", "LSTM", "GRU")  # torch hides their signatures behind *args


def resolve(target: str, snippet: str = "") -> object:
    """The object that a target names: in torch, or in its snippet."""
    if snippet:
        return getattr(import_module(f"resources.snippets.{snippet}"), target)
    thing = {"nn": nn, "F": nn.functional, "torch": torch}[target.partition(".")[0]]
    for name in target.split(".")[1:]:
        thing = getattr(thing, name)
    return thing


def arguments(callable_: object) -> dict[str, inspect.Parameter]:
    return {
        name: argument
        for name, argument in inspect.signature(callable_).parameters.items()
        if argument.kind not in (argument.VAR_POSITIONAL, argument.VAR_KEYWORD) and name != "self"
    }


def constructor(entry: Layer) -> dict[str, inspect.Parameter]:
    target = resolve(entry.emit.target, entry.emit.snippet)
    if entry.kind in HIDDEN:
        return arguments(typing.get_overloads(target.__init__)[0])
    return arguments(target)


def check(params: tuple[Param, ...], torch_arguments: Mapping[str, inspect.Parameter], out: Mapping[str, str]) -> None:
    assert [param.name for param in params] == [name for name in torch_arguments if name not in out]
    for param in params:
        default = torch_arguments[param.name].default
        if default is inspect.Parameter.empty:
            assert param.required or isinstance(param, FromInput), param.name
        else:
            expected = default.__name__ if callable(default) else default
            assert not param.required, param.name
            assert param.default == expected, param.name


@pytest.mark.parametrize("entry", MODULES, ids=lambda entry: entry.kind)
def test_a_modules_parameters_are_torchs(entry: Layer) -> None:
    constructor_params = tuple(param for param in entry.params if param.name not in entry.emit.call)

    check(constructor_params, constructor(entry), entry.left_out)


@pytest.mark.parametrize("entry", MODULES, ids=lambda entry: entry.kind)
def test_a_modules_ports_are_the_arguments_of_its_forward(entry: Layer) -> None:
    forward_arguments = arguments(resolve(entry.emit.target, entry.emit.snippet).forward)
    called = [param for param in entry.params if param.name in entry.emit.call]
    check(
        tuple(called),
        {name: argument for name, argument in forward_arguments.items() if name in entry.emit.call},
        entry.left_out,
    )
    rest = [name for name in forward_arguments if name not in entry.emit.call and name not in entry.left_out]
    if entry.emit.takes:
        by_keyword = [port for port in entry.inputs if repr(port.name) not in repr(entry.emit.takes)]
        assert len(rest) == len(entry.emit.takes) + len(by_keyword)  # torch calls the states hx, together
    elif entry.kind != "RMSNorm":  # alone among its kin torch calls its input x; here it is input, like theirs
        assert rest == [port.name for port in entry.inputs]
    for port in entry.inputs:
        if port.name in forward_arguments:
            assert port.optional == (forward_arguments[port.name].default is None)


@pytest.mark.parametrize("kind", HIDDEN)
def test_a_hidden_signature_agrees_with_an_instance(kind: str) -> None:
    layer = getattr(nn, kind)(3, 4)
    for param in layers()[kind].params:
        if not isinstance(param, FromInput) and not param.required:
            assert getattr(layer, param.name) == param.default


@pytest.mark.parametrize(
    "entry", [e for e in FUNCTIONS if e.role == "loss" and e.signature], ids=lambda entry: entry.kind
)
def test_a_losss_parameters_are_those_of_the_class_and_of_the_function(entry: Layer) -> None:
    params = tuple(filter(entry.emit.takes(entry.emit.target), entry.params))
    function = arguments(resolve(entry.emit.target))

    check(params, arguments(resolve(entry.signature)), entry.left_out)
    assert list(function)[: len(entry.inputs)] == [port.name for port in entry.inputs]
    for param in params:
        assert function[param.name].default == param.default


SNIPPETS = [(entry, target) for entry in FUNCTIONS for target in entry.emit.functions]


@pytest.mark.parametrize(("entry", "target"), SNIPPETS, ids=lambda value: value if isinstance(value, str) else "")
def test_a_snippets_arguments_are_ports_and_parameters(entry: Layer, target: str) -> None:
    parameters = arguments(resolve(target, entry.emit.snippet))
    ports = [port.name for port in entry.inputs]
    params = tuple(filter(entry.emit.takes(target), entry.params))

    assert list(parameters)[: len(ports)] == ports
    check(params, {name: parameters[name] for name in list(parameters)[len(ports) :]}, entry.left_out)


@pytest.mark.parametrize("entry", [entry for entry in FUNCTIONS if entry.emit.by], ids=lambda entry: entry.kind)
def test_every_choice_of_a_function_is_one_of_its_parameter(entry: Layer) -> None:
    options = {*entry.param(entry.emit.by).options}
    assert set(entry.emit.forms) < options
    assert {entry.emit.function_for({entry.emit.by: option}) for option in options} == set(entry.emit.targets)
    for option, (target, _) in entry.emit.forms.items():
        assert entry.emit.value(target) == {entry.emit.by: option}


@pytest.mark.parametrize("entry", OPTIMIZERS.values(), ids=lambda entry: entry.kind)
def test_an_optimizers_parameters_are_torchs(entry) -> None:
    check(entry.params, arguments(resolve(entry.target)), entry.left_out)


@pytest.mark.parametrize("entry", SCHEDULES.values(), ids=lambda entry: entry.kind)
def test_a_schedules_parameters_are_torchs(entry) -> None:
    check(entry.params, arguments(resolve(entry.target)), entry.left_out)


@pytest.mark.parametrize("entry", OPTIMIZERS.values(), ids=lambda entry: entry.kind)
def test_fused_is_declared_where_the_cpu_has_it(entry) -> None:
    optimizer = resolve(entry.target)
    weight = nn.Parameter(torch.ones(3))
    weight.grad = torch.ones(3)
    if entry.fused:
        optimizer([weight], fused=True).step()
        assert (weight != 1).all()
    else:
        assert "fused" not in arguments(optimizer)


METHODS = [entry for entry in layers().values() if isinstance(entry.emit, Method)]


@pytest.mark.parametrize("entry", METHODS, ids=lambda entry: entry.kind)
def test_a_method_takes_its_parameters_by_name(entry: Layer) -> None:
    values = {param.name: entry.preset.get(param.name, param.default) for param in entry.params}

    result = getattr(torch.ones(2, 32, 4), entry.emit.name)(**values)

    assert isinstance(result, torch.Tensor)


TYPES = {"bool": torch.bool, "int": torch.int64}
TORCH_FUNCTIONS = [entry for entry in FUNCTIONS if entry.signature.startswith("torch.")]


@pytest.mark.parametrize("entry", TORCH_FUNCTIONS, ids=lambda entry: entry.kind)
def test_a_function_of_torch_takes_its_ports_and_parameters_by_name(entry: Layer) -> None:
    values = {param.name: entry.preset.get(param.name, param.default) for param in entry.params if param.is_argument}
    ports = {port.name: torch.ones(2, 3, 3, dtype=TYPES.get(port.element)) for port in entry.inputs}

    result = resolve(entry.emit.target)(**ports, **values)

    assert entry.emit.target == entry.signature == f"torch.{entry.kind}"
    assert isinstance(result, torch.Tensor)


@pytest.mark.parametrize("kind", ["mean", "sum", "amax", "amin", "argmax", "argmin", "std", "var"])
def test_a_value_over_axes_has_torchs_defaults(kind: str) -> None:
    x = torch.arange(6.0).reshape(2, 3)
    values = {param.name: param.default for param in layers()[kind].params}

    assert torch.equal(getattr(x, kind)(), getattr(x, kind)(**values))


def classes(module: object, base: type) -> Iterator[str]:
    for name, thing in vars(module).items():
        if isinstance(thing, type) and not name.startswith("_") and issubclass(thing, base):
            yield name


def test_every_module_of_torch_is_declared_or_left_out_with_a_reason() -> None:
    names = set(classes(nn, object))
    declared = {entry.emit.target.removeprefix("nn.") for entry in MODULES if not entry.emit.snippet}
    declared |= {
        entry.signature.removeprefix("nn.") for entry in layers().values() if entry.signature.startswith("nn.")
    }

    assert names - declared - layers().keys() == left_out.MODULES.keys()
    assert declared <= names


def test_every_optimizer_of_torch_is_declared_or_left_out_with_a_reason() -> None:
    assert set(classes(torch.optim, torch.optim.Optimizer)) - OPTIMIZERS.keys() == left_out.OPTIMIZERS.keys()


def test_every_schedule_of_torch_is_declared_or_left_out_with_a_reason() -> None:
    base = torch.optim.lr_scheduler.LRScheduler
    names = {*classes(torch.optim.lr_scheduler, base), "ReduceLROnPlateau"}

    assert names - SCHEDULES.keys() == left_out.SCHEDULES.keys()


def test_every_initializer_of_torch_is_declared() -> None:
    names = {name for name in vars(nn.init) if name.endswith("_") and not name.startswith("_")}

    assert INITIALIZERS.keys() == names


def test_every_parametrization_of_torch_is_declared() -> None:
    assert PARAMETRIZATIONS.keys() == set(nn.utils.parametrizations.__all__)


@pytest.mark.parametrize("entry", [*INITIALIZERS.values(), *PARAMETRIZATIONS.values()], ids=lambda entry: entry.kind)
def test_the_parameters_of_what_is_done_to_weights_are_torchs(entry) -> None:
    check(entry.params, arguments(resolve(entry.target)), entry.left_out)


SIZES = (4, 2, 3, 2, 2)


@pytest.mark.parametrize("axes", range(1, 6))
@pytest.mark.parametrize("entry", INITIALIZERS.values(), ids=lambda entry: entry.kind)
def test_an_initializer_fits_weights_of_the_declared_axes_and_no_others(entry: Initializer, axes: int) -> None:
    values = {param.name: param.default for param in entry.params if param.required}
    try:
        filled = resolve(entry.target)(torch.empty(SIZES[:axes]), **values)
    except (ValueError, RuntimeError):
        assert not entry.axes.fit(axes)
    else:
        assert entry.axes.fit(axes)
        assert filled.isfinite().all()


@pytest.mark.parametrize("axes", range(1, 5))
@pytest.mark.parametrize("entry", PARAMETRIZATIONS.values(), ids=lambda entry: entry.kind)
def test_a_parametrization_fits_weights_of_the_declared_axes_and_no_others(entry: Parametrization, axes: int) -> None:
    module = nn.Module()
    module.weight = nn.Parameter(torch.randn(SIZES[:axes]))
    try:
        resolve(entry.target)(module)
    except (ValueError, RuntimeError):
        assert not entry.axes.fit(axes)
    else:
        assert entry.axes.fit(axes)
        assert [name for name, _ in module.parametrizations.weight.named_parameters()] == list(entry.originals)
