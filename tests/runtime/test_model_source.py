"""The generated source computes what the drawing says, by an account of its own, with weights known by their nodes."""

import sys
import traceback
from pathlib import Path

import pytest
import torch
from hypothesis import given
from torch import nn

from engine.catalog.index import layer
from engine.codegen.model import generate
from engine.codegen.names import MODULES, RESERVED_ATTRIBUTES
from engine.codegen.source import blame
from engine.graph.model import Graph, Node, Project
from tests.drawn import graph
from tests.runtime.interpreter import Interpreter
from tests.strategies.networks import networks
from tests.strategies.sizes import ROWS, Network


def run(text: str, filename: str = "<model>") -> dict[str, object]:
    names: dict[str, object] = {"__name__": "model"}
    exec(compile(text, filename, "exec"), names)  # noqa: S102 (what the app itself does with this text)
    return names


def batch_of(network: Network) -> dict[str, torch.Tensor]:
    batch = {name: torch.randn(shape) for name, shape in network.fields.items()}
    return batch | {name: torch.randint(classes, (ROWS,)) for name, classes in network.labels.items()}


@given(networks())
def test_the_source_computes_what_the_drawing_says(network: Network) -> None:
    torch.manual_seed(0)
    module = run(generate(network.project, network.derived).text)
    model = module["Net"]().eval()
    batch = batch_of(network)
    taken = model.forward.__code__.co_varnames[1 : model.forward.__code__.co_argcount]
    with torch.no_grad():
        outputs = model(**{name: batch[name] for name in taken})
        losses = module["losses"](outputs, batch) if "losses" in module else {}
        metrics = module["metrics"](outputs, batch) if "metrics" in module else {}
        judge = Interpreter(network, model.state_dict())
        main = network.project.graphs["Net"]
        for name in main.of_kind("Output"):
            given_value = outputs[name] if isinstance(outputs, dict) else outputs
            assert torch.equal(given_value, judge.score(name, batch))
        for name, value in {**losses, **metrics}.items():
            if name in main.nodes and layer(main.nodes[name].kind).role in ("loss", "metric"):
                torch.testing.assert_close(value, judge.score(name, batch), rtol=0, atol=0, equal_nan=True)
        scores = [node for node in main.nodes.values() if node.kind.endswith("Loss")]
        assert len(losses) == (len(scores) + 1 if scores else 0)
        total = sum(
            main.nodes[name].params.get("scale", 1.0) * value for name, value in losses.items() if name != "total"
        )
        if losses:
            torch.testing.assert_close(losses["total"], total, equal_nan=True)
    assert not judge.unused, "weights that belong to no node that is read"
