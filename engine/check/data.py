"""Rules about the data: its kind and values, its split and transforms, and the fields that the graph reads."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from engine.catalog.data.datasets import datasets
from engine.catalog.data.roles import name_by_role
from engine.catalog.data.transforms import transforms
from engine.catalog.index import did_you_mean, nearest
from engine.catalog.params import Value, find
from engine.check.diagnostics import Diagnostic, Fix
from engine.check.parameters.values import faults
from engine.check.view import View
from engine.graph.edits import SetData, SetParam
from engine.graph.json_form.schema import BIGGEST_EXACT
from engine.graph.model import Data, Project
from engine.graph.ports import LENGTH, end_of, entries

MAX_CLASSES = 1000  # of a column of whole numbers that may be class numbers
TARGET_FIELDS = ("label", "target")
"""The names of the fields that hold targets."""


def problems(project: Project) -> Iterator[Diagnostic]:
    """The problems that are found without reading the data."""
    data = project.data
    declared = datasets().get(data.kind)
    if data.is_absent:
        return
    if declared is None:
        hint = _nearest_kind(data.kind, datasets())
        yield _problem("D101", f"The data is of kind {data.kind!r}, which is unknown.", hint)
    else:
        yield from _values(data)
    yield from _split(data)
    for place, part in enumerate(data.transforms):
        transform = transforms().get(part.kind)
        if transform is None:
            hint = _nearest_kind(part.kind, transforms())
            yield _problem("D105", f"Transform {place + 1} is of kind {part.kind!r}, which is unknown.", hint)
            continue
        for wrong in faults(part.kind, transform.params, part.params):
            text = f": {wrong.message}" if wrong.declared else f" {wrong.message}"
            yield _problem("D109", f"Transform {place + 1}, {part.kind}{text}", wrong.hint)


def _problem(code: str, message: str, hint: str = "", fix: Fix | None = None) -> Diagnostic:
    return Diagnostic(code, "error", message, hint, fix=fix)


def _nearest_kind(kind: str, kinds: Collection[str]) -> str:
    return did_you_mean(kind, kinds) or f"Choose one of {', '.join(kinds)}."


def _values(data: Data) -> Iterator[Diagnostic]:
    for wrong in faults(data.kind, datasets()[data.kind].params, data.params):
        if wrong.declared is None:
            without: dict[str, Value] = {name: value for name, value in data.params.items() if name != wrong.param}
            fix = Fix(f"Remove {wrong.param}", SetData(replace(data, params=without)))
            yield _problem("D102", f"The data {data.kind} {wrong.message}", wrong.hint, fix)
        elif not wrong.is_set:
            yield _problem("D108", f"The data {data.kind} needs {wrong.param}.", wrong.hint)
        else:
            yield _problem("D103", f"The data {data.kind}: {wrong.message}", wrong.hint)


def _split(data: Data) -> Iterator[Diagnostic]:
    split = data.split
    for name, share in (("validation", split.validation), ("test", split.test)):
        if not 0 <= share < 1:  # nan is not, either
            yield _problem("D104", f"The share of {name} samples must be at least 0 and below 1, got {share}.")
            return
    total = split.validation + split.test
    if total >= 1:
        yield _problem(
            "D104",
            f"Validation takes {split.validation} and test {split.test} of the samples, which leaves none to train on.",
            "Let them add up to less than 1.",
        )
    if not 0 <= split.seed <= BIGGEST_EXACT:
        yield _problem("D104", f"The seed of the split must be from 0 to {BIGGEST_EXACT:,}, got {split.seed:,}.")


def needs_data(project: Project) -> Iterator[Diagnostic]:
    """The problem of training without data that has the fields that the network reads."""
    if not project.data.is_absent:
        return
    names = list(dict.fromkeys(reads(project).values()))
    names_text = " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))
    fields = f"the field{'s' if len(names) > 1 else ''} {names_text}"
    message = f"The project has no data to train on; {project.main} reads {fields if names else 'no field'}."
    yield _problem("D113", message, f"Choose data that has {fields}." if names else "Choose data, and add an Input.")


def reads(project: Project) -> dict[str, str]:
    """The field of each entry that the Inputs of the main graph read: ``x``, and ``x.length`` where that is wired."""
    graph = project.graphs.get(project.main)
    return entries(graph) if graph else {}


def field_problems(
    project: Project, names: Collection[str], whole: Mapping[str, int] | None = None
) -> Iterator[Diagnostic]:
    """Inputs and transforms that name a field that the data does not have.

    ``whole``: the number of different values of each field that holds only whole numbers.
    """
    graph = project.graphs.get(project.main)
    if graph is None or project.data.is_absent:
        return
    view = View(project, project.main, graph)
    has = _has(project.data, names)
    for entry, field in reads(project).items():
        name = end_of(entry).node
        if entry != name:
            yield from _lengths(view, name, field, names)
        elif field not in names and (other := _other_task(project.data, field, names, whole or {})):
            message = f"{name} reads the field {field}, which the data does not have; {has} {other.message}"
            fix = (f"Set task to {other.task}", other.edit)
            yield view.problem("D107", message, f"Set task to {other.task}.", node=name, fix=fix)
        elif field not in names:
            best = nearest(field, names) or _only(view, name, names)
            only = f"{best} is the only field that fits." if best else "Choose one of these as its field."
            yield view.problem(
                "D107",
                f"{name} reads the field {field}, which the data does not have; {has}",
                did_you_mean(field, names) or only,
                node=name,
                fix=(f"Read {best}", SetParam(view.name, name, "field", best)) if best else None,
            )
    yield from transform_problems(project.data, names)
    yield from _group_problems(project.data, names)


def _group_problems(data: Data, names: Collection[str]) -> Iterator[Diagnostic]:
    group, declared = data.split.group, datasets().get(data.kind)
    is_in_time = declared is not None and declared.in_time
    if group and (is_in_time or group not in names):
        message = f"The split keeps samples of one {group!r} together, and the data has no such field."
        if is_in_time:
            message = f"The split keeps samples of one {group!r} together, but {data.kind} is split in order of time."
        fix = Fix("Split without groups", SetData(replace(data, split=replace(data.split, group=""))))
        yield _problem("D115", message, did_you_mean(group, names) or f"{fix.label}.", fix)


def _lengths(view: View, name: str, field: str, names: Collection[str]) -> Iterator[Diagnostic]:
    """The problem of lengths that the data does not have; those of an unknown field are reported there."""
    if field not in names and reads(view.project)[name] in names:
        message = f"The length of {name} is read from the field {field}, which the data does not have."
        hint = f"Add {field} to the data, a whole number for each sample, or remove the wires from length."
        yield view.problem("D107", message, hint, node=name, port=LENGTH)


class OtherTask(NamedTuple):
    """Why a table has a label instead of a target, or the reverse, and the edit that gives the field that is read."""

    task: str
    message: str
    edit: SetData


def _other_task(data: Data, field: str, names: Collection[str], whole: Mapping[str, int]) -> OtherTask | None:
    params = datasets()[data.kind].params if data.kind in datasets() else ()
    if field not in TARGET_FIELDS or find(params, "task") is None or data.params.get("task", "auto") != "auto":
        return None
    column = data.params.get("target") or name_by_role(params, data.params, "target")
    if field == "label" and "target" in names and 0 < whole.get("target", 0) <= MAX_CLASSES:
        task, message = (
            "classification",
            f"{column} holds {whole['target']:,} whole numbers, read as a number to predict.",
        )
    elif field == "target" and "label" in names and "label" in whole:
        task, message = "regression", f"{column} holds {whole['label']:,} different whole numbers, read as classes."
    else:
        return None
    edit = SetData(replace(data, params={**data.params, "task": task}), f"Set task to {task}")
    return OtherTask(task, message, edit)


def _only(view: View, name: str, names: Collection[str]) -> str:
    """The only field that fits an input, ``""`` where there are several or none.

    Fields that no other input reads come first; targets go to a loss or metric, all other fields into the network.
    """
    read, wires = reads(view.project).values(), view.out_of.get(name, [])
    are_targets = [wire.target.port == "target" and view.role(wire.target.node) in ("loss", "metric") for wire in wires]
    is_answer = bool(are_targets) and all(are_targets)
    candidates = [field for field in names if (field in TARGET_FIELDS) is is_answer]
    unread = [field for field in candidates or (names if is_answer else ()) if field not in read] or candidates
    return unread[0] if len(unread) == 1 else ""


def _has(data: Data, names: Collection[str]) -> str:
    return f"{data.kind} has {', '.join(names)}." if names else f"{data.kind} has no fields."


def transform_problems(data: Data, names: Collection[str]) -> Iterator[Diagnostic]:
    """Transforms that name a field that the data does not have."""
    has = _has(data, names)
    for place, part in enumerate(data.transforms):
        transform = transforms().get(part.kind)
        declared = find(transform.params, "field") if transform else None
        field = part.params.get("field", declared.default if declared else None)
        if isinstance(field, str) and field and field not in names:
            yield _problem(
                "D106",
                f"Transform {place + 1}, {part.kind}, changes the field {field}, which the data does not have; {has}",
                did_you_mean(field, names) or "Choose one of these.",
            )
