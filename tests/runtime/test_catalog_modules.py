"""Every declared module can be built from legal values, and every loss is what torch's own class computes."""

from collections.abc import Mapping

import pytest
import torch
import torch.nn.functional as F
from hypothesis import assume, given
from hypothesis import strategies as st
from torch import nn

from engine.catalog.index import layer, layers
from engine.catalog.optimizers import OPTIMIZERS
from engine.catalog.params import Value
from engine.catalog.schedules import SCHEDULES
from engine.catalog.spec import Layer, Module
from engine.codegen.expression import constructor
from resources.snippets import positions
from tests.value_strategies import values

MODULES = [entry for entry in layers().values() if isinstance(entry.emit, Module)]
NAMES = {"nn": nn, "torch": torch, **vars(positions)}


def fit(kind: str, chosen: Mapping[str, Value]) -> bool:
    """Whether values that are legal one by one are so together; torch refuses the others, and says why."""
    if kind.startswith("Conv"):
        divides = chosen["in_channels"] % chosen["groups"] == chosen["out_channels"] % chosen["groups"] == 0
        steps = chosen["stride"] if isinstance(chosen["stride"], tuple) else (chosen["stride"],)
        return divides and (chosen["padding"] != "same" or set(steps) == {1})
    if kind == "LSTM":
        return chosen["proj_size"] < chosen["hidden_size"]
    if kind == "Embedding":
        index = chosen["padding_idx"]
        return index is None or -chosen["num_embeddings"] <= index < chosen["num_embeddings"]
    whole, part = DIVIDED.get(kind, ("", ""))
    return not whole or chosen[whole] % chosen[part] == 0


DIVIDED = {
    "MultiheadAttention": ("embed_dim", "num_heads"),
    "TransformerEncoderLayer": ("d_model", "nhead"),
    "GroupNorm": ("num_channels", "num_groups"),
}


@pytest.mark.filterwarnings("ignore:dropout option adds dropout after all but last")
@pytest.mark.parametrize("entry", MODULES, ids=lambda entry: entry.kind)
@given(data=st.data())
def test_a_module_is_built_from_legal_values(entry: Layer, data: st.DataObject) -> None:
    chosen = {param.name: data.draw(values(param, most=6), label=param.name) for param in entry.params}
    for param in entry.derived:
        if chosen[param.name] is None and not param.unless:
            chosen[param.name] = 4
    assume(fit(entry.kind, chosen))

    with torch.device("meta"):
        made = eval(constructor(entry, chosen), dict(NAMES))  # noqa: S307 - names and literals only

    assert isinstance(made, nn.Module)
    assert all(parameter.is_meta for parameter in made.parameters())


CLASSES = 4


@pytest.mark.filterwarnings("ignore:reduction. 'mean' divides the total loss")
@pytest.mark.parametrize("entry", [e for e in layers().values() if e.role == "loss"], ids=lambda entry: entry.kind)
@given(data=st.data())
def test_a_loss_is_what_torchs_class_computes(entry: Layer, data: st.DataObject) -> None:
    passed = {param.name: data.draw(values(param), label=param.name) for param in entry.params if param.passed}
    for name in ("weight", "pos_weight"):
        if passed.get(name) is not None:
            passed[name] = torch.rand(CLASSES, generator=torch.Generator().manual_seed(len(passed[name])))
    generator = torch.Generator().manual_seed(data.draw(st.integers(0, 99)))
    said = torch.rand(5, CLASSES, generator=generator)
    true = torch.randint(CLASSES, (5,), generator=generator)
    if entry.kind not in ("CrossEntropyLoss", "NLLLoss"):
        true = torch.rand(5, CLASSES, generator=generator)

    by_function = getattr(F, entry.emit.target.removeprefix("F."))(said, true, **passed)
    by_class = getattr(nn, entry.kind)(**passed)(said, true)

    assert by_function.shape == ()
    assert torch.equal(by_function, by_class) or (by_function.isnan() and by_class.isnan())


@pytest.mark.parametrize("entry", OPTIMIZERS.values(), ids=lambda entry: entry.kind)
@given(data=st.data())
def test_an_optimizer_is_built_from_legal_values(entry, data: st.DataObject) -> None:
    chosen = {param.name: data.draw(values(param), label=param.name) for param in entry.params}
    assume(not chosen.get("nesterov") or (chosen["momentum"] > 0 and chosen["dampening"] == 0))

    made = getattr(torch.optim, entry.kind)([nn.Parameter(torch.ones(2))], **chosen)

    assert made.defaults["lr"] == chosen["lr"]


@pytest.mark.parametrize("entry", SCHEDULES.values(), ids=lambda entry: entry.kind)
@given(data=st.data())
def test_a_schedule_is_built_from_legal_values_and_moves(entry, data: st.DataObject) -> None:
    chosen = {param.name: data.draw(values(param), label=param.name) for param in entry.params}
    if entry.run_length and chosen[entry.run_length] is None:
        chosen[entry.run_length] = 10
    optimizer = torch.optim.SGD([nn.Parameter(torch.ones(2))], lr=0.1, momentum=0.9)

    schedule = getattr(torch.optim.lr_scheduler, entry.kind)(optimizer, **chosen)
    optimizer.step()
    schedule.step(*([1.0] if entry.watches else []))

    assert optimizer.param_groups[0]["lr"] >= 0


def test_a_fresh_conv_reads_as_one_would_write_it() -> None:
    text = constructor(layer("Conv2d"), {"in_channels": 1, "out_channels": 32, "padding": 1})

    assert text == "nn.Conv2d(1, 32, 3, padding=1)"
