"""Which panels the window has, and how each is made; modules are loaded when their panel is."""

from PySide6.QtWidgets import QWidget

from gui.areas import Panel
from gui.seams import Seams


def _canvas(seams: Seams) -> QWidget:
    from gui.canvas.canvas import Canvas

    return Canvas(seams.document, seams.selection, seams.facts, seams.theme, seams.actions)


def _palette(seams: Seams) -> QWidget:
    from gui.palette.palette import Palette

    return Palette(seams.document, seams.theme, seams.facts)


def _code(seams: Seams) -> QWidget:
    from gui.code.page import CodePage

    return CodePage(seams.document, seams.selection, seams.facts, seams.theme, seams.analysis)


def _data(seams: Seams) -> QWidget:
    from gui.data.page import DataPage

    return DataPage(seams.document, seams.facts, seams.theme, seams.analysis)


def _outline(seams: Seams) -> QWidget:
    from gui.outline.outline import Outline

    return Outline(seams.document, seams.selection, seams.facts, seams.theme)


def _inspector(seams: Seams) -> QWidget:
    from gui.inspector.inspector import Inspector

    return Inspector(seams.document, seams.selection, seams.facts, seams.theme, seams.analysis)


def _live(seams: Seams) -> QWidget:
    from gui.runs.live.panel import LivePanel

    return LivePanel(seams.runs, seams.settings, seams.theme)


def _runs(seams: Seams) -> QWidget:
    from gui.runs.page import RunsPage

    return RunsPage(seams.runs, seams.settings, seams.theme)


def _problems(seams: Seams) -> QWidget:
    from gui.problems.panel import ProblemsPanel

    return ProblemsPanel(seams.document, seams.selection, seams.facts, seams.theme, seams.actions)


def _history(seams: Seams) -> QWidget:
    from gui.history import HistoryView

    return HistoryView(seams.document, seams.theme)


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
        "history", "History", "right", "edit.history", _history, 220,
        hidden=True, titled=True, large=True, serves=("canvas", "code", "data"),
    ),
)  # fmt: skip
