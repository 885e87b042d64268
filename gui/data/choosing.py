"""What stays of a data's settings when it becomes another."""

from collections.abc import Mapping

from engine.catalog.datasets import Origin, datasets, missing, origin
from engine.catalog.params import find
from engine.catalog.transforms import transforms
from engine.graph.model import Data, Part

ORIGINS: Mapping[Origin, str] = {
    "shipped": "Come with Torchloom",
    "own": "Your own files",
    "computed": "Computed",
}


def headings() -> dict[str, str]:
    """What each kind of data is listed under."""
    return {kind: ORIGINS[origin(declared)] for kind, declared in datasets().items()}


def with_kind(data: Data, kind: str) -> Data:
    """Data of another kind: the split stays, and the transforms of fields that it has as well."""
    declared = datasets().get(kind)
    fields = {field.name for field in declared.fields} if declared else set()
    kept = tuple(part for part in data.transforms if field_of(part) in fields)
    return Data(kind, split=data.split, transforms=kept)


def missing_words(data: Data) -> str:
    """What is still to be given before there is anything to read, in a sentence; nothing where that is nothing."""
    asked = [f"{param.name} ({param.wanted})" for param in missing(data.kind, data.params)]
    return f"Still to choose: {' and '.join(asked)}." if asked else ""


def is_readable(data: Data) -> bool:
    """Whether there are files to read, even if something else is still to be given."""
    return not any(param.path for param in missing(data.kind, data.params))


def field_of(part: Part) -> str:
    """The field that a transform changes."""
    declared = transforms().get(part.kind)
    param = find(declared.params, "field") if declared else None
    return str(part.params.get("field", param.default if param else ""))
