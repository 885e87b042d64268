"""The connections between trainings and panels."""

from typing import TYPE_CHECKING

from gui.runs.commands.other_projects import OtherProjects
from gui.runs.commands.run_questions import RunDialogs
from gui.runs.commands.training_actions import TrainingActions
from gui.shell.main_window import Window
from gui.shell.panels import PANELS
from gui.workers.ending import Ending

if TYPE_CHECKING:  # panels are loaded when they are made
    from collections.abc import Mapping

    from engine.protocol.asking import NodeOutput
    from gui.asking.asking_panel import AskingPanel
    from gui.canvas.canvas import Canvas
    from gui.inspector.inspector import Inspector
    from gui.runs.pages.live_panel import LivePanel
    from gui.runs.pages.runs_page import RunsPage

NO_TRAINING = next(panel.nothing for panel in PANELS if panel.name == "live")


def connect_runs(window: Window) -> None:
    """Connect trainings with the panels that show and control them."""
    context, bar = window.context, window.toolbar.progress
    runs = context.runs
    training_actions = TrainingActions(context, runs, RunDialogs(window.frame, context.theme), window)
    training_actions.node_wanted.connect(lambda _: window.pages.show_page("canvas"))
    training_actions.runs_wanted.connect(lambda: window.turn_to("runs"))
    others = OtherProjects(context, runs, window)
    others.graph_opened.connect(lambda _: _show_graph(window))
    others.runs_wanted.connect(lambda: window.pages.show_page("runs"))
    runs.link.began.connect(lambda _: window.show_panel("live", visible=True))
    runs.current.changed.connect(lambda: _offer_live(window))
    _offer_live(window)
    runs.link.ended.connect(lambda _, how: _check_data(window, how))
    runs.progress.changed.connect(bar.show_progress)
    runs.progress.cleared.connect(bar.clear)

    def connect_inspector(inspector: "Inspector") -> None:
        inspector.set_gradients(runs.activity.norms)
        runs.current.advanced.connect(inspector.refresh_gradients)

    def connect_page(page: "RunsPage") -> None:
        page.resume_wanted.connect(training_actions.resume)
        page.show_wanted.connect(lambda _: _show_graph(window))
        page.graph_wanted.connect(others.open)
        page.message.connect(context.notices.show_briefly)
        others.runs_wanted.connect(page.show_everywhere)
        page.export_wanted.connect(lambda _: context.actions["file.export_safetensors"].trigger())

    def connect_live(panel: "LivePanel") -> None:
        panel.message.connect(context.notices.show_briefly)

    def connect_canvas(canvas: "Canvas") -> None:
        runs.activity.activity.connect(canvas.set_activity)

    def connect_asking(panel: "AskingPanel") -> None:
        panel.nodes_shown.connect(lambda outputs: _show_outputs(window, outputs))

    window.when_made("canvas", connect_canvas)
    window.when_made("inspector", connect_inspector)
    window.when_made("runs", connect_page)
    window.when_made("live", connect_live)
    window.when_made("asking", connect_asking)


def _show_outputs(window: Window, outputs: "Mapping[str, NodeOutput]") -> None:
    """Show on the graph what its nodes gave, if the run that was asked belongs to the open project."""
    is_ours = window.context.runs.current.is_of_project
    window.when_made("canvas", lambda canvas: canvas.set_outputs(outputs if is_ours else {}))


def _offer_live(window: Window) -> None:
    """Enable the panel of curves while there is a run."""
    is_empty = window.context.runs.current.run is None
    window.arrangement.set_empty("live", NO_TRAINING if is_empty else "")


def _check_data(window: Window, how: Ending) -> None:
    """Check the data files after a training was refused, since they may have changed after the analysis."""
    if how.kind == "refused":
        window.context.analysis.files.assume_changed()


def _show_graph(window: Window) -> None:
    window.pages.show_page("canvas")
    window.show_panel("live", visible=True)
