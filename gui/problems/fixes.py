"""Applies the fix of a problem, or goes to its place."""

from engine.check.diagnostics import Diagnostic
from engine.graph.edits import Batch
from engine.graph.repetitions import node_name
from gui.state.document import Document
from gui.state.selection import Selection


def apply_fix(document: Document, problem: Diagnostic) -> bool:
    """Apply a problem's fix as one undo step; returns whether it was applied."""
    if problem.fix is None:
        return False
    return document.do(Batch(problem.fix.label, (problem.fix.edit,)))


def reveal(document: Document, selection: Selection, problem: Diagnostic) -> bool:
    """Select the node of a problem, in its graph; returns whether there is one."""
    if problem.node is None:
        return False
    if selection.reveal(problem.node):
        return True
    # A graph that nothing uses has no path from the main one.
    name = node_name(problem.node.rpartition(".")[2])
    if problem.graph == selection.graph and name in document.project.graphs[selection.graph].nodes:
        selection.select((name,))
        return True
    return False
