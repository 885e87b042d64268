"""The catalogue as data: every entry is complete and consistent, and checks values."""

import json
import re
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.catalog.averages import AVERAGES
from engine.catalog.doc_pages import left_out
from engine.catalog.emit import Function, Module, Pattern, Structure
from engine.catalog.families import FAMILIES
from engine.catalog.index import did_you_mean, layer, layers
from engine.catalog.optimizers import OPTIMIZERS
from engine.catalog.params import FromInput, Param, thaw
from engine.catalog.schedules import SCHEDULES
from engine.catalog.spec import Layer
from engine.catalog.weight_settings.initializers import INITIALIZERS
from engine.catalog.weight_settings.parametrizations import PARAMETRIZATIONS
from tests.strategies.values import raw, values_of

LAYERS = tuple(layers().values())
EXPRESSIONS = tuple(entry for entry in LAYERS if not isinstance(entry.emit, Structure))
PLAIN = {"reshaping", "math", "reduction", "merging", "pointwise", "comparison", "constant", "indexing", "tensor"}
RULES = (AVERAGES, OPTIMIZERS, SCHEDULES, INITIALIZERS, PARAMETRIZATIONS)
DECLARED = (*LAYERS, *(rule for rules in RULES for rule in rules.values()))
PARAMS = tuple((entry.kind, param) for entry in DECLARED for param in entry.params)


def by_kind(entry: object) -> str:
    return getattr(entry, "kind", str(entry))


def by_name(item: tuple[str, Param]) -> str:
    return f"{item[0]}.{item[1].name}"


def names(pattern: Pattern) -> list[str]:
    return list(chain.from_iterable([part] if isinstance(part, str) else names(part) for part in pattern))


def test_no_kind_is_declared_twice() -> None:
    from importlib import import_module

    modules = {family.module for family in FAMILIES.values()}
    kinds = [entry.kind for name in modules for entry in import_module(f"engine.catalog.layers.{name}").LAYERS]

    assert len(kinds) == len(set(kinds)) == len(layers())


def test_a_kind_is_found_and_an_unknown_one_is_not() -> None:
    assert layer("Conv2d").kind == "Conv2d"
    assert layer("Conv9d") is None
    assert did_you_mean("conv2", layers()) == "Did you mean Conv2d?"
    assert did_you_mean("zzzzzz", layers()) == ""


@pytest.mark.parametrize("entry", DECLARED, ids=by_kind)
def test_every_entry_explains_itself(entry) -> None:
    assert entry.summary.endswith(".")
    assert all(param.help.endswith(".") for param in entry.params), [p.name for p in entry.params if not p.help]
    assert all(entry.left_out.values()) if hasattr(entry, "left_out") else True
    assert len({param.name for param in entry.params}) == len(entry.params)


@pytest.mark.parametrize("entry", EXPRESSIONS, ids=by_kind)
def test_every_entry_with_an_expression_has_a_shape_formula(entry: Layer) -> None:
    assert "->" in entry.shape.text


@pytest.mark.parametrize(
    "entry",
    [e for e in EXPRESSIONS if e.family not in PLAIN],
    ids=by_kind,
)
def test_every_layer_names_its_source(entry: Layer) -> None:
    assert entry.source or entry.kind == "Identity"


@pytest.mark.parametrize("entry", [e for e in LAYERS if e.role in ("loss", "metric")], ids=by_kind)
def test_every_loss_and_metric_says_what_it_computes(entry: Layer) -> None:
    assert entry.formula
    assert not entry.formula.endswith(".")
    assert entry.formula.isascii()


@pytest.mark.parametrize("item", PARAMS, ids=by_name)
def test_a_parameter_accepts_its_own_default(item: tuple[str, Param]) -> None:
    assert item[1].problem(item[1].default) is None


@pytest.mark.parametrize("entry", LAYERS, ids=by_kind)
def test_presets_are_legal_and_change_something(entry: Layer) -> None:
    for name, value in entry.preset.items():
        param = entry.param(name)
        assert param is not None
        assert param.problem(value) is None
        assert value != param.default


@given(st.data())
def test_a_parameter_checks_anything_that_a_file_can_hold(data: st.DataObject) -> None:
    _, param = data.draw(st.sampled_from(PARAMS))
    wrong = param.problem(param.from_json(data.draw(raw)))

    assert wrong is None or 0 < len(wrong) < 300


@given(st.data())
def test_a_legal_value_is_accepted_and_survives_json(data: st.DataObject) -> None:
    _, param = data.draw(st.sampled_from(PARAMS))
    value = data.draw(values_of(param))

    assert param.problem(value) is None
    assert repr(param.from_json(json.loads(json.dumps(thaw(value))))) == repr(value)


