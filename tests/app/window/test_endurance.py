"""A window that is drawn in for hours holds no more in the end than after its first minutes."""

import gc
import os
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QPixmapCache
from PySide6.QtWidgets import QApplication, QWidget

from gui.forms.controls import IconButton
from gui.forms.value_table import ValueTable
from gui.problems.problem_card import ProblemCard
from tests.app.window.person import Person
from tests.app.window.script import Script

ROUNDS, ROUNDS_FULL = 300, 20_000  # each an edit and a repaint
WARM_UP, WARM_UP_FULL = 200, 3000  # caches are full by then
DEPTH = 50  # of the history, to be full as well; how deep it may be is bounded elsewhere
GROWTH_MB = 24.0  # what the memory of a process may waver by
OBJECTS = 0.05  # of Python's objects, likewise


@dataclass
class Usage:
    """What a window on the example holds: Qt's items and widgets, Python's objects, and the memory of the process."""

    items: int
    widgets: Counter[str]
    objects: Counter[str]
    memory_mb: float

    @classmethod
    def by(cls, person: Person) -> "Usage":
        person.document.history.setClean()
        assert person.context.files.new_from("digits-cnn")
        for name in (*person.graph.nodes, *person.graph.nodes):  # the inspector keeps the form it showed last
            person.context.selection.select([name])
        person.context.selection.select(["fc1", "head"])
        person.context.selection.clear()
        person.wait_for_shapes()
        QPixmapCache.clear()  # Qt bounds it by itself, and fills it slowly
        for _ in range(3):
            QApplication.processEvents()
            QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
            gc.collect()
        pools = [*person.frame.findChildren(ProblemCard), *person.frame.findChildren(ValueTable)]
        resets = [each for each in person.frame.findChildren(IconButton) if each.accessibleName().startswith("Reset ")]
        pooled = [each for pool in pools for each in (pool, *pool.findChildren(QWidget))]  # a few are kept for later
        left_out = {id(each) for each in (*pooled, *resets)}  # a row keeps the button that it once needed
        return cls(
            len(person.canvas.scene.items()),
            Counter(type(each).__name__ for each in person.frame.findChildren(QWidget) if id(each) not in left_out),
            Counter(type(each).__name__ for each in gc.get_objects()),
            int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20,
        )


@pytest.mark.timeout(3600)
@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="the system does not tell a process's memory")
def test_a_window_does_not_grow(start, asked_worker, full) -> None:
    person = start(None)
    person.press("welcome_close")
    keep_drawing(person, WARM_UP_FULL if full else WARM_UP, seed=1)
    before = Usage.by(person)
    keep_drawing(person, ROUNDS_FULL if full else ROUNDS, seed=2)
    after = Usage.by(person)

    count = ROUNDS_FULL if full else ROUNDS
    print(  # noqa: T201 (pytest shows it when asked)
        f"{count:,} edits and repaints: {before.items} -> {after.items} items, "
        f"{before.widgets.total():,} -> {after.widgets.total():,} widgets, "
        f"{before.objects.total():,} -> {after.objects.total():,} Python objects, "
        f"{before.memory_mb:.1f} -> {after.memory_mb:.1f} MB; more of {(after.objects - before.objects).most_common(8)}"
        f"; {(after.widgets - before.widgets).most_common(8)}"
    )
    assert after.items == before.items
    assert after.widgets == before.widgets
    assert after.objects.total() <= before.objects.total() * (1 + OBJECTS)
    assert after.memory_mb <= before.memory_mb + GROWTH_MB


def keep_drawing(person: Person, rounds: int, seed: int) -> None:
    """Edit at every round, look elsewhere at some, and have everything painted at each."""
    person.document.history.setClean()
    assert person.context.files.new_from("digits-cnn")
    person.document.history.setUndoLimit(DEPTH)
    script, painted = Script(person.document, seed, lambda: None), PaintArea(person.canvas.view.viewport())
    places = iter(range(rounds))
    timer = QTimer(interval=0)  # within the loop of events, which deletes what is to be deleted later

    def step() -> None:
        place = next(places, None)
        if place is None:
            timer.stop()
        else:
            script.step()
            look_about(person, place)
            person.canvas.view.viewport().repaint()

    timer.timeout.connect(step)
    timer.start()
    person.qtbot.waitUntil(lambda: not timer.isActive(), timeout=3_000_000)
    assert painted.count >= rounds * 0.9  # some rounds are spent on another page


def look_about(person: Person, place: int) -> None:
    """What a person does between edits: select, zoom, switch the theme, turn to other pages."""
    names, pages = [*person.graph.nodes], person.window.pages
    if place % 5 == 0 and names:
        person.context.selection.select(names[place % len(names) :][:2])
    if place % 7 == 0:
        person.canvas.set_zoom((0.2, 0.45, 1.0, 1.7)[place // 7 % 4])
    if place % 100 == 95:
        person.context.actions["view.theme"].trigger()
        pages.show_page(("code", "data", "runs")[place // 100 % 3])
    elif place % 100 == 99:
        pages.show_page("canvas")


class PaintArea(QObject):
    """Counts how often a widget was painted."""

    def __init__(self, widget) -> None:
        super().__init__()
        self.count = 0
        widget.installEventFilter(self)

    def eventFilter(self, obj: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt calls it)
        self.count += event.type() is QEvent.Type.Paint
        return False
