"""The kinds of fields: what the numbers of a sample mean, and the names of their axes."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Literal

from msgspec import Struct

from engine.catalog.spec import Element

View = Literal["values", "picture", "overlay", "curve", "text"]
"""How samples are shown: as numbers, a picture, colours over a picture, a curve, or words."""
CHANNEL_AXES = ("channel", "column")
"""The names of axes whose entries have a meaning of their own, such as red, green and blue."""


class FieldKind(Struct, frozen=True, kw_only=True):
    """What a field is. ``axes``: the names of the axes of one sample; several where it may have more than one layout.

    ``element``: the type of its numbers. ``are_classes``: whether they are class numbers. ``is_answer``: whether it
    is usually what a network predicts. ``is_guessed``: whether arrays of this layout, of which nothing else is known,
    are taken to be of this kind.
    """

    kind: str
    summary: str
    axes: tuple[tuple[str, ...], ...] = ()
    element: Element = "float"
    view: View = "values"
    are_classes: bool = False
    is_answer: bool = False
    is_guessed: bool = True

    def fits(self, axes: int, element: str) -> bool:
        """Whether a field of so many axes can be of this kind. ``element``: float, int, class or bool."""
        is_type = element == ("class" if self.are_classes else self.element) or self.element == "any"
        return is_type and (not self.axes or axes in map(len, self.axes))

    @property
    def layout(self) -> str:
        """The names of the axes, for people."""
        return " or ".join(f"({', '.join(names)})" for names in self.axes) or "any axes"


FIELD_KINDS = (
    FieldKind(kind="image", summary="A picture.", axes=(("channel", "height", "width"),), view="picture"),
    FieldKind(
        kind="spectrogram",
        summary="The loudness of the frequencies of a sound, or its cepstral coefficients, over time.",
        axes=(("channel", "band", "time"),),
        view="picture",
        is_guessed=False,
    ),
    FieldKind(
        kind="mask",
        summary="A class for each pixel of an image.",
        axes=(("height", "width"),),
        element="int",
        view="overlay",
        are_classes=True,
        is_answer=True,
    ),
    FieldKind(
        kind="label",
        summary="A class, or a class for each position.",
        axes=((), ("position",)),
        element="int",
        are_classes=True,
        is_answer=True,
    ),
    FieldKind(
        kind="group",
        summary="Which samples belong together, such as the recordings of one speaker.",
        axes=((),),
        element="int",
        are_classes=True,
        is_guessed=False,
    ),
    FieldKind(
        kind="tokens",
        summary="The numbers of characters or words; 0 fills up what is shorter.",
        axes=(("position",),),
        element="int",
        view="text",
    ),
    FieldKind(kind="audio", summary="A sound.", axes=(("channel", "time"),), view="curve", is_guessed=False),
    FieldKind(
        kind="series",
        summary="Values over time.",
        axes=(("time", "channel"),),
        view="curve",
    ),
    FieldKind(
        kind="boxes",
        summary="Rectangles in an image: left, top, right and bottom.",
        axes=(("box", "side"),),
        is_answer=True,
        is_guessed=False,
    ),
    FieldKind(
        kind="tags",
        summary="Several labels: 1 for each that a sample has, else 0.",
        axes=(("tag",),),
        is_answer=True,
        is_guessed=False,
    ),
    FieldKind(
        kind="number",
        summary="A number, or several.",
        axes=((), ("value",)),
        is_answer=True,
        is_guessed=False,
    ),
    FieldKind(kind="table", summary="The columns of a table.", axes=(("column",),)),
    FieldKind(kind="array", summary="Numbers of which nothing else is known.", element="any"),
)
"""Every kind, in the order in which a guess tries them."""

_BY_KIND: Mapping[str, FieldKind] = MappingProxyType({each.kind: each for each in FIELD_KINDS})
KINDS = tuple(_BY_KIND)


def field_kinds() -> Mapping[str, FieldKind]:
    """Every kind of field, by name."""
    return _BY_KIND


def guessed_kind(axes: int, element: str) -> str:
    """The kind of a field of which nothing is known but the number of axes of a sample, and its element."""
    return next(each.kind for each in FIELD_KINDS if each.is_guessed and each.fits(axes, element))


def channel_axis(kind: str, axes: int) -> int:
    """The axis of a sample whose entries have a meaning of their own; the first one where no axis has such entries."""
    declared = _BY_KIND.get(kind)
    names: Sequence[str] = next((each for each in declared.axes if len(each) == axes), ()) if declared else ()
    return next((at for at, name in enumerate(names) if name in CHANNEL_AXES), 0)
