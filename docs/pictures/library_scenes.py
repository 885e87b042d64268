"""Scenes of libraries of blocks: in the palette, and the dialog that publishes."""

from typing import TYPE_CHECKING

from PySide6.QtTest import QTest

from engine.project.library import own_folder

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


def publish(it: "Album") -> None:
    """The button on the page of a block, and the dialog: for a new block, and for one whose file is no block."""
    it.fresh("resnet18")
    selection = it.context.selection
    use = next(name for name, node in it.context.document.project.graphs["Net"].nodes.items() if node.graph)
    selection.dive(use)
    it.rest(1.0)
    it.keep("publish-page")
    it.dialogs("publish", "graph.publish")
    block, folder = selection.graph, own_folder()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{block}.loom").write_text("{}", encoding="utf-8")
    it.dialogs("publish-refused", "graph.publish")
    it.context.libraries.finish()
    palette = it.window.panels["palette"]
    model = palette.model
    for variant in it.variants():
        palette.list.scrollToBottom()
        palette.list.hovered.emit(model.index(model.rowCount() - 1))
        it.rest()
        it.take(f"publish-broken-{variant}")
        it.take(f"publish-broken-card-{variant}", palette.card)
    palette.card.hide()
    (folder / f"{block}.loom").unlink()
    it.context.libraries.finish()


LIBRARY_SCENES = (library, publish)
