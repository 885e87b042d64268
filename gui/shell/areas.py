"""Where panels stand: pages in the middle, sides around them, with sizes and visibility that are remembered."""

from collections.abc import Callable, Iterator, Sequence
from typing import Literal, Protocol, runtime_checkable

from msgspec import Struct
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QSplitter,
    QStackedWidget,
    QTabBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gui.context.context import Context

Side = Literal["left", "right", "bottom", "page"]
SHARE = 0.45  # of a side, for a panel that comes to the others


class Panel(Struct, frozen=True):
    """One panel: its ``objectName``, the action that shows it, and how it is made, on its first showing at the latest.

    ``size_px``: its width, or height at the bottom, in the first layout; ``slim_px``: while little of it is wanted, as
    at first. ``share``: its part of the bottom's width.
    ``titled``: it has a head with its name. ``large``: its side takes the room that it wants while it is shown.
    ``serves``: the pages that it is shown with; none for all. ``nothing``: why there is nothing to show in it at first.
    """

    name: str
    title: str
    side: Side
    action: str
    make: Callable[[Context], QWidget]
    size_px: int = 0
    slim_px: int = 0
    share: int = 1
    hidden: bool = False
    titled: bool = False
    large: bool = False
    serves: tuple[str, ...] = ()
    nothing: str = ""


@runtime_checkable
class Fillable(Protocol):
    """A panel of which only what is shown is there at first."""

    def fill(self) -> None:
        """Make the rest."""
        ...


class Stack(QStackedWidget):
    """Pages on each other, as small as the one that is shown may be: the others do not push what stands around them."""

    def __init__(self) -> None:
        super().__init__()
        self.currentChanged.connect(self.updateGeometry)

    def minimumSizeHint(self) -> QSize:
        shown = self.currentWidget()
        return shown.minimumSizeHint().expandedTo(shown.minimumSize()) if shown else QSize(0, 0)


