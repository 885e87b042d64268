"""All tensors of a network are on the device of its inputs: checked with a device other than the processor.

The meta device is used in place of a GPU. It shows tensors that were left on the processor, and nothing else: no
number is computed, so what only CUDA does is not tried here.
"""

from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from engine.catalog.index import layers
from engine.catalog.params import Vector
from engine.catalog.spec import Layer
from engine.codegen.expression import call, constructor
from engine.codegen.field_usage import PhaseReads, Reads
from engine.codegen.model import generate
from engine.graph.model import Project
from engine.runtime.analysis.analyse import check_project
from engine.runtime.analysis.build import _names
from engine.runtime.load import load_model, network_class
from tests.training import TEMPLATES, template

META = torch.device("meta")
DTYPES = {"int": torch.int64, "float": torch.float32, "bool": torch.bool}


class Elsewhere(TorchDispatchMode):
    """Refuses operators that read a tensor with axes on the processor."""

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        tensors = [each for each in tree_leaves((args, kwargs)) if isinstance(each, Tensor) and each.dim()]
        left = [tuple(each.shape) for each in tensors if each.device.type == "cpu"]
        assert not left, f"{func} reads {left} on the processor"
        return func(*args, **(kwargs or {}))


def given_to(reads: Reads | PhaseReads, batch: dict[str, Tensor]) -> dict[str, Any]:
    """The arguments of ``forward`` for a batch of four."""
    return {**{field: batch[field] for field in reads.inputs}, **({"count": 4} if reads.needs.count else {})}


def declared(project: Project) -> list[Layer]:
    """The kinds in the main graph."""
    return [layers()[node.kind] for node in project.graphs[project.main].nodes.values()]


@pytest.mark.parametrize("name", sorted(path.stem for path in TEMPLATES.glob("*.loom")))
def test_a_template_computes_where_it_was_moved(name: str, tmp_path: Path) -> None:
    project = template(name)
    report = check_project(project, tmp_path)
    text, inputs = generate(project, report.derived).text, project.graphs[project.main].of_kind("Input")
    batch = {
        node.params.get("field") or input_name: torch.empty(
            (4, *report.nodes[input_name].outputs["output"][1:]),
            dtype=DTYPES[report.nodes[input_name].elements["output"]],
            device=META,
        )
        for input_name, node in inputs.items()
    }
    if not any(each.role == "loss" for each in declared(project)):
        network = network_class(text, project, tmp_path / "model.py")().to(META)
        with Elsewhere():
            assert {each.device for each in tree_leaves(network(**batch))} == {META}
        return
    model = load_model(text, project, tmp_path / "model.py")
    network = model.network().to(META)
    with Elsewhere():
        for phase in model.reads.phases:
            phase_argument = {"phase": phase.name} if phase.name else {}
            outputs = network(**given_to(phase, batch), **phase_argument)
            losses = model.losses(outputs, batch, **phase_argument)
            losses["total"].backward()
            assert losses["total"].device == META
        values = model.metrics(network(**given_to(model.reads, batch)), batch)
    assert {each.device for each in values.values()} <= {META}
    assert {parameter.grad.device for parameter in network.parameters() if parameter.grad is not None} == {META}


WEIGHTED = [entry for entry in layers().values() if any(isinstance(each, Vector) for each in entry.params)]


@pytest.mark.parametrize("entry", WEIGHTED, ids=lambda entry: entry.kind)
def test_weights_that_a_person_typed_lie_with_the_scores(entry) -> None:
    vectors = {each.name: (1.0, 2.0, 3.0) for each in entry.params if isinstance(each, Vector)}
    scores = torch.empty(5, 3, device=META)
    whole = entry.input("target").element == "int"
    truth = torch.empty(5, dtype=torch.int64, device=META) if whole else torch.empty(5, 3, device=META)
    text = call(entry, "module", {"input": "scores", "target": "truth"}, vectors)
    is_module = "module" in text
    module = eval(constructor(entry, vectors), _names(entry)).to(META) if is_module else None  # noqa: S307 (literals only)
    with Elsewhere():
        result = eval(text, _names(entry), {"module": module, "scores": scores, "truth": truth})  # noqa: S307 (likewise)
    assert result.device == META
