"""How clear the picture of a network is: wires through nodes, wires on one line, chips that are covered or hidden.

Run from the project's folder:  .venv/bin/python -m bench.pictures

What is painted is looked at: the templates as they are shipped, and known networks and random graphs arranged by the
window, or in a row with 40 pixels between nodes, as a hand draws them.
"""

import os
from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations, pairwise
from typing import NamedTuple

from PySide6.QtCore import QLineF, QPointF
from PySide6.QtWidgets import QApplication

from bench.famous import FAMOUS, scattered
from engine.graph.edits import MoveNodes
from engine.graph.model import Graph, Project
from engine.graph.ports import ports
from engine.project import file
from engine.project.templates import templates
from gui.actions.actions import Actions
from gui.canvas.canvas import Canvas
from gui.canvas.items.wire_item import WireItem
from gui.canvas.scene.scene import GraphScene
from gui.state.data_fields import NO_FIELDS
from gui.state.document import Document
from gui.state.selection import Selection
from gui.theme import Theme

STEP_PX = 4.0
NEAR_PX = 1.0  # samples of two wires that are nearer lie on one line
PARALLEL = 0.3  # the sine of the angle between two wires on one line, at most
RUN = 3  # samples in a row: a crossing is shorter
GAP_PX = 40.0
RANDOM = ((1, 20), (2, 40), (3, 60))


class Faults(NamedTuple):
    """Pairs of a wire and a node it runs through; pairs of wires on one line; chips."""

    through: int
    on_one_line: int
    covered_chips: int
    hidden_chips: int


class FakeNodeResults:
    """Results of a node: a shape of usual length at each output."""

    parameters, macs, times = 1_000, 10_000, 1

    def __init__(self, outputs: list[str]) -> None:
        self.outputs: dict[str, tuple[int | str, ...]] = dict.fromkeys(outputs, ("N", 64, 32, 32))
        self.elements: dict[str, str] = {}


class FakeResults:
    """Results of the nodes of a graph."""

    problems = ()
    fields = NO_FIELDS
    reported = ()

    def __init__(self, project: Project) -> None:
        self.nodes = {
            name: FakeNodeResults([port.name for port in ports(project, node).outputs])
            for name, node in project.graphs[project.main].nodes.items()
        }


def sampled(item: WireItem) -> list[QPointF]:
    """Points along the painted curve."""
    points = []
    for polygon in item.path.toSubpathPolygons():
        stops = polygon.toList()
        for one, two in pairwise(stops):
            count = max(1, round((two - one).manhattanLength() / STEP_PX))
            points += [one + (two - one) * (step / count) for step in range(count)]
    return points


def faults(scene: GraphScene) -> Faults:
    """Count what is wrong in a picture."""
    lines = {item: sampled(item) for item in scene.wires.values()}
    through = sum(
        any(node.scene_rect.adjusted(1, 1, -1, -1).contains(point) for point in points)
        for item, points in lines.items()
        for node in scene.nodes.values()
        if node not in (item.source, item.target)
    )
    chips = [rect for item in lines if (rect := item.chip_rect)]
    covered = sum(
        any(rect.intersects(node.scene_rect) for node in scene.nodes.values())
        or any(rect.intersects(other) for other in chips if other is not rect)
        for rect in chips
    )
    return Faults(
        through, len(set(_on_one_line(lines))), covered, sum(bool(item.pieces) for item in lines) - len(chips)
    )


class Sample(NamedTuple):
    """A point of a painted wire, with the direction there."""

    item: WireItem
    place: int
    at: QPointF
    along: QPointF


def _on_one_line(lines: dict[WireItem, list[QPointF]]) -> Iterator[tuple[WireItem, WireItem]]:
    cells: dict[tuple[int, int], list[Sample]] = defaultdict(list)
    for item, points in lines.items():
        for place, (one, two) in enumerate(pairwise(points)):
            sample = Sample(item, place, one, (two - one) / max(QLineF(one, two).length(), 1e-9))
            for x in {int((one.x() + side) // STEP_PX) for side in (-NEAR_PX, NEAR_PX)}:
                for y in {int((one.y() + side) // STEP_PX) for side in (-NEAR_PX, NEAR_PX)}:
                    cells[x, y].append(sample)
    near: dict[tuple[WireItem, WireItem], set[int]] = defaultdict(set)
    for samples in cells.values():
        for one, two in combinations(samples, 2):
            if one.item.wire.source != two.item.wire.source and _run_alike(one, two):
                near[one.item, two.item].add(one.place)
    for pair, places in near.items():
        if any(all(place + step in places for step in range(RUN)) for place in places):
            yield pair


def _run_alike(one: Sample, two: Sample) -> bool:
    """Whether two samples are in one direction, and near each other across it."""
    by = two.at - one.at
    turned = one.along.x() * two.along.y() - one.along.y() * two.along.x()
    return abs(turned) < PARALLEL and abs(one.along.x() * by.y() - one.along.y() * by.x()) < NEAR_PX


def drawings() -> Iterator[tuple[str, Project, bool]]:
    """Names, projects, and whether they keep their positions."""
    for template in templates():
        yield template.name, file.parse(template.text(), template.name), True
    graphs: dict[str, Graph] = {name: draw() for name, draw in FAMOUS.items()}
    graphs |= {f"random, {count} nodes": scattered(seed, count) for seed, count in RANDOM}
    for name, graph in graphs.items():
        yield name, Project(graphs={"Net": graph}), False


def in_a_row(canvas: Canvas) -> None:
    """Put all nodes beside each other."""
    x, places = 0.0, {}
    for name in canvas.scene.graph.nodes:
        places[name] = (x, 0.0)
        x += canvas.scene.nodes[name].look.width + GAP_PX
    canvas.scene.document.do(MoveNodes(canvas.scene.graph_name, places))


def show_project(theme: Theme, project: Project) -> Canvas:
    """A canvas with a project, and with shapes on its wires."""
    document = Document()
    canvas = Canvas(document, Selection(document), FakeResults(project), theme, Actions())
    canvas.arranger.is_animated = False
    canvas.resize(1100, 640)
    canvas.show()
    document.load(project)
    return canvas


def count_faults(canvas: Canvas) -> Faults:
    """What is wrong in what a canvas shows, once all is known and led."""
    canvas.scene.follow_results()
    canvas.scene.routing.finish()
    return faults(canvas.scene)


def main() -> None:
    """Measure, and print."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ["QT_LOGGING_RULES"] = "qt.qpa.*=false"
    app = QApplication([])
    theme = Theme(app, "dark")
    print(f"{'':36}{'through':>9}{'one line':>10}{'covered':>9}{'hidden':>8}")
    total = Faults(0, 0, 0, 0)
    for name, project, is_shipped in drawings():
        canvas = show_project(theme, project)
        for how, place in (("as shipped", None),) if is_shipped else (("arranged", canvas.arrange), ("in a row", None)):
            if how == "in a row":
                in_a_row(canvas)
            elif place:
                place()
            faults = count_faults(canvas)
            total = Faults(*(sum(pair) for pair in zip(total, faults, strict=True)))
            print(f"{name + ', ' + how:36}" + "".join(f"{n:{w}}" for n, w in zip(faults, (9, 10, 9, 8), strict=True)))
        canvas.close()
    print(f"{'all':36}" + "".join(f"{n:{w}}" for n, w in zip(total, (9, 10, 9, 8), strict=True)))
    os._exit(0)


if __name__ == "__main__":
    main()