class Splitter(QSplitter):
    """Parts with edges between them that a person can drag."""

    resized = Signal()  # there is more or less room for them than before

    def __init__(self, name: str, orientation: Qt.Orientation) -> None:
        super().__init__(orientation)
        self.setObjectName(name)
        self.setChildrenCollapsible(False)
        self.setHandleWidth(1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        before, now = event.oldSize(), event.size()
        is_across = self.orientation() is Qt.Orientation.Horizontal
        if (before.width() != now.width()) if is_across else (before.height() != now.height()):
            self.resized.emit()


class Pages(QFrame):
    """The middle: a row of tabs, the way to the shown graph beside them, and one page at a time."""

    turned = Signal(str, bool)  # to which page, and whether the one before had the keyboard

    def __init__(self, beside: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("pages")
        self._names: list[str] = []
        self._unmade: dict[str, tuple[QWidget, Callable[[], QWidget]]] = {}  # what keeps its place, and what makes it
        self.tabs = QTabBar()
        self.tabs.setObjectName("tabs")
        self.tabs.setExpanding(False)
        self.tabs.setDrawBase(False)
        self.tabs.setUsesScrollButtons(False)
        self.tabs.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._stack = Stack()
        head = QFrame()
        head.setObjectName("pages_head")
        row = QHBoxLayout(head)
        row.setContentsMargins(8, 3, 12, 0)
        row.setSpacing(20)
        row.addWidget(self.tabs)
        row.addWidget(beside)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(head)
        column.addWidget(self._stack, 1)
        self.tabs.currentChanged.connect(self._turn)

    def add(self, name: str, title: str, make: Callable[[], QWidget]) -> None:
        """Put a page at the end; it is made when it is turned to, or when `fill` asks for it."""
        self._names.append(name)
        empty = QWidget()
        self._unmade[name] = (empty, make)
        self._stack.addWidget(empty)
        self.tabs.addTab(title)

    def fill(self, name: str) -> None:
        """Make a page, unless it is there already."""
        if name in self._unmade:
            empty, make = self._unmade.pop(name)
            is_shown = self._stack.currentWidget() is empty
            page = make()
            self._stack.insertWidget(self._names.index(name), page)
            self._stack.removeWidget(empty)
            empty.deleteLater()
            if is_shown:
                self._stack.setCurrentWidget(page)

    def show_page(self, name: str) -> None:
        """Turn to a page; one that is not there is passed over."""
        if name in self._names:
            self.tabs.setCurrentIndex(self._names.index(name))

    def title(self, name: str) -> str:
        """What a page is called."""
        return self.tabs.tabText(self._names.index(name)) if name in self._names else name

    @property
    def shown(self) -> str:
        """The name of the page that is shown, empty while there is none."""
        index = self.tabs.currentIndex()
        return self._names[index] if index >= 0 else ""

    def _turn(self, index: int) -> None:
        before, focus = self._stack.currentWidget(), QApplication.focusWidget()
        had_keyboard = before is not None and focus is not None and (focus is before or before.isAncestorOf(focus))
        if index >= 0:
            self.fill(self._names[index])
        self._stack.setCurrentIndex(index)
        if index >= 0:
            self.turned.emit(self._names[index], had_keyboard)


class SidePanels(QSplitter):
    """Panels beside each other along one edge; gone when none of them is shown."""

    closed = Signal(str)  # a panel was closed at its head

    def __init__(self, side: Side, orientation: Qt.Orientation, parent: QWidget | None = None) -> None:
        super().__init__(orientation, parent)
        self.setObjectName(f"side_{side}")
        self.setChildrenCollapsible(False)
        self.setHandleWidth(1)
        self._frames: dict[str, QWidget] = {}
        self._unmade: dict[str, Callable[[], QWidget]] = {}
        self._wanted: list[int] = []  # the sizes when all are shown, given or dragged
        self.splitterMoved.connect(self._note_sizes)

    def setSizes(self, sizes: Sequence[int]) -> None:
        """Share the side; a panel that is hidden gets its part when it is shown."""
        self._wanted = list(sizes)
        super().setSizes(self._wanted)

    def _note_sizes(self, *_: int) -> None:
        if all(self.sizes()):
            self._wanted = self.sizes()

    def add(self, panel: Panel, make: Callable[[], QWidget]) -> None:
        """Put a panel at the end; it is made when it is shown, or when `fill` asks for it."""
        frame = self._framed(panel)
        frame.hide()
        self._unmade[panel.name] = make
        self._frames[panel.name] = frame
        self.addWidget(frame)
        self.setStretchFactor(self.count() - 1, 0 if panel.titled else 1)

    def fill(self, name: str) -> None:
        """Make a panel, unless it is there already."""
        layout = self._frames[name].layout()
        if (make := self._unmade.pop(name, None)) and isinstance(layout, QVBoxLayout):
            layout.addWidget(make(), 1)

    def set_shown(self, name: str, *, shown: bool) -> None:
        """Show or hide a panel."""
        frame = self._frames[name]
        if shown:
            self.fill(name)
        comes = shown and frame.isHidden()
        frame.setVisible(shown)
        self.setVisible(any(not frame.isHidden() for frame in self._frames.values()))
        if comes and frame.property("titled"):
            self._make_room(self.indexOf(frame))
        elif comes and self._wanted and sum(not each.isHidden() for each in self._frames.values()) > 1:
            super().setSizes(self._wanted)

    def _make_room(self, at: int) -> None:
        """Give a panel that comes to the others a share that something can be seen in."""
        sizes = self.sizes()
        wanted = round(sum(sizes) * SHARE)
        largest = max(range(len(sizes)), key=lambda place: sizes[place])
        if sizes[at] < wanted and largest != at:
            sizes[largest] -= wanted - sizes[at]
            sizes[at] = wanted
            super().setSizes(sizes)

    def is_shown(self, name: str) -> bool:
        """Whether a panel is to be seen, as far as it is up to this side."""
        return not self._frames[name].isHidden()

    def __contains__(self, name: object) -> bool:
        return name in self._frames

    def __iter__(self) -> Iterator[str]:
        return iter(self._frames)

    def _framed(self, panel: Panel) -> QWidget:
        """Where the panel will be, below its head if it has one."""
        frame = QWidget()
        column = QVBoxLayout(frame)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        if panel.titled:
            frame.setProperty("titled", "true")
            frame.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
            column.addLayout(self._head(panel))
        return frame

    def _head(self, panel: Panel) -> QHBoxLayout:
        title = QLabel(panel.title)
        title.setProperty("voice", "head")
        close = QToolButton()
        close.setText("×")
        close.setToolTip(f"Hide {panel.title.lower()}")
        close.setAccessibleName(f"Hide {panel.title.lower()}")
        close.setProperty("role", "small")
        close.clicked.connect(lambda: self.closed.emit(panel.name))
        head = QHBoxLayout()
        head.setContentsMargins(12, 6, 6, 2)
        head.addWidget(title)
        head.addStretch(1)
        head.addWidget(close)
        return head
