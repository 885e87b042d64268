"""Makes a network of the text of ``model.py``: what is trained, evaluated and exported, and no other form of it."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from types import ModuleType

from torch import Tensor, nn

from engine.codegen.scripts.answers import answer_fields
from engine.errors import RunProblem

Outputs = Tensor | dict[str, Tensor]
Measure = Callable[[Outputs, dict[str, Tensor]], dict[str, Tensor]]
_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Model:
    """What a ``model.py`` defines. ``path``: where the same text lies for people to read.

    ``inputs``: the fields that ``forward`` takes, by keyword. ``answers``: those that losses and metrics read.
    """

    path: Path
    network: Callable[[], nn.Module]
    losses: Measure
    metrics: Measure
    inputs: tuple[str, ...]
    answers: tuple[str, ...]
    text: str


def load_model(text: str, network: str, path: Path) -> Model:
    """Run the text of a ``model.py`` that was generated in this process; nothing that lies on a disk is imported.

    ``network``: the main graph's name, the class's. ``path``: what the text is called in tracebacks.

    Raises: `RunProblem` when it lacks a part, or torch does.
    """
    module = ModuleType(f"torchloom_model_{next(_numbers)}")
    module.__file__ = str(path)
    try:
        exec(compile(text, str(path), "exec"), module.__dict__)  # noqa: S102 - the generator wrote it
        found = getattr(module, network)
        losses, metrics = module.losses, module.metrics
    except (ImportError, AttributeError, NameError) as error:
        hint = "This version of torch may lack it."
        raise RunProblem(f"The generated model.py cannot be used: {error}.", hint=hint, code="R020") from error
    inputs = tuple(inspect.signature(found.forward).parameters)[1:]
    return Model(path, found, losses, metrics, inputs, answer_fields(text), text)
