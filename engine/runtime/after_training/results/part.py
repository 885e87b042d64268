"""The samples that a run is evaluated on: a part of its data, or a new file that holds the truth."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from torch import Tensor

from engine.errors import RunProblem
from engine.runtime.after_training.trained_network import TrainedNetwork
from engine.runtime.checkpoints.run_folder_check import refuse_other_data
from engine.runtime.data.field_spec import FieldSpec
from engine.runtime.data.load import SHIPPED
from engine.runtime.data.prepared_samples import Fitted, LoadedData, PartName, load_data
from resources.snippets.samples import Refusal


@dataclass(frozen=True, slots=True)
class LabelledPart:
    """Samples with their truth, as the network gets them.

    ``place``: where the sample of an index is. ``source``: the file or folder, empty for built-in data.
    """

    name: str
    fields: Mapping[str, Tensor]
    place: Callable[[int], str]
    specs: Mapping[str, FieldSpec]
    class_names: Mapping[str, Sequence[str]]
    fitted: Sequence[Fitted]
    columns: Sequence[tuple[str, tuple[str, ...]]] = ()
    measure: str = ""
    source: str = ""
    refusals: tuple[Refusal, ...] = ()

    def __len__(self) -> int:
        return len(next(iter(self.fields.values()), ()))


def part_of_run(network: TrainedNetwork, name: PartName) -> LabelledPart:
    """A part of the data of a run. Raises: ``EngineError`` where it has no samples, or the data is another by now."""
    data = load_data(network.project, network.record.base)
    refuse_other_data(network.record, data)
    part = data.part(name)
    if not len(part):
        parts = " or ".join(each for each, samples in data.parts if len(samples))
        hint = f"Measure {parts}; split.{name} of the project sets how much a new run holds out."
        raise RunProblem(f"The {name} part of the data has no samples.", hint=hint, code="R014")
    numbers = part.index.tolist()
    return LabelledPart(
        name,
        part.fields,
        lambda at: data.whole.place(numbers[at]),
        data.specs,
        data.class_names,
        data.fitted,
        data.whole.columns,
        data.whole.measure,
        _source(data),
    )


def _source(data: LoadedData) -> str:
    """The one file or folder of a user that the samples were read from."""
    paths = [each.path for each in data.sources]
    return paths[0] if len(paths) == 1 and not paths[0].startswith(str(SHIPPED)) else ""
