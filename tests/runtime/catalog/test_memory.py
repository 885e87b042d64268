"""For every kind of layer, results may be overwritten exactly where the catalogue declares it."""

import warnings
from collections.abc import Callable
from itertools import pairwise

import pytest
import torch
from torch import Tensor
from torch.utils._pytree import tree_leaves

from engine.catalog.emit import Creation, Function, Gradient, Module
from engine.catalog.index import layers
from engine.catalog.params import Value
from engine.catalog.spec import Layer
from engine.check.rules import graph_problems
from engine.codegen.expression import call, constructor
from engine.codegen.model import generate
from engine.graph.model import Node, Project
from engine.runtime.analysis.analyse import analyse
from engine.runtime.analysis.build import _names as namespace
from engine.runtime.data.field_spec import FieldSpec
from tests.runtime.codegen.test_model_source import run as executed
from tests.small_projects import node, project
from tests.usual.inputs import VALUES as FITTING
from tests.usual.inputs import usual_inputs

KINDS = [entry for entry in layers().values() if entry.role == "layer" and not isinstance(entry.emit, Gradient)]
SIZES = {2: (4, 6), 3: (4, 6, 8), 4: (4, 6, 8, 8), 5: (2, 6, 8, 8, 8)}
VALUES: dict[str, dict[str, Value]] = {
    "Embedding": {"num_embeddings": 5, "embedding_dim": 3},
    "Unflatten": {"unflattened_size": (2, -1)},
    "reshape": {"shape": (-1, 2)},
    "squeeze": {"dim": 1},
    "MultiheadAttention": {"num_heads": 2},
    "EmbeddingBag": {"num_embeddings": 5, "embedding_dim": 3},
    "TransformerEncoderLayer": {"nhead": 2, "dim_feedforward": 8},
    "TransformerDecoderLayer": {"nhead": 2, "dim_feedforward": 8},
    "Transformer": {"nhead": 2, "dim_feedforward": 8, "num_encoder_layers": 1, "num_decoder_layers": 1},
    "GroupNorm": {"num_groups": 2},
    "Fold": {"output_size": (3, 6), "kernel_size": (2, 3)},
    "Bilinear": {"out_features": 3},
    "AdaptiveLogSoftmaxWithLoss": {"n_classes": 9, "cutoffs": (4,)},
}
UNNOTICED = frozenset({"unfold"})
"""Their elements share memory, which torch does not notice where something overwrites them."""
AS_ON_A_GPU = frozenset({"RNN", "GRU"})
"""Their output is needed by the gradient on a GPU only, and a project must train on either."""


def called(
    entry: Layer, axes: int, changed: dict[str, Value], *, training: bool, before: Callable[[], None] = lambda: None
) -> tuple[list[Tensor], list[Tensor]]:
    """The inputs and the results of a layer for values with so many axes; ``before`` is called before it computes."""
    inputs: dict[str, Tensor] = {}
    usual = usual_inputs(entry.kind, 4)
    for name, shape in (usual or {}).items():
        inputs[name] = numbers(shape, element=element_of(entry, name))
    for port in entry.inputs if usual is None else ():
        if not port.optional or isinstance(entry.emit, Creation):
            for name in [f"{port.name}[0]", f"{port.name}[1]"] if port.variadic else [port.name]:
                inputs[name] = numbers(SIZES[axes], element=port.element)
    required = {param.name: param.default for param in entry.params if param.required and param.default is not None}
    read = {param.name: inputs[param.port].shape[param.axis] for param in entry.derived if not param.unless}
    flags = {port.flag: True for port in entry.outputs if port.flag}
    values = {
        **required,
        **entry.preset,
        **read,
        **VALUES.get(entry.kind, {}),
        **FITTING.get(entry.kind, {}),
        **flags,
        **changed,
    }
    module = None
    if isinstance(entry.emit, Module):
        module = eval(constructor(entry, values), namespace(entry)).train(training)  # noqa: S307 (names and literals)
    names = {port: f"input_{place}" for place, port in enumerate(inputs)}
    text = call(entry, "module", names, values)
    local = {"module": module, **{names[port]: value for port, value in inputs.items()}}
    before()
    result = eval(text, namespace(entry), local)  # noqa: S307 (likewise)
    return list(inputs.values()), [value for value in tree_leaves(result) if isinstance(value, Tensor)]


def element_of(entry: Layer, name: str) -> str:
    port = entry.input(name)
    assert port is not None
    return port.element


def numbers(shape: tuple[int, ...], *, element: str) -> Tensor:
    if element == "int":
        return torch.randint(0, 3, shape)
    if element == "bool":
        return torch.rand(shape) > 0.5
    return (torch.rand(shape) * 0.8 + 0.1).requires_grad_() * 1.0


def axes_of(entry: Layer) -> int:
    """The numbers of axes that the layer takes."""
    for axes in (4, 3, 2, 5):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                called(entry, axes, {}, training=True)
        except (RuntimeError, ValueError, IndexError, AssertionError):
            continue
        return axes
    raise AssertionError(f"{entry.kind} takes none of the samples")


