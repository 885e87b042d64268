"""Menus, cards and messages that are opened for pictures: a scene each; and the order of all scenes."""

import os
from collections.abc import Callable
from pathlib import Path

from overlaid import Overlaid
from overlaid_dialogs import asking, dialogs, exports, runs
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLineEdit, QMenu, QPushButton, QToolTip, QWidget

from engine.graph.edits import RemoveWire, SetData, SetParam
from engine.graph.model import Data
from gui.state.notices import Notice

TABLE = "height,width,colour,town,price\n" + "".join(
    f"{10 + i % 7}.{i % 10},{i % 5 + 3},{('red', 'green', 'blue')[i % 3]},town {i % 9},{i * 3.5 + 10:.1f}\n"
    for i in range(120)
)


def welcome(it: Overlaid) -> None:
    """The first start; gone before any other scene."""
    it.until(lambda: it.shapes_are_known)
    panel = it.app.frame.findChild(QWidget, "welcome")
    if panel:
        it.inside("welcome", lambda: it.app.frame)
        QTest.keyClick(panel, Qt.Key.Key_Escape)
        it.rest(0.3)


def trained(it: Overlaid) -> None:
    """Three runs, one with a name and tags; no picture."""
    from gui.runs.known_runs.labels import rename, set_tag

    for epochs, filters in ((2, 8), (3, 16), (2, 32)):
        it.context.document.do(SetParam("Net", "conv1", "out_channels", filters))
        it.train(epochs)
        it.until(lambda: not len(it.context.runs.link) and it.position > 1, rest_s=0.6)
    runs = [run.path for run in it.context.runs.inventory.runs]
    rename(runs[0], "more filters")
    set_tag(runs[0], "baseline", is_on=True)
    set_tag(runs[1], "to publish", is_on=True)
    it.context.runs.inventory.refresh()
    it.rest(0.5)


def menus(it: Overlaid) -> None:
    """The menus of the bar, of recent files, of device and export."""
    bar = it.window.frame.findChild(QWidget, "menu_row").bar
    here = Path(os.environ["TORCHLOOM_HOME"])
    recent = []
    for name in ("spiral.loom", "cats/net.loom", "dogs/net.loom"):
        path = here / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("{}", encoding="utf-8")
        recent.append(str(path))
    it.context.preferences.set("recent", [*recent, str(here / "gone.loom")])
    for action in bar.actions():
        if action.isVisible():
            it.over(f"menu-{action.text().lower()}", lambda action=action: bar.setActiveAction(action))
    file = bar.actions()[0].menu()
    it.menu("menu-recent", file, bar.mapToGlobal(QPoint(0, bar.height())), ("Open recent",))
    for name in ("button_device", "button_export"):
        button = it.app.frame.findChild(QWidget, name)
        it.menu(f"menu-{name}", button.menu(), button.mapToGlobal(QPoint(0, button.height())))


def canvas(it: Overlaid) -> None:
    """The menus of the canvas, its search, its find bar, the names it lets one type."""
    panel, scene = it.window.panels["canvas"], it.window.panels["canvas"].view.graph_scene
    view = panel.view
    it.act("view.fit")

    def right_click(at: QPointF) -> Callable[[], object]:
        place = view.viewportTransform().map(at).toPoint()

        def act() -> None:
            QTest.mouseClick(view.viewport(), Qt.MouseButton.RightButton, pos=place)

        return act

    def middle(name: str) -> QPointF:
        return scene.nodes[name].scene_rect.center()

    it.over("canvas-node", right_click(middle("conv1")))
    it.context.selection.select(["conv1", "bn1", "act1"])
    it.over("canvas-nodes", right_click(middle("bn1")))
    it.context.selection.select([])
    left, right = scene.nodes["conv1"].scene_rect, scene.nodes["bn1"].scene_rect
    wire = next(item for item in scene.wires.values() if item.wire.target.node == "bn1")
    it.over("canvas-wire", right_click(wire.path.pointAtPercent(0.3)))
    it.over("canvas-empty", right_click(QPointF(left.left(), max(left.bottom(), right.bottom()) + 40)))
    for state, words, option in (
        ("search", "", ["act1"]), ("search-words", "conv 3x3", ["act1"]), ("search-nothing", "qqq", []),
    ):  # fmt: skip
        it.context.selection.select(option)
        view.setFocus()
        it.act("graph.add")
        field = it.app.frame.findChild(QLineEdit, "search_field")
        QTest.keyClicks(field, words)
        it.rest()
        it.inside(state, lambda: panel.layer_popup.search)
        QTest.keyClick(field, Qt.Key.Key_Escape)
    for state, words in (("find", "conv"), ("find-nothing", "qqq")):
        it.act("edit.find")
        field = it.app.frame.findChild(QLineEdit, "find_field")
        field.clear()
        QTest.keyClicks(field, words)
        it.rest()
        it.inside(state, lambda: panel.finder)
        QTest.keyClick(field, Qt.Key.Key_Escape)
    it.context.selection.select(["conv1"])
    it.act("graph.info")
    it.rest()
    it.inside("card-node", lambda: it.app.frame.findChild(QWidget, "info_card"), 220)
    QTest.keyClick(view, Qt.Key.Key_Escape)
    it.context.selection.select([])


