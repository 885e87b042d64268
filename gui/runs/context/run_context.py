"""The objects that all panels about runs share, made once per window."""

from msgspec import Struct
from PySide6.QtCore import QObject

from gui.preferences.preferences import Preferences
from gui.runs.context.activity import Activity
from gui.runs.context.changes_since import ChangesSince
from gui.runs.context.current_run import CurrentRun
from gui.runs.context.progress import Progress
from gui.runs.context.sample_pictures import SamplePictures
from gui.runs.curve_data.follower import Follower
from gui.runs.curve_data.library_loader import PlotLoader
from gui.runs.known_runs.inventory import RunInventory
from gui.runs.known_runs.project_runs import ProjectRuns
from gui.state.document import Document
from gui.state.selection import Selection
from gui.workers.analysis_link import AnalysisLink
from gui.workers.standby import Standby
from gui.workers.training_link import TrainingLink


class RunContext(Struct, kw_only=True):
    """Running trainings, the list of runs, the shown run, and the histories of followed runs."""

    analysis: AnalysisLink
    link: TrainingLink
    standby: Standby
    project_runs: ProjectRuns
    inventory: RunInventory
    plot_loader: PlotLoader
    follower: Follower
    current: CurrentRun
    activity: Activity
    pictures: SamplePictures
    progress: Progress
    changes: ChangesSince

    def start(self, document: Document) -> None:
        """Look for runs in the folder of the project from now on, also after it is saved elsewhere."""

        def look() -> None:
            self.inventory.start(document.path.parent if document.path else None)

        document.path_changed.connect(look)
        document.replaced.connect(look)  # unsaved projects have no path, so `path_changed` is not emitted
        document.edited.connect(self.standby.put_off)
        look()

    def close(self) -> None:
        """Close everything; trainings continue."""
        self.inventory.close()
        self.follower.close()
        self.standby.close()
        self.link.close()


def assemble_runs(
    document: Document, selection: Selection, analysis: AnalysisLink, settings: Preferences, parent: QObject
) -> RunContext:
    """Build the context; no run is read before `RunContext.start`."""
    standby = Standby(settings, parent)
    link, plot_loader = TrainingLink(parent, standby=standby), PlotLoader(parent)

    def keep_one() -> None:
        if analysis.state == "ready" and not len(link):  # torch has been loaded, so the machine is idle
            standby.start()

    analysis.state_changed.connect(keep_one)
    project_runs = ProjectRuns(document, link, parent)
    inventory = RunInventory(parent, project_runs)
    follower = Follower(plot_loader, parent)
    changes = ChangesSince(document, project_runs, parent)
    link.appeared.connect(changes.prepare)  # after `project_runs` has adopted the run
    current = CurrentRun(document, link, inventory, follower, project_runs, parent)
    return RunContext(
        analysis=analysis,
        link=link,
        standby=standby,
        project_runs=project_runs,
        inventory=inventory,
        plot_loader=plot_loader,
        follower=follower,
        current=current,
        activity=Activity(document, selection, link, current, parent),
        pictures=SamplePictures(document, analysis, parent),
        progress=Progress(link, current, follower, project_runs, parent),
        changes=changes,
    )
