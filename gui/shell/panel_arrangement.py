"""Which panels are shown around a page, and their sizes."""

from collections.abc import Iterable, Mapping

from gui.actions.actions import Actions
from gui.shell.areas import Pages, Panel, SidePanels, Splitter

MAX_OF_WINDOW = 4  # a large panel takes at most the width divided by this
MAX_OF_HEIGHT = 0.29  # a large panel at the bottom takes at most this share
LEAST_PAGE_PX = 240
ROOMY_PX, SLIM = 1400, 0.905  # in narrower windows, the sides are narrower by this factor
BARS_PX = 130  # menus, toolbar and status line


class PanelArrangement:
    """The panels at the three sides of the pages.

    A panel is shown if the user has switched it on, it serves the current page, and it has something to show. A side
    has one size with a large panel, one without, and one with slim panels only. They change only when the user drags an
    edge, so that changes of the page and hidden panels keep them.
    """

    def __init__(
        self,
        table: Iterable[Panel],
        sides: Mapping[str, SidePanels],
        pages: Pages,
        across: Splitter,
        down: Splitter,
        actions: Actions,
    ) -> None:
        self._table = {panel.name: panel for panel in table}
        self._sides, self._pages, self._across, self._down, self._actions = sides, pages, across, down, actions
        self._page = ""
        self._switched_on: dict[str, bool] = {}
        self._empty_reasons: dict[str, str] = {}  # why panels have nothing to show
        self._slim = {panel.name for panel in self._table.values() if panel.slim_px}
        # Of a side, as the user dragged it; with "+": while it has a large panel; with "-": with slim ones only.
        self._px: dict[str, int] = {}
        across.splitterMoved.connect(self._drag_across)
        down.splitterMoved.connect(self._drag_down)
        across.resized.connect(self._fit_across)
        down.resized.connect(self._fit_down)

    # Visibility

    def switch(self, name: str, *, is_on: bool) -> None:
        """Switch a panel on or off."""
        self._switched_on[name] = is_on
        self._show()

    def set_empty(self, name: str, why: str) -> None:
        """Set why a panel has nothing to show; empty if it has something."""
        if self._empty_reasons.get(name, "") != why:
            self._empty_reasons[name] = why
            self._show()

    def set_slim(self, name: str, *, slim: bool) -> None:
        """Make a panel slim, or give it its full size."""
        if slim is not (name in self._slim):
            self._slim ^= {name}
            self.fit()

    def turn(self, page: str) -> None:
        """Follow a change of the page."""
        self._page = page
        self._show()

    def page_for(self, name: str) -> str:
        """The page to show a panel with: the current one if the panel serves it."""
        served = self._table[name].serves
        return self._page if not served or self._page in served else served[0]

    def is_shown(self, name: str) -> bool:
        """Whether a panel is shown."""
        return self._sides[self._table[name].side].is_shown(name)

    @property
    def switched_off(self) -> list[str]:
        """The panels that the user has switched off."""
        return [name for name, is_on in self._switched_on.items() if not is_on]

    def _show(self) -> None:
        for name, is_on in self._switched_on.items():
            panel = self._table[name]
            side, why_not = self._sides[panel.side], self._why_not(panel)
            self._actions.allow(panel.action, why_not)
            self._actions[panel.action].setChecked(is_on and not why_not)
            if side.is_shown(name) != (is_on and not why_not):
                side.set_panel_visible(name, visible=is_on and not why_not)
        self.fit()

    def _why_not(self, panel: Panel) -> str:
        if panel.serves and self._page and self._page not in panel.serves:
            pages = " and ".join(self._pages.title(page) for page in panel.serves)
            return f"The panel {panel.title} is part of the page{'s' * (len(panel.serves) > 1)} {pages}."
        return self._empty_reasons.get(panel.name, "")

    # Sizes

    def fit(self) -> None:
        """Give every side its size, and the page the rest."""
        self._fit_across()
        self._fit_down()

    def _fit_across(self) -> None:
        left, right = self._size("left"), self._size("right")
        self._across.setSizes([left, max(LEAST_PAGE_PX, self._room[0] - left - right), right])

    def _fit_down(self) -> None:
        bottom = self._size("bottom")
        self._down.setSizes([max(LEAST_PAGE_PX, self._room[1] - bottom), bottom])

    @property
    def _room(self) -> tuple[int, int]:
        """The width and height of sides and page together, also before the window is laid out."""
        if self._across.isVisible():
            return sum(self._across.sizes()), sum(self._down.sizes())
        window = self._across.window()
        return window.width(), window.height() - BARS_PX

    def forget_sizes(self) -> None:
        """Reset all sides to their first sizes."""
        self._px.clear()

    def restore_sizes(self, stored: object) -> None:
        """Use stored sizes; invalid ones are ignored."""
        if isinstance(stored, dict):
            self._px = {
                str(key): px
                for key, px in stored.items()
                if key in self._keys and isinstance(px, int) and not isinstance(px, bool) and 0 < px < 10_000
            }

    @property
    def sizes(self) -> dict[str, int]:
        """The sizes that the user has dragged."""
        return dict(self._px)

    @property
    def _keys(self) -> list[str]:
        return [key for side in self._sides for key in (side, f"{side}+", f"{side}-")]

    def _key(self, side: str) -> str:
        visible_panels = [panel for panel in self._at(side) if self.is_shown(panel.name)]
        if any(panel.large for panel in visible_panels):
            return f"{side}+"
        return f"{side}-" if visible_panels and all(panel.name in self._slim for panel in visible_panels) else side

    def _at(self, side: str) -> list[Panel]:
        return [panel for panel in self._table.values() if panel.name in self._switched_on and panel.side == side]

    def _size(self, side: str) -> int:
        """The width of a side, or the height of the bottom."""
        key = self._key(side)
        if key.endswith("-"):
            return self._px.get(key) or max(panel.slim_px for panel in self._at(side))
        return self._px.get(key) or self.first_px(side, with_large=key != side)

    def first_px(self, side: str, *, with_large: bool = False) -> int:
        """The size of a side in the first layout."""
        panels = [panel for panel in self._table.values() if panel.side == side]
        width, height = self._room
        share = 1.0 if side == "bottom" or width >= ROOMY_PX else SLIM
        own = self._px.get(side) or round(
            max((panel.size_px for panel in panels if not panel.large), default=0) * share
        )
        if not with_large:
            return own
        total = height * MAX_OF_HEIGHT if side == "bottom" else width / MAX_OF_WINDOW
        large = max((panel.size_px for panel in panels if panel.large and self.is_shown(panel.name)), default=0)
        return max(own, min(large, round(total)))

    def _drag_across(self, _: int, handle: int) -> None:
        side = "left" if handle == 1 else "right"
        self._px[self._key(side)] = self._across.sizes()[0 if side == "left" else 2]

    def _drag_down(self, *_: int) -> None:
        self._px[self._key("bottom")] = self._down.sizes()[1]