def cards(it: Overlaid) -> None:
    """The card of a wrong wire, the palette's card, its search and the menu of data."""
    panel = it.window.panels["canvas"]
    document, results = it.context.document, it.context.results
    it.context.selection.select(["flat"])
    it.act("edit.delete_heal")
    it.context.selection.select([])
    it.until(lambda: results.problems and not results.stale, rest_s=0.5)
    problem = results.problems[0]
    it.point(str(problem.node).rpartition("/")[2] or "head")
    it.inside("card-problem", lambda: it.app.frame.findChild(QWidget, "info_card"), 120)
    document.history.undo()
    it.until(lambda: not results.problems)
    main = document.project.main
    wires = document.project.graphs[main].wires
    document.do(RemoveWire(main, next(wire for wire in wires if wire.target.node == "loss")))
    it.until(lambda: results.problems and not results.stale)
    it.act("train.start")
    it.rest()
    it.inside("refused", lambda: it.app.frame, 0)
    document.history.undo()
    it.until(lambda: not results.problems)
    palette = it.window.panels["palette"]
    for words in ("lstm", "residual"):
        palette.search.setFocus()
        palette.search.setText(words)
        it.rest(0.3)
        for variant in it.themes():
            it.turn(variant)
            palette.list.setFocus()
            row = next(r for r in range(palette.model.rowCount()) if palette.model.row(palette.model.index(r)).node)
            palette.list.setCurrentIndex(palette.model.index(row))
            QTest.keyClick(palette.list, Qt.Key.Key_I)
            it.rest(0.4)
            it.compose(f"palette-card-{words}-{variant}")
            QTest.keyClick(palette.list, Qt.Key.Key_Up)
    palette.search.setText("qqq")
    it.inside("palette-nothing", lambda: palette)
    palette.search.setText("")
    menu = palette.data_menu()
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    it.menu("menu-data", menu, palette.mapToGlobal(QPoint(12, 120)))
    panel.view.setFocus()
    it.rest(0.3)


def data(it: Overlaid) -> None:
    """A table of one's own: before it is chosen, its roles, the menus of the page."""
    document = it.context.document
    table = Path(os.environ["TORCHLOOM_HOME"]) / "houses.csv"
    table.write_text(TABLE, encoding="utf-8")
    it.act("view.data")
    it.until(lambda: "data" in it.window.panels)
    page = it.window.panels["data"]
    document.do(SetData(Data("Csv"), "Use the data Csv"))
    it.rest(1.5)
    it.inside("data-csv-empty", lambda: page)
    roles = (("town", "category"), ("height", "number"))
    document.do(SetData(Data("Csv", {"path": str(table), "target": "price", "roles": roles}), "Choose"))
    it.until(lambda: not it.context.results.stale)
    it.rest(2.5)
    it.inside("data-roles", lambda: page)
    from gui.data.columns_table import ColumnsTable
    from gui.forms.roles_editor import RolesEditor

    columns = page.findChild(ColumnsTable)

    def role_menu(columns: ColumnsTable) -> None:
        columns.setCurrentIndex(columns.columns_model.index(3, 0))
        QTest.keyClick(columns, Qt.Key.Key_Return)

    it.over("data-column-menu", lambda: role_menu(columns))
    editor = page.findChild(RolesEditor)
    it.over("data-add-role", editor.add.showPopup)
    it.over("data-role-choices", editor.visible_lines[0].combo.showPopup)
    add = next(each for each in page.findChildren(QPushButton) if each.text() == "Add a transform")
    it.menu("data-transforms", add.menu(), add.mapToGlobal(QPoint(0, add.height())))
    kinds = page.findChildren(QComboBox)[0]
    it.over("data-kinds", kinds.showPopup)
    document.history.undo()
    document.history.undo()
    it.act("view.graph")
    it.until(lambda: not it.context.results.stale)


def notices(it: Overlaid) -> None:
    """What the window says for a moment, and what it says until it is answered."""
    put, foot = it.context.notices.show, lambda: it.app.frame
    lost_one = "An unsaved project was left when Torchloom last ended unexpectedly."
    for state, notice in (
        ("notice-lost", Notice("lost", lost_one, choices=(("Show", print),), stays=True)),
        ("notice-exported", Notice("exported", "Exported to ~/digits-cnn-code", choices=(("Show the folder", print),))),
        ("notice-error", Notice("wrong", "digits.loom is not saved: the disk is full. Make room, then save.", "error")),
    ):
        put(notice)
        it.rest(0.5)
        it.inside(state, foot, 0)
        it.context.notices.remove(notice.topic)
    it.context.notices.show_briefly("Copied 3 nodes.")
    it.rest(0.4)
    it.inside("notice-said", foot, 0)


def tips(it: Overlaid) -> None:
    """What a tooltip says of a button: of one that can be pressed, and of one that cannot."""
    it.context.selection.select([])
    for state, name in (("tip-train", "button_start"), ("tip-grey", "button_frame")):
        button = it.app.frame.findChild(QWidget, name)
        for variant in it.themes():
            it.turn(variant)
            QToolTip.showText(button.mapToGlobal(QPoint(10, button.height() - 8)), button.toolTip(), button)
            it.rest(0.5)
            it.compose(f"{state}-{variant}")
            QToolTip.hideText()
            it.rest(0.4)


def inspector(it: Overlaid) -> None:
    """Choices in the inspector, and the menu that each field has."""
    panel = it.window.panels["inspector"]
    it.context.selection.select([])
    it.rest(0.4)
    for number, combo in enumerate(each for each in panel.findChildren(QComboBox) if each.isVisible()):
        it.over(f"choices-{number}", combo.showPopup)
    field = next(each for each in panel.findChildren(QLineEdit) if each.isVisible())

    def menu() -> None:
        menu: QMenu = field.createStandardContextMenu()
        menu.popup(field.mapToGlobal(QPoint(10, 20)))

    it.over("field-menu", menu)
    it.context.selection.select(["conv1"])
    it.act("edit.rename")
    it.rest()
    it.inside("rename", lambda: panel, 8)
    it.context.selection.select([])


SCENES = (welcome, trained, menus, canvas, cards, runs, dialogs, exports, asking, notices, tips, data, inspector)
