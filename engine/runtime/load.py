"""Makes modules of the texts of ``model.py`` and ``step.py``: what is trained, evaluated and exported, in one form."""

import builtins
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol

from torch import Tensor, nn, optim

from engine.codegen.comparisons import Reads, reads
from engine.errors import RunProblem
from engine.graph.model import Project

Outputs = Tensor | dict[str, Tensor]
Measure = Callable[[Outputs, dict[str, Tensor]], dict[str, Tensor]]
_numbers = count(1)


class Training(Protocol):
    """The class of that name in a ``step.py``. One whose LR schedule moves once an epoch also has ``end_epoch``."""

    model: nn.Module
    optimizer: optim.Optimizer

    def step(self, batch: dict[str, Tensor], epoch: int, number: int) -> tuple[Tensor, Outputs]:
        """Learn from a batch; its loss and the outputs of the network, both from before the step."""


@dataclass(frozen=True, slots=True)
class Model:
    """What a ``model.py`` defines. ``path``: where the same text lies for people to read.

    ``reads``: the fields that ``forward`` takes by keyword, and those that losses and metrics read.
    """

    path: Path
    network: Callable[[], nn.Module]
    losses: Measure
    metrics: Measure
    reads: Reads
    module: ModuleType


def load_model(text: str, project: Project, path: Path) -> Model:
    """Run the text of a ``model.py`` that was generated in this process; nothing that lies on a disk is imported.

    ``project``: what it was generated from. ``path``: what the text is called in tracebacks.

    Raises: `RunProblem` when it lacks a part, or torch does.
    """
    name = project.main
    try:
        module = _run(text, path, {})
        found = getattr(module, name)
        losses, metrics = module.losses, module.metrics
    except (ImportError, AttributeError, NameError) as error:
        raise _unusable(path, error) from error
    return Model(path, found, losses, metrics, reads(project), module)


def load_step(text: str, model: Model) -> Callable[..., Training]:
    """Run the text of a ``step.py`` that was generated in this process for that model; gives its ``Training``.

    Raises: `RunProblem` when torch lacks something that it uses.
    """
    path = model.path.with_name("step.py")
    try:
        training: Callable[..., Training] = _run(text, path, {"model": model.module}).Training
    except (ImportError, AttributeError, NameError) as error:
        raise _unusable(path, error) from error
    return training


def _run(text: str, path: Path, modules: Mapping[str, ModuleType]) -> ModuleType:
    """Run a text as a module. ``modules``: those that it finds by name, before all that is installed."""

    def find(name: str, *rest: Any) -> ModuleType:  # noqa: ANN401 (the arguments of __import__)
        return modules[name] if name in modules else builtins.__import__(name, *rest)

    module = ModuleType(f"torchloom_{path.stem}_{next(_numbers)}")
    module.__dict__.update(__file__=str(path), __builtins__={**vars(builtins), "__import__": find})
    exec(compile(text, str(path), "exec"), module.__dict__)  # noqa: S102 - the generator wrote it
    return module


def _unusable(path: Path, error: Exception) -> RunProblem:
    hint = "This version of torch may lack it."
    return RunProblem(f"The generated {path.name} cannot be used: {error}.", hint=hint, code="R020")
