"""The whole analysis of a project: problems of every kind, shapes, parameters, multiply-adds."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from engine.check import data as data_rules
from engine.check.diagnostics import Diagnostic, errors
from engine.check.rules import graph_problems, settings_problems, training_problems
from engine.codegen.model import generate
from engine.codegen.source import Source
from engine.errors import DataProblem, EngineError
from engine.graph.model import Project
from engine.runtime.analysis import batches, memory, placement, schedule_length
from engine.runtime.analysis.batches import SensitiveLayer
from engine.runtime.analysis.build import SAMPLES
from engine.runtime.analysis.data_values import augmented_targets, data_guesses, ranges, unscaled_inputs
from engine.runtime.analysis.layer_cache import LayerCache
from engine.runtime.analysis.learning import optimizers, phases, trainable_weights
from engine.runtime.analysis.lengths.trials import Lengths, VariableAxis
from engine.runtime.analysis.lengths.variable import letters_in, walk_lengths
from engine.runtime.analysis.losses import index_range, target_range
from engine.runtime.analysis.node_analysis import Derived, NodeAnalysis
from engine.runtime.analysis.node_analysis import Path as NodePath
from engine.runtime.analysis.walk import Walk
from engine.runtime.analysis.weights import initial_files, uncounted_weights
from engine.runtime.data import input_fields
from engine.runtime.data.field_spec import FieldSpec
from engine.runtime.data.fields import Counts, field_specs
from engine.runtime.data.input_fields import declared_fields
from engine.runtime.data.read_report import Reading
from engine.runtime.data.survey import survey

HARMLESS = frozenset({"G015", "G016"})
"""Errors in names only: the node still has shapes."""

ENDLESS = frozenset({"G010", "G022"})
"""Errors that make a walk through all blocks endless, or too long."""

UNREADABLE = frozenset({"D101", "D102", "D103", "D108"})
"""Errors that keep the data's fields from being known."""

UNKNOWN_SIZE = "S019"

LEARNING = (trainable_weights.problems, placement.problems, phases.problems, optimizers.problems)
"""Rules about what training would change, for networks in which every value is known."""

TRANSFORM_ERRORS = frozenset({"D105", "D106", "D109"})


@dataclass(frozen=True, slots=True)
class Analysis:
    """The analysis results. ``nodes``: by dotted path. ``derived``: the sizes that the source is generated with."""

    problems: tuple[Diagnostic, ...]
    nodes: dict[str, NodeAnalysis]
    derived: Derived
    parameters: int = 0
    macs: int = 0
    sensitive: tuple[SensitiveLayer, ...] = ()  # layers to which the number of samples matters
    source: Source | None = None  # only of a project that passed the whole check
    fields: Mapping[str, FieldSpec] = field(default_factory=dict)  # of the data; none where it cannot be read
    reading: Reading | None = None  # of the data; none where it cannot be read
    axes: tuple[VariableAxis, ...] = ()  # those of variable length

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """The problems that keep the project from being trained or exported."""
        return errors(self.problems)

    @property
    def ok(self) -> bool:
        """Whether there are no errors; warnings may be left."""
        return not self.errors

    def as_json(self) -> dict[str, object]:
        """The object that ``check --json`` prints."""
        return {
            "ok": self.ok,
            "problems": [problem.as_json() for problem in self.problems],
            "nodes": {name: node_json(node) for name, node in self.nodes.items()},
            "parameters": self.parameters,
            "lengths": {axis.letter: axis.as_json() for axis in self.axes},
            "data": self.reading.as_json() if self.reading else None,
        }


CheckReport = Analysis


def node_json(node: NodeAnalysis) -> dict[str, object]:
    """The analysis of one node as the command line prints it."""
    outputs = {port: list(shape) for port, shape in node.outputs.items()}
    return {"outputs": outputs, "parameters": node.parameters, "macs": node.macs}


def analyse(project: Project, fields: Mapping[str, FieldSpec], cache: LayerCache | None = None) -> Analysis:
    """Check and measure the graphs of a project whose data has these fields.

    ``cache``: of earlier analyses; what did not change is not computed again.
    """
    whole = {name: spec.whole for name, spec in fields.items() if spec.whole is not None}
    problems = (*graph_problems(project), *data_rules.field_problems(project, fields, whole))
    problems += tuple(input_fields.problems(project, fields)) if project.main in project.graphs else ()
    return _walk(project, fields, problems, cache)


