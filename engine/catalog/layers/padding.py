"""Layers that add a border to a signal, an image or a volume, or cut one off."""

from collections.abc import Mapping

from engine.catalog.emit import Module
from engine.catalog.layers.convolution import SPACES, primed
from engine.catalog.params import Float, Param, Sizes
from engine.catalog.requirements import Border, BorderKind
from engine.catalog.shapes import Shapes, of
from engine.catalog.spec import Element, Layer, Layout, Port

ORDERS = {1: "(left, right)", 2: "(left, right, top, bottom)", 3: "(left, right, top, bottom, front, back)"}
"""By number of axes: the sides in torch's order, the last axis first."""

BOUNDED: Mapping[str, BorderKind] = {"Reflection": "mirrored", "Circular": "wrapped"}
"""Borders that cannot be of any size."""

VALUE = Float("value", 0.0, required=True, help="The number that fills the border.")


def _pad(
    n: int, name: str, summary: str, limit: str, *params: Param, element: Element = "any", layout: Layout = "moved"
) -> Layer:
    thing, unit, letters = SPACES[n]
    padding = Sizes(
        "padding",
        1,
        n=2 * n,
        required=True,
        unit=unit,
        help=f"Size of the border on every side, or on each one: {ORDERS[n]}{limit}; a negative one cuts off.",
    )
    return Layer(
        kind=f"{name}Pad{n}d",
        family="padding",
        emit=Module(f"nn.{name}Pad{n}d"),
        summary=summary.format(thing=thing),
        shape=Shapes(
            (of("B", "C", *letters),),
            (of("B", "C", *primed(letters)),),
            ", each size n -> n + the padding on both of its sides",
        ),
        source="Dumoulin and Visin 2016" if name in ("Constant", "Zero") else "Innamorati et al. 2018",
        params=(padding, *params),
        inputs=(Port("input", element),),
        outputs=(Port("output", element),),
        within=None if layout == "computed" else "input",
        layout=layout,
        border=Border("padding", BOUNDED.get(name, "any")),
    )


LAYERS = (
    *(
        _pad(n, "Zero", "Add a border of zeros to {thing}.", "", layout="computed").known_as(
            "border", "margin", prominence=int(n == 2)
        )
        for n in SPACES
    ),
    *(
        _pad(n, "Constant", "Add a border of one number to {thing}.", "", VALUE, layout="computed").known_as(
            "causal padding"
        )
        for n in SPACES
    ),
    *(
        _pad(
            n,
            "Reflection",
            "Add a border to {thing} that mirrors what is inside, without repeating the edge.",
            "; smaller than the axis",
            element="float",
        ).known_as("mirror")
        for n in SPACES
    ),
    *(
        _pad(n, "Replication", "Add a border to {thing} that repeats the edge.", "", element="float").known_as("edge")
        for n in SPACES
    ),
    *(
        _pad(
            n,
            "Circular",
            "Add a border to {thing} that continues it from the opposite side.",
            "; at most the size of the axis",
        ).known_as("periodic", "wrap")
        for n in SPACES
    ),
)
