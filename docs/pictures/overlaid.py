"""Takes a picture of every dialog, menu and card of the window, for people who judge how they look.

Usage, from the project's folder: ``.venv/bin/python docs/pictures/overlaid.py FOLDER [SCALE [SIZE [SCENE...]]]``.
SIZE is 1280x800 unless given. No screen is needed: one of that size is made up, and the window fills it. It trains for
real. Each picture shows what is open and a margin of what it is over, in both themes, and is called
``STATE-THEME-WIDTHxHEIGHT.png``. What reaches beyond the screen is printed.
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from photographer import prepare
from PySide6.QtCore import QPoint, QRect, Qt, QTimer
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from states import SIZES, THEMES, Album

MARGIN_PX = 36
WAIT_S = 0.35
DONE = "taken"  # what a function gives that has kept the picture itself
Then = Callable[[QWidget], object]


class Overlaid(Album):
    """Keeps what is open over the window, with a margin of the window, in both themes."""

    def __init__(self, folder: Path, size: tuple[int, int]) -> None:
        super().__init__(folder)
        self.size, self.name = size, ""
        self.app.frame.move(0, 0)
        self.app.frame.resize(*size)
        self.rest(0.3)

    def themes(self) -> list[str]:
        """The end of a picture's name for each theme."""
        return [f"{theme}-{self.size[0]}x{self.size[1]}" for theme in THEMES]

    def turn(self, variant: str) -> None:
        """Show the theme of a picture's name."""
        self.context.theme.set(variant.partition("-")[0])
        self.rest(0.2)

    def over(self, state: str, act: Callable[[], object], then: Then | None = None, wait_s: float = WAIT_S) -> None:
        """Keep the dialog or menu that ``act`` opens, after ``then`` has used it, and close it."""
        for variant in self.themes():
            self.turn(variant)
            looks: list[bool] = []

            def look(variant: str = variant, looks: list[bool] = looks) -> None:
                top = QApplication.activePopupWidget() or self.dialog()
                if top is None:
                    QTimer.singleShot(40, look)
                    return
                self.name = f"{state}-{variant}"
                if not (then and then(top) == DONE):
                    self.rest(wait_s)
                    self.compose(self.name)
                self.close_all()
                looks.append(True)

            QTimer.singleShot(0, look)
            act()
            self.until(lambda looks=looks: looks, rest_s=0.1)

    def inside(self, state: str, part: Callable[[], QWidget], around: int = MARGIN_PX) -> None:
        """Keep what is open within the window."""
        for variant in self.themes():
            self.turn(variant)
            widget = part()
            self.compose(f"{state}-{variant}", QRect(widget.mapTo(self.app.frame, QPoint()), widget.size()), around)

    def compose(self, name: str, area: QRect | None = None, around: int = MARGIN_PX) -> None:
        """Keep the window with all that is over it, cut to what is open."""
        frame = self.app.frame
        picture, ground = frame.grab(), frame.mapToGlobal(QPoint())
        painter = QPainter(picture)
        for each in _over(frame):
            at = QRect(each.mapToGlobal(QPoint()) - ground, each.size())
            painter.drawPixmap(at.topLeft(), each.grab())
            area = at if area is None else area.united(at)
            if not frame.rect().contains(at):
                print(f"BEYOND THE SCREEN: {name}: {at.getRect()}")
        painter.end()
        cut = (area or frame.rect()).adjusted(-around, -around, around, around) & frame.rect()
        ratio = picture.devicePixelRatio()
        whole = QRect(cut.topLeft() * ratio, cut.size() * ratio)
        _save(picture.copy(whole), self.folder / f"{name}.png")

    def deeper(self, press: Callable[[], object], wait_s: float = 0.7) -> str:
        """Keep what a button of a dialog opens, which blocks until it is closed."""

        def look() -> None:
            self.compose(self.name)
            if (dialog := self.dialog()) is not None:
                dialog.reject()

        QTimer.singleShot(round(1000 * wait_s), look)
        press()
        return DONE

    def close_all(self) -> None:
        """Put everything away that is open."""
        while (popup := QApplication.activePopupWidget()) is not None:
            popup.close()
        if (dialog := self.dialog()) is not None:
            dialog.reject()

    def menu(self, state: str, menu: QMenu, place: QPoint, inside: tuple[str, ...] = ()) -> None:
        """Keep a menu opened somewhere, with the submenus that are named."""

        def enter(top: QWidget) -> None:
            for title in inside:
                action = next(each for each in top.actions() if each.menu() and each.text() == title)  # type: ignore[attr-defined]
                top.setActiveAction(action)  # type: ignore[attr-defined]
                self.rest(0.3)
                top = action.menu()  # type: ignore[attr-defined]

        self.over(state, lambda: menu.popup(place), enter)


def _over(frame: QWidget) -> list[QWidget]:
    """What is open over the window, the uppermost last."""
    visible = [each for each in QApplication.topLevelWidgets() if each is not frame and each.isVisible()]
    depth = {Qt.WindowType.Dialog: 0, Qt.WindowType.Popup: 1, Qt.WindowType.ToolTip: 2}
    return sorted(visible, key=lambda each: (depth.get(each.windowType(), 1), _nesting(each)))


def _nesting(widget: QWidget) -> int:
    parent = widget.parentWidget()
    return 0 if parent is None else 1 + _nesting(parent)


def _save(picture: QPixmap, path: Path) -> None:
    picture.save(str(path))
    print(f"{path.name:48} {picture.width():5} x {picture.height()}")


def _home(folder: Path) -> str:
    """A home with files to choose from."""
    for name in ("Documents/notes.txt", "projects/digits.loom", "projects/houses.csv", "projects/iris.loom"):
        path = folder / "ada" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("{}" * 900, encoding="utf-8")
    return str(folder / "ada")


def main() -> None:
    """Take all pictures of one scale and size, or those of the scenes that are named."""
    from overlaid_scenes import SCENES

    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    scale = float(sys.argv[2]) if len(sys.argv) > 2 else 1.0
    wide, _, high = sys.argv[3].partition("x") if len(sys.argv) > 3 else map(str, (SIZES[0][0], "", SIZES[0][1]))
    names = sys.argv[4:]
    with tempfile.TemporaryDirectory() as home:
        prepare(scale, home, (int(wide), int(high)))
        os.environ["HOME"] = _home(Path(home))
        it = Overlaid(folder, (int(wide), int(high)))
        for scene in SCENES:
            if not names or scene.__name__ in names:
                start = time.monotonic()
                scene(it)
                print(f"{scene.__name__}: {time.monotonic() - start:.0f} s")
        it.context.document.history.setClean()
        it.app.frame.close()


if __name__ == "__main__":
    main()
