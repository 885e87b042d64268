"""Which panels are around a page, and how large: those that serve it, are wanted, and have something to show."""

from collections.abc import Iterable, Mapping

from gui.actions.actions import Actions
from gui.shell.areas import Pages, Panel, SidePanels, Splitter

MOST_OF_WINDOW = 4  # no panel that joins others takes more than this part of the width
MOST_OF_HEIGHT = 0.29  # of the window, for the panels at the bottom in the first layout
LEAST_PAGE_PX = 240
ROOMY_PX, SLIM = 1400, 0.905  # in narrower windows the sides leave more to the page
BARS_PX = 130  # menus, toolbar and status line


class PanelArrangement:
    """The three sides around the pages.

    A side has two sizes: one of its own, and one with the panels that want more room. Both change only when a person
    drags an edge, so turning the pages and hiding panels give every side back what it had.
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
        self._wanted: dict[str, bool] = {}
        self._nothing: dict[str, str] = {}  # panels that have nothing to show, and why
        self._slim = {panel.name for panel in self._table.values() if panel.slim_px}  # of which little is wanted
        # Of a side, as a person dragged it; with "+": while it has a large panel; with "-": only slim ones.
        self._px: dict[str, int] = {}
        across.splitterMoved.connect(self._drag_across)
        down.splitterMoved.connect(self._drag_down)
        across.resized.connect(self._fit_across)
        down.resized.connect(self._fit_down)

    # What is shown

    def want(self, name: str, *, shown: bool) -> None:
        """A person wants to see a panel, or not."""
        self._wanted[name] = shown
        self._show()

    def set_nothing(self, name: str, why: str) -> None:
        """Leave a panel out as long as it has nothing to show; empty when it has."""
        if self._nothing.get(name, "") != why:
            self._nothing[name] = why
            self._show()

    def set_slim(self, name: str, *, slim: bool) -> None:
        """Little of a panel is wanted, or all."""
        if slim is not (name in self._slim):
            self._slim ^= {name}
            self.fit()

    def turn(self, page: str) -> None:
        """Another page is shown."""
        self._page = page
        self._show()

    def page_for(self, name: str) -> str:
        """The page that a panel is to be seen at: the shown one where it serves that."""
        served = self._table[name].serves
        return self._page if not served or self._page in served else served[0]

    def is_shown(self, name: str) -> bool:
        """Whether a panel is to be seen."""
        return self._sides[self._table[name].side].is_shown(name)

    @property
    def unwanted(self) -> list[str]:
        """The panels that a person does not want to see."""
        return [name for name, wanted in self._wanted.items() if not wanted]

    def _show(self) -> None:
        for name, wanted in self._wanted.items():
            panel = self._table[name]
            side, why_not = self._sides[panel.side], self._why_not(panel)
            self._actions.allow(panel.action, why_not)
            self._actions[panel.action].setChecked(wanted and not why_not)
            if side.is_shown(name) != (wanted and not why_not):
                side.set_shown(name, shown=wanted and not why_not)
        self.fit()

    def _why_not(self, panel: Panel) -> str:
        if panel.serves and self._page and self._page not in panel.serves:
            pages = " and ".join(self._pages.title(page) for page in panel.serves)
            return f"The panel {panel.title} is part of the page{'s' * (len(panel.serves) > 1)} {pages}."
        return self._nothing.get(panel.name, "")

    # How large

    def fit(self) -> None:
        """Give every side its size, and the page what is left."""
        self._fit_across()
        self._fit_down()

    def _fit_across(self) -> None:
        left, right = self._wish("left"), self._wish("right")
        self._across.setSizes([left, max(LEAST_PAGE_PX, self._room[0] - left - right), right])

    def _fit_down(self) -> None:
        bottom = self._wish("bottom")
        self._down.setSizes([max(LEAST_PAGE_PX, self._room[1] - bottom), bottom])

    @property
    def _room(self) -> tuple[int, int]:
        """How wide and high sides and page are together; before the window is laid out, as much as they will get."""
        if self._across.isVisible():
            return sum(self._across.sizes()), sum(self._down.sizes())
        window = self._across.window()
        return window.width(), window.height() - BARS_PX

    def forget_sizes(self) -> None:
        """Give every side the size that it has at first."""
        self._px.clear()

    def take_sizes(self, kept: object) -> None:
        """Use the sizes of an earlier window; what makes no sense is passed over."""
        if isinstance(kept, dict):
            self._px = {
                str(key): px
                for key, px in kept.items()
                if key in self._keys and isinstance(px, int) and not isinstance(px, bool) and 0 < px < 10_000
            }

    @property
    def sizes(self) -> dict[str, int]:
        """The sizes that a person has chosen."""
        return dict(self._px)

    @property
    def _keys(self) -> list[str]:
        return [key for side in self._sides for key in (side, f"{side}+", f"{side}-")]

    def _key(self, side: str) -> str:
        shown = [panel for panel in self._at(side) if self.is_shown(panel.name)]
        if any(panel.large for panel in shown):
            return f"{side}+"
        return f"{side}-" if shown and all(panel.name in self._slim for panel in shown) else side

    def _at(self, side: str) -> list[Panel]:
        return [panel for panel in self._table.values() if panel.name in self._wanted and panel.side == side]

    def _wish(self, side: str) -> int:
        """How wide, or high at the bottom, a side is to be."""
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
        total = height * MOST_OF_HEIGHT if side == "bottom" else width / MOST_OF_WINDOW
        large = max((panel.size_px for panel in panels if panel.large and self.is_shown(panel.name)), default=0)
        return max(own, min(large, round(total)))

    def _drag_across(self, _: int, handle: int) -> None:
        side = "left" if handle == 1 else "right"
        self._px[self._key(side)] = self._across.sizes()[0 if side == "left" else 2]

    def _drag_down(self, *_: int) -> None:
        self._px[self._key("bottom")] = self._down.sizes()[1]
