"""The analysis results of the open project: shapes, sizes, problems and generated source."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from PySide6.QtCore import QObject, QTimer, Signal

from engine.catalog.index import layer
from engine.catalog.params import Value, freeze
from engine.check.diagnostics import Diagnostic, errors
from engine.check.rules import instant_steps, training_problems
from engine.graph.edits import Batch, Edit, MoveNodes, SetFrames, SetNotes, SetPoints
from engine.graph.model import Data, Wire
from engine.graph.repetitions import node_name
from engine.protocol.answers import Analysed, LengthFound, NodeAnswer
from gui.state.data_fields import NO_FIELDS, DataFields
from gui.state.document import Document
from gui.state.problem_level import Key, Tone, key, tone
from gui.system.time_slices import PAUSE_MS, TimeSlices

Shape = tuple[int | str, ...]
MAX_AT_ONCE = 600  # nodes and wires; larger projects are checked in slices
_CLASS = re.compile(r"class ([A-Za-z_][A-Za-z0-9_]*)\(")


@dataclass(frozen=True, slots=True)
class NodeResults:
    """The results of one node: shapes and element types by output port, and its parameters and MACs for one sample.

    ``derived``: the parameters inferred from the wires. ``weights``: the shapes of its weights by their names below the
    node; empty if unknown. ``times``: how often it exists, with repeated blocks; ``parameters`` and ``macs`` count all.
    """

    outputs: Mapping[str, Shape] = field(default_factory=dict)
    elements: Mapping[str, str] = field(default_factory=dict)
    parameters: int = 0
    macs: int = 0
    derived: Mapping[str, Value] = field(default_factory=dict)
    times: int = 1
    weights: Mapping[str, tuple[int, ...]] = field(default_factory=dict)


class Owner(NamedTuple):
    """The node that a line of source belongs to; ``graph`` is also the name of the class around it."""

    graph: str
    node: str


class AnalysisResults(QObject):
    """The latest answer of the analysis worker, and the problems that the rules find without it.

    ``nodes`` by dotted path from the main graph. ``problems``: after an edit at once those of the rules, with former
    ones of the worker about nodes that still exist, until it answers; after loading a project none, until the next turn
    of the event loop or until they are needed (``errors``, ``ask``).

    ``stale``: the results are older than the project, since an answer is awaited or failed; then ``failure`` says why,
    until an edit or an answer.
    """

    changed = Signal()
    retry_wanted = Signal()  # analyse again although nothing has changed, since the last analysis failed

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._rule_problems: tuple[Diagnostic, ...] = ()  # of the rules, for the project as it is
        self._worker_problems: tuple[Diagnostic, ...] = ()  # of the worker, beyond those of the rules
        self._answer_revision = -1  # the revision of the document that the answer is about
        self._latest_revision = 0  # the latest revision with a change that matters
        self.nodes: dict[str, NodeResults] = {}
        self.problems: tuple[Diagnostic, ...] = ()
        self.source = ""
        self.lines: dict[int, Owner] = {}
        self._fields: DataFields = NO_FIELDS
        self._fields_of: Data | None = None
        self.parameters = 0
        self.macs = 0
        self.lengths: dict[str, LengthFound] = {}  # by the letter of the axis
        self.stale = True
        self.failure = ""
        self.reported: frozenset[Key] = frozenset()  # problems that were shown by Train or F8
        self._is_checked = False  # checked by the rules, since a project was loaded
        self.has_answer = False  # whether the worker has answered for this project
        self._check_timer = QTimer(self, singleShot=True, interval=0)
        self._check_timer.timeout.connect(self._check_soon)
        self._slices = TimeSlices(self)
        document.changing.connect(self._restart_check)
        document.edited.connect(self._follow)
        document.replaced.connect(self._restart)
        self._restart()
        self._check()

    def node(self, path: str) -> NodeResults | None:
        """The results of the node at a dotted path."""
        return self.nodes.get(path)

    @property
    def is_partial(self) -> bool:
        """Whether a layer could not be analysed, so that the totals are those of the other layers."""
        project = self._document.project
        graph = project.graphs.get(project.main)
        return any(
            not (results := self.nodes.get(name)) or not results.outputs
            for name, node in (graph.nodes.items() if graph else ())
            if (declared := layer(node.kind))
            and (declared.stateful or declared.role == "block")
            and not node.is_bypassed
        )

    def value(self, wire: Wire, prefix: str = "") -> tuple[Shape, str] | None:
        """Shape and element type of the value in a wire of the graph whose node paths start with ``prefix``."""
        results = self.nodes.get(prefix + wire.source.node)
        if results is None or wire.source.port not in results.outputs:
            return None
        return results.outputs[wire.source.port], results.elements.get(wire.source.port, "float")

    @property
    def fields(self) -> DataFields:
        """The fields in the data as it is configured now; empty until it has been read."""
        return self._fields if self._fields_of == _source_of(self._document.project.data) else NO_FIELDS

    def problems_of(self, graph: str, node: str) -> list[Diagnostic]:
        """The problems of one node, in any use of its graph."""
        return [each for each in self.problems if each.graph == graph and _last(each.node) == node]

    def tone(self, problem: Diagnostic) -> Tone:
        """The tone in which a problem is shown."""
        return tone(problem, self.reported)

    def ask(self) -> None:
        """Show unfinished parts as errors until they are fixed: the user wants to train or to see what is wrong."""
        self._ensure_checked()
        if self.failure:
            self.retry_wanted.emit()
        reported = frozenset(map(key, self.problems))
        if reported != self.reported:
            self.reported = reported
            self.changed.emit()

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """The problems that prevent training."""
        self._ensure_checked()
        return errors(self.problems)

    def fail(self, message: str, revision: int) -> None:
        """Note that the analysis of a revision failed; the results stay and are ``stale``."""
        if revision >= self._latest_revision:
            self.stale, self.failure = True, message
            self.changed.emit()

    def take(self, answer: Analysed, revision: int) -> None:
        """Take the answer for a revision of the document; one older than the last is dropped."""
        if revision < self._answer_revision:
            return
        self._ensure_checked()
        self._answer_revision, self.has_answer = revision, True
        self.stale, self.failure = revision < self._latest_revision, ""
        rule_keys = {key(problem) for problem in self._rule_problems}
        self._worker_problems = tuple(each for each in answer.problems if key(each) not in rule_keys)
        self.problems = self._merged() if self.stale else answer.problems
        self.nodes = {path: _node(raw) for path, raw in answer.nodes.items()}
        self.parameters, self.macs, self.lengths = answer.parameters, answer.macs, answer.lengths
        if not self.stale:
            self._fields, self._fields_of = answer.fields, _source_of(self._document.project.data)
        self._forget_fixed()
        if answer.source or not self.stale:
            self.source, self.lines = answer.source, owners(answer.source, answer.lines)
        self.changed.emit()

    def _restart(self) -> None:
        self.nodes, self.source, self.lines = {}, "", {}
        self._fields, self._fields_of = NO_FIELDS, None
        self.parameters, self.macs, self.lengths = 0, 0, {}
        self.stale, self.has_answer, self.failure = True, False, ""
        self._worker_problems, self.reported = (), frozenset()
        self._answer_revision = self._latest_revision = self._document.revision
        self._rule_problems = self.problems = ()
        self._is_checked = False
        self.changed.emit()
        self._check_timer.start(PAUSE_MS)

    def _follow(self, edit: Edit) -> None:
        if matters(edit):
            self._latest_revision, self.stale, self.failure = self._document.revision, True, ""
            self._check_timer.start(0)

    def _ensure_checked(self) -> None:
        if self._is_checked:
            self._slices.finish()
        else:
            self._check()

    def _restart_check(self) -> None:
        """Restart the check after the change that is about to come."""
        if not self._slices.is_done:
            self._slices.stop()
            self._check_timer.start(0)

    def _check_soon(self) -> None:
        graphs = self._document.project.graphs.values()
        if sum(len(graph.nodes) + len(graph.wires) for graph in graphs) > MAX_AT_ONCE:
            self._slices.start(self._check_steps())
        else:
            self._check()

    def _check(self) -> None:
        self._slices.start(self._check_steps())
        self._slices.finish()

    def _check_steps(self) -> Iterator[None]:
        project = self._document.project
        problems = yield from instant_steps(project)
        self._check_timer.stop()
        self._is_checked = True
        self._rule_problems = (*problems, *training_problems(project))
        self.problems = self._merged()
        self._forget_fixed()
        self.changed.emit()

    def _forget_fixed(self) -> None:
        self.reported &= frozenset(map(key, self.problems))

    def _merged(self) -> tuple[Diagnostic, ...]:
        graphs = self._document.project.graphs
        rule_keys = {key(problem) for problem in self._rule_problems}
        others = (
            each
            for each in self._worker_problems
            if key(each) not in rule_keys
            and (each.node is None or (each.graph in graphs and _last(each.node) in graphs[each.graph].nodes))
        )
        return (*self._rule_problems, *others)


def _source_of(data: Data) -> Data:
    """The part of the data settings that decides which fields there are."""
    return Data(data.kind, dict(data.params))


def matters(edit: Edit) -> bool:
    """Whether an edit changes more than the look of a graph."""
    if isinstance(edit, Batch):
        return any(map(matters, edit.edits))
    return not isinstance(edit, MoveNodes | SetFrames | SetNotes | SetPoints)


def owners(source: str, lines: Mapping[int, str]) -> dict[int, Owner]:
    """The graph and node of each line; a class has the name of its graph, and lines after it belong to it."""
    owners_by_line, graph = {}, ""
    for number, text in enumerate(source.splitlines(), 1):
        if match := _CLASS.match(text):
            graph = match[1]
        if number in lines:
            owners_by_line[number] = Owner(graph, lines[number])
    return owners_by_line


def _node(raw: NodeAnswer) -> NodeResults:
    return NodeResults(
        {port: tuple(shape) for port, shape in raw["outputs"].items()},
        raw.get("elements", {}),
        raw["parameters"],
        raw["macs"],
        {name: freeze(value) for name, value in raw.get("derived", {}).items()},
        raw.get("times", 1),
        {name: tuple(shape) for name, shape in raw.get("weights", {}).items()},
    )


def _last(path: str | None) -> str:
    return node_name((path or "").rpartition(".")[2])
