"""The repetitions of a block use, each of which takes what the one before gives; equal ones are analysed once."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from engine.check.diagnostics import Diagnostic, errors
from engine.check.view import View
from engine.graph.repetitions import repetition
from engine.graph.resolved import Values
from engine.runtime.analysis.build import Spec, shape_labels, shape_text
from engine.runtime.analysis.node_analysis import Derived, NodeAnalysis, Path, Results, Sizes

Specs = dict[str, Spec | None]
"""The specs of values by name; ``None`` where an earlier problem makes one unknown."""


def analysis_of(
    outputs: Specs, parameters: int = 0, macs: int = 0, *, times: int = 1, weights: Sizes | None = None
) -> NodeAnalysis:
    """The results of a node with these outputs, as far as they are known; the other fields as in `NodeAnalysis`."""
    specs = {port: spec for port, spec in outputs.items() if spec is not None}
    labels = {port: shape_labels(spec.shape) for port, spec in specs.items()}
    elements: dict[str, str] = {port: spec.element for port, spec in specs.items()}
    return NodeAnalysis(labels, elements, parameters, macs, times, weights)


@dataclass(frozen=True, slots=True)
class Repetition:
    """One repetition. ``home_index``: of the first equal repetition of the use that has its weights."""

    home_index: int
    values: Values
    inputs: Mapping[str, Spec]
    outputs: Specs
    results: Results
    weights: Sizes | None


def all_results(repetitions: Sequence[Repetition]) -> tuple[Results, Sizes | None, int]:
    """The results of all repetitions, their weights, and how often these count: 1 where repetitions differ."""
    results, weights = Results(), repetitions[0].weights
    counts = Counter(map(id, repetitions))
    for one in {id(one): one for one in repetitions}.values():
        results.add(one.results, counts[id(one)])
        weights = None if weights is None or one.weights is None else {**one.weights, **weights}
    return results, weights, len(repetitions) if len(counts) == 1 else 1


def spread(derived: Derived, home: Path, firsts: Mapping[int, int]) -> None:
    """Add the values of repetitions that are as an earlier one, unless that is the first of all.

    ``home``: the path of the use. ``firsts``: by repetition, the first that is equal.
    """
    for index, first in firsts.items():
        if first not in (0, index):
            start, other = ((*home[:-1], repetition(home[-1], each)) for each in (first, index))
            inside = {path: values for path, values in derived.items() if path[: len(start)] == start}
            derived |= {(*other, *path[len(start) :]): values for path, values in inside.items()}


def later_problems(
    view: View,
    name: str,
    index: int,
    before: Repetition,
    one: Repetition,
    problems: Sequence[Diagnostic],
    start: int,
) -> list[Diagnostic]:
    """The problems of a repetition after the first, without those of earlier ones.

    ``before``: the repetition before. ``problems``: of all repetitions so far, those of this ``one`` from ``start``.
    """
    earlier = {(problem.code, problem.node) for problem in problems[:start]}
    own = [problem for problem in problems[start:] if (problem.code, problem.node) not in earlier]
    wrong = next(iter(errors(tuple(own))), None)
    if wrong is None or before.values != one.values or before.inputs == one.inputs:
        which = f"In repetition {index + 1} of {name}"
        return [replace(problem, message=f"{which}: {problem.message}") for problem in own]
    node, ports = view.graph.nodes[name], view.ports[name]
    names = [port.name for port in ports.inputs[: len(ports.outputs)]]  # any others are the same each time
    takes, gives = (
        " and ".join(shape_text(specs[each].shape) for each in names) for specs in (before.inputs, one.inputs)
    )
    return [
        view.problem(
            "S011",
            f"{name} is repeated {node.repeat} times, but {node.graph} takes {takes} and gives {gives}, which it "
            f"cannot take: {wrong.message}",
            "Let the block give what it can take, or set repeat to 1.",
            node=name,
        )
    ]


def once_a_node(problems: Sequence[Diagnostic]) -> list[Diagnostic]:
    """The problems, each for the first use of its block: of those of one code and node, rather an error."""
    first_paths: dict[tuple[object, ...], str | None] = {}
    for problem in sorted(problems, key=lambda each: each.severity != "error"):
        first_paths.setdefault(key_of(problem), problem.node)
    return [problem for problem in problems if first_paths[key_of(problem)] == problem.node]


def key_of(problem: Diagnostic) -> tuple[object, ...]:
    """The code and the node of a problem, which are equal at all uses of a block."""
    return problem.code, problem.graph, (problem.node or "").rpartition(".")[2]
