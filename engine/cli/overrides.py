"""What the command line changes in a project for one run: the named options, and ``--set PATH=VALUE``."""

import json
from collections.abc import Sequence
from dataclasses import replace

from engine.catalog.index import nearest
from engine.errors import FileProblem
from engine.graph.model import Project, Training
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
    """The training with every option that was given in place of the file's value."""
    given = {"epochs": epochs, "batch_size": batch_size, "device": device, "seed": seed, "threads": threads}
    return replace(training, **{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]  # names and types are the dataclass's own


def with_settings(project: Project, settings: Sequence[str]) -> Project:
    """The project with each ``PATH=VALUE`` written into its file form. Raises: `FileProblem` naming the setting."""
    if not settings:
        return project
    form = file.to_json(project)
    for setting in settings:
        path, equals, text = setting.partition("=")
        if not equals or not path:
            raise FileProblem(f"--set takes PATH=VALUE, got {setting!r}.", code="F040")
        _put(form, path.split("."), _value(text), path)
    return file.from_json(form)


def _value(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def _put(form: dict[str, object], keys: Sequence[str], value: object, path: str) -> None:
    place: object = form
    for depth, key in enumerate(keys[:-1]):
        if isinstance(place, dict) and key == "params":
            place.setdefault("params", {})
        if not isinstance(place, dict) or key not in place:
            raise _unknown(path, keys[: depth + 1], place)
        place = place[key]
    if not isinstance(place, dict) or not (keys[-1] in place or _free(keys)):
        raise _unknown(path, keys, place)
    place[keys[-1]] = value


NODE_KEYS = ("kind", "params", "bypass", "shares", "graph", "repeat")


def _free(keys: Sequence[str]) -> bool:
    """Whether a key may be absent from the file because its value is the default."""
    return (len(keys) > 1 and keys[-2] == "params") or (len(keys) == 5 and keys[2] == "nodes" and keys[-1] in NODE_KEYS)


def _unknown(path: str, keys: Sequence[str], place: object) -> FileProblem:
    known = list(place) if isinstance(place, dict) else []
    offer = nearest(keys[-1], known) or (f"There are {', '.join(known)}." if known else "Nothing lies below that.")
    return FileProblem(f"--set {path}: the project has no {'.'.join(keys)}.", hint=offer, code="F041")
