"""The blocks that ship: each example is checked without a problem, and computes with gradients for all its weights."""

from importlib.resources import files
from pathlib import Path

import pytest
import torch

from engine.codegen.model import generate
from engine.codegen.parse.project import parse
from engine.graph.model import Project
from engine.project import file
from engine.project.library import FOLDER, shipped
from engine.runtime.analysis.analyse import analyse
from engine.runtime.data.input_fields import declared_fields
from engine.runtime.load import load_model


def example_of(name: str) -> Project:
    return file.parse(files(FOLDER).joinpath(f"{name}.loom").read_text(encoding="utf-8"), name)


def sample(shape: tuple[int, ...], dtype: str) -> torch.Tensor:
    """A batch of two; of flags all are off, which hides nothing from attention."""
    return torch.zeros(2, *shape, dtype=torch.bool) if dtype == "bool" else torch.rand(2, *shape)


@pytest.mark.parametrize("name", shipped().blocks)
def test_it_computes_and_every_weight_has_a_gradient(name: str, tmp_path: Path) -> None:
    example = example_of(name)
    fields = declared_fields(example)
    analysis = analyse(example, fields)
    assert [problem.message for problem in analysis.problems] == []
    text = generate(example, analysis.derived).text
    ends = "\n\ndef losses(o, b): ...\n\n\ndef metrics(o, b): ...\n"
    model = load_model(text + ends, example, tmp_path / "model.py").network()
    outputs = model(**{key: sample(spec.shape, spec.dtype) for key, spec in fields.items()})
    outputs = outputs if isinstance(outputs, dict) else {"y": outputs}
    learned = [output for output in outputs.values() if output.requires_grad]
    if weights := list(model.parameters()):
        sum(output.square().sum() for output in learned).backward()
        assert all(weight.grad is not None for weight in weights)
    assert all(output.isfinite().all() for output in outputs.values())
    again = parse(text)
    assert generate(again.project, again.derived).text == text
