"""Every operation computes what an expression of torch computes, with equal gradients, through the generated source."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from engine.catalog.index import layer
from engine.catalog.params import Value
from engine.codegen.model import generate
from engine.codegen.parse.project import parse
from engine.graph.model import End, Graph, Node, Project, Wire
from engine.graph.ports import ports
from engine.runtime.analysis.analyse import analyse
from engine.runtime.data.field_spec import FieldSpec
from tests.conftest import is_full
from tests.runtime.codegen.test_model_source import run

N = 3
"""Samples in a batch."""
LN_2 = 0.6931471805599453
EXAMPLES = 60 if is_full() else 4
Sizes = Mapping[str, int]


@dataclass(frozen=True)
class Case:
    """A node and what it computes. ``inputs``: the axes of each wired port after the samples, as letters or sizes.

    ``below``: the end of whole numbers.
    """

    kind: str
    inputs: Mapping[str, str]
    expected: Callable[..., Any]
    params: Mapping[str, Value] = field(default_factory=dict)
    below: int = 3


def one_hot(x: Tensor) -> Tensor:
    return (x.unsqueeze(-1) == torch.arange(5)).long()


def written_to(x: Tensor, index: Tensor, src: Tensor | float) -> Tensor:
    """The copy of ``x`` (N, C) with the elements of ``src`` at their indices, of several the last one."""
    marks = one_hot_of(index, x.shape[1])  # (N, K, C)
    later = marks.flip(1).cumsum(1).flip(1) == 1  # the last index of each place
    last = marks * later
    values = src if isinstance(src, Tensor) else torch.full(index.shape, src)
    numbers = torch.einsum("nkc,nk->nc", last, values)
    return torch.where(last.sum(1) > 0, numbers, x)


def one_hot_of(index: Tensor, size: int) -> Tensor:
    return (index.unsqueeze(-1) == torch.arange(size)).float()


def spectrum(x: Tensor) -> Tensor:
    """The sums of waves by the definition of the Fourier transform, over the last axis."""
    steps = torch.arange(x.shape[-1])
    angle = -2 * torch.pi * torch.outer(steps, steps) / x.shape[-1]
    return torch.stack((x @ angle.cos(), x @ angle.sin()), -1)


def signal(pairs: Tensor) -> Tensor:
    """The inverse of `spectrum`, over the axis before that of the pairs."""
    steps = torch.arange(pairs.shape[-2])
    angle = 2 * torch.pi * torch.outer(steps, steps) / len(steps)
    real, imag = pairs.unbind(-1)
    parts = (real @ angle.cos() - imag @ angle.sin(), real @ angle.sin() + imag @ angle.cos())
    return torch.stack(parts, -1) / len(steps)


def windows(x: Tensor) -> Tensor:
    """The magnitudes of the frequencies of all windows of 8, each 2 after the one before."""
    framed = F.pad(x.unsqueeze(1), (4, 4), mode="reflect").squeeze(1).unfold(-1, 8, 2)
    fade = 0.5 - 0.5 * torch.cos(2 * torch.pi * torch.arange(8) / 8)
    return spectrum(framed * fade)[..., :5, :].square().sum(-1).sqrt().transpose(1, 2)


CASES = [
    Case("sub", {"other": "a b"}, lambda x: 1 - x, {"input": 1}),
    Case("div", {"other": "a b"}, lambda x: 2 / x, {"input": 2}),
    Case("pow", {"exponent": "a b"}, lambda x: torch.exp(x * LN_2), {"input": 2}),
    Case("floor_divide", {"other": "a b"}, lambda x: torch.floor(0.5 / x), {"input": 0.5}),
    Case("floor_divide", {"input": "a b", "other": "a b"}, lambda x, y: torch.floor(x / y)),
    Case("hypot", {"input": "a b", "other": "a b"}, lambda x, y: (x * x + y * y).sqrt()),
    Case("log1p", {"input": "a b"}, lambda x: torch.log(1 + x)),
    Case("log2", {"input": "a b"}, lambda x: torch.log(x) / LN_2),
    Case("expm1", {"input": "a b"}, lambda x: torch.exp(x) - 1),
    Case("ceil", {"input": "a b"}, lambda x: -torch.floor(-x)),
    Case("trunc", {"input": "a b"}, lambda x: torch.sign(x) * torch.floor(x.abs())),
    Case("bmm", {"input": "a b", "mat2": "b c"}, lambda x, y: x @ y),
    Case("einsum", {"operands[0]": "a b", "operands[1]": "c b"}, lambda x, y: x @ y.mT,
         {"equation": "bik, bjk -> bij"}),
    Case("einsum", {"operands[0]": "a b"}, lambda x: x.mT.sum(0), {"equation": "n...b->b..."}),
    Case("cdist", {"x1": "a c", "x2": "b c"}, lambda x, y: ((x.unsqueeze(2) - y.unsqueeze(1)) ** 2).sum(-1).sqrt()),
    Case(
        "cosine_similarity",
        {"x1": "a b", "x2": "a b"},
        lambda x, y: (x * y).sum(1) / ((x * x).sum(1) * (y * y).sum(1)).sqrt(),
    ),
    Case("split", {"input": "6 b"}, lambda x: (x[:, :1], x[:, 1:3], x[:, 3:]),
         {"split_size_or_sections": (1, 2, 3), "dim": 1}),
    Case("chunk", {"input": "5 b"}, lambda x: (x[:, :2], x[:, 2:4], x[:, 4:]), {"chunks": 3, "dim": 1}),
    Case("expand", {"input": "1 b"}, lambda x: torch.cat([x, x, x], 1), {"size": (-1, 3, -1)}),
    Case("repeat", {"input": "a b"}, lambda x: torch.cat([x, x], 1), {"repeats": (1, 2, 1)}),
    Case("repeat_interleave", {"input": "a b"}, lambda x: torch.stack([x, x], 2).flatten(1, 2),
         {"repeats": 2, "dim": 1}),
    Case("movedim", {"input": "a b c"}, lambda x: x.permute(0, 2, 3, 1), {"source": 1, "destination": -1}),
    Case("unfold", {"input": "a 5"}, lambda x: torch.stack([x[..., 0:3], x[..., 2:5]], 2), {"size": 3, "step": 2}),
    Case("pad", {"input": "a b"}, lambda x: F.pad(x, (0, 1, 2, 0))[..., 1:, :], {"pad": (0, 1, 1, 0)}),
    Case("pad", {"input": "a 4"}, lambda x: x[..., [1, 0, 1, 2, 3, 2, 1]], {"pad": (1, 2), "mode": "reflect"}),
    Case("pad", {"input": "a 4"}, lambda x: x[..., [2, 3, 0, 1, 2, 3, 0]], {"pad": (2, 1), "mode": "circular"}),
    Case("pad", {"input": "a 4"}, lambda x: x[..., 1:-1], {"pad": (-1, -1)}),
    Case("max", {"input": "a b"}, lambda x: (x.amax(1), x.argmax(1)), {"dim": 1}),
    Case("min", {"input": "a b"}, lambda x: (x.amin(2, keepdim=True), x.argmin(2, keepdim=True)),
         {"dim": 2, "keepdim": True}),
    Case("median", {"input": "5 b"}, lambda x: (x.sort(1)[0][:, 2], x.argsort(1)[:, 2]), {"dim": 1}),
    Case("any", {"input": "a b"}, lambda x: (x != 0).sum(1) > 0, {"dim": 1}),
    Case("all", {"input": "a b"}, lambda x: (x == 0).sum((1, 2)) == 0, {"dim": (1, 2)}),
    Case("cumprod", {"input": "3 b"}, lambda x: torch.stack([x[:, 0], x[:, 0] * x[:, 1], x.prod(1)], 1), {"dim": 1}),
    Case("topk", {"input": "a 5"}, lambda x: tuple(each[..., :2] for each in x.sort(2, descending=True)), {"k": 2}),
    Case("topk", {"input": "5 b"}, lambda x: tuple(each[:, :3] for each in x.sort(1)),
         {"k": 3, "dim": 1, "largest": False}),
    Case("sort", {"input": "a b"}, lambda x: (x.gather(1, x.argsort(1)), x.argsort(1)), {"dim": 1}),
    Case("argsort", {"input": "a b"}, lambda x: (-x).argsort(), {"descending": True}),
    Case("gather", {"input": "3 b", "index": "2 b"}, lambda x, i: torch.einsum("nkbc,ncb->nkb", one_hot_of(i, 3), x),
         {"dim": 1}),
    Case("take_along_dim", {"input": "3 b", "indices": "a 1"},
         lambda x, i: torch.stack([x[n, i[n, :, 0]] for n in range(N)]), {"dim": 1}),
    Case("scatter", {"input": "3", "index": "1", "src": "1"}, written_to, {"dim": 1}),
    Case("scatter", {"input": "3", "index": "2"}, lambda x, i: written_to(x, i, 0.5), {"dim": 1, "src": 0.5}),
    Case("scatter_add", {"input": "3", "index": "a", "src": "a"},
         lambda x, i, s: x + torch.einsum("nkc,nk->nc", one_hot_of(i, 3), s), {"dim": 1}),
    Case("scatter_reduce", {"input": "3", "index": "a", "src": "a"},
         lambda x, i, s: (x + torch.einsum("nkc,nk->nc", one_hot_of(i, 3), s)) / (1 + one_hot_of(i, 3).sum(1)),
         {"dim": 1, "reduce": "mean"}),
    Case("one_hot", {"input": "a"}, one_hot, {"num_classes": 5}, below=5),
    Case("arange", {"input": "a b"}, lambda x: torch.tensor(range(x.shape[1]))),
    Case("arange", {"input": "a"}, lambda _: torch.tensor([2, 5, 8]), {"start": 2, "end": 9, "step": 3}),
    Case("zeros_like", {"input": "a b"}, lambda x: x.detach() * 0),
    Case("ones_like", {"input": "a b"}, lambda x: x.detach() * 0 + 1),
    Case("bool", {"input": "a b"}, lambda x: x != 0),
    Case("detach", {"input": "a b"}, lambda x: x.data),
    Case("isnan", {"input": "a b"}, torch.Tensor.isnan),
    Case("padding_mask", {"lengths": "", "input": "a b"},
         lambda n, x: torch.stack([torch.arange(x.shape[1]) >= each for each in n]), below=6),
    Case("rfft", {"input": "a b"}, lambda x: spectrum(x)[..., : x.shape[-1] // 2 + 1, :]),
    Case("fft", {"input": "a b"}, spectrum),
    Case("fft", {"input": "a b", "imag": "a b"},
         lambda x, y: spectrum(x) + torch.stack((-spectrum(y)[..., 1], spectrum(y)[..., 0]), -1)),
    Case("ifft", {"input": "a b 2"}, signal),
    Case("irfft", {"input": "a 3 2"},
         lambda x: signal(torch.cat((x[..., :1, :] * torch.tensor([1, 0]), x[..., 1:2, :],
                                     x[..., 2:, :] * torch.tensor([1, 0]),
                                     x[..., 1:2, :] * torch.tensor([1, -1])), -2))[..., 0]),
    Case("stft", {"input": "20"}, windows, {"n_fft": 8}),
    Case("stft", {"input": "2 20"}, lambda x: windows(x.flatten(0, 1)).square().unflatten(0, (N, 2)),
         {"n_fft": 8, "output": "power"}),
    Case("interpolate", {"input": "a b c"}, lambda x: x.repeat_interleave(2, 2).repeat_interleave(2, 3),
         {"scale_factor": 2.0}),
    Case("interpolate_like", {"input": "a b c", "like": "d e f"},
         lambda x, y: F.interpolate(x, y.shape[2:], mode="bilinear"), {"mode": "bilinear"}),
    Case("affine_grid", {"theta": "2 3", "input": "a 2 2"},
         lambda t, _: torch.tensor([[[-0.5, -0.5, 1], [0.5, -0.5, 1]], [[-0.5, 0.5, 1], [0.5, 0.5, 1]]])
         @ t.mT.unsqueeze(1)),
]  # fmt: skip


def batch(case: Case, sizes: Sizes, seed: int) -> dict[str, Tensor]:
    """The inputs of a case by port."""
    generator = torch.Generator().manual_seed(seed)
    tensors = {}
    for port, axes in case.inputs.items():
        shape = (N, *(int(axis) if axis.isdigit() else sizes[axis] for axis in axes.split()))
        element = layer(case.kind).input(port).element
        if element == "int":
            tensors[port] = torch.randint(0, case.below, shape, generator=generator)
        else:
            tensors[port] = torch.rand(shape, generator=generator) + 0.1
    return tensors


def network(case: Case, tensors: Mapping[str, Tensor]) -> tuple[Project, dict[str, FieldSpec]]:
    """The node with an Input for each wired port, and an Output for each of its outputs."""
    graph = Graph({"it": Node(case.kind, dict(case.params))})
    fields = {}
    for place, (port, tensor) in enumerate(tensors.items()):
        graph.nodes[f"in_{place}"] = Node("Input")
        graph.wires.append(Wire(End(f"in_{place}", "output"), End("it", port)))
        fields[f"in_{place}"] = FieldSpec(tuple(tensor.shape[1:]), str(tensor.dtype).removeprefix("torch."))
    project = Project("test", "Net", {"Net": graph})
    for place, port in enumerate(ports(project, graph.nodes["it"]).outputs):
        graph.nodes[f"out_{place}"] = Node("Output")
        graph.wires.append(Wire(End("it", port.name), End(f"out_{place}", "input")))
    return project, fields


def gradients(results: list[Tensor], inputs: list[Tensor]) -> list[Tensor | None]:
    """The gradients of a sum of the results with different weights."""
    total = torch.zeros(())
    for result in results:
        if result.requires_grad:
            total = total + (result * torch.arange(1.0, result.numel() + 1).reshape(result.shape)).sum()
    reals = [each for each in inputs if each.is_floating_point()]
    if not total.requires_grad:
        return [None] * len(reals)
    return list(torch.autograd.grad(total, reals, allow_unused=True, materialize_grads=True))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.kind)
@settings(max_examples=EXAMPLES)
@given(data=st.data())
def test_an_operation_computes_what_the_expression_does(case: Case, data: st.DataObject) -> None:
    sizes = {letter: data.draw(st.integers(1, 5), label=letter) for letter in "abcdef"}
    tensors = batch(case, sizes, data.draw(st.integers(0, 9)))
    project, fields = network(case, tensors)
    analysis = analyse(project, fields)
    text = generate(project, analysis.derived).text
    inputs = [each.requires_grad_() if each.is_floating_point() else each for each in tensors.values()]

    outputs = run(text)["Net"]()(**dict(zip(fields, inputs, strict=True)))
    expected = case.expected(*inputs)

    results = list(outputs.values()) if isinstance(outputs, dict) else [outputs]
    right_results = list(expected) if isinstance(expected, tuple) else [expected]
    torch.testing.assert_close(results, right_results, rtol=1e-4, atol=1e-4)
    torch.testing.assert_close(gradients(results, inputs), gradients(right_results, inputs), rtol=1e-3, atol=1e-3)
    assert analysis.errors == ()
    shapes = analysis.nodes["it"].outputs.values()
    assert [tuple(N if size == "N" else size for size in shape) for shape in shapes] == [x.shape for x in results]
    assert generate(parse(text).project, analysis.derived).text == text
