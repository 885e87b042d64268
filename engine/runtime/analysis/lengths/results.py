"""The results of all walks as one: shapes with letters, and problems of sizes that depend on a length."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import zip_longest

from engine.catalog.index import layer
from engine.catalog.params import FromInput
from engine.check.diagnostics import Diagnostic, Fix
from engine.graph.edits import SetParam
from engine.graph.model import Project
from engine.graph.repetitions import node_names
from engine.runtime.analysis.lengths.labels import Labels, Sizes
from engine.runtime.analysis.lengths.trials import Trials
from engine.runtime.analysis.node_analysis import NodeAnalysis, Path
from engine.runtime.analysis.walk import Walk

_NUMBER = re.compile(r"\d+(?:,\d{3})*")
_SAMPLES = "N*"
Axis = tuple[int | str, ...]
"""An axis of an output as each walk writes it: a number, ``N`` or ``N*8``."""


def axes(trials: Trials) -> Iterator[Sizes]:
    """The sizes of all axes, those of samples left out."""
    for path, node in trials.walks[0].results.nodes.items():
        for port in node.outputs:
            for axis in _axes_of(trials, path, port):
                yield _sizes(axis)


def labelled_nodes(trials: Trials, labels: Labels) -> dict[Path, NodeAnalysis]:
    """The nodes of the first walk, with formulas where sizes depend on a length."""
    return {
        path: replace(node, outputs={port: _shape(trials, labels, path, port) for port in node.outputs})
        for path, node in trials.walks[0].results.nodes.items()
    }


def _shape(trials: Trials, labels: Labels, path: Path, port: str) -> tuple[int | str, ...]:
    return tuple(_label(labels, axis) for axis in _axes_of(trials, path, port))


def _label(labels: Labels, axis: Axis) -> int | str:
    if all(size in (axis[0], "") for size in axis):
        return axis[0]
    text = labels.of(_sizes(axis))
    if not isinstance(axis[0], str):
        return text
    return f"{_SAMPLES}{text}" if str(text).isalnum() else f"{_SAMPLES}({text})"


def _axes_of(trials: Trials, path: Path, port: str) -> Iterator[Axis]:
    """The axes of an output, each as all walks write it; empty where a walk lacks it."""
    nodes = [walk.results.nodes.get(path) for walk in trials.walks]
    shapes = [node.outputs.get(port, ()) if node else () for node in nodes]
    return zip_longest(*shapes, fillvalue="")


def _sizes(axis: Axis) -> Sizes:
    """The sizes as numbers; of several samples' worth, that of one sample."""
    return tuple(_size(each) for each in axis)


def _size(label: int | str) -> int | None:
    if isinstance(label, int):
        return label
    return int(label.removeprefix(_SAMPLES)) if label.startswith(_SAMPLES) else 1 if label else None


def problems(trials: Trials, labels: Labels) -> Iterator[Diagnostic]:
    """The problems of the first walk, with formulas for numbers that depend on a length, and those of weights."""
    problems_by_walk = [{_key(problem): problem for problem in walk.problems} for walk in trials.walks]
    for problem in trials.walks[0].problems:
        same = [each.get(_key(problem)) for each in problems_by_walk]
        is_fixed = all(each is None or each.fix == problem.fix for each in same)
        yield replace(
            problem,
            message=_text(labels, [each.message if each else None for each in same]),
            hint=_text(labels, [each.hint if each else None for each in same]),
            fix=problem.fix if is_fixed else None,
        )
    yield from _weight_problems(trials, labels)


def _key(problem: Diagnostic) -> tuple[str | None, ...]:
    return problem.code, problem.node, problem.port, _NUMBER.sub("#", problem.message)


def _text(labels: Labels, texts: list[str | None]) -> str:
    """The first text, with formulas for the numbers that differ."""
    numbers = [[int(each.replace(",", "")) for each in _NUMBER.findall(text or "")] for text in texts]
    if not any(each != numbers[0] for each, text in zip(numbers, texts, strict=True) if text is not None):
        return texts[0] or ""
    numbers_by_walk = [each if len(each) == len(numbers[0]) else [None] * len(numbers[0]) for each in numbers]
    places = iter(zip(*numbers_by_walk, strict=True))

    def label(number: re.Match[str]) -> str:
        sizes = next(places)
        return number[0] if all(size in (sizes[0], None) for size in sizes) else str(labels.of(sizes))

    return _NUMBER.sub(label, texts[0] or "")


def _weight_problems(trials: Trials, labels: Labels) -> Iterator[Diagnostic]:
    """Sizes of weights, and sizes that blocks read, that depend on a length."""
    first, reported = trials.walks[0], set[tuple[str, ...]]()
    for path, values in first.results.derived.items():
        others = [walk.results.derived.get(path, values) for walk in trials.walks]
        names = node_names(path)
        for param, value in values.items():
            sizes = tuple(other.get(param) for other in others)
            if all(size == value for size in sizes) or names in reported:
                continue
            reported.add(names)
            numbers = tuple(size if isinstance(size, int) else None for size in sizes)
            text = labels.of(numbers) if isinstance(value, int) else ""
            yield _weight_problem(trials.project, first, names, param, text)


def _weight_problem(project: Project, walk: Walk, path: Path, param: str, size: int | str) -> Diagnostic:
    graph = project.main
    for use in path[:-1]:
        graph = project.graphs[graph].nodes[use].graph or ""
    name, node = path[-1], project.graphs[graph].nodes[path[-1]]
    letters, value = " and ".join(walk.lengths), f", {size}," if size else ""
    hint, fix = "Remove that axis first, with a mean over the positions for instance.", None
    declaration = layer(node.kind)
    read = declaration.param(param) if declaration else None
    if isinstance(read, FromInput) and read.longest:
        hint = f"Set {param} to the largest length that it must take."
        fix = Fix(f"Set {param} to {read.longest}", SetParam(graph, node.shares or name, param, read.longest))
    message = (
        f"{name} ({node.kind}) reads {param} off an axis of variable length{value} so it would depend on {letters}."
    )
    return Diagnostic("S022", "error", message, hint, node=".".join(path), graph=graph, fix=fix)
