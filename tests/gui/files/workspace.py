"""A window without widgets, for tests of the open file: a document, its files, notices, and a user who answers."""

from dataclasses import dataclass

from engine.graph.edits import AddNode, SetData
from engine.graph.model import Data, Node
from engine.project import file
from gui.files.open_file import Files
from gui.preferences.preferences import Preferences
from gui.state.document import Document
from gui.state.notices import Notices
from tests.gui.answers import Answers


@dataclass
class Workspace:
    document: Document
    files: Files
    settings: Preferences
    notices: Notices
    answers: Answers

    def edit(self, name="extra"):
        assert self.document.do(AddNode("Net", name, Node("ReLU")))

    @property
    def nodes(self):
        return set(self.document.project.graphs["Net"].nodes)


def make_workspace() -> Workspace:
    document, settings, notices, answers = Document(), Preferences(), Notices(), Answers()
    return Workspace(document, Files(document, settings, notices, answers), settings, notices, answers)


def saved_nodes(path):
    return set(file.read(path).graphs["Net"].nodes)


def csv(name) -> SetData:
    return SetData(Data("Csv", {"path": str(name), "target": "kind"}))


def crash(workspace):
    """The window ends without closing the file; the system releases its locks."""
    workspace.files.leave_recoverable()
