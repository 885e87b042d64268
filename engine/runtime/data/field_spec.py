"""One field of a data set: the shape and type of its samples, and what it is."""

from dataclasses import dataclass, field, replace
from typing import Literal

from engine.catalog.data.field_kinds import channel_axis, field_kinds, guessed_kind
from engine.errors import DataProblem


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One field: ``shape`` of one sample, without the sample axis; ``classes``: how many, where it holds class numbers.

    ``kind``: what it is, one of `field_kinds`; left out, it is guessed from the other values, as ``is_guessed`` says.
    ``occurring``: how many of the classes have samples, where that is known. ``whole``: how many different whole
    numbers the target of a table holds, if no others. A letter in ``shape`` is an axis of variable length; fields with
    the same letter share their lengths.
    """

    shape: tuple[int | str, ...]
    dtype: Literal["float32", "int64", "bool"]
    classes: int | None = None
    occurring: int | None = field(default=None, compare=False)
    whole: int | None = field(default=None, compare=False)
    kind: str = ""
    is_guessed: bool = field(default=False, compare=False)

    def __post_init__(self) -> None:
        if not self.kind:
            object.__setattr__(self, "kind", guessed_kind(len(self.shape), self.element))
            object.__setattr__(self, "is_guessed", True)

    def of_kind(self, kind: str) -> "FieldSpec":
        """The field with its kind; as it is where that is not known. Raises: ``DataProblem``, where it cannot be."""
        declared = field_kinds().get(kind)
        if not kind or declared is None:
            return self
        if not declared.fits(len(self.shape), self.element):
            article = "an" if kind[0] in "aeiou" else "a"
            raise DataProblem(
                f"Samples of shape {self.shape} of type {self.element} cannot be {article} {kind}.",
                hint=f"For that they need {'class numbers' if declared.are_classes else declared.element} "
                f"of {declared.layout}.",
                code="D002",
            )
        return replace(self, kind=kind, is_guessed=False)

    @property
    def sizes(self) -> tuple[int, ...]:
        """The shape of a field without variable axes. Raises: `TypeError` for another."""
        sizes = tuple(size for size in self.shape if isinstance(size, int))
        if len(sizes) < len(self.shape):
            raise TypeError(f"the shape {self.shape} has a variable axis")
        return sizes

    @property
    def channel_axis(self) -> int:
        """The axis of a batch whose entries have a meaning of their own; 1 where the kind is a guess."""
        return 1 if self.is_guessed else channel_axis(self.kind, len(self.shape)) + 1

    @property
    def as_fractions(self) -> "FieldSpec":
        """The field after its whole numbers became real numbers."""
        return FieldSpec(self.shape, "float32") if self.dtype == "int64" else self

    @property
    def element(self) -> str:
        """What the field holds, for people and for transforms: float, int, or class for class numbers."""
        if self.classes is not None:
            return "class"
        return {"float32": "float", "int64": "int", "bool": "bool"}[self.dtype]
