"""What is known of the open project: shapes, sizes, problems and source, as far as they have been worked out."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from PySide6.QtCore import QObject, QTimer, Signal

from engine.catalog.index import layer
from engine.catalog.params import Value, freeze
from engine.check.diagnostics import Diagnostic, errors
from engine.check.rules import instant_steps, trainable
from engine.graph.edits import Batch, Edit, MoveNodes, SetFrames, SetNotes, SetPoints
from engine.graph.model import Data, Wire
from engine.protocol.answers import Analysed, NodeAnswer
from gui.state.data_fields import NO_FIELDS, DataFields
from gui.state.document import Document
from gui.state.problem_level import Key, Tone, key, tone
from gui.system.time_slices import PAUSE_MS, TimeSlices

Shape = tuple[int | str, ...]
MOST_AT_ONCE = 600  # nodes and wires; more are judged in slices
_CLASS = re.compile(r"class ([A-Za-z_][A-Za-z0-9_]*)\(")


@dataclass(frozen=True, slots=True)
class NodeResults:
    """What is known of one node in one place: shapes and element types by output port, and its figures for one row.

    ``derived``: the parameters that were read off the wires. ``weights``: the shapes of its weights by their names
    below the node; none where they are not known. ``times``: how often it is there, by repetition of blocks; the
    figures are of all of them.
    """

    outputs: Mapping[str, Shape] = field(default_factory=dict)
    elements: Mapping[str, str] = field(default_factory=dict)
    parameters: int = 0
    macs: int = 0
    derived: Mapping[str, Value] = field(default_factory=dict)
    times: int = 1
    weights: Mapping[str, tuple[int, ...]] = field(default_factory=dict)


class Owner(NamedTuple):
    """The node that a line of source is about; ``graph`` is also the name of the class around it."""

    graph: str
    node: str


class AnalysisResults(QObject):
    """The latest answer of the analysis worker, and what can be told without it.

    ``nodes`` by dotted path from the main graph. ``problems``: after an edit those of the rules at once, with the
    worker's former ones about nodes that are still there, until it answers; of another project none, until the next
    turn of the event loop or until someone needs to know (``errors``, ``ask``).

    ``stale``: an answer is awaited, or could not be given; then ``failure`` says why, until an edit or an answer. What
    is shown is then of before.
    """

    changed = Signal()
    retry_wanted = Signal()  # asked for once more although nothing has changed, since the last analysis failed

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._rule_problems: tuple[Diagnostic, ...] = ()  # by the rules, of the project as it is
        self._worker_problems: tuple[Diagnostic, ...] = ()  # by the worker, beyond the rules
        self._answer_revision = -1  # the document's revision that the answer is about
        self._latest_revision = 0  # the one since which nothing that matters has changed
        self.nodes: dict[str, NodeResults] = {}
        self.problems: tuple[Diagnostic, ...] = ()
        self.source = ""
        self.lines: dict[int, Owner] = {}
        self._fields: DataFields = NO_FIELDS
        self._fields_of: Data | None = None
        self.parameters = 0
        self.macs = 0
        self.stale = True
        self.failure = ""
        self.reported: frozenset[Key] = frozenset()  # problems that Train or F8 has told of
        self._is_judged = False  # by the rules, since another project was loaded
        self.has_answer = False  # whether the worker has said anything about this project
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._judge_by_size)
        self._turns = TimeSlices(self)
        document.changing.connect(self._put_off)
        document.edited.connect(self._follow)
        document.replaced.connect(self._restart)
        self._restart()
        self._judge()

    def node(self, path: str) -> NodeResults | None:
        """What is known of the node at a dotted path."""
        return self.nodes.get(path)

    @property
    def is_partial(self) -> bool:
        """Whether a layer could not be analysed, so that the totals are those of the others."""
        project = self._document.project
        graph = project.graphs.get(project.main)
        return any(
            not (results := self.nodes.get(name)) or not results.outputs
            for name, node in (graph.nodes.items() if graph else ())
            if (declared := layer(node.kind)) and (declared.stateful or declared.role == "block") and not node.bypass
        )

    def value(self, wire: Wire, prefix: str = "") -> tuple[Shape, str] | None:
        """Shape and element type of what flows in a wire of the graph whose nodes' paths start with ``prefix``."""
        results = self.nodes.get(prefix + wire.source.node)
        if results is None or wire.source.port not in results.outputs:
            return None
        return results.outputs[wire.source.port], results.elements.get(wire.source.port, "float")

    @property
    def fields(self) -> DataFields:
        """The fields that were found in the data as it is set now; empty as long as it was not read."""
        return self._fields if self._fields_of == _source_of(self._document.project.data) else NO_FIELDS

    def problems_of(self, graph: str, node: str) -> list[Diagnostic]:
        """The problems of one node, in whatever use of its graph they were found."""
        return [each for each in self.problems if each.graph == graph and _last(each.node) == node]

    def tone(self, problem: Diagnostic) -> Tone:
        """How loudly a problem is shown."""
        return tone(problem, self.reported)

    def ask(self) -> None:
        """A person wants to train, or to see what is wrong: what is unfinished counts as what it is, until mended."""
        self._have_judged()
        if self.failure:
            self.retry_wanted.emit()
        reported = frozenset(map(key, self.problems))
        if reported != self.reported:
            self.reported = reported
            self.changed.emit()

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """The problems that keep the project from being trained."""
        self._have_judged()
        return errors(self.problems)

    def fail(self, message: str, revision: int) -> None:
        """There is no answer about a revision of the document; what is shown stays, and is no longer called current."""
        if revision >= self._latest_revision:
            self.stale, self.failure = True, message
            self.changed.emit()

    def take(self, answer: Analysed, revision: int) -> None:
        """Show an answer about a revision of the document; one older than what is shown already is dropped."""
        if revision < self._answer_revision:
            return
        self._have_judged()
        self._answer_revision, self.has_answer = revision, True
        self.stale, self.failure = revision < self._latest_revision, ""
        rule_keys = {key(problem) for problem in self._rule_problems}
        self._worker_problems = tuple(each for each in answer.problems if key(each) not in rule_keys)
        self.problems = self._merged() if self.stale else answer.problems
        self.nodes = {path: _node(raw) for path, raw in answer.nodes.items()}
        self.parameters, self.macs = answer.parameters, answer.macs
        if not self.stale:
            self._fields, self._fields_of = answer.fields, _source_of(self._document.project.data)
        self._forget_mended()
        if answer.source or not self.stale:
            self.source, self.lines = answer.source, owners(answer.source, answer.lines)
        self.changed.emit()

    def _restart(self) -> None:
        self.nodes, self.source, self.lines = {}, "", {}
        self._fields, self._fields_of = NO_FIELDS, None
        self.parameters = self.macs = 0
        self.stale, self.has_answer, self.failure = True, False, ""
        self._worker_problems, self.reported = (), frozenset()
        self._answer_revision = self._latest_revision = self._document.revision
        self._rule_problems = self.problems = ()
        self._is_judged = False
        self.changed.emit()
        self._soon.start(PAUSE_MS)

    def _follow(self, edit: Edit) -> None:
        if matters(edit):
            self._latest_revision, self.stale, self.failure = self._document.revision, True, ""
            self._soon.start(0)

    def _have_judged(self) -> None:
        if self._is_judged:
            self._turns.finish()
        else:
            self._judge()

    def _put_off(self) -> None:
        """The project is about to change: judge it when it has."""
        if not self._turns.is_done:
            self._turns.stop()
            self._soon.start(0)

    def _judge_by_size(self) -> None:
        graphs = self._document.project.graphs.values()
        if sum(len(graph.nodes) + len(graph.wires) for graph in graphs) > MOST_AT_ONCE:
            self._turns.start(self._judging())
        else:
            self._judge()

    def _judge(self) -> None:
        self._turns.start(self._judging())
        self._turns.finish()

    def _judging(self) -> Iterator[None]:
        project = self._document.project
        problems = yield from instant_steps(project)
        self._soon.stop()
        self._is_judged = True
        self._rule_problems = (*problems, *trainable(project))
        self.problems = self._merged()
        self._forget_mended()
        self.changed.emit()

    def _forget_mended(self) -> None:
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
    """What tells which fields there are."""
    return Data(data.kind, dict(data.params))


def matters(edit: Edit) -> bool:
    """Whether an edit changes more than how the drawing looks."""
    if isinstance(edit, Batch):
        return any(map(matters, edit.edits))
    return not isinstance(edit, MoveNodes | SetFrames | SetNotes | SetPoints)


def owners(source: str, lines: Mapping[int, str]) -> dict[int, Owner]:
    """The graph and node of each line; a class bears its graph's name, and what stands after the last is of it."""
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
    return (path or "").rpartition(".")[2]
