"""The fields of the data that inputs can read: those found in it, else those that its kind declares."""

from collections.abc import Sequence
from typing import NamedTuple

from engine.catalog.datasets import datasets
from engine.graph.model import Data


class Offered(NamedTuple):
    """A field, and what it holds as far as that is declared."""

    name: str
    help: str = ""


def offered_fields(data: Data, found: Sequence[str]) -> tuple[Offered, ...]:
    """The fields to choose from; ``found``: those of the data as it was read, empty as long as it was not."""
    declared = datasets().get(data.kind)
    helps = {field.name: field.help for field in declared.fields} if declared else {}
    return tuple(Offered(name, helps.get(name, "")) for name in (found or helps))
