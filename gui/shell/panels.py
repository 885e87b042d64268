"""The panels of the window, and the functions that make them, which load their modules."""

from PySide6.QtWidgets import QWidget

from gui.context.context import Context
from gui.shell.areas import Panel


def _canvas(context: Context) -> QWidget:
    from gui.canvas.canvas import Canvas

    return Canvas(
        context.document, context.selection, context.results, context.theme, context.actions, context.libraries
    )


def _palette(context: Context) -> QWidget:
    from gui.dialogs.graph_thumbnail import GraphThumbnail
    from gui.palette.palette import Palette

    return Palette(context.document, context.theme, context.results, context.libraries, GraphThumbnail)


def _code(context: Context) -> QWidget:
    from gui.code.code_page import CodePage

    return CodePage(context.document, context.selection, context.results, context.theme, context.analysis)


def _data(context: Context) -> QWidget:
    from gui.data.data_page import DataPage

    return DataPage(context.document, context.results, context.theme, context.analysis)


def _outline(context: Context) -> QWidget:
    from gui.outline.outline import Outline

    return Outline(context.document, context.selection, context.results, context.theme)


def _inspector(context: Context) -> QWidget:
    from gui.inspector.inspector import Inspector

    return Inspector(context.document, context.selection, context.results, context.theme, context.analysis)


def _live(context: Context) -> QWidget:
    from gui.runs.pages.live_panel import LivePanel

    return LivePanel(context.runs, context.preferences, context.theme)


def _runs(context: Context) -> QWidget:
    from gui.runs.pages.runs_page import RunsPage

    return RunsPage(context.runs, context.preferences, context.theme)


def _problems(context: Context) -> QWidget:
    from gui.problems.problems_panel import ProblemsPanel

    return ProblemsPanel(context.document, context.selection, context.results, context.theme, context.actions)


def _history(context: Context) -> QWidget:
    from gui.shell.history_panel import HistoryView

    return HistoryView(context.document, context.theme)


def _asking(context: Context) -> QWidget:
    from gui.asking.asking_panel import AskingPanel

    return AskingPanel(context.runs.current, context.analysis, context.theme)


PANELS = (
    Panel("canvas", "Graph", "page", "view.graph", _canvas),
    Panel("code", "Code", "page", "view.code", _code),
    Panel("data", "Data", "page", "view.data", _data),
    Panel("runs", "Runs", "page", "view.runs", _runs),
    Panel("palette", "Layers", "left", "view.palette", _palette, 208, serves=("canvas",)),
    Panel(
        "outline", "Outline", "left", "view.outline", _outline, 320,
        hidden=True, titled=True, large=True, serves=("canvas",),
    ),
    Panel("inspector", "Inspector", "right", "view.inspector", _inspector, 288, serves=("canvas", "code")),
    Panel(
        "live", "Training", "bottom", "view.live", _live, 260, share=5,
        large=True, serves=("canvas",), nothing="There is no training yet: press Train.",
    ),
    Panel("problems", "Problems", "bottom", "view.problems", _problems, 150, 35, serves=("canvas",)),
    Panel(
        "asking", "Try it", "right", "view.asking", _asking, 340,
        room=0.72, hidden=True, titled=True, large=True, serves=("canvas", "data"),
    ),
    Panel(
        "history", "History", "right", "edit.history", _history, 220,
        hidden=True, titled=True, large=True, serves=("canvas", "code", "data"),
    ),
)  # fmt: skip
