"""Rules about the data: what kind, which values, how it is split and transformed, and which fields the graph reads."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from engine.catalog.data.datasets import datasets
from engine.catalog.data.roles import name_by_role
from engine.catalog.data.transforms import transforms
from engine.catalog.index import nearest
from engine.catalog.params import Value, find
from engine.check.diagnostics import Diagnostic, Fix
from engine.check.values import faults
from engine.check.view import View
from engine.graph.edits import SetData, SetParam
from engine.graph.model import Data, Project
from engine.graph.plain.schema import BIGGEST_EXACT

MOST_CLASSES = 1000  # that a column of whole numbers is thought to mean
ANSWERS = ("label", "target")
"""Fields that hold what is true, as the data sets name them."""


def problems(project: Project) -> Iterator[Diagnostic]:
    """What can be said of the data without reading it."""
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


def _nearest_kind(kind: str, known: Collection[str]) -> str:
    return nearest(kind, known) or f"Choose one of {', '.join(known)}."


def _values(data: Data) -> Iterator[Diagnostic]:
    for wrong in faults(data.kind, datasets()[data.kind].params, data.params):
        if wrong.declared is None:
            without: dict[str, Value] = {name: value for name, value in data.params.items() if name != wrong.param}
            fix = Fix(f"Remove {wrong.param}", SetData(replace(data, params=without)))
            yield _problem("D102", f"The data {data.kind} {wrong.message}", wrong.hint, fix)
        elif not wrong.given:
            yield _problem("D108", f"The data {data.kind} needs {wrong.param}.", wrong.hint)
        else:
            yield _problem("D103", f"The data {data.kind}: {wrong.message}", wrong.hint)


def _split(data: Data) -> Iterator[Diagnostic]:
    split = data.split
    for name, share in (("validation", split.validation), ("test", split.test)):
        if not 0 <= share < 1:  # nan is not, either
            yield _problem("D104", f"The share of {name} rows must be from 0 up to, not including, 1, got {share}.")
            return
    total = split.validation + split.test
    if total >= 1:
        yield _problem(
            "D104",
            f"Validation takes {split.validation} and test {split.test} of the rows, which leaves none to train on.",
            "Let them add up to less than 1.",
        )
    if not 0 <= split.seed <= BIGGEST_EXACT:
        yield _problem("D104", f"The seed of the split must be from 0 to {BIGGEST_EXACT:,}, got {split.seed:,}.")


def needs_data(project: Project) -> Iterator[Diagnostic]:
    """What training needs and a network alone does not: data with the fields that the network reads."""
    if not project.data.is_absent:
        return
    wanted = list(dict.fromkeys(reads(project).values()))
    listed = " and ".join(filter(None, (", ".join(wanted[:-1]), *wanted[-1:])))
    fields = f"the field{'s' if len(wanted) > 1 else ''} {listed}"
    message = f"The project has no data to train on; {project.main} reads {fields if wanted else 'no field'}."
    yield _problem("D113", message, f"Choose data that has {fields}." if wanted else "Choose data, and add an Input.")


def reads(project: Project) -> dict[str, str]:
    """The field that each Input of the main graph reads."""
    graph = project.graphs.get(project.main)
    if graph is None:
        return {}
    return {name: str(node.params.get("field") or name) for name, node in graph.of_kind("Input").items()}


def fields(project: Project, known: Collection[str], whole: Mapping[str, int] | None = None) -> Iterator[Diagnostic]:
    """Inputs and transforms that name a field that the data does not have.

    ``whole``: how many different whole numbers are in a field that holds such alone.
    """
    graph = project.graphs.get(project.main)
    if graph is None or project.data.is_absent:
        return
    view = View(project, project.main, graph)
    has = _has(project.data, known)
    for name, field in reads(project).items():
        if field not in known and (other := _other_task(project.data, field, known, whole or {})):
            message = f"{name} reads the field {field}, which the data does not have; {has} {other.message}"
            fix = (f"Set task to {other.task}", other.edit)
            yield view.problem("D107", message, f"Set task to {other.task}.", node=name, fix=fix)
        elif field not in known:
            close = nearest(field, known)
            best = close.removeprefix("Did you mean ").removesuffix("?") or _only(view, name, known)
            only = f"{best} is the only field that fits." if best else "Choose one of these as its field."
            yield view.problem(
                "D107",
                f"{name} reads the field {field}, which the data does not have; {has}",
                close or only,
                node=name,
                fix=(f"Read {best}", SetParam(view.name, name, "field", best)) if best else None,
            )
    yield from transformed(project.data, known)


class OtherTask(NamedTuple):
    """Why a table has the other field of those that hold what is true, and the edit that gives the one that is read."""

    task: str
    message: str
    edit: SetData


def _other_task(data: Data, field: str, known: Collection[str], whole: Mapping[str, int]) -> OtherTask | None:
    params = datasets()[data.kind].params if data.kind in datasets() else ()
    if field not in ANSWERS or find(params, "task") is None or data.params.get("task", "auto") != "auto":
        return None
    column = data.params.get("target") or name_by_role(params, data.params, "target")
    if field == "label" and "target" in known and 0 < whole.get("target", 0) <= MOST_CLASSES:
        task, message = (
            "classification",
            f"{column} holds {whole['target']:,} whole numbers, read as a number to predict.",
        )
    elif field == "target" and "label" in known and "label" in whole:
        task, message = "regression", f"{column} holds {whole['label']:,} different whole numbers, read as classes."
    else:
        return None
    edit = SetData(replace(data, params={**data.params, "task": task}), f"Set task to {task}")
    return OtherTask(task, message, edit)


def _only(view: View, name: str, known: Collection[str]) -> str:
    """The one field that an input can be meant to read, ``""`` where there are several or none.

    What no other input reads comes first; what is true goes to a loss or metric, everything else into the network.
    """
    read, wires = reads(view.project).values(), view.out_of.get(name, [])
    scored = [wire.target.port == "target" and view.role(wire.target.node) in ("loss", "metric") for wire in wires]
    is_answer = bool(scored) and all(scored)
    fitting = [field for field in known if (field in ANSWERS) is is_answer]
    left = [field for field in fitting or (known if is_answer else ()) if field not in read] or fitting
    return left[0] if len(left) == 1 else ""


def _has(data: Data, known: Collection[str]) -> str:
    return f"{data.kind} has {', '.join(known)}." if known else f"{data.kind} has no fields."


def transformed(data: Data, known: Collection[str]) -> Iterator[Diagnostic]:
    """Transforms that name a field that the data does not have."""
    has = _has(data, known)
    for place, part in enumerate(data.transforms):
        transform = transforms().get(part.kind)
        declared = find(transform.params, "field") if transform else None
        field = part.params.get("field", declared.default if declared else None)
        if isinstance(field, str) and field and field not in known:
            yield _problem(
                "D106",
                f"Transform {place + 1}, {part.kind}, changes the field {field}, which the data does not have; {has}",
                nearest(field, known) or "Choose one of these.",
            )
