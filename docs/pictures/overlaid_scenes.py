"""What is opened for the pictures of dialogs, menus and cards: a scene each."""

import os
import time
from collections.abc import Callable
from pathlib import Path

from overlaid import Overlaid
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QLineEdit,
    QMenu,
    QPushButton,
    QRadioButton,
    QToolTip,
    QWidget,
)

from engine.errors import EngineError
from engine.graph.edits import RemoveWire, SetData, SetParam
from engine.graph.model import Data
from gui.dialogs.asking import Dialogs
from gui.dialogs.fault import Fault
from gui.dialogs.lost_sheet import LostSheet
from gui.notices import Notice
from gui.recovery import Lost
from gui.runs.questions import RunDialogs

TABLE = "height,width,colour,town,price\n" + "".join(
    f"{10 + i % 7}.{i % 10},{i % 5 + 3},{('red', 'green', 'blue')[i % 3]},town {i % 9},{i * 3.5 + 10:.1f}\n"
    for i in range(120)
)


def welcome(it: Overlaid) -> None:
    """The first start; gone before any other scene."""
    it.until(lambda: it.shapes_are_known)
    shown = it.app.frame.findChild(QWidget, "welcome")
    if shown:
        it.inside("welcome", lambda: it.app.frame)
        QTest.keyClick(shown, Qt.Key.Key_Escape)
        it.rest(0.3)


def trained(it: Overlaid) -> None:
    """Three runs, one with a name and tags; no picture."""
    from gui.runs.known.labelling import rename, set_tag

    for epochs, filters in ((2, 8), (3, 16), (2, 32)):
        it.seams.document.do(SetParam("Net", "conv1", "out_channels", filters))
        it.train(epochs)
        it.until(lambda: not len(it.seams.runs.link) and it.position > 1, rest_s=0.6)
    runs = [run.path for run in it.seams.runs.known.runs]
    rename(runs[0], "more filters")
    set_tag(runs[0], "baseline", is_on=True)
    set_tag(runs[1], "to publish", is_on=True)
    it.seams.runs.known.look()
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
    it.seams.settings.set("recent", [*recent, str(here / "gone.loom")])
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
    it.seams.selection.select(["conv1", "bn1", "act1"])
    it.over("canvas-nodes", right_click(middle("bn1")))
    it.seams.selection.select([])
    left, right = scene.nodes["conv1"].scene_rect, scene.nodes["bn1"].scene_rect
    wire = next(item for item in scene.wires.values() if item.wire.target.node == "bn1")
    it.over("canvas-wire", right_click(wire.path.pointAtPercent(0.3)))
    it.over("canvas-empty", right_click(QPointF(left.left(), max(left.bottom(), right.bottom()) + 40)))
    for state, words, chosen in (
        ("search", "", ["act1"]), ("search-words", "conv 3x3", ["act1"]), ("search-nothing", "qqq", []),
    ):  # fmt: skip
        it.seams.selection.select(chosen)
        view.setFocus()
        it.act("graph.add")
        field = it.app.frame.findChild(QLineEdit, "search_field")
        QTest.keyClicks(field, words)
        it.rest()
        it.inside(state, lambda: panel.asking.popup)
        QTest.keyClick(field, Qt.Key.Key_Escape)
    for state, words in (("find", "conv"), ("find-nothing", "qqq")):
        it.act("edit.find")
        field = it.app.frame.findChild(QLineEdit, "find_field")
        field.clear()
        QTest.keyClicks(field, words)
        it.rest()
        it.inside(state, lambda: panel.finder)
        QTest.keyClick(field, Qt.Key.Key_Escape)
    it.seams.selection.select(["conv1"])
    it.act("graph.info")
    it.rest()
    it.inside("card-node", lambda: it.app.frame.findChild(QWidget, "info_card"), 220)
    QTest.keyClick(view, Qt.Key.Key_Escape)
    it.seams.selection.select([])


def cards(it: Overlaid) -> None:
    """The card of a wrong wire, the palette's card, its search and the menu of data."""
    panel = it.window.panels["canvas"]
    document, facts = it.seams.document, it.seams.facts
    it.seams.selection.select(["flat"])
    it.act("edit.delete_heal")
    it.seams.selection.select([])
    it.until(lambda: facts.problems and not facts.stale, rest_s=0.5)
    problem = facts.problems[0]
    it.point(str(problem.node).rpartition("/")[2] or "head")
    it.inside("card-problem", lambda: it.app.frame.findChild(QWidget, "info_card"), 120)
    document.history.undo()
    it.until(lambda: not facts.problems)
    main = document.project.main
    wires = document.project.graphs[main].wires
    document.do(RemoveWire(main, next(wire for wire in wires if wire.target.node == "loss")))
    it.until(lambda: facts.problems and not facts.stale)
    it.act("train.start")
    it.rest()
    it.inside("refused", lambda: it.app.frame, 0)
    document.history.undo()
    it.until(lambda: not facts.problems)
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


