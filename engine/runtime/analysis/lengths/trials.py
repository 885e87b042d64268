"""The lengths that a graph is walked with, and the limits that its nodes set to them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from engine.check.diagnostics import Diagnostic, errors
from engine.graph.model import Project
from engine.runtime.analysis.walk import Walk

FIRST = (251, 31, 2039, 7)
"""Where the lengths of the first walk are looked for, the usual ones first."""
FAR = (131071, 16381, 4093, 1021, 509, 127, 61, 31, 17, 11, 5, 3, 2, 1)
"""Other lengths, from which formulas follow; the farther from those of the first walk, the surer they are."""

Lengths = Mapping[str, int]
WalkWith = Callable[[Lengths], Walk]


@dataclass(frozen=True, slots=True)
class VariableAxis:
    """An axis of variable length: its letter, and the length that multiply-adds are counted for.

    ``low``, ``high``: the lengths that the graph takes, as far as they were tried; ``None`` without an upper limit.
    ``low_node``, ``high_node``: the nodes that set these limits, by dotted path.
    """

    letter: str
    length: int
    low: int = 1
    high: int | None = None
    low_node: str | None = None
    high_node: str | None = None

    def as_json(self) -> dict[str, object]:
        """The object that ``check --json`` prints."""
        return {name: getattr(self, name) for name in self.__slots__ if name != "letter"}

    @property
    def limits(self) -> str:
        """The limits as text: ``at least 3 (conv1)``."""
        limits = []
        if self.low_node:
            limits.append(f"at least {self.low} ({self.low_node})")
        if self.high is not None:
            limits.append(f"at most {self.high} ({self.high_node})")
        return " and ".join(limits) or "of any length"

    @property
    def text(self) -> str:
        """All in one sentence."""
        return f"Axis {self.letter}: {self.limits}; multiply-adds are for {self.letter} = {self.length}."


@dataclass(slots=True)
class Trials:
    """Walks a graph with different lengths. ``walks``: those that give sizes, the first with the usual lengths."""

    project: Project
    letters: tuple[str, ...]
    walk_with: WalkWith
    walks: list[Walk] = field(default_factory=list)
    axes: dict[str, VariableAxis] = field(default_factory=dict)
    _walks_by_lengths: dict[tuple[int, ...], Walk] = field(default_factory=dict)

    def run(self) -> None:
        """Find the first lengths, a second one of each letter, and the limits."""
        used = set(_numbers(self.project))
        tries = [dict(zip(self.letters, _primes(start, used), strict=False)) for start in FIRST]
        best = None
        for lengths in tries:
            walk = self._walk(lengths)
            if best is None or len(_wrong(walk)) < len(_wrong(best)):
                best = walk
            if not _wrong(best):
                break
        if best is None:
            raise ValueError("no lengths to try")
        self.walks.append(best)
        for letter in self.letters:
            self.axes[letter] = self._axis(best, letter, used)
            self.add(letter, best.lengths[letter] + 1)  # even, where all primes are odd

    def add(self, letter: str, length: int) -> bool:
        """Walk with another length of one letter; returns whether the graph takes it, and was not walked with it."""
        walk = self._walk({**self.walks[0].lengths, letter: length})
        if walk in self.walks or self._refused_by(walk):
            return False
        self.walks.append(walk)
        return True

    def _axis(self, base: Walk, letter: str, used: set[int]) -> VariableAxis:
        """The limits of a letter; a far length that the graph takes is added to the walks."""
        length = base.lengths[letter]
        low, low_node, high, high_node = 1, None, None, None
        is_sound = not _wrong(base)
        far = [each for each in (next(_primes(start, used)) if start > 1 else 1 for start in FAR) if each != length]
        good = next((each for each in far if self.add(letter, each)), None)
        if not is_sound:
            return VariableAxis(letter, length)
        if good != far[0]:
            high, high_node = self._limit(letter, max(length, good or 0), far[0])
        if self._refused_by(self._walk({**base.lengths, letter: 1})):
            low, low_node = self._limit(letter, length, 1)
        return VariableAxis(letter, length, low, high, low_node, high_node)

    def _limit(self, letter: str, good: int, bad: int) -> tuple[int, str | None]:
        """The last length that the graph takes, between one that it takes and one that it does not, and why."""
        node = None
        while abs(good - bad) > 1:
            middle = (good + bad) // 2
            walk = self._walk({**self.walks[0].lengths, letter: middle})
            if wrong := self._refused_by(walk):
                bad, node = middle, wrong.node
            else:
                good = middle
        return good, node

    def _walk(self, lengths: Lengths) -> Walk:
        key = tuple(lengths.values())
        if key not in self._walks_by_lengths:
            self._walks_by_lengths[key] = self.walk_with(lengths)
        return self._walks_by_lengths[key]

    def _refused_by(self, walk: Walk) -> Diagnostic | None:
        """The first error that the first walk does not have."""
        before = {(problem.code, problem.node) for problem in _wrong(self.walks[0])}
        return next((problem for problem in _wrong(walk) if (problem.code, problem.node) not in before), None)


def changed_letter(first: Lengths, lengths: Lengths) -> str:
    """The letter whose length differs; walks change one at a time."""
    return next((letter for letter, length in lengths.items() if length != first[letter]), "")


def _wrong(walk: Walk) -> tuple[Diagnostic, ...]:
    return errors(tuple(walk.problems))


def _primes(start: int, used: set[int]) -> Iterator[int]:
    """The primes from ``start`` on that are no number of the project, so that no fixed size equals a length."""
    number = start
    while True:
        if number not in used and number > 1 and all(number % each for each in range(2, int(number**0.5) + 1)):
            yield number
        number += 1


def _numbers(project: Project) -> Iterator[int]:
    """The whole numbers in the parameters of all nodes."""
    for graph in project.graphs.values():
        for node in graph.nodes.values():
            yield from _whole(node.params.values())


def _whole(values: Iterable[object]) -> Iterator[int]:
    for value in values:
        if isinstance(value, tuple):
            yield from _whole(value)
        elif isinstance(value, int):
            yield value