def check_project(
    project: Project,
    base: Path,
    *,
    training: bool = False,
    cache: LayerCache | None = None,
    run_folder: Path | None = None,
) -> CheckReport:
    """The complete analysis of a project; relative paths start from ``base``.

    Data that cannot be read is a problem of the report; rules that need its fields are then left out.
    ``run_folder``: of a run of the project, with copies of the files that weights start from.
    ``training``: also check what only training needs, such as a loss.
    """
    rule_problems = (*settings_problems(project), *(training_problems(project) if training else ()))
    fields, unreadable = read_fields(project, base, rule_problems)
    reading = None
    if fields is None:
        analysis = _walk(project, declared_fields(project), graph_problems(project), cache)
    else:
        analysis = analyse(project, fields, cache)
        if not project.data.is_absent and not any(
            problem.code.startswith("D") for problem in (*rule_problems, *unreadable)
        ):
            reading, unreadable = _survey(project, base, analysis, fields)
            unreadable += tuple(augmented_targets.problems(project, fields))
    problems = (*analysis.problems, *rule_problems, *unreadable)
    report = replace(analysis, problems=problems, fields=fields or {}, reading=reading)
    report = _with_source(project, report) if report.ok else report
    too_large = memory.problems(project, report.nodes, report.parameters)
    is_measured = report.ok and set(data_rules.reads(project).values()) <= report.fields.keys()
    unlearnt = tuple(problem for rule in LEARNING for problem in rule(project, report.nodes)) if is_measured else ()
    unfit = (
        tuple(initial_files.problems(project, base, report.source.text, run_folder))
        if report.ok and report.source
        else ()
    )
    unknown_sizes = [problem for problem in report.problems if problem.code == UNKNOWN_SIZE]
    others = [problem for problem in report.problems if problem.code != UNKNOWN_SIZE]
    uncounted = tuple(uncounted_weights.problems(project, report.fields, report.nodes))
    shapeless = uncounted_weights.at_inputs(project, unknown_sizes, uncounted)
    return replace(report, problems=(*others, *unlearnt, *too_large, *unfit, *shapeless))


def _with_source(project: Project, report: Analysis) -> Analysis:
    """The report with the source, or with what the generator refuses: a project that passes can be trained."""
    try:
        return replace(report, source=generate(project, report.derived))
    except EngineError as wrong:
        is_unknown = wrong.code == UNKNOWN_SIZE and project.data.is_absent
        hint = "Give the shape of a sample on its Input, or choose data." if is_unknown else wrong.hint
        refusal = Diagnostic(wrong.code, "error", wrong.message, hint, wrong.node)
        return replace(report, problems=(*report.problems, refusal))


def _survey(
    project: Project, base: Path, analysis: Analysis, fields: Mapping[str, FieldSpec]
) -> tuple[Reading | None, tuple[Diagnostic, ...]]:
    """What was read of the data, and the problems of the samples or of their number."""
    try:
        counts = survey(project.data, base)
    except DataProblem as wrong:
        return None, (data_guesses.refusal(project.data, wrong, base),)
    return counts.reading, tuple(_about(project, counts, analysis, fields))


def _about(
    project: Project, counts: Counts, analysis: Analysis, fields: Mapping[str, FieldSpec]
) -> Iterator[Diagnostic]:
    if project.training.batch_size > 0:  # else reported already
        yield from batches.problems(project, counts, analysis.sensitive)
    yield from schedule_length.problems(project, counts)
    if project.main in project.graphs:
        yield from ranges.problems(project, counts)
        yield from unscaled_inputs.problems(project, counts)
        yield from target_range.problems(project, counts)
        yield from index_range.problems(project, counts, fields, analysis.nodes)
    yield from data_guesses.problems(project.data, counts.reading)


def read_fields(
    project: Project, base: Path, problems: tuple[Diagnostic, ...]
) -> tuple[dict[str, FieldSpec] | None, tuple[Diagnostic, ...]]:
    """The fields of the data, ``None`` where unknown, and their problems. ``problems``: those of the settings."""
    data, codes = project.data, {problem.code for problem in problems}
    if data.is_absent:
        return declared_fields(project), ()
    if codes & UNREADABLE:
        return None, ()
    try:
        fields = field_specs(replace(data, transforms=()), base)
    except DataProblem as wrong:
        return None, (data_guesses.refusal(data, wrong, base),)
    if codes & TRANSFORM_ERRORS or list(data_rules.transform_problems(data, fields)):
        return fields, ()
    try:
        return field_specs(data, base), ()
    except DataProblem as wrong:
        return fields, (data_guesses.refusal(data, wrong, base),)


def _walk(
    project: Project, fields: Mapping[str, FieldSpec], problems: tuple[Diagnostic, ...], cache: LayerCache | None
) -> Analysis:
    if project.main not in project.graphs or any(problem.code in ENDLESS for problem in problems):
        return Analysis(problems, {}, {})
    blocked = {
        (problem.graph, problem.node.rpartition(".")[2])
        for problem in errors(problems)
        if problem.node is not None and problem.graph is not None and problem.code not in HARMLESS
    }
    layer_cache, fields = cache or LayerCache(), input_fields.with_letters(project, fields)

    def walk_with(lengths: Lengths) -> Walk:
        walk = Walk(project, fields, problems, blocked, layer_cache, lengths)
        walk.main(SAMPLES)
        return walk

    letters = letters_in(fields, set(data_rules.reads(project).values()))
    if letters:
        variable = walk_lengths(project, letters, walk_with)
        return _analysis(variable.walk, variable.nodes, (*problems, *variable.problems), variable.axes)
    walk = walk_with({})
    return _analysis(walk, walk.results.nodes, (*problems, *walk.problems))


def _analysis(
    walk: Walk,
    nodes: Mapping[NodePath, NodeAnalysis],
    problems: tuple[Diagnostic, ...],
    axes: tuple[VariableAxis, ...] = (),
) -> Analysis:
    results, by_name = walk.results, {".".join(path): node for path, node in nodes.items()}
    counts = (results.parameters, results.macs)
    return Analysis(problems, by_name, results.derived, *counts, tuple(walk.sensitive), axes=axes)
