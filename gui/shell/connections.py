"""The connections between panels; those of trainings are in `gui.shell.run_connections`."""

from typing import TYPE_CHECKING

from engine.check.diagnostics import Diagnostic
from engine.protocol.answers import Answer, DevicesFound
from gui.actions.actions import NO_RUN, NO_TRAINER, Actions
from gui.canvas.canvas import Canvas
from gui.canvas.editing.block_commands import Offer
from gui.shell.main_window import Window
from gui.state.notices import Notice
from gui.workers.analysis_questions import DEVICES

if TYPE_CHECKING:  # panels are loaded when they are made
    from gui.code.code_page import CodePage
    from gui.inspector.inspector import Inspector
    from gui.outline.outline import Outline
    from gui.palette.palette import Palette
    from gui.problems.problems_panel import ProblemsPanel


def connect_panels(window: Window) -> None:
    """Connect the panels that exist, and the others when they are made; `connect_runs` connects trainings."""
    context, status = window.context, window.status
    context.results.changed.connect(lambda: _show_totals(window))
    context.analysis.message.connect(context.notices.show_briefly)
    context.analysis.ask(DEVICES, lambda answer: _offer_devices(window, answer))
    context.files.document_opened.connect(lambda: window.pages.show_page("canvas"))
    _offer_training(context.actions)
    if canvas := window.panel("canvas", Canvas):
        canvas.zoomed.connect(status.show_zoom)
        status.show_zoom(canvas.zoom)
        canvas.hinted.connect(status.show_hint)
        canvas.corner.add_obstacle(window.banners)
        canvas.greeting.data_wanted.connect(lambda: window.turn_to("data"))
        _connect_to_canvas(window, canvas)

    def connect_code(page: "CodePage") -> None:
        page.message.connect(context.notices.show_briefly)

    window.when_made("code", connect_code)

    def connect_problems(panel: "ProblemsPanel") -> None:
        panel.revealed.connect(lambda problem: _go_to(window, problem))
        panel.open_changed.connect(lambda is_open: window.arrangement.set_slim("problems", slim=not is_open))

    window.when_made("problems", connect_problems)


def _offer_training(actions: Actions) -> None:
    """Show the actions of trainings as they are without a run, until `connect_runs` connects them."""
    for name, why_not in (("start", ""), ("pause", NO_TRAINER), ("stop", NO_TRAINER), ("resume", NO_RUN)):
        actions.allow(f"train.{name}", why_not)
        actions.offer(f"train.{name}")


def _connect_to_canvas(window: Window, canvas: Canvas) -> None:
    """Connect the panels that change the graph or show places in it."""

    def connect_palette(palette: "Palette") -> None:
        palette.node_wanted.connect(canvas.add_node)

    def connect_inspector(inspector: "Inspector") -> None:
        inspector.data_wanted.connect(lambda: window.turn_to("data"))
        inspector.publish_wanted.connect(window.context.actions["graph.publish"].trigger)
        inspector.code_wanted.connect(lambda *_: window.turn_to("code"))

    def connect_outline(outline: "Outline") -> None:
        outline.revealed.connect(lambda path: _show_node(window, canvas, path))

    canvas.edit_wanted.connect(lambda _: _edit(window))
    canvas.blocks.offer_changed.connect(lambda offer: _show_offer(window, offer))
    window.context.actions.on("edit.rename", lambda: _rename(window))
    window.when_made("palette", connect_palette)
    window.when_made("inspector", connect_inspector)
    window.when_made("outline", connect_outline)


def _show_offer(window: Window, offer: Offer | None) -> None:
    """Show why the selection cannot become a block, with a button for one that can; ``None``: no longer."""
    notices = window.context.notices
    if offer is None:
        notices.remove("block")
    else:
        notices.show(Notice("block", offer.reason, "info", ((offer.remedy, offer.accept),)))


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


def _show_totals(window: Window) -> None:
    results = window.context.results
    if results.has_answer:
        window.status.show_totals(results.parameters, results.macs, is_partial=results.is_partial)
    else:
        window.status.show_totals(None, None)


def _edit(window: Window) -> None:
    window.bring_panel("inspector")
    window.when_made("inspector", lambda inspector: inspector.focus_first())


def _rename(window: Window) -> None:
    window.bring_panel("inspector")
    window.when_made("inspector", lambda inspector: inspector.focus_name())
