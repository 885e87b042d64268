"""Imports a run's ``model.py``: the file that is trained, evaluated and exported, and no other form of the network."""

import importlib.util
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from importlib.machinery import SourceFileLoader
from itertools import count
from pathlib import Path

from torch import Tensor, nn

from engine.codegen.scripts.answers import answer_fields
from engine.errors import RunProblem

Outputs = Tensor | dict[str, Tensor]
Measure = Callable[[Outputs, dict[str, Tensor]], dict[str, Tensor]]
_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Model:
    """What a ``model.py`` defines.

    ``inputs``: the fields that ``forward`` takes, by keyword. ``answers``: those that losses and metrics read.
    """

    path: Path
    network: Callable[[], nn.Module]
    losses: Measure
    metrics: Measure
    inputs: tuple[str, ...]
    answers: tuple[str, ...]
    text: str


class _Loader(SourceFileLoader):
    """Leaves no ``__pycache__`` in the run folder."""

    def set_data(self, path: str, data: object, *, _mode: int = 0o666) -> None:
        """Keep nothing."""


def load_model(path: Path, network: str) -> Model:
    """Import ``model.py`` under a name of its own. ``network``: the main graph's name, the class's.

    Raises: `RunProblem` when it cannot be imported or lacks a part.
    """
    name = f"torchloom_model_{next(_numbers)}"
    spec = importlib.util.spec_from_file_location(name, path, loader=_Loader(name, str(path)))
    if spec is None or spec.loader is None:
        raise RunProblem(f"{path} is no Python file.", code="R020")
    module = importlib.util.module_from_spec(spec)
    try:
        text = path.read_text(encoding="utf-8")
        spec.loader.exec_module(module)
        found = getattr(module, network)
        losses, metrics = module.losses, module.metrics
    except OSError as error:
        raise RunProblem(f"{path} cannot be read: {error.strerror or error}.", code="R020") from error
    except (SyntaxError, ImportError, AttributeError, NameError) as error:
        hint = "It was changed by hand, or by another version; train again, or restore the file."
        raise RunProblem(f"{path} cannot be imported: {error}.", hint=hint, code="R020") from error
    inputs = tuple(inspect.signature(found.forward).parameters)[1:]
    return Model(path, found, losses, metrics, inputs, answer_fields(text), text)
