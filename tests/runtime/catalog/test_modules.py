"""Every declared module can be built from legal values, and every loss is what torch's own class computes."""

import pkgutil
from pathlib import Path

import pytest
import torch
import torch.nn.functional as F
from hypothesis import assume, given
from hypothesis import strategies as st
from torch import nn

from engine.catalog.emit import Module
from engine.catalog.index import layer, layers
from engine.catalog.optimizers import OPTIMIZERS
from engine.catalog.params import Value
from engine.catalog.schedules import SCHEDULES
from engine.catalog.spec import Layer
from engine.codegen.expression import constructor
from engine.codegen.model import generate
from engine.runtime.analysis.analyse import analyse
from engine.runtime.analysis.build import _names as namespace
from engine.runtime.data.field_spec import FieldSpec
from engine.runtime.load import load_model
from tests.small_projects import node, project
from tests.strategies.values import values_of

MODULES = [entry for entry in layers().values() if isinstance(entry.emit, Module)]


def made_to_fit(kind: str, params: dict[str, Value]) -> dict[str, Value]:
    """Values that are legal one by one, changed so that they are legal together; torch refuses others."""
    changed = dict(params)
    if kind.startswith("Conv"):
        changed["in_channels"] *= params["groups"]
        changed["out_channels"] *= params["groups"]
        if params["padding"] == "same":
            changed["stride"] = 1
    elif kind == "LSTM":
        changed["hidden_size"] += params["proj_size"]
    elif kind.startswith("Embedding"):
        changed["scale_grad_by_freq"] = params["scale_grad_by_freq"] and params.get("mode") != "max"
        changed["num_embeddings"] += abs(params["padding_idx"] or 0)
    elif kind.startswith("FractionalMaxPool"):
        changed["output_ratio"] = None if params["output_size"] else params["output_ratio"] or 0.5
    elif kind == "AdaptiveLogSoftmaxWithLoss":
        changed["cutoffs"] = tuple(range(1, 1 + len(params["cutoffs"])))
        changed["n_classes"] += len(params["cutoffs"])
        changed["div_value"] = 1.0
    elif kind == "Buffer":
        changed["shape"] = None
    elif kind == "Hardtanh":
        changed["max_val"] = params["min_val"] + 1.0
    elif kind in DIVIDED:
        whole, part = DIVIDED[kind]
        changed[whole] *= params[part]
        changed |= {name: 1 for name in ("num_encoder_layers", "num_decoder_layers") if name in params}
    return _parts_made_to_fit(kind, changed)


def _parts_made_to_fit(kind: str, params: dict[str, Value]) -> dict[str, Value]:
    """The same for the numbers of heads and experts."""
    if kind == "MixtureOfExperts":
        top_k = params["top_k"] % 4 + 1
        return params | {"top_k": top_k, "num_experts": top_k + params["num_experts"] % 4}
    if kind == "GroupedQueryAttention":
        heads = params["num_heads"] * params["num_kv_heads"]
        return params | {"num_heads": heads, "embed_dim": 2 * heads * params["embed_dim"]}
    return params


DIVIDED = {
    "MultiheadAttention": ("embed_dim", "num_heads"),
    "TransformerEncoderLayer": ("d_model", "nhead"),
    "TransformerDecoderLayer": ("d_model", "nhead"),
    "Transformer": ("d_model", "nhead"),
    "GroupNorm": ("num_channels", "num_groups"),
}


@pytest.mark.filterwarnings("ignore:dropout option adds dropout after all but last")
@pytest.mark.filterwarnings("ignore:enable_nested_tensor is True")
@pytest.mark.parametrize("entry", MODULES, ids=lambda entry: entry.kind)
@given(data=st.data())
def test_a_module_is_built_from_legal_values(entry: Layer, data: st.DataObject) -> None:
    params = {param.name: data.draw(values_of(param), label=param.name) for param in entry.params}
    for param in entry.derived:
        if params[param.name] is None and not param.unless:
            params[param.name] = 4
    params = made_to_fit(entry.kind, params)

    with torch.device("meta"):
        layer = eval(constructor(entry, params), namespace(entry))  # noqa: S307 - names and literals only

    assert isinstance(layer, nn.Module)
    assert all(parameter.is_meta for parameter in layer.parameters())


CLASSES = 4


def loss_input(entry: Layer, place: int, generator: torch.Generator) -> torch.Tensor:
    """A value for one port of a loss, by its declared shape."""
    sizes = {"T": 7, "B": 5, "S": 2, "*": CLASSES, "D": CLASSES, "C": CLASSES}
    shape = entry.shape.inputs[place][0]
    axes = [axis for axis in shape.axes if axis != "*" or len(shape.axes) == 2]
    axes = ["B"] if shape.what.startswith("int class") and axes == ["B", "*"] else axes
    if shape.what.startswith("int"):
        return torch.randint(1, CLASSES if "S" in axes else 3, [sizes[axis] for axis in axes], generator=generator)
    return torch.rand([sizes[axis] for axis in axes], generator=generator)


