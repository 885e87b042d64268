"""The areas of the window: pages in the middle, and panels at the sides."""

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
SHARE = 0.45  # of a side, for a panel that appears beside others and needs no more


class Panel(Struct, frozen=True):
    """The declaration of a panel: its ``objectName``, title, side and action, and the function that makes it.

    ``size_px``: its width, or height at the bottom, in the first layout; ``slim_px``: the same while it is slim, as it
    is at first. ``share``: its part of the width of the bottom. ``room``: its part of a side when it appears beside
    others. ``titled``: it has a header with its title. ``large``:
    while it is shown, its side is as large as it needs. ``serves``: the pages that it is shown with; empty for all.
    ``nothing``: why it has nothing to show at first.
    """

    name: str
    title: str
    side: Side
    action: str
    make: Callable[[Context], QWidget]
    size_px: int = 0
    slim_px: int = 0
    share: int = 1
    room: float = SHARE
    hidden: bool = False
    titled: bool = False
    large: bool = False
    serves: tuple[str, ...] = ()
    nothing: str = ""


@runtime_checkable
class Fillable(Protocol):
    """A panel that makes only its visible parts at first."""

    def fill(self) -> None:
        """Make the rest."""
        ...


class Stack(QStackedWidget):
    """A stack whose minimum size is that of its current page."""

    def __init__(self) -> None:
        super().__init__()
        self.currentChanged.connect(self.updateGeometry)

    def minimumSizeHint(self) -> QSize:
        current = self.currentWidget()
        return current.minimumSizeHint().expandedTo(current.minimumSize()) if current else QSize(0, 0)


class Splitter(QSplitter):
    """A splitter that reports when its size along its direction changes."""

    resized = Signal()

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
    """The pages in the middle, with tabs above them, and the widget ``beside`` the tabs."""

    turned = Signal(str, bool)  # the new page, and whether the former one had the focus

    def __init__(self, beside: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("pages")
        self._names: list[str] = []
        # Of each page that is not made yet: its placeholder, and the function that makes it.
        self._makers: dict[str, tuple[QWidget, Callable[[], QWidget]]] = {}
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
        """Add a page; it is made when it is first shown, or by `fill`."""
        self._names.append(name)
        empty = QWidget()
        self._makers[name] = (empty, make)
        self._stack.addWidget(empty)
        self.tabs.addTab(title)

    def fill(self, name: str) -> None:
        """Make a page, unless it exists."""
        if name in self._makers:
            empty, make = self._makers.pop(name)
            is_shown = self._stack.currentWidget() is empty
            page = make()
            self._stack.insertWidget(self._names.index(name), page)
            self._stack.removeWidget(empty)
            empty.deleteLater()
            if is_shown:
                self._stack.setCurrentWidget(page)

    def show_page(self, name: str) -> None:
        """Show a page, if it exists."""
        if name in self._names:
            self.tabs.setCurrentIndex(self._names.index(name))

    def title(self, name: str) -> str:
        """The title of a page."""
        return self.tabs.tabText(self._names.index(name)) if name in self._names else name

    @property
    def current(self) -> str:
        """The name of the current page, or empty."""
        index = self.tabs.currentIndex()
        return self._names[index] if index >= 0 else ""

    def _turn(self, index: int) -> None:
        before, focus = self._stack.currentWidget(), QApplication.focusWidget()
        had_focus = before is not None and focus is not None and (focus is before or before.isAncestorOf(focus))
        if index >= 0:
            self.fill(self._names[index])
        self._stack.setCurrentIndex(index)
        if index >= 0:
            self.turned.emit(self._names[index], had_focus)


class SidePanels(QSplitter):
    """The panels at one side of the window; hidden while none of them is shown."""

    closed = Signal(str)  # the name of a panel that was closed by its button

    def __init__(self, side: Side, orientation: Qt.Orientation, parent: QWidget | None = None) -> None:
        super().__init__(orientation, parent)
        self.setObjectName(f"side_{side}")
        self.setChildrenCollapsible(False)
        self.setHandleWidth(1)
        self._frames: dict[str, QWidget] = {}
        self._makers: dict[str, Callable[[], QWidget]] = {}
        self._rooms: dict[str, float] = {}
        self._full_sizes: list[int] = []  # the sizes while all panels are shown
        self.splitterMoved.connect(self._note_sizes)

    def setSizes(self, sizes: Sequence[int]) -> None:
        """Set the sizes; a hidden panel gets its size when it is shown."""
        self._full_sizes = list(sizes)
        super().setSizes(self._full_sizes)

    def _note_sizes(self, *_: int) -> None:
        if all(self.sizes()):
            self._full_sizes = self.sizes()

    def add(self, panel: Panel, make: Callable[[], QWidget]) -> None:
        """Add a panel; it is made when it is first shown, or by `fill`."""
        frame = self._make_frame(panel)
        frame.hide()
        self._makers[panel.name] = make
        self._rooms[panel.name] = panel.room
        self._frames[panel.name] = frame
        self.addWidget(frame)
        self.setStretchFactor(self.count() - 1, 0 if panel.titled else 1)

    def fill(self, name: str) -> None:
        """Make a panel, unless it exists."""
        layout = self._frames[name].layout()
        if (make := self._makers.pop(name, None)) and isinstance(layout, QVBoxLayout):
            layout.addWidget(make(), 1)

    def set_panel_visible(self, name: str, *, visible: bool) -> None:
        """Show or hide a panel."""
        frame = self._frames[name]
        if visible:
            self.fill(name)
        appears = visible and frame.isHidden()
        frame.setVisible(visible)
        self.setVisible(any(not frame.isHidden() for frame in self._frames.values()))
        if appears and frame.property("titled"):
            self._make_room(self.indexOf(frame), self._rooms[name])
        elif appears and self._full_sizes and sum(not each.isHidden() for each in self._frames.values()) > 1:
            super().setSizes(self._full_sizes)

    def _make_room(self, at: int, share: float) -> None:
        """Give a panel that appears beside others a usable share of the side."""
        sizes = self.sizes()
        size = round(sum(sizes) * share)
        largest = max(range(len(sizes)), key=lambda place: sizes[place])
        if sizes[at] < size and largest != at:
            sizes[largest] -= size - sizes[at]
            sizes[at] = size
            super().setSizes(sizes)

    def is_shown(self, name: str) -> bool:
        """Whether a panel is shown, if its side is."""
        return not self._frames[name].isHidden()

    def __contains__(self, name: object) -> bool:
        return name in self._frames

    def __iter__(self) -> Iterator[str]:
        return iter(self._frames)

    def _make_frame(self, panel: Panel) -> QWidget:
        """The frame of a panel, with a header if it is titled."""
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
