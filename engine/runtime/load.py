"""Runs the texts of ``model.py`` and ``step.py`` as modules; training, evaluation and export use the same texts."""

import builtins
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol, runtime_checkable

from torch import Tensor, nn

from engine.codegen.field_usage import PhaseReads, Reads, reads
from engine.codegen.scripts.phase_losses import scales, validation_phases
from engine.errors import RunProblem
from engine.graph.model import Project
from resources.snippets.training.phase_metrics import PhaseLosses

Outputs = Tensor | dict[str, Tensor]
Measure = Callable[[Outputs, dict[str, Tensor]], dict[str, Tensor]]
_numbers = count(1)


class LossFunction(Protocol):
    """The function ``losses`` of a ``model.py``; ``phase``: only where the training lists phases."""

    def __call__(self, outputs: Outputs, batch: dict[str, Tensor], *, phase: str = ...) -> dict[str, Tensor]:
        """Each loss by name, and ``total``."""


class Step(Protocol):
    """The class ``Training`` in a ``step.py``. One whose LR schedule moves once an epoch also has ``end_epoch``."""

    model: nn.Module
    optimizer: Any  # of torch, or a copy of the snippet `Optimizers`

    def step(self, batch: dict[str, Tensor], epoch: int, number: int) -> tuple[Tensor, Outputs]:
        """Learn from a batch; returns its loss and the outputs of the network, both from before the update."""


class Phase(Protocol):
    """The class ``Phase`` in a ``phases.py``, a copy of `resources.snippets.training.phases.Phase`."""

    weights: list[nn.Parameter]
    optimizer: Any
    schedule: Any
    gradients: list[Tensor | None]
    passes: int


@runtime_checkable
class PhasedStep(Protocol):
    """The class ``Training`` in a ``step.py`` with phases, which run in this order."""

    model: nn.Module
    phases: dict[str, Phase]

    def step(self, batch: dict[str, Tensor], epoch: int, number: int) -> tuple[Tensor, PhaseLosses]:
        """Learn from a batch in every phase that is due; returns the sum of their totals, and the losses of each."""


Training = Step | PhasedStep


@dataclass(frozen=True, slots=True)
class Model:
    """The contents of a ``model.py``. ``path``: the file with the same text for people to read.

    ``reads``: the fields that ``forward`` takes by keyword, and those that losses and metrics read. ``scales``: the
    losses of the phases with their factors. ``loss_phases``: the phases that together compute all losses. Both are
    empty where the training lists no phases.
    """

    path: Path
    network: Callable[[], nn.Module]
    losses: LossFunction
    metrics: Measure
    reads: Reads
    module: ModuleType
    scales: Mapping[str, float]
    loss_phases: tuple[PhaseReads, ...]


def load_model(text: str, project: Project, path: Path) -> Model:
    """Run the text of a ``model.py`` that was generated in this process; no file is imported.

    ``project``: what it was generated from. ``path``: the name of the text in tracebacks.

    Raises: `RunProblem` when it lacks a part, or torch does.
    """
    name = project.main
    try:
        module = _run(text, path, {})
        network = getattr(module, name)
        losses: LossFunction = module.losses
        metrics: Measure = getattr(module, "metrics", lambda *_: {})
    except (ImportError, AttributeError, NameError) as error:
        raise _unusable(path, error) from error
    read, is_phased = reads(project), bool(project.training.phases)
    names = validation_phases(project) if is_phased else ()
    phases = tuple(phase for phase in read.phases if phase.name in names)
    return Model(path, network, losses, metrics, read, module, scales(project) if is_phased else {}, phases)


def network_class(text: str, project: Project, path: Path) -> Callable[[], nn.Module]:
    """Run the text of a ``model.py`` as `load_model` does, for its network alone. Raises: `RunProblem`."""
    try:
        network: Callable[[], nn.Module] = getattr(_run(text, path, {}), project.main)
    except (ImportError, AttributeError, NameError) as error:
        raise _unusable(path, error) from error
    return network


def load_step(files: Mapping[str, str], model: Model) -> Callable[..., Training]:
    """Run the texts of a ``step.py`` and its modules that were generated in this process; returns its ``Training``.

    ``files``: by name, those first that others import from. ``model``: what the step was generated for.

    Raises: `RunProblem` when torch lacks something that one of them uses.
    """
    modules = {"model": model.module}
    for name, text in files.items():
        path = model.path.with_name(name)
        try:
            modules[path.stem] = _run(text, path, modules)
        except (ImportError, AttributeError, NameError) as error:
            raise _unusable(path, error) from error
    training: Callable[..., Training] = modules["step"].Training
    return training


def _run(text: str, path: Path, modules: Mapping[str, ModuleType]) -> ModuleType:
    """Run a text as a module. ``modules``: those that it can import by name; they come before installed ones."""

    def find(name: str, *rest: Any) -> ModuleType:  # noqa: ANN401 (the arguments of __import__)
        return modules[name] if name in modules else builtins.__import__(name, *rest)

    module = ModuleType(f"torchloom_{path.stem}_{next(_numbers)}")
    module.__dict__.update(__file__=str(path), __builtins__={**vars(builtins), "__import__": find})
    exec(compile(text, str(path), "exec"), module.__dict__)  # noqa: S102 - the generator wrote it
    return module


def _unusable(path: Path, error: Exception) -> RunProblem:
    hint = "This version of torch may lack it."
    return RunProblem(f"The generated {path.name} cannot be used: {error}.", hint=hint, code="R020")
