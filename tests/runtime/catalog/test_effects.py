"""A parameter that is declared to have no effect has none: torch computes the same for every value."""

from collections.abc import Mapping

import pytest
import torch
from torch import Tensor, nn

from engine.catalog.emit import Function
from engine.catalog.index import layers
from engine.catalog.no_effect import Idle
from engine.catalog.no_effect_reasons import idle, overruled
from engine.catalog.optimizers import OPTIMIZERS
from engine.catalog.params import Choice, Flag, Float, Param, Value
from engine.catalog.schedules import ONE_CYCLE, SCHEDULES
from engine.catalog.spec import Layer, effective
from engine.catalog.training_spec import Optimizer, Schedule
from engine.codegen.expression import call, constructor
from engine.graph.model import Part, SchedulePart
from engine.runtime.analysis.build import _names as namespace
from tests.training import template, training_of

SHAPES = {"1d": (2, 4, 6), "2d": (2, 4, 6, 6), "3d": (2, 4, 6, 6, 6)}
SIZES = {"in_channels": 4, "num_features": 4, "num_channels": 4}  # all other sizes are those of the last axis: 6
REQUIRED = {"num_groups": 2, "num_heads": 2}
COMPUTED = [layer for layer in layers().values() if layer.role != "input"]  # what an Input gives, the data decides
OF_LAYERS = [(layer, param, each) for layer in COMPUTED for param in layer.params for each in param.idle]
MOVES = 8


def values_of(param: Param) -> tuple[Value, ...]:
    """Some legal values that differ."""
    match param:
        case Flag():
            return (True, False)
        case Choice():
            return param.options
        case Float():
            return (0.125, 0.5)
    raise AssertionError(param)


def scored(entry: Layer, values: Mapping[str, Value]) -> object:
    """The value of a metric or a loss for some scores."""
    predictions = torch.rand(8, 3, generator=torch.Generator().manual_seed(0))
    target = torch.arange(8) % 3 if entry.role == "metric" else torch.ones(8, 3)
    names = {port.name: f"value{place}" for place, port in enumerate(entry.inputs)}
    text = call(entry, "", names, values)
    return eval(text, namespace(entry), {"value0": predictions, "value1": target})  # noqa: S307 - names and literals


def computed(entry: Layer, values: Mapping[str, Value]) -> object:
    """The outputs of a layer in three steps of training and afterwards, from equal weights, and its state."""
    if isinstance(entry.emit, Function):
        return scored(entry, values)
    required = {param.name: SIZES.get(param.name, 6) for param in entry.derived if not param.unless}
    required |= {name: value for name, value in REQUIRED.items() if entry.param(name)}
    torch.manual_seed(0)
    layer = eval(constructor(entry, {**required, **values}), namespace(entry))  # noqa: S307 - names and literals only
    inputs = torch.rand(SHAPES.get(entry.kind[-2:], (2, 4, 6)))
    takes_ids = bool(entry.inputs) and entry.inputs[0].element == "int"
    inputs = torch.randint(9, (2, 4)) if takes_ids else inputs
    ports = [inputs for port in entry.inputs if not port.optional]
    called = {name: values[name] for name in getattr(entry.emit, "call", ()) if name in values}
    trained = [layer(*ports, **called) for _ in range(3)]
    layer.eval()
    return [*trained, layer(*ports, **called), dict(layer.state_dict())]


def alike(one: object, other: object) -> bool:
    match one, other:
        case (Tensor(), Tensor()):
            return torch.equal(one, other)
        case (dict(), dict()):
            return one.keys() == other.keys() and all(alike(one[name], other[name]) for name in one)
        case (list() | tuple(), list() | tuple()):
            return len(one) == len(other) and all(map(alike, one, other))
    return one is other


@pytest.mark.filterwarnings("ignore:dropout option adds dropout after all but last")
@pytest.mark.parametrize(("entry", "param", "beside"), OF_LAYERS, ids=lambda each: getattr(each, "kind", ""))
def test_an_idle_parameter_of_a_layer_changes_nothing(entry: Layer, param: Param, beside: Idle) -> None:
    reason = {beside.param: beside.values[0] if beside.values else 2}
    cases = [{**reason, param.name: value} for value in values_of(param)]
    assert all(param.name in idle(entry.params, effective(entry.params, each)) for each in cases)

    first, *rest = [computed(entry, each) for each in cases]

    assert all(alike(each, first) for each in rest)


