"""The names and units in which people see the outputs of a network."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from engine.catalog.data.datasets import answer_name
from engine.graph.model import Project
from engine.runtime.data.field_spec import FieldSpec
from engine.runtime.data.prepared_samples import Fitted
from engine.runtime.load import Outputs
from engine.runtime.training_setup.units import output_units, undo_of
from resources.snippets.units import Undo, Unit, output_in_unit

ONLY = "output"  # the name of a single output without a name


@dataclass(frozen=True, slots=True)
class Answer:
    """An output. ``key``: its name in the network, empty for a single one. ``note``: what its unit is, if unusual.

    ``measure``: the sign beside such numbers in the data, such as %.
    """

    key: str
    name: str
    unit: Unit | None = None
    undo: tuple[Undo, ...] = ()
    note: str = ""
    measure: str = ""

    def values(self, output: Tensor) -> Tensor:
        """The output in its unit, on the CPU."""
        values = output.detach().cpu()
        if self.unit is None or not self.undo:
            return values
        return torch.from_numpy(output_in_unit(values.numpy(), self.unit, self.undo))


def answers_of(
    project: Project, specs: Mapping[str, FieldSpec], fitted: Sequence[Fitted], measure: str = ""
) -> dict[str, Answer]:
    """Every output of a project's network by its key. ``measure``: of the field ``target`` of a table."""
    result, undo = output_units(project, specs), undo_of(fitted)
    changed = [_name(project, name) for name in sorted(result.fields) if name in undo]
    note = f"as trained, not in the unit of {' or '.join(changed)}" if changed else ""
    units = [result.outputs.get(key) for key in result.keys]
    names = [_name(project, unit.field) if unit else key or ONLY for key, unit in zip(result.keys, units, strict=True)]
    answers = {}
    for key, name, unit in zip(result.keys, names, units, strict=True):
        title = f"{name} ({key})" if names.count(name) > 1 else name
        back = undo.get(unit.field, ()) if unit else ()
        beside = measure if unit and unit.field == "target" else ""
        answers[key] = Answer(key, title, unit, back, "" if unit else note, beside)
    return answers


def _name(project: Project, field: str) -> str:
    return answer_name(project.data.kind, project.data.params, field)


def by_key(outputs: Outputs) -> dict[str, Tensor]:
    """The outputs by key."""
    return outputs if isinstance(outputs, dict) else {"": outputs}
