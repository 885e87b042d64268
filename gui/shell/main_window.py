"""The window: puts together menus, toolbar, panels and status bar."""

from collections.abc import Callable
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from gui.actions.actions import ACTION_SPECS
from gui.context.context import Context
from gui.shell import window_layout
from gui.shell.areas import Fillable, Pages, Panel, SidePanels, Splitter
from gui.shell.banners import Banners
from gui.shell.breadcrumbs import Breadcrumbs
from gui.shell.frame import Frame
from gui.shell.menus import MenuRow, Menus, RecentMenu
from gui.shell.panel_arrangement import PanelArrangement
from gui.shell.panels import PANELS
from gui.shell.statusbar import StatusBar
from gui.shell.toolbar import Toolbar
from gui.system.dropped_files import project_in

P = TypeVar("P", bound=QWidget)


class Window(QObject):
    """One document with all its panels, in a frame; `add` places the panels of the ``table``."""

    leaving = Signal()  # the window closes

    def __init__(self, frame: Frame, context: Context, panels: tuple[Panel, ...] = PANELS) -> None:
        super().__init__(frame)
        self.frame, self.context = frame, context
        self.panels: dict[str, QWidget] = {}
        self._waiting: dict[str, list[Callable[[Any], object]]] = {}
        self.table = panels
        frame.setAcceptDrops(True)
        frame.may_close, frame.takes, frame.drop = self._may_close, _takes, self._drop
        frame.unhandled_key = self._handle_key
        self._build_menus()
        self._build_body()
        self._apply_icons()
        context.theme.changed.connect(self._apply_icons)
        for signal in (context.document.path_changed, context.document.modified_changed, context.document.replaced):
            signal.connect(self._show_title)
        context.document.edited.connect(lambda _: self._show_title())  # which may rename the project
        self._show_title()

    # Parts

    def _build_menus(self) -> None:
        context = self.context
        self._menu_row = MenuRow(self.frame)
        self._menu_row.hide()
        self.file_name = self._menu_row.file_name
        self.menus = Menus(self._menu_row.bar, context.actions, self)
        recent = RecentMenu(context.preferences, context.files, self.frame)
        self.menus.menus["File"].insertMenu(context.actions["file.save"], recent)
        self.frame.addActions([context.actions[row.id] for row in ACTION_SPECS if not row.local])

    def _build_body(self) -> None:
        context = self.context
        self.toolbar = Toolbar(context.document, context.actions, context.theme)
        self.status = StatusBar(context.document, context.selection, context.notices, context.files.journaling)
        self._crumbs = Breadcrumbs(context.document, context.selection)
        self._crumbs.graph_opened.connect(lambda: self.turn_to("canvas"))
        self.pages = Pages(self._crumbs)
        self.pages.turned.connect(self._follow_page)
        self.banners = Banners(context.notices, context.theme, self.pages)
        vertical, horizontal = Qt.Orientation.Vertical, Qt.Orientation.Horizontal
        self.sides = {
            "left": SidePanels("left", vertical),
            "right": SidePanels("right", vertical),
            "bottom": SidePanels("bottom", horizontal),
        }
        self._across, self._down = Splitter("across", horizontal), Splitter("down", vertical)
        for place, widget in enumerate((self.sides["left"], self.pages, self.sides["right"])):
            self._across.addWidget(widget)
            self._across.setStretchFactor(place, 1 if widget is self.pages else 0)
        self._down.addWidget(self._across)
        self._down.addWidget(self.sides["bottom"])
        self._down.setStretchFactor(0, 1)
        for side in self.sides.values():
            side.setVisible(False)
            side.closed.connect(lambda name: self.show_panel(name, visible=False))
        self.arrangement = PanelArrangement(
            self.table, self.sides, self.pages, self._across, self._down, context.actions
        )
        self.body = body = QWidget(self.frame)
        body.hide()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.toolbar)
        column.addWidget(self._down, 1)

    def appear(self) -> None:
        """Put everything into the frame at once, in the stored layout."""
        self.frame.setMenuWidget(self._menu_row)
        self.frame.setCentralWidget(self.body)
        self.frame.setStatusBar(self.status)
        for part in (self._menu_row, self.body, self.status):
            part.show()
        self._restore_layout()

    def add(self, panel: Panel) -> None:
        """Give a panel its place; it is made when it is first shown, or by `fill`."""
        actions = self.context.actions
        if panel.side == "page":
            self.pages.add(panel.name, panel.title, lambda: self._make(panel))
            actions.on(panel.action, lambda: self.turn_to(panel.name))
        else:
            self.sides[panel.side].add(panel, lambda: self._make(panel))
            self.arrangement.set_empty(panel.name, panel.nothing)
            visible = panel.name not in window_layout.hidden(self.context.preferences, self._hidden_at_first)
            actions.on_toggle(panel.action, lambda visible: self.show_panel(panel.name, visible=visible))
            self.arrangement.switch(panel.name, is_on=visible)

    def _make(self, panel: Panel) -> QWidget:
        widget = panel.make(self.context)
        widget.setObjectName(panel.name)
        widget.setAccessibleName(panel.title)
        self.panels[panel.name] = widget
        for connect in self._waiting.pop(panel.name, ()):
            connect(widget)
        return widget

    def fill(self, panel: Panel) -> None:
        """Make a panel, and those of its parts that were not shown yet."""
        place = self.pages if panel.side == "page" else self.sides[panel.side]
        place.fill(panel.name)
        if isinstance(panel_widget := self.panels[panel.name], Fillable):
            panel_widget.fill()

    def when_made(self, name: str, connect: Callable[[Any], object]) -> None:
        """Call ``connect`` with a panel: now, or when it is made."""
        if name in self.panels:
            connect(self.panels[name])
        else:
            self._waiting.setdefault(name, []).append(connect)

    @property
    def _hidden_at_first(self) -> list[str]:
        return [panel.name for panel in self.table if panel.hidden]

    # Layout

    def _restore_layout(self) -> None:
        """Restore the layout of the last window, or the first layout."""
        self._share_sides()
        window_layout.restore(self.frame, self.sides.values(), self.context.preferences)
        self.arrangement.restore_sizes(window_layout.edges(self.context.preferences))
        self.pages.show_page(window_layout.page(self.context.preferences))
        self._adapt_to_page(self.pages.current)

    def reset_layout(self) -> None:
        """Restore the first layout."""
        self.arrangement.forget_sizes()
        self._share_sides()
        for panel in self.table:
            if panel.side != "page":
                self.show_panel(panel.name, visible=not panel.hidden)

    def _share_sides(self) -> None:
        for side in self.sides.values():
            panels = [panel for panel in self.table if panel.name in side]
            vertical = side.orientation() is Qt.Orientation.Vertical
            side.setSizes([panel.size_px if vertical else panel.share * 100 for panel in panels])

    def keep_layout(self) -> None:
        """Store the layout."""
        stored = self.context.preferences.values.layout.get("sizes")
        sizes = dict(stored) if isinstance(stored, dict) else {}
        sizes |= {side.objectName(): side.sizes() for side in self.sides.values() if all(side.sizes())}
        edges, hidden = self.arrangement.sizes, self.arrangement.switched_off
        layout = window_layout.current_layout(self.frame, edges, sizes, hidden, self.pages.current)
        self.context.preferences.set("layout", layout)

    def panel(self, name: str, kind: type[P]) -> P | None:
        """A panel by its name, if it exists."""
        panel = self.panels.get(name)
        return panel if isinstance(panel, kind) else None

    def show_panel(self, name: str, *, visible: bool) -> None:
        """Show a panel with the pages that it serves, or hide it."""
        self.arrangement.switch(name, is_on=visible)

    def bring_panel(self, name: str) -> None:
        """Show a panel, on another page if it does not serve the current one."""
        self.pages.show_page(self.arrangement.page_for(name))
        self.show_panel(name, visible=True)

    def _show_title(self) -> None:
        document, files = self.context.document, self.context.files
        self.frame.setWindowTitle(f"{files.title}[*]")  # Qt appends the name of the program, as for dialogs
        self.frame.setWindowModified(document.modified)
        self.file_name.setText(f"{files.title}{' •' if document.modified else ''}")
        self.file_name.setToolTip(str(document.path or "Not in a file yet"))

    def _apply_icons(self) -> None:
        theme, actions = self.context.theme, self.context.actions
        for row in ACTION_SPECS:
            if row.icon:
                colour = "on_go" if row.id == "train.start" else "text"
                actions[row.id].setIcon(theme.icon(row.icon, colour))
                actions[row.id].setIconVisibleInMenu(False)

    # Focus

    def focus_panel(self, name: str, *, ring: bool = True) -> None:
        """Focus a panel, if it exists; ``ring``: with a focus ring, as after a key."""
        if panel := self.panels.get(name):
            _focus(panel, Qt.FocusReason.TabFocusReason if ring else Qt.FocusReason.OtherFocusReason)

    def next_panel(self, step: int = 1) -> None:
        """Focus the next visible panel, or with -1 the previous one."""
        stops = [widget for widget in self._focus_order() if widget.isVisible()]
        here = QApplication.focusWidget()
        at = next((place for place, stop in enumerate(stops) if here and (stop is here or stop.isAncestorOf(here))), -1)
        for distance in range(1, len(stops) + 1):
            if _focus(stops[(at + distance * step) % len(stops)]):
                return

    def turn_to(self, name: str) -> None:
        """Show a page and focus it."""
        self.pages.show_page(name)
        self.focus_panel(name)

    def _follow_page(self, name: str, had_focus: bool) -> None:
        """Follow a change of the page; the new one gets the focus if the former one had it."""
        self._adapt_to_page(name)
        if had_focus:
            self.focus_panel(name)

    def _adapt_to_page(self, page: str) -> None:
        """Show around a page only what serves it."""
        self.arrangement.turn(page)
        self.toolbar.turn(page)
        self.status.turn(page)
        self._crumbs.setVisible(page in ("canvas", "code"))

    def _focus_order(self) -> list[QWidget]:
        order = ("left", "page", "right", "bottom")
        panels = sorted(self.table, key=lambda panel: order.index(panel.side))
        there = [self.panels[panel.name] for panel in panels if panel.name in self.panels]
        return [self.toolbar, *there, self.banners]

    # Events of the frame

    def _may_close(self) -> bool:
        if not self.context.files.may_leave():
            return False
        self.keep_layout()
        self.leaving.emit()
        return True

    def _handle_key(self, event: QKeyEvent) -> None:
        """Go back to the page by Escape; for another key, say why its action is disabled."""
        if event.key() == Qt.Key.Key_Escape:
            self.focus_panel(self.pages.current)
        elif why := self.context.actions.why_not(event, local=False):
            self.context.notices.show_briefly(why)

    def _drop(self, event: QDropEvent) -> None:
        if path := project_in(event.mimeData()):
            event.acceptProposedAction()
            self.context.files.open(path)


def _takes(event: QDragEnterEvent) -> bool:
    return project_in(event.mimeData()) is not None


def _focus(panel: QWidget, reason: Qt.FocusReason = Qt.FocusReason.TabFocusReason) -> bool:
    """Focus a panel, or the first widget in it that accepts the focus."""
    first = [proxy] if (proxy := panel.focusProxy()) else []
    for widget in (*first, panel, *panel.findChildren(QWidget)):
        if widget.isVisible() and widget.isEnabled() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            widget.setFocus(reason)
            return True
    return False
