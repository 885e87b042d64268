"""Everything known of a kind is in its declaration: no other module names one."""

import ast
import re

import pytest

from engine.catalog.averages import AVERAGES
from engine.catalog.data.datasets import datasets
from engine.catalog.data.transforms import transforms
from engine.catalog.generation_kinds import GENERATORS
from engine.catalog.index import layers
from engine.catalog.optimizers import OPTIMIZERS
from engine.catalog.schedules import SCHEDULES
from engine.catalog.weight_settings.initializers import INITIALIZERS
from engine.catalog.weight_settings.parametrizations import PARAMETRIZATIONS
from engine.graph.model import Project
from tests.project_files import ROOT, project_files

CATALOG = "engine/catalog/"
STRUCTURE = {"Input", "Output", "Block", "Loop"}  # parts of every graph
ENGLISH = frozenset(
    {"float", "bool", "any", "all", "min", "max", "mean", "median", "slice", "split", "repeat", "pad", "log", "square"}
    | {"Accuracy", "Precision", "Recall", "stack"}
)
"""Words of Python, of statistics, of files, shapes, loops and charts."""
RULES = (
    layers(),
    AVERAGES,
    GENERATORS,
    OPTIMIZERS,
    SCHEDULES,
    INITIALIZERS,
    PARAMETRIZATIONS,
    datasets(),
    transforms(),
)
KINDS = {kind for rules in RULES for kind in rules} - STRUCTURE - ENGLISH
COMPOUND = {kind for kind in KINDS if re.search(r"[a-z][A-Z]|[A-Z]{2}", kind)}  # no word of a sentence looks like it
ALLOWED = {
    "engine/graph/model.py": {"Digits"},  # the defaults of a project file
    "engine/graph/training.py": {"AdamW"},
    "engine/project/upgrade.py": {"Digits"},  # the default of version 1
    "engine/runtime/handlers.py": {"Conv2d", "BatchNorm2d", "ReLU", "Flatten", "Linear"},  # torch loads these late
}


def kinds_in(source: str) -> set[str]:
    """The kinds in the texts of a module, without docstrings."""
    tree = ast.parse(source)
    texts = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and node.value.value in texts:
            texts.remove(node.value.value)
    return {text for text in texts if text in KINDS} | {
        word for text in texts for word in re.findall(r"\w+", text) if word in COMPOUND
    }


@pytest.mark.parametrize("folder", ["engine", "gui"])
def test_no_kind_is_named_outside_its_declaration(folder):
    kinds_by_file = {
        name: kinds
        for name in project_files(folder)
        if name.endswith(".py") and not name.startswith(CATALOG)
        if (kinds := kinds_in((ROOT / name).read_text(encoding="utf-8")) - ALLOWED.get(name, set()))
    }
    assert kinds_by_file == {}, "declare what is known of these kinds in engine/catalog"


def test_every_exception_is_needed():
    assert all(kinds <= kinds_in((ROOT / name).read_text(encoding="utf-8")) for name, kinds in ALLOWED.items())
    assert {Project().data.kind} == ALLOWED["engine/graph/model.py"]
    assert {Project().training.optimizer.kind} == ALLOWED["engine/graph/training.py"]


@pytest.mark.parametrize(
    ("source", "kinds"),
    [
        ('if kind == "Conv2d": pass', {"Conv2d"}),
        ('text = f"Use {x}, or MSELoss."', {"MSELoss"}),
        ('"""Conv2d is a kind."""', set()),
        ('text = "A Linear layer"', set()),
    ],
)
def test_a_kind_in_a_text_is_found(source, kinds):
    assert kinds_in(source) == kinds
