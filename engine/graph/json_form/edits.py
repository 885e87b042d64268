"""Edits as JSON, for the journal: ``{"edit": "RemoveNode", "graph": "Net", ...}``; defaults are left out."""

from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

from msgspec import NODEFAULT, Struct
from msgspec.structs import fields

from engine.catalog.params import thaw
from engine.errors import FileProblem
from engine.graph import edits
from engine.graph.edits import Edit
from engine.graph.json_form.block_params import block_param_from_json, block_param_to_json
from engine.graph.json_form.graphs import (
    bypass_from_json,
    end_from_json,
    frame_from_json,
    frame_to_json,
    graph_from_json,
    graph_to_json,
    node_from_json,
    node_to_json,
    note_from_json,
    note_to_json,
    wire_from_json,
    wire_to_json,
)
from engine.graph.json_form.loops import loop_to_json
from engine.graph.json_form.loops import settings_from_json as loop_settings_from_json
from engine.graph.json_form.parts import generation_from_json, generation_to_json
from engine.graph.json_form.schema import (
    Fields,
    Json,
    Read,
    a_list,
    an_object,
    compact,
    flag,
    inside,
    list_of,
    maybe,
    name,
    point,
    text,
    whole,
    wrong,
)
from engine.graph.json_form.settings import data_from_json, data_to_json, training_from_json, training_to_json
from engine.graph.json_form.values import exact_from_json, exact_to_json
from engine.graph.json_form.weights import settings_from_json, weights_to_json

T = TypeVar("T")
Positions = dict[str, tuple[float, float]]


class Form(Struct, frozen=True):
    """How one field of an edit is written and read."""

    write: Callable[[Any], object]
    read: Read[Any]


def _same(value: T) -> T:
    return value


def _all(write: Callable[[Any], object]) -> Callable[[Any], object]:
    return lambda items: [write(item) for item in items]


def _place(raw: object, where: str) -> int:
    if whole(raw, where) < 0:
        raise wrong(where, "a place, counted from 0", raw)
    return whole(raw, where)


def _dot_to_json(dot: tuple[float, float]) -> object:
    return [compact(axis) for axis in dot]


def _positions_to_json(positions: Positions) -> Json:
    return {node: _dot_to_json(pos) for node, pos in positions.items()}


def _positions_from_json(raw: object, where: str) -> Positions:
    return {name(key, where): point(item, inside(where, key)) for key, item in an_object(raw, where).items()}


def _unread(raw: object, where: str) -> object:
    """The raw value, which `SETTABLE` reads by the name of its field."""
    del where
    return raw


NAME = Form(_same, name)
TEXT = Form(_same, text)
FLAG = Form(_same, flag)
WHOLE = Form(_same, whole)
PLACE = Form(_same, maybe(_place))
UNREAD = Form(thaw, _unread)
POINTS = Form(_all(_dot_to_json), list_of(point))
EXACT = Form(exact_to_json, exact_from_json)
NODE = Form(node_to_json, node_from_json)
WIRE = Form(wire_to_json, wire_from_json)
GRAPH = Form(graph_to_json, graph_from_json)
END = Form(str, end_from_json)
LOOP = Form(lambda loop: None if loop is None else loop_to_json(loop), maybe(loop_settings_from_json))
SETTINGS = Form(weights_to_json, settings_from_json)
BLOCK_PARAM = Form(block_param_to_json, block_param_from_json)
POSITIONS = Form(_positions_to_json, _positions_from_json)
FRAMES = Form(_all(frame_to_json), list_of(frame_from_json))
NOTES = Form(_all(note_to_json), list_of(note_from_json))
DATA = Form(data_to_json, data_from_json)
TRAINING = Form(training_to_json, training_from_json)
GENERATION = Form(lambda part: generation_to_json(part) if part else None, maybe(generation_from_json))
EDITS = Form(
    lambda several: [edit_to_json(edit) for edit in several],
    lambda raw, where: tuple(
        edit_from_json(item, f"{where}[{place}]") for place, item in enumerate(a_list(raw, where))
    ),
)