def runs(it: Overlaid) -> None:
    """The menus of the page of runs, renaming, the filter."""
    it.act("view.runs")
    it.rest(0.8)
    page = it.window.panels["runs"]
    paths = [run.path for run in it.seams.runs.known.runs]
    page.choose(paths[:1])
    it.rest(0.8)
    place = page.table.viewport().mapToGlobal(QPoint(120, 40))
    it.menu("runs-menu", page.commands.menu, place)
    it.menu("runs-tags", page.commands.menu, place, ("Tags",))
    columns = page.list.columns
    below = columns.mapToGlobal(QPoint(0, columns.height()))
    it.menu("runs-columns", columns.findChild(QMenu, "columns_menu"), below)
    it.menu("runs-metrics", columns.findChild(QMenu, "columns_menu"), below, ("Metrics",))
    card = page.comparison.first
    it.menu("chart-menu", card.menu, card.more.mapToGlobal(QPoint(0, card.more.height())))
    smooth = page.comparison.smoothing
    it.menu("chart-smoothing", smooth.menu(), smooth.mapToGlobal(QPoint(0, smooth.height())))
    metrics = page.comparison.menus[page.comparison.second]
    it.menu("chart-metrics", metrics.menu(), metrics.mapToGlobal(QPoint(0, metrics.height())))
    page.results.switch.choose("Confusion")
    it.rest(0.8)
    epoch = page.results.findChild(QWidget, "results_epoch")
    it.menu("runs-epoch", page.results.findChild(QMenu, "epoch_menu"), epoch.mapToGlobal(QPoint(0, epoch.height())))
    page.table.setFocus()
    QTest.keyClick(page.table, Qt.Key.Key_F2)
    it.rest(0.4)
    it.inside("runs-rename", lambda: page.table, 80)
    if editor := page.table.findChild(QLineEdit):
        QTest.keyClick(editor, Qt.Key.Key_Escape)
    for state, words in (("runs-filter", "baseline"), ("runs-filter-nothing", "qqq")):
        page.list.filter.setText(words)
        it.rest(0.4)
        it.inside(state, lambda: page.list, 80)
    page.list.filter.clear()
    page.results.switch.choose("Summary")
    ask = RunDialogs(it.app.frame, it.seams.theme)
    name = paths[0].name
    it.over("ask-train-again", lambda: ask.train_again(name))
    it.over("ask-delete", lambda: ask.delete([name]))
    it.over("ask-delete-many", lambda: ask.delete([name, name, name]))
    it.over("ask-delete-for-good", lambda: ask.delete_for_good([name]))
    it.over("train-longer", lambda: ask.more_epochs(name, 20, ""))
    it.over("train-longer-schedule", lambda: ask.more_epochs(name, 20, "OneCycleLR"))
    it.over("new-tag", ask.new_tag)
    it.over("save-chart", lambda: ask.picture("loss.png"))
    it.over("run-log", lambda: ask.show_log(paths[0] / "log.txt"))
    it.act("view.graph")


def sheets(it: Overlaid) -> None:
    """Every dialog that a menu opens."""
    for state, action in (
        ("settings", "file.settings"), ("new", "file.new"), ("open", "file.open"), ("save", "file.save_as"),
        ("shortcuts", "help.shortcuts"), ("logs", "help.logs"), ("about", "help.about"),
    ):  # fmt: skip
        it.over(state, lambda action=action: it.act(action), wait_s=0.6)
    for state, words in (("shortcuts-some", "zoom"), ("shortcuts-nothing", "qqq")):
        it.over(state, lambda: it.act("help.shortcuts"), lambda top, words=words: top.field.setText(words))
    it.over("settings-theme", lambda: it.act("file.settings"), lambda top: top.findChild(QComboBox).showPopup())
    last = lambda top: QTest.mouseClick(list(top.cards.values())[-1], Qt.MouseButton.LeftButton)  # noqa: E731
    it.over("new-empty", lambda: it.act("file.new"), last)


def exports(it: Overlaid) -> None:
    """The sheet of exports: each choice, its folder, and what it refuses."""

    def choose(source: str) -> Callable[[QWidget], object]:
        return lambda top: top.findChild(QRadioButton, f"export_{source}").setChecked(True)

    def open_sheet() -> None:
        it.act("file.export_code")

    it.over("export-drawing", open_sheet, wait_s=2.0)
    it.over("export-run", open_sheet, choose("run"), wait_s=0.8)
    it.over("export-weights", open_sheet, choose("weights"), wait_s=0.8)

    def write_badly(place: str) -> Callable[[QWidget], object]:
        def act(top: QWidget) -> None:
            top.findChild(QLineEdit, "export_place").setText(place)
            QTest.mouseClick(top.findChild(QPushButton, "button_export_now"), Qt.MouseButton.LeftButton)
            it.until(lambda: top.findChild(QPushButton, "button_export_now").isEnabled())

        return act

    it.over("export-nowhere", open_sheet, write_badly(""), wait_s=0.5)
    it.over("export-refused", open_sheet, write_badly("/proc/code"), wait_s=0.5)

    def folder(top: QWidget) -> str:
        button = next(each for each in top.findChildren(QAbstractButton) if each.text() == "Choose...")
        return it.deeper(button.click)

    it.over("export-folder", open_sheet, folder)


