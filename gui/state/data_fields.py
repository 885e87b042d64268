"""The fields that inputs can read: those in the data, or, before it has been read, those of its declaration."""

from collections.abc import Mapping
from types import MappingProxyType

from msgspec import Struct

from engine.catalog.data.datasets import datasets
from engine.catalog.data.field_kinds import field_kinds
from engine.catalog.data.spec import Field
from engine.graph.model import Data
from engine.protocol.answers import FieldFound

DataFields = Mapping[str, FieldFound]
"""The fields of data that has been read, by name."""
NO_FIELDS: DataFields = MappingProxyType({})


class AvailableField(Struct, frozen=True):
    """A field with what is known of it; ``kind``: what it is."""

    name: str
    help: str = ""
    element: str = "float"
    kind: str = "array"


def _element(field: Field) -> str:
    return "class" if field_kinds()[field.kind].are_classes else field.element


def available_fields(data: Data, data_fields: DataFields) -> tuple[AvailableField, ...]:
    """The fields to choose from; ``data_fields``: those of the data, empty until it has been read."""
    kind = datasets().get(data.kind)
    declared = {
        field.name: AvailableField(field.name, field.help, _element(field), field.kind)
        for field in (kind.fields if kind else ())
    }
    if not data_fields:
        return tuple(declared.values())
    helps = {name: field.help for name, field in declared.items()}
    return tuple(
        AvailableField(name, helps.get(name, ""), each["element"], each["kind"]) for name, each in data_fields.items()
    )
