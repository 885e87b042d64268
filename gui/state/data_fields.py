"""The fields that inputs can read: those in the data, or, before it has been read, those of its declaration."""

from collections.abc import Mapping
from types import MappingProxyType

from msgspec import Struct

from engine.catalog.data.datasets import datasets
from engine.catalog.data.spec import Field
from engine.check.data import TARGET_FIELDS
from engine.graph.model import Data
from engine.protocol.answers import FieldFound

DataFields = Mapping[str, FieldFound]
"""The fields of data that has been read, by name."""
NO_FIELDS: DataFields = MappingProxyType({})


class AvailableField(Struct, frozen=True):
    """A field with what is known of it; ``axes``: of one sample, ``None`` if unknown."""

    name: str
    help: str = ""
    element: str = "float"
    axes: int | None = None


def _element(field: Field) -> str:
    return "class" if field.element == "int" and field.name in TARGET_FIELDS else field.element


def available_fields(data: Data, data_fields: DataFields) -> tuple[AvailableField, ...]:
    """The fields to choose from; ``data_fields``: those of the data, empty until it has been read."""
    kind = datasets().get(data.kind)
    declared = {
        field.name: AvailableField(
            field.name, field.help, _element(field), None if field.shape is None else len(field.shape)
        )
        for field in (kind.fields if kind else ())
    }
    if not data_fields:
        return tuple(declared.values())
    helps = {name: field.help for name, field in declared.items()}
    return tuple(
        AvailableField(name, helps.get(name, ""), each["element"], len(each["shape"]))
        for name, each in data_fields.items()
    )