def asking(it: Overlaid) -> None:
    """Questions and messages about files, faults and what a crash left."""
    ask = Dialogs(it.app.frame, it.seams.theme, it.seams.settings)
    path = Path("/home/ada/projects/digits.loom")
    it.over("ask-unsaved-new", lambda: ask.save_first("digits-cnn", is_new=True))
    it.over("ask-unsaved", lambda: ask.save_first("digits.loom", is_new=False))
    it.over("ask-gone", lambda: ask.gone(path, can_stay=True))
    wrong = EngineError(f"{path} is not a Torchloom project: line 1, column 2: expected a name.")
    it.over("message-wrong", lambda: ask.wrong("digits.loom cannot be opened", wrong))
    found = [
        Lost("a", "digits.loom", path, time.time() - 300),
        Lost("b", "untitled", None, time.time() - 90_000),
    ]
    it.over("lost", lambda: LostSheet(found, print, it.app.frame).exec())
    report = "Torchloom 1.0\nTraceback (most recent call last):\n" + "\n".join(
        f'  File "gui/canvas/view.py", line {n}, in paint' for n in range(8)
    )
    it.over("fault", lambda: Fault(report, print, it.app.frame).exec())
    there = Path(os.environ["TORCHLOOM_HOME"]) / "taken.loom"
    there.write_text("{}", encoding="utf-8")

    def overwrite(top: QWidget) -> str:
        button = next(each for each in top.findChildren(QPushButton) if each.text() == "Save")
        return it.deeper(button.click)

    it.over("ask-overwrite", lambda: ask.where_to_save(there), overwrite)


def data(it: Overlaid) -> None:
    """A table of one's own: before it is chosen, its roles, the menus of the page."""
    document = it.seams.document
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
    it.until(lambda: not it.seams.facts.stale)
    it.rest(2.5)
    it.inside("data-roles", lambda: page)
    from gui.data.columns import Columns
    from gui.inspector.roles_editor import RolesEditor

    shown = page.findChild(Columns)

    def role_menu(columns: Columns) -> None:
        columns.setCurrentIndex(columns.model_of_columns.index(3, 0))
        QTest.keyClick(columns, Qt.Key.Key_Return)

    it.over("data-column-menu", lambda: role_menu(shown))
    editor = page.findChild(RolesEditor)
    it.over("data-add-role", editor.add.showPopup)
    it.over("data-role-choices", editor.lines_shown[0].combo.showPopup)
    add = next(each for each in page.findChildren(QPushButton) if each.text() == "Add a transform")
    it.menu("data-transforms", add.menu(), add.mapToGlobal(QPoint(0, add.height())))
    kinds = page.findChildren(QComboBox)[0]
    it.over("data-kinds", kinds.showPopup)
    document.history.undo()
    document.history.undo()
    it.act("view.graph")
    it.until(lambda: not it.seams.facts.stale)


def notices(it: Overlaid) -> None:
    """What the window says for a moment, and what it says until it is answered."""
    put, foot = it.seams.notices.put, lambda: it.app.frame
    lost_one = "An unsaved project was left when Torchloom last ended unexpectedly."
    for state, notice in (
        ("notice-lost", Notice("lost", lost_one, choices=(("Show", print),), stays=True)),
        ("notice-exported", Notice("exported", "Exported to ~/digits-cnn-code", choices=(("Show the folder", print),))),
        ("notice-error", Notice("wrong", "digits.loom is not saved: the disk is full. Make room, then save.", "error")),
    ):
        put(notice)
        it.rest(0.5)
        it.inside(state, foot, 0)
        it.seams.notices.take(notice.topic)
    it.seams.notices.say("Copied 3 nodes.")
    it.rest(0.4)
    it.inside("notice-said", foot, 0)


def tips(it: Overlaid) -> None:
    """What a tooltip says of a button: of one that can be pressed, and of one that cannot."""
    it.seams.selection.select([])
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
    it.seams.selection.select([])
    it.rest(0.4)
    for number, combo in enumerate(each for each in panel.findChildren(QComboBox) if each.isVisible()):
        it.over(f"choices-{number}", combo.showPopup)
    field = next(each for each in panel.findChildren(QLineEdit) if each.isVisible())

    def menu() -> None:
        made: QMenu = field.createStandardContextMenu()
        made.popup(field.mapToGlobal(QPoint(10, 20)))

    it.over("field-menu", menu)
    it.seams.selection.select(["conv1"])
    it.act("edit.rename")
    it.rest()
    it.inside("rename", lambda: panel, 8)
    it.seams.selection.select([])


SCENES = (welcome, trained, menus, canvas, cards, runs, sheets, exports, asking, notices, tips, data, inspector)
