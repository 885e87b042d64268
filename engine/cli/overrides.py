"""Changes of a project for one run by the command line: the named options, and ``--set PATH=VALUE``."""

import json
from collections.abc import Sequence
from dataclasses import fields, replace

from engine.catalog.index import did_you_mean
from engine.errors import FileProblem
from engine.graph.block_params import BlockParam
from engine.graph.model import (
    Best,
    Clip,
    Data,
    EarlyStop,
    Graph,
    Node,
    OtherOptimizer,
    Part,
    Phase,
    Project,
    SchedulePart,
    Split,
    Training,
)
from engine.graph.weights import Follows, WeightSettings, WeightsFile
from engine.project import file


def with_options(
    training: Training,
    *,
    epochs: int | None = None,
    batch_size: int | None = None,
    device: str | None = None,
    seed: int | None = None,
    threads: int | None = None,
) -> Training:
    """The training with every option that is set in place of the file's value."""
    return replace(
        training,
        epochs=training.epochs if epochs is None else epochs,
        batch_size=training.batch_size if batch_size is None else batch_size,
        device=training.device if device is None else device,
        seed=training.seed if seed is None else seed,
        threads=training.threads if threads is None else threads,
    )


def with_settings(project: Project, settings: Sequence[str]) -> Project:
    """The project with each ``PATH=VALUE`` written into its JSON form.

    Raises: `FileProblem` with the setting, or with the path of a value of the wrong type.
    """
    if not settings:
        return project
    form = file.to_json(project)
    for setting in settings:
        path, equals, text = setting.partition("=")
        if not equals or not path:
            raise FileProblem(f"--set takes PATH=VALUE, got {setting!r}.", code="F040")
        _put(form, path, value_of(text))
    return file.from_json(form)


def value_of(text: str) -> object:
    """The value of a text on the command line: JSON, else the text itself."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


FIXED = ("format", "version")  # of the file itself, not its content


def _put(form: dict[str, object], path: str, value: object) -> None:
    keys = path.split(".")
    if keys[0] in FIXED:
        raise FileProblem(f"--set {path}: {keys[0]} is not a setting of the project.", code="F041")
    place: object = form
    for depth, key in enumerate(keys, start=1):
        is_last = depth == len(keys)
        if isinstance(place, list):
            index = _index(path, keys[:depth], len(place))
            if is_last:
                place[index] = value
            place = place[index]
            continue
        names = _legal_names(keys[: depth - 1], place)
        if not isinstance(place, dict) or (key not in place and key not in names and not _is_params(keys[:depth])):
            raise _unknown(path, keys[:depth], sorted(names.difference(FIXED)))
        if is_last:
            place[key] = value
        elif not isinstance(place.get(key), dict | list):  # left out of the file, because its values are the defaults
            place[key] = [] if _pattern(keys[:depth]) in LISTS else {}
        place = place[key]


def _index(path: str, keys: Sequence[str], length: int) -> int:
    """The index in a list that the last key gives. Raises: `FileProblem` where the list has no such entry."""
    whole = ".".join(keys[:-1])
    if keys[-1].isascii() and keys[-1].isdecimal() and int(keys[-1]) < length:
        return int(keys[-1])
    numbers = {0: "is an empty list", 1: "has one entry, number 0"}.get(length, f"has the entries 0 to {length - 1}")
    hint = f"To change the list itself, set all of {whole} at once, as JSON."
    raise FileProblem(f"--set {path}: {whole} {numbers}, so there is no entry {keys[-1]}.", hint=hint, code="F041")


def _is_params(keys: Sequence[str]) -> bool:
    """Whether the last key is a name that the check validates: of a parameter, or of a weight."""
    return len(keys) > 1 and (keys[-2] == "params" or (len(keys) == 6 and _is_node(keys[:4]) and keys[4] in OF_WEIGHTS))


OF_WEIGHTS = ("init", "parametrize")
PARTS: dict[tuple[str, ...], type] = {
    ("data",): Data,
    ("data", "split"): Split,
    ("training",): Training,
    ("training", "optimizer"): Part,
    ("training", "optimizer", "*"): OtherOptimizer,
    ("training", "schedule"): SchedulePart,
    ("training", "schedule", "*"): SchedulePart,
    ("training", "clip"): Clip,
    ("training", "early_stop"): EarlyStop,
    ("training", "best"): Best,
    ("training", "average"): Part,
    ("training", "phases", "*"): Phase,
    ("training", "phases", "*", "optimizer"): Part,
    ("training", "phases", "*", "optimizer", "*"): OtherOptimizer,
    ("training", "phases", "*", "schedule"): SchedulePart,
    ("training", "phases", "*", "schedule", "*"): SchedulePart,
    ("training", "phases", "*", "clip"): Clip,
    ("data", "transforms", "*"): Part,
    ("generation",): Part,
}
"""The class with the fields of a part of the file, by its path, with * for each entry of a list."""
LISTS = frozenset(keys[:-1] for keys in PARTS if keys[-1] == "*" and keys[:-1] not in PARTS)
KEYS = {"other_optimizers": "optimizer", "of": "for"}
"""The fields of these classes that have other names in the file."""


def _legal_names(keys: Sequence[str], place: object) -> set[str]:
    """The keys that the file may have there."""
    parts = _of_graph(keys[2:]) if len(keys) > 1 and keys[0] == "graphs" else PARTS.get(_pattern(keys), ())
    declared = {
        KEYS.get(each.name, each.name)
        for part in (parts if isinstance(parts, tuple) else (parts,))
        for each in fields(part)
    }
    return declared - {"extra", "settings", "then"} | set(place if isinstance(place, dict) else ())


def _pattern(keys: Sequence[str]) -> tuple[str, ...]:
    """A path with * in place of the index of an entry."""
    return tuple("*" if key.isdecimal() else key for key in keys)


def _is_node(keys: Sequence[str]) -> bool:
    return len(keys) == 4 and keys[0] == "graphs" and keys[2] == "nodes"


def _of_graph(keys: Sequence[str]) -> tuple[type, ...]:
    """The classes with the fields below a graph in the file. ``keys``: from the graph on."""
    match keys:
        case []:
            return (Graph,)
        case ["params", _]:
            return (BlockParam,)
        case ["nodes", _, *rest]:
            return _of_node(rest)
    return ()


def _of_node(keys: Sequence[str]) -> tuple[type, ...]:
    """The classes with the fields below a node in the file. ``keys``: from the node on."""
    match keys:
        case []:
            return Node, WeightSettings
        case ["weights"]:
            return (WeightsFile,)
        case ["follows"]:
            return (Follows,)
        case [field, _] if field in OF_WEIGHTS:
            return (Part,)
    return ()


def _unknown(path: str, keys: Sequence[str], names: Sequence[str]) -> FileProblem:
    offer = did_you_mean(keys[-1], names) or (
        f"There are {', '.join(names)}." if names else "It has no settings below it."
    )
    if not names and keys[-1].isdecimal():
        offer = f"Set all of {'.'.join(keys[:-1])} at once, as JSON."
    return FileProblem(f"--set {path}: the project has no {'.'.join(keys)}.", hint=offer, code="F041")