FORMS: dict[type[Edit], dict[str, Form]] = {
    edits.AddNode: {"graph": NAME, "name": NAME, "node": NODE, "index": PLACE},
    edits.RemoveNode: {"graph": NAME, "name": NAME, "undo": FLAG},
    edits.RenameNode: {"graph": NAME, "old": NAME, "new": NAME},
    edits.SetParam: {"graph": NAME, "node": NAME, "name": TEXT, "value": EXACT, "gesture": WHOLE, "index": PLACE},
    edits.SetNode: {"graph": NAME, "node": NAME, "name": TEXT, "value": UNREAD},
    edits.SetLoop: {"graph": NAME, "node": NAME, "loop": LOOP},
    edits.SetWeights: {"graph": NAME, "node": NAME, "settings": SETTINGS},
    edits.MoveNodes: {"graph": NAME, "positions": POSITIONS, "gesture": WHOLE},
    edits.AddWire: {"graph": NAME, "wire": WIRE, "index": PLACE, "undo": FLAG},
    edits.RemoveWire: {"graph": NAME, "wire": WIRE},
    edits.SetPoints: {"graph": NAME, "target": END, "points": POINTS, "gesture": WHOLE},
    edits.AddGraph: {"name": NAME, "graph": GRAPH, "index": PLACE},
    edits.RemoveGraph: {"name": NAME, "undo": FLAG},
    edits.RenameGraph: {"old": NAME, "new": NAME},
    edits.AddBlockParam: {"graph": NAME, "name": NAME, "param": BLOCK_PARAM, "index": PLACE},
    edits.RemoveBlockParam: {"graph": NAME, "name": NAME},
    edits.SetBlockParam: {"graph": NAME, "name": NAME, "param": BLOCK_PARAM},
    edits.MoveBlockParam: {"graph": NAME, "name": NAME, "index": WHOLE},
    edits.RenameBlockParam: {"graph": NAME, "old": NAME, "new": NAME},
    edits.SetFrames: {"graph": NAME, "frames": FRAMES, "label": TEXT, "gesture": WHOLE},
    edits.SetNotes: {"graph": NAME, "notes": NOTES, "label": TEXT},
    edits.SetData: {"data": DATA, "label": TEXT},
    edits.SetTraining: {"training": TRAINING, "label": TEXT},
    edits.SetGeneration: {"generation": GENERATION, "label": TEXT},
    edits.SetProject: {"name": TEXT, "value": UNREAD, "undo": FLAG},
    edits.Batch: {"label": TEXT, "edits": EDITS},
}
SETTABLE: dict[type[Edit], dict[str, Read[Any]]] = {
    edits.SetNode: {
        "kind": text,
        "bypass": bypass_from_json,
        "shares": maybe(name),
        "graph": maybe(name),
        "repeat": whole,
    },
    edits.SetProject: {"name": text, "main": name},
}
BY_NAME = {kind.__name__: kind for kind in FORMS}


@cache
def _defaults(kind: type[Edit]) -> dict[str, Any]:
    """An edit's fields with their defaults."""
    return {each.name: each.default for each in fields(kind)}


def edit_to_json(edit: Edit) -> Json:
    """One edit."""
    forms = FORMS[type(edit)]
    fields: Json = {"edit": type(edit).__name__}
    for key, default in _defaults(type(edit)).items():
        value = getattr(edit, key)
        if default is NODEFAULT or value != default:
            fields[key] = forms[key].write(value)
    return fields


def edit_from_json(raw: object, where: str = "edit") -> Edit:
    """The edit that `edit_to_json` wrote. Raises: `FileProblem` with the path of what is wrong."""
    items = Fields(raw, where)
    kind = BY_NAME.get(items.need("edit", text))
    if kind is None:
        raise wrong(f"{where}.edit", f"one of {', '.join(BY_NAME)}", an_object(raw, where)["edit"])
    values: Json = {}
    for key, default in _defaults(kind).items():
        read = FORMS[kind][key].read
        values[key] = items.need(key, read) if default is NODEFAULT else items.take(key, read, default)
    if unknown := items.rest():
        raise FileProblem(f"{where} has fields that {kind.__name__} does not know: {', '.join(unknown)}.")
    if kind in SETTABLE:
        values["value"] = _settable(SETTABLE[kind], values, where)
    return kind(**values)  # type: ignore[arg-type]  # every value was read by its form


def _settable(readers: dict[str, Read[Any]], values: Json, where: str) -> object:
    read = readers.get(str(values["name"]))
    if read is None:
        raise wrong(f"{where}.name", f"one of {', '.join(readers)}", values["name"])
    return read(values["value"], f"{where}.value")
