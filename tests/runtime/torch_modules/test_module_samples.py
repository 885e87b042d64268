"""What torch's own module tests compute, the generated source computes: equal outputs and gradients."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.utils._pytree import tree_leaves

from engine.catalog.doc_pages import left_out
from engine.codegen.model import generate
from engine.runtime.analysis.analyse import analyse
from tests.conftest import is_full
from tests.runtime.codegen.test_model_source import run
from tests.runtime.torch_modules.samples import (
    NODE,
    Expressed,
    InexpressibleError,
    expressed,
    public,
)

LEFT_OUT = {"nn.LinearCrossEntropyLoss", "nn.TransformerEncoder"}
"""The classes that the catalogue leaves out, by its own list of reasons."""
LEAST_SHARE = 0.84
"""The least share of the samples of all other classes that are expressed; what is not: losses without a reduction,
negative weights of classes, masks for each head, and joined targets of CTC.
"""


@pytest.fixture(scope="module")
def module_infos() -> Iterator[list[Any]]:
    """The classes that torch tests; its test tools forbid changes of its global flags, which is undone."""
    from torch.testing._internal.common_modules import module_db

    yield list(module_db)
    torch.backends.__allow_nonbracketed_mutation_flag = True


def samples_of(info: Any) -> Iterator[tuple[bool, Any]]:
    """Every sample of a class, in training and in evaluation."""
    for training in (True, False):
        torch.manual_seed(0)
        options = {"device": "cpu", "dtype": torch.float32, "requires_grad": True, "training": training}
        for sample in info.module_inputs_func(info, **options):
            yield training, sample


def leaves_of(inputs: dict[str, Tensor]) -> dict[str, Tensor]:
    """Copies of the inputs that have gradients of their own."""
    return {name: value.detach().clone().requires_grad_(value.requires_grad) for name, value in inputs.items()}


def gradients(results: list[Tensor], leaves: list[Tensor]) -> list[Tensor]:
    """The gradients of a sum of the results with different weights, 0 where one has none."""
    totals = [
        (result.double() * torch.arange(1.0, result.numel() + 1).reshape(result.shape)).sum()
        for result in results
        if result.requires_grad
    ]
    leaves = [leaf for leaf in leaves if leaf.requires_grad]
    if not totals or not leaves:
        return []
    return list(torch.autograd.grad(sum(totals), leaves, allow_unused=True, materialize_grads=True))


def by_torch(module: nn.Module, sample: Any, leaves: dict[str, Tensor], case: Expressed) -> list[Tensor]:
    """The results of torch's module for copies of the sample's tensors."""
    copies = [(value, leaves[name]) for name, value in case.inputs.items()]

    def own(value: Any) -> Any:
        if isinstance(value, tuple | list):
            return type(value)(own(each) for each in value)
        place = next((place for place, (other, _) in enumerate(copies) if other is value), None)
        leaf = value if place is None else copies.pop(place)[1]
        return leaf + 0 if isinstance(leaf, Tensor) and leaf.is_floating_point() else leaf

    torch.manual_seed(1)
    arguments = sample.forward_input
    result = module(*map(own, arguments.args), **{name: own(value) for name, value in arguments.kwargs.items()})
    return [each for each in tree_leaves(result) if isinstance(each, Tensor)]


def by_source(network: nn.Module, names: dict[str, Any], leaves: dict[str, Tensor], case: Expressed) -> list[Tensor]:
    """The results of the generated source."""
    batch = case.batch(leaves)
    torch.manual_seed(1)
    if case.kind.role != "loss":
        outputs = network(**batch)
        return list(outputs.values()) if isinstance(outputs, dict) else [outputs]
    read = {name: value for name, value in batch.items() if name in network.forward.__annotations__}
    return [names["losses"](network(**read), batch)["total"]]


def compare(name: str, sample: Any, case: Expressed, *, training: bool) -> None:
    """Outputs and gradients of one sample, by torch's class and by the source."""
    torch.manual_seed(0)
    arguments = sample.constructor_input
    module = getattr(nn, name.removeprefix("nn."))(*arguments.args, **public(arguments.kwargs)).train(training)
    first, second = leaves_of(case.inputs), leaves_of(case.inputs)
    by_torch(module, sample, first, case)  # which gives a lazy one its weights
    names = run(generate(case.project, analyse(case.project, case.fields).derived).text)
    network = names["Net"]().train(training)
    if case.kind.stateful:
        network.get_submodule(NODE).load_state_dict(module.state_dict())
    expected = by_torch(module, sample, first, case)
    results = by_source(network, names, second, case)
    results = [result.reshape(right.shape) for result, right in zip(results, expected, strict=True)]

    torch.testing.assert_close(results, expected, rtol=1e-6, atol=1e-6, equal_nan=True)
    weights, own_weights = [list(each.parameters()) for each in (module, network)]
    torch.testing.assert_close(
        gradients(results, [*second.values(), *own_weights]),
        gradients(expected, [*first.values(), *weights]),
        rtol=1e-5, atol=1e-5, equal_nan=True,
    )  # fmt: skip


@pytest.mark.filterwarnings("ignore")  # of torch, about odd samples
def test_the_source_computes_what_torchs_classes_compute(module_infos: list[Any]) -> None:
    classes: Counter[str] = Counter()
    reasons: dict[str, Counter[str]] = defaultdict(Counter)
    for info in module_infos:
        for training, sample in samples_of(info) if info.name not in LEFT_OUT else ():
            if classes[info.name] and not is_full():
                break
            try:
                case = expressed(info.name, sample)
            except InexpressibleError as reason:
                reasons[info.name][str(reason)] += 1
                continue
            compare(info.name, sample, case, training=training)
            classes[info.name] += 1
    lacking = {info.name for info in module_infos} - (+classes).keys()
    total = classes.total() + sum(each.total() for each in reasons.values())
    report = f"{len(+classes)} of {len(module_infos)} classes; {classes.total()} of {total} samples"
    texts = [f"{name}: {counts}" for name, counts in reasons.items()]
    print("", report, *texts, sep="\n")  # noqa: T201 (what -s shows)
    assert lacking == LEFT_OUT
    assert not {name.removeprefix("nn.") for name in LEFT_OUT} - left_out.MODULES.keys()
    assert not is_full() or classes.total() >= LEAST_SHARE * total
