"""The walk of a project whose fields have axes of variable length."""

from collections.abc import Mapping
from dataclasses import dataclass

from engine.check.diagnostics import Diagnostic
from engine.graph.model import Project
from engine.runtime.analysis.lengths import results
from engine.runtime.analysis.lengths.labels import Labels, walk_until_certain
from engine.runtime.analysis.lengths.trials import Trials, VariableAxis, WalkWith
from engine.runtime.analysis.node_analysis import NodeAnalysis, Path
from engine.runtime.analysis.walk import Walk
from engine.runtime.data.field_spec import FieldSpec


@dataclass(frozen=True, slots=True)
class VariableResults:
    """What several walks found. ``walk``: the one whose multiply-adds and derived sizes count."""

    walk: Walk
    nodes: Mapping[Path, NodeAnalysis]
    problems: tuple[Diagnostic, ...]
    axes: tuple[VariableAxis, ...]


def letters_in(fields: Mapping[str, FieldSpec], read: set[str]) -> tuple[str, ...]:
    """The letters of the variable axes of those fields that are read, in order."""
    sizes = (size for name, spec in fields.items() if name in read for size in spec.shape)
    return tuple(dict.fromkeys(size for size in sizes if isinstance(size, str)))


def walk_lengths(project: Project, letters: tuple[str, ...], walk_with: WalkWith) -> VariableResults:
    """Walk a project with several lengths of each variable axis."""
    trials = Trials(project, letters, walk_with)
    trials.run()
    walk_until_certain(trials, lambda: results.axes(trials))
    labels = Labels(trials)
    nodes = results.labelled_nodes(trials, labels)
    problems = tuple(results.problems(trials, labels))
    return VariableResults(trials.walks[0], nodes, problems, tuple(trials.axes.values()))