def variants(entry: Layer) -> list[dict[str, Value]]:
    return [{"inplace": False}, {"inplace": True}] if entry.param("inplace") else [{}]


def is_refused(total: Tensor) -> bool:
    """Whether torch refuses the gradient, because a value that it needs was overwritten."""
    try:
        total.backward()
    except RuntimeError as wrong:
        if "modified by an inplace operation" not in str(wrong):
            raise
        return True
    return False


@pytest.mark.filterwarnings("ignore:input's size at dim=0 does not match")
@pytest.mark.parametrize("entry", KINDS, ids=lambda entry: entry.kind)
def test_the_results_that_a_gradient_needs_are_declared(entry: Layer):
    axes = axes_of(entry)
    for changed in variants(entry):
        for place, port in enumerate(entry.outputs):
            _, results = called(entry, axes, changed, training=True)
            if not results[place].requires_grad:
                continue
            try:
                results[place].mul_(2)
            except RuntimeError:
                assert port.read_only
                continue
            assert not port.read_only or entry.kind in UNNOTICED
            total = sum((result.sum() for result in results if result.requires_grad), torch.zeros(()))
            is_needed = is_refused(total)
            is_declared = port.backward_use == "always" or (
                port.backward_use == "inplace" and changed["inplace"] is True
            )
            assert is_declared == is_needed or (is_declared and entry.kind in AS_ON_A_GPU)


@pytest.mark.filterwarnings("ignore:input's size at dim=0 does not match")
@pytest.mark.parametrize("entry", KINDS, ids=lambda entry: entry.kind)
def test_the_layers_whose_result_is_their_input_are_declared(entry: Layer):
    axes = axes_of(entry)
    changed = {"inplace": False} if entry.param("inplace") else {}

    def is_same(more: dict[str, Value], *, training: bool) -> bool:
        inputs, results = called(entry, axes, {**changed, **more}, training=training)
        places = {value.untyped_storage().data_ptr() for value in inputs}
        return any(value.untyped_storage().data_ptr() in places for value in results)

    assert is_same({}, training=True) == (entry.passes_on == "always")
    assert is_same({}, training=False) == (entry.passes_on != "never")
    if entry.passes_on == "idle" and entry.param("p"):
        assert is_same({"p": 0.0}, training=True)


@pytest.mark.filterwarnings("ignore:input's size at dim=0 does not match")
@pytest.mark.parametrize("entry", KINDS, ids=lambda entry: entry.kind)
def test_the_layers_that_draw_numbers_in_evaluation_are_declared(entry: Layer):
    states: list[Tensor] = []
    called(entry, axes_of(entry), {}, training=False, before=lambda: states.append(torch.get_rng_state()))
    is_declared = isinstance(entry.emit, Creation | Function | Module) and entry.emit.draws
    assert torch.equal(states[0], torch.get_rng_state()) != is_declared


PRODUCERS = [entry.kind for entry in KINDS if entry.family == "activation" and "*" in entry.shape.inputs[0][0].axes]
BETWEEN: dict[str, tuple[Node, ...]] = {
    "at once": (),
    "laid out": (node("unsqueeze", dim=1), node("transpose", dim0=1, dim1=2), node("Flatten")),
    "passed on": (node("Identity"), Node("Tanh", bypass=True)),
    "dropped out": (node("Dropout"),),
    "not dropped out": (node("Dropout", p=0.0),),
}


def in_a_row(producer: Node, *nodes: Node) -> Project:
    names = [f"n{place}" for place in range(len(nodes))]
    row = ["features", "fc", "made", *names, "loss"]
    example = {"features": node("Input"), "fc": node("Linear", out_features=4), "made": producer}
    example |= {**dict(zip(names, nodes, strict=True)), "target": node("Input"), "loss": node("MSELoss")}
    return project(example, *(f"{a} > {b}" for a, b in pairwise(row)), "target > loss.target")


@pytest.mark.parametrize("way", BETWEEN)
@pytest.mark.parametrize("kind", PRODUCERS)
def test_the_check_refuses_exactly_the_pairs_that_torch_refuses(kind: str, way: str):
    for changed in variants(layers()[kind]):
        for last in ("ReLU", "Dropout", "SiLU"):
            producer = Node(kind, {**layers()[kind].preset, **changed})
            example = in_a_row(producer, *BETWEEN[way], node(last, inplace=True))
            codes = [problem.code for problem in graph_problems(example)]
            assert codes in ([], ["G024"])
            width = 2 if kind == "GLU" else 4
            fields = {"features": FieldSpec((3,), "float32"), "target": FieldSpec((width,), "float32")}
            source = executed(generate(example, analyse(example, fields).derived).text)
            outputs = source["Net"]()(features=torch.rand(5, 3))
            total = source["losses"](outputs, {"target": torch.rand(5, width)})["total"]
            assert is_refused(total) == bool(codes)