def walked(optimizer: Part, schedule: SchedulePart | None) -> list[Tensor]:
    """The values of a weight over a few steps."""
    network = nn.ParameterList([torch.tensor([[1.0, -2.0, 3.0]])])
    declared = OPTIMIZERS[optimizer.kind]
    (weight,) = network
    training = training_of(template("iris-mlp", optimizer=optimizer, schedule=schedule, epochs=MOVES), network)
    values = []
    for step in range(MOVES):
        gradient = torch.cos(weight.detach() * (step + 1))
        weight.grad = gradient.to_sparse() if declared.sparse == "only" else gradient
        training.optimizer.step(*[weight.sum] * declared.evaluates)
        if schedule:
            training.schedule.step(*[1.0] * SCHEDULES[schedule.kind].watches)
        values.append(weight.detach().clone())
    return values


def cycled() -> list[tuple[Optimizer, bool]]:
    """Every optimizer, and whether its momentum is cycled, which it must have for that."""
    cases = [(each, False) for each in OPTIMIZERS.values()]
    return cases + [(each, True) for each, _ in cases if {"momentum", "betas"} & {param.name for param in each.params}]


SETTING = [each for each in SCHEDULES.values() if each.sets]
"""The schedules that set values of the optimizer."""


@pytest.mark.parametrize("setting", SETTING, ids=lambda each: each.kind)
@pytest.mark.parametrize(("entry", "cycles"), cycled(), ids=lambda each: getattr(each, "kind", ""))
def test_what_a_schedule_sets_of_an_optimizer_changes_nothing_and_all_else_does(
    setting: Schedule, entry: Optimizer, cycles: bool
) -> None:
    schedule = SchedulePart(setting.kind, {"max_lr": 0.1, "cycle_momentum": cycles})
    without = overruled(setting, schedule.params, entry.params)
    names = {"lr": (0.25, 2.0), "momentum": (0.25, 0.5), "betas": ((0.25, 0.99), (0.5, 0.99))}
    for param in entry.params:
        if param.name not in names:
            continue
        one, other = (walked(Part(entry.kind, {param.name: value}), schedule) for value in names[param.name])
        assert alike(one, other) == (param.name in without), param.name


def test_the_second_of_betas_still_counts_beside_one_cycle() -> None:
    schedule = SchedulePart("OneCycleLR", {"max_lr": 0.1})
    one, other = (walked(Part("Adam", {"betas": (0.5, last)}), schedule) for last in (0.99, 0.9))
    assert overruled(ONE_CYCLE, {}, OPTIMIZERS["Adam"].params)["betas"].entry == 0
    assert not alike(one, other)


@pytest.mark.parametrize("entry", [each for each in SCHEDULES.values() if not each.sets], ids=lambda e: e.kind)
def test_no_other_schedule_overrules_the_optimizer(entry) -> None:
    schedule = SchedulePart(entry.kind, {})
    one, other = (walked(Part("SGD", {"lr": lr}), schedule) for lr in (0.25, 0.5))
    assert not alike(one, other)


OF_OPTIMIZERS = [(each, param, why) for each in OPTIMIZERS.values() for param in each.params for why in param.idle]


@pytest.mark.parametrize(("entry", "param", "beside"), OF_OPTIMIZERS, ids=lambda each: getattr(each, "kind", ""))
def test_an_idle_parameter_of_an_optimizer_changes_nothing(entry: Optimizer, param: Param, beside: Idle) -> None:
    reason = {"lr": 0.1, beside.param: beside.values[0]}
    first, *rest = [walked(Part(entry.kind, {**reason, param.name: value}), None) for value in values_of(param)]
    assert all(alike(each, first) for each in rest)
    other = {"lr": 0.1, beside.param: 0.9}
    assert not alike(*(walked(Part(entry.kind, {**other, param.name: each}), None) for each in values_of(param)[:2]))


OF_SCHEDULES = [(each, param, why) for each in SCHEDULES.values() for param in each.params for why in param.idle]


@pytest.mark.parametrize(("entry", "param", "beside"), OF_SCHEDULES, ids=lambda each: getattr(each, "kind", ""))
def test_an_idle_parameter_of_a_schedule_changes_nothing(entry, param: Param, beside: Idle) -> None:
    cases = [{beside.param: beside.values[0], param.name: value} for value in values_of(param)]
    sgd = Part("SGD", {"lr": 0.1, "momentum": 0.9})
    first, *rest = [walked(sgd, SchedulePart(entry.kind, {**each, **TIMING.get(entry.kind, {})})) for each in cases]
    assert all(alike(each, first) for each in rest)


TIMING: Mapping[str, Mapping[str, Value]] = {"ReduceLROnPlateau": {"patience": 1}}
