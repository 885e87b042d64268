"""Scenes of libraries of blocks: in the palette, and the dialog that publishes."""

from typing import TYPE_CHECKING

from PySide6.QtTest import QTest

if TYPE_CHECKING:
    from states import Album


def library(it: "Album") -> None:
    """The palette with the shipped blocks and the card of one; a search for them."""
    it.fresh("digits-cnn")
    it.context.libraries.finish()
    palette = it.window.panels["palette"]
    model = palette.model
    palette.list.scrollToBottom()
    it.rest()
    for name in ("BasicBlock", "SqueezeExcite"):
        for variant in it.variants():
            row = next(row for row in range(model.rowCount()) if model.index(row).data() == name)
            palette.list.scrollToBottom()
            palette.list.hovered.emit(model.index(row))
            it.rest(0.4)
            it.take(f"library-{name.lower()}-{variant}", palette.card)
            it.take(f"library-{name.lower()}-{variant}-window")
        palette.card.hide()
    QTest.keyClicks(palette.search, "skip connection")
    it.rest()
    it.keep("library-search")
    palette.search.clear()


LIBRARY_SCENES = (library,)
