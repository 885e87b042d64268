"""Small charts as SVG text."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import escape
from math import ceil, floor, log10

WIDTH, HEIGHT = 300, 260
LEFT, BOTTOM, TOP, RIGHT = 46, 40, 10, 12
COLOURS = ("#2f6fde", "#d9663b", "#2a9d7f", "#a05cc5", "#c2912e", "#c94f7c", "#4d9fb8", "#6d7f2c")
TICKS = 5

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart with its axes. ``x``, ``y``: their ends. ``diagonal``: a dashed line from corner to corner."""

    x_title: str
    y_title: str
    x: Point = (0.0, 1.0)
    y: Point = (0.0, 1.0)
    diagonal: tuple[Point, Point] | None = None
    lines: Sequence[tuple[str, Sequence[Point]]] = ()
    dots: Sequence[Point] = ()
    bars: Sequence[tuple[float, float, float]] = field(default_factory=tuple)  # left, right, height

    def svg(self) -> str:
        """The picture."""
        parts = [*self._axes(), *self._bars(), *self._diagonal(), *self._dots(), *self._lines()]
        title = escape(f"{self.y_title} over {self.x_title}")
        return (
            f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" role="img" '
            f'aria-label="{title}">{"".join(parts)}</svg>'
        )

    def _at(self, point: Point) -> str:
        across = (point[0] - self.x[0]) / ((self.x[1] - self.x[0]) or 1)
        up = (point[1] - self.y[0]) / ((self.y[1] - self.y[0]) or 1)
        left = LEFT + min(1, max(0, across)) * (WIDTH - LEFT - RIGHT)
        top = HEIGHT - BOTTOM - min(1, max(0, up)) * (HEIGHT - BOTTOM - TOP)
        return f"{left:.1f},{top:.1f}"

    def _axes(self) -> Iterator[str]:
        for value in ticks(*self.x):
            left, top = self._at((value, self.y[0])).split(",")
            yield f'<line class="grid" x1="{left}" y1="{TOP}" x2="{left}" y2="{top}"/>'
            yield f'<text x="{left}" y="{float(top) + 15:.1f}" text-anchor="middle">{value:g}</text>'
        for value in ticks(*self.y):
            left, top = self._at((self.x[0], value)).split(",")
            yield f'<line class="grid" x1="{left}" y1="{top}" x2="{WIDTH - RIGHT}" y2="{top}"/>'
            yield f'<text x="{LEFT - 6}" y="{float(top) + 4:.1f}" text-anchor="end">{value:g}</text>'
        middle = LEFT + (WIDTH - LEFT - RIGHT) / 2
        yield f'<text class="title" x="{middle}" y="{HEIGHT - 6}" text-anchor="middle">{escape(self.x_title)}</text>'
        centre = TOP + (HEIGHT - BOTTOM - TOP) / 2
        turn = f'transform="rotate(-90 10 {centre})"'
        yield f'<text class="title" x="10" y="{centre}" text-anchor="middle" {turn}>{escape(self.y_title)}</text>'

    def _diagonal(self) -> Iterator[str]:
        if self.diagonal:
            (x1, y1), (x2, y2) = (self._at(each).split(",") for each in self.diagonal)
            yield f'<line class="diagonal" x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}"/>'

    def _bars(self) -> Iterator[str]:
        for low, high, value in self.bars:
            left, top = map(float, self._at((low, value)).split(","))
            right, foot = map(float, self._at((high, self.y[0])).split(","))
            size = f'width="{max(0.5, right - left - 1):.1f}" height="{max(0.0, foot - top):.1f}"'
            yield f'<rect class="bar" x="{left:.1f}" y="{top:.1f}" {size}/>'

    def _dots(self) -> Iterator[str]:
        for point in self.dots:
            left, top = self._at(point).split(",")
            yield f'<circle class="dot" cx="{left}" cy="{top}" r="2.2"/>'

    def _lines(self) -> Iterator[str]:
        for at, (name, points) in enumerate(self.lines):
            path = " ".join(map(self._at, points))
            colour = COLOURS[at % len(COLOURS)]
            yield f'<polyline points="{path}" stroke="{colour}"><title>{escape(name)}</title></polyline>'


def legend(names: Sequence[str]) -> str:
    """The names of the lines of a chart beside their colours; none for a single line."""
    if len(names) < 2:
        return ""
    entries = "".join(
        f'<span><i style="background:{COLOURS[at % len(COLOURS)]}"></i>{escape(name)}</span>'
        for at, name in enumerate(names)
    )
    return f'<p class="legend">{entries}</p>'


def ticks(low: float, high: float) -> list[float]:
    """A few round numbers from ``low`` to ``high``."""
    span = high - low
    if span <= 0:
        return [low]
    rough = span / TICKS
    size = 10.0 ** floor(log10(rough))
    step = next(size * factor for factor in (1, 2, 5, 10) if size * factor >= rough)
    first, last = ceil(low / step - 1e-9), floor(high / step + 1e-9)
    return [float(f"{at * step:.10g}") for at in range(first, last + 1)]