@pytest.mark.filterwarnings("ignore:reduction. 'mean' divides the total loss")
@pytest.mark.parametrize(
    "entry", [e for e in layers().values() if e.role == "loss" and e.signature], ids=lambda entry: entry.kind
)
@given(data=st.data())
def test_a_loss_is_what_torchs_class_computes(entry: Layer, data: st.DataObject) -> None:
    takes = entry.emit.takes(entry.emit.target)
    arguments = {param.name: data.draw(values_of(param), label=param.name) for param in filter(takes, entry.params)}
    for name in ("weight", "pos_weight"):
        if arguments.get(name) is not None:
            arguments[name] = torch.rand(CLASSES, generator=torch.Generator().manual_seed(len(arguments[name])))
    generator = torch.Generator().manual_seed(data.draw(st.integers(0, 99)))
    if entry.kind == "TripletMarginLoss":
        arguments |= {"p": arguments["p"] + 0.5, "margin": abs(arguments["margin"]) + 0.1}
    if "blank" in arguments:
        arguments["blank"] %= CLASSES
    inputs = [loss_input(entry, place, generator) for place in range(len(entry.inputs))]

    by_function = getattr(F, entry.emit.target.removeprefix("F."))(*inputs, **arguments)
    by_class = getattr(nn, entry.kind)(**arguments)(*inputs)

    assert by_function.shape == ()
    assert torch.equal(by_function, by_class) or (by_function.isnan() and by_class.isnan())


@pytest.mark.filterwarnings("ignore:reduction. 'mean' divides the total loss")
@pytest.mark.parametrize(
    "entry",
    [e for e in layers().values() if e.role == "loss" and e.signature and e.kind != "CTCLoss"],  # its steps are first
    ids=lambda entry: entry.kind,
)
def test_a_network_with_a_loss_computes_what_torchs_class_does(entry: Layer, tmp_path: Path) -> None:
    generator = torch.Generator().manual_seed(0)
    batch = {port.name: loss_input(entry, place, generator) for place, port in enumerate(entry.inputs)}
    fields = {
        name: FieldSpec(tuple(value.shape[1:]), "float32" if value.is_floating_point() else "int64")
        for name, value in batch.items()
    }
    nodes = {**dict.fromkeys(batch, "Input"), "net": node("mul", other=1.0), "loss": entry.kind}
    first, *rest = batch
    wires = [f"{first} > net", f"net > loss.{first}", *(f"{name} > loss.{name}" for name in rest)]
    it = project(nodes, *wires)
    analysis = analyse(it, fields)
    model = load_model(generate(it, analysis.derived).text, it, tmp_path / "model.py")

    outputs = model.network()(**{first: batch[first]})
    loss = model.losses(outputs, batch)["loss"]

    assert analysis.errors == ()
    assert torch.equal(loss, getattr(nn, entry.kind)()(*batch.values()))


@pytest.mark.parametrize("entry", OPTIMIZERS.values(), ids=lambda entry: entry.kind)
@given(data=st.data())
def test_an_optimizer_is_built_from_legal_values(entry, data: st.DataObject) -> None:
    params = {param.name: data.draw(values_of(param), label=param.name) for param in entry.params}
    assume(not params.get("nesterov") or (params["momentum"] > 0 and not params.get("dampening")))

    optimizer = getattr(torch.optim, entry.kind)([nn.Parameter(torch.ones(2, 2))], **params)

    assert optimizer.defaults["lr"] == params["lr"]


@pytest.mark.parametrize("entry", SCHEDULES.values(), ids=lambda entry: entry.kind)
@given(data=st.data())
def test_a_schedule_is_built_from_legal_values_and_moves(entry, data: st.DataObject) -> None:
    params = {param.name: data.draw(values_of(param), label=param.name) for param in entry.params}
    if entry.run_length and params[entry.run_length] is None:
        params[entry.run_length] = 10
    if entry.kind == "OneCycleLR":  # torch divides by 0 where the rise has one step, and goes on past the last one
        assume(params["total_steps"] > 2 and abs(params["pct_start"] * params["total_steps"] - 1) > 1e-3)
    optimizer = torch.optim.SGD([nn.Parameter(torch.ones(2))], lr=0.1, momentum=0.9)

    schedule = pkgutil.resolve_name(entry.target)(optimizer, **params)
    optimizer.step()
    schedule.step(*([1.0] if entry.watches else []))

    assert optimizer.param_groups[0]["lr"] >= 0


def test_a_fresh_conv_reads_as_one_would_write_it() -> None:
    text = constructor(layer("Conv2d"), {"in_channels": 1, "out_channels": 32, "padding": 1})

    assert text == "nn.Conv2d(1, 32, 3, padding=1)"
