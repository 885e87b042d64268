"""Which panel hears which: the only place where panels meet."""

from typing import TYPE_CHECKING

from engine.check.diagnostics import Diagnostic
from engine.protocol.answers import Answer, DevicesFound
from engine.protocol.requests import Devices
from gui.canvas.canvas import Canvas
from gui.main_window import Window
from gui.panels import PANELS
from gui.runs.known.others import OtherDrawings
from gui.runs.live.steering import Steering
from gui.runs.questions import RunDialogs
from gui.workers.endings import Ending

if TYPE_CHECKING:  # panels are loaded when they are made
    from gui.code.page import CodePage
    from gui.inspector.inspector import Inspector
    from gui.outline.outline import Outline
    from gui.palette.palette import Palette
    from gui.problems.panel import ProblemsPanel
    from gui.runs.live.panel import LivePanel
    from gui.runs.page import RunsPage

NO_TRAINING = next(panel.nothing for panel in PANELS if panel.name == "live")


def join(window: Window) -> None:
    """Connect the panels that are there, and the others as soon as they are."""
    seams, status = window.seams, window.status
    seams.facts.changed.connect(lambda: _show_figures(window))
    seams.analysis.told.connect(seams.notices.say)
    seams.analysis.ask(Devices, lambda answer: _offer_devices(window, answer))
    seams.files.opened.connect(lambda: window.pages.show_page("canvas"))  # the drawing is what was asked for
    _join_runs(window)
    if canvas := window.panel("canvas", Canvas):
        canvas.zoomed.connect(status.show_zoom)
        status.show_zoom(canvas.zoom)
        canvas.hinted.connect(status.show_hint)
        canvas.corner.also(window.banners)
        canvas.greeting.data_wanted.connect(lambda: window.turn_to("data"))
        seams.runs.activity.activity.connect(canvas.set_activity)
        _join_to_canvas(window, canvas)

    def join_code(page: "CodePage") -> None:
        page.copied.connect(seams.notices.say)

    window.when_made("code", join_code)

    def join_problems(panel: "ProblemsPanel") -> None:
        panel.revealed.connect(lambda problem: _go_to(window, problem))
        panel.opened.connect(lambda is_open: window.around.set_slim("problems", slim=not is_open))

    window.when_made("problems", join_problems)


def _join_to_canvas(window: Window, canvas: Canvas) -> None:
    """Connect the panels that change what is drawn, or show where it is."""

    def join_palette(palette: "Palette") -> None:
        palette.chosen.connect(canvas.add_node)

    def join_inspector(inspector: "Inspector") -> None:
        inspector.data_wanted.connect(lambda: window.turn_to("data"))
        inspector.code_wanted.connect(lambda *_: window.turn_to("code"))

    def join_outline(outline: "Outline") -> None:
        outline.revealed.connect(lambda path: _show_node(window, canvas, path))

    canvas.edit_wanted.connect(lambda _: _edit(window))
    window.seams.actions.on("edit.rename", lambda: _rename(window))
    window.when_made("palette", join_palette)
    window.when_made("inspector", join_inspector)
    window.when_made("outline", join_outline)


def _join_runs(window: Window) -> None:
    """Connect what is trained with what is seen of it."""
    seams, bar = window.seams, window.toolbar.progress
    runs = seams.runs
    steering = Steering(seams, runs, RunDialogs(window.frame, seams.theme), window)
    steering.node_wanted.connect(lambda _: window.pages.show_page("canvas"))
    steering.runs_wanted.connect(lambda: window.turn_to("runs"))
    others = OtherDrawings(seams, runs, window)
    others.opened.connect(lambda _: _show_drawing(window))
    others.runs_wanted.connect(lambda: window.pages.show_page("runs"))
    runs.link.began.connect(lambda _: window.show_panel("live", shown=True))
    runs.current.changed.connect(lambda: _offer_live(window))
    _offer_live(window)
    runs.link.ended.connect(lambda _, how: _doubt_data(window, how))
    runs.progress.shown.connect(bar.show_progress)
    runs.progress.cleared.connect(bar.clear)

    def join_inspector(inspector: "Inspector") -> None:
        inspector.set_gradients(runs.activity.norms)
        runs.current.advanced.connect(inspector.refresh_gradients)

    def join_page(page: "RunsPage") -> None:
        page.resume_wanted.connect(steering.resume)
        page.shown.connect(lambda _: _show_drawing(window))
        page.drawing_wanted.connect(others.open)
        page.told.connect(seams.notices.say)
        others.runs_wanted.connect(page.show_everywhere)
        page.export_wanted.connect(lambda _: seams.actions["file.export_weights"].trigger())

    def join_live(panel: "LivePanel") -> None:
        panel.told.connect(seams.notices.say)

    window.when_made("inspector", join_inspector)
    window.when_made("runs", join_page)
    window.when_made("live", join_live)


def _offer_live(window: Window) -> None:
    """The curves are there as soon as there is a run that they are of."""
    is_empty = window.seams.runs.current.run is None
    window.around.set_nothing("live", NO_TRAINING if is_empty else "")


def _doubt_data(window: Window, how: Ending) -> None:
    """A training that was refused knows more than the last analysis does: the data may have changed since."""
    if how.kind == "refused":
        window.seams.analysis.files.doubt()


def _show_drawing(window: Window) -> None:
    window.pages.show_page("canvas")
    window.show_panel("live", shown=True)


def _go_to(window: Window, problem: Diagnostic) -> None:
    """Show where a problem is: on the graph, among the data, or in the settings of the training."""
    canvas = window.panel("canvas", Canvas)
    if problem.node is not None and canvas is not None:
        _show_node(window, canvas, problem.node)
    elif problem.code.startswith("D"):
        window.pages.show_page("data")
    else:
        window.bring_panel("inspector")


def _show_node(window: Window, canvas: Canvas, path: str) -> None:
    window.pages.show_page("canvas")
    canvas.reveal(path)


def _offer_devices(window: Window, answer: Answer) -> None:
    if isinstance(answer, DevicesFound):
        window.toolbar.device.offer({each["name"]: each.get("text", "") for each in answer.devices})


def _show_figures(window: Window) -> None:
    facts = window.seams.facts
    window.status.show_figures(facts.parameters if facts.answered else None, facts.macs if facts.answered else None)


def _edit(window: Window) -> None:
    window.bring_panel("inspector")
    window.when_made("inspector", lambda inspector: inspector.focus_first())


def _rename(window: Window) -> None:
    window.bring_panel("inspector")
    window.when_made("inspector", lambda inspector: inspector.focus_name())