@pytest.mark.parametrize(
    ("kind", "name", "value", "wrong"),
    [
        ("Conv2d", "out_channels", 0, "must be >= 1, got 0"),
        ("Conv2d", "out_channels", True, "must be a whole number, got True"),
        ("Conv2d", "out_channels", 2**60, f"is too large: {2**60}"),
        ("Conv2d", "kernel_size", (3, 3, 3), "needs 2 numbers, got 3"),
        ("Conv2d", "padding", "sane", "must be a whole number or a tuple of 2 or same or valid, got 'sane'"),
        ("Conv2d", "padding_mode", "zero", "must be one of zeros, reflect, replicate, circular, got 'zero'"),
        ("Conv2d", "bias", 1, "must be true or false, got 1"),
        ("Dropout", "p", 1.5, "must be 0.0 to 1.0, got 1.5"),
        ("Dropout", "p", float("nan"), "must be finite, got nan"),
        ("Dropout", "p", None, "cannot be None"),
        ("HuberLoss", "delta", 0.0, "must be > 0.0, got 0.0"),
        ("CrossEntropyLoss", "weight", (1.0, -1.0), "must be >= 0.0, got -1.0"),
        ("Linear", "in_features", 0, "must be >= 1, got 0"),
    ],
)
def test_a_wrong_value_is_reported_with_its_numbers(kind: str, name: str, value, wrong: str) -> None:
    assert layer(kind).param(name).problem(value) == wrong


def test_none_is_legal_where_it_means_something() -> None:
    assert layer("BatchNorm2d").param("momentum").problem(None) is None


@pytest.mark.parametrize("entry", EXPRESSIONS, ids=by_kind)
def test_ports_are_named_once_and_patterns_name_ports(entry: Layer) -> None:
    inputs, outputs = ([port.name for port in ports] for ports in (entry.inputs, entry.outputs))
    assert len(set(inputs)) == len(inputs)
    assert len(set(outputs)) == len(outputs)
    if isinstance(entry.emit, Module):
        by_place = names(entry.emit.takes)
        assert by_place == inputs[: len(by_place)]
        assert all(port.optional for port in entry.inputs[len(by_place) :]) or not by_place
        assert names(entry.emit.gives) == (outputs if len(outputs) > 1 else [])
        assert all(entry.param(name) for name in entry.emit.call)


@pytest.mark.parametrize("entry", LAYERS, ids=by_kind)
def test_sizes_are_read_from_ports_that_must_be_wired(entry: Layer) -> None:
    for param in entry.derived:
        port = entry.input(param.port)
        assert port is not None
        assert not port.optional
        assert not param.unless or isinstance(entry.param(param.unless), FromInput)


@pytest.mark.parametrize("entry", [e for e in LAYERS if e.role == "loss"], ids=by_kind)
def test_a_loss_has_a_scale(entry: Layer) -> None:
    assert entry.param("scale").default == 1.0
    assert not entry.param("scale").is_argument


@pytest.mark.parametrize("entry", [e for e in LAYERS if e.role == "loss" and e.compares], ids=by_kind)
def test_a_loss_that_compares_has_a_metric_that_fits(entry: Layer) -> None:
    assert [port.name for port in entry.inputs[:2]] == ["input", "target"]
    metric = layer(entry.metric)
    if metric is None:
        assert not entry.metric
        assert not entry.metric_params
        return
    assert metric.role == "metric"
    assert [port.name for port in metric.inputs] == ["input", "target"]
    for name, value in entry.metric_params.items():
        assert metric.param(name).problem(value) is None
    assert all(metric.param(name) and entry.param(name) for name in entry.metric_takes)


def test_a_loss_that_compares_nothing_has_no_metric() -> None:
    alone = [entry for entry in LAYERS if entry.role == "loss" and entry.compares is None]
    assert alone
    assert not any(entry.metric for entry in alone)


def test_metrics_and_losses_end_the_graph() -> None:
    ends = [entry for entry in LAYERS if entry.role in ("loss", "metric")]
    assert ends
    assert all(not entry.outputs and isinstance(entry.emit, Function) for entry in ends)


def test_what_is_declared_is_not_also_left_out() -> None:
    assert not left_out.MODULES.keys() & layers().keys()
    assert not left_out.OPTIMIZERS.keys() & OPTIMIZERS.keys()
    assert not left_out.SCHEDULES.keys() & SCHEDULES.keys()


def test_no_reason_to_leave_something_out_is_that_it_comes_later() -> None:
    reasons = {*left_out.MODULES.values(), *left_out.OPTIMIZERS.values(), *left_out.SCHEDULES.values()}
    assert not [reason for reason in reasons if re.search(r"\b(comes?|later|yet)\b", reason)]


def test_a_schedule_fills_in_the_runs_length_where_none_is_given() -> None:
    lengths = {kind: schedule.run_length for kind, schedule in SCHEDULES.items() if schedule.run_length}
    own = {"CosineAnnealingLR": "T_max", "OneCycleLR": "total_steps"}
    assert lengths == own | dict.fromkeys(("LinearLR", "PolynomialLR"), "total_iters")
    for kind, name in lengths.items():
        assert next(param for param in SCHEDULES[kind].params if param.name == name).problem(None) is None
