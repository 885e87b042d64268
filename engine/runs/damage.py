"""Whether a run's folder still contains what its trainer wrote, with checks that are fast enough for a list of runs.

Every metric of the list is in two places: in the events, and in the newest checkpoint, whose manifest has a hash.
"""

import contextlib
import hashlib
import os
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from engine.errors import EngineError, RunProblem
from engine.graph.stepwise import Steps
from engine.project import file as files
from engine.project.existence import is_folder
from engine.project.regular_file import mode_of
from engine.runs.events import CheckpointSaved, Finished, Started, decode, is_broken
from engine.runs.folder import RunFolder
from engine.runs.generations import claimed_steps, verify
from engine.runs.identity import result_hash
from engine.runs.tail import last_lines

MAX_HASHED = 2 << 20  # bytes of a file, a few milliseconds; of a larger one only the size is compared
MAX_PROJECT = 1 << 20


def older_answers(folder: RunFolder, step: int, damaged: tuple[RunProblem, ...]) -> str:
    """A message if the newest checkpoint is unreadable and that of ``step`` replaces it, or ``""``."""
    instead = f"The one of step {step:,} is used instead."
    if damaged:
        return f"{damaged[0].message} {instead}"
    saved = _last_saved(folder)
    if saved is not None and saved > step:
        return f"The checkpoint {folder.checkpoints / str(saved)} is missing. {instead}"
    return ""


def _last_saved(folder: RunFolder) -> int | None:
    """The step of the newest checkpoint by the events; ``None`` where they cannot be read."""
    try:
        lines = last_lines(folder.events)[1]
    except OSError:
        return None
    events = (decode(line) for line in reversed(lines) if line.startswith(b'{"event":"CheckpointSaved"'))
    return next((event.step for event in events if isinstance(event, CheckpointSaved)), None)


def damage(folder: RunFolder, first: bytes, read: list[bytes], final: Finished, *, has_ended: bool) -> Steps[str]:
    """A sentence about the first damage, or ``""``, in steps.

    ``first``: the first line of the events. ``read``: the lines that the list uses, ``final`` their metrics.
    """
    for text in _problems(folder, first, read, final, has_ended=has_ended):
        if text:
            return text
        yield
    return ""


def _problems(folder: RunFolder, first: bytes, read: list[bytes], final: Finished, *, has_ended: bool) -> Iterator[str]:
    yield from _odd_events(folder.events)
    if any(map(is_broken, [first.rstrip(b"\n"), *read])):
        yield f"{folder.events} has a line that cannot be read."
    if not is_folder(folder.checkpoints):
        yield f"{folder.checkpoints} is not a folder: no checkpoint can be read."
    damaged: list[RunProblem] = []
    for step in claimed_steps(folder.checkpoints):
        try:
            manifest = verify(folder.checkpoints / str(step), MAX_HASHED)[0]
        except RunProblem as wrong:
            damaged.append(wrong)
            continue
        if text := older_answers(folder, step, tuple(damaged)):
            yield text
        else:
            yield from _differing(folder, manifest.get("facts"), first, final, has_ended=has_ended)
        return
    if damaged:
        yield f"No checkpoint can be read. {damaged[0].message}"


def _odd_events(path: Path) -> Iterator[str]:
    try:
        mode_of(path)
    except FileNotFoundError:
        yield f"{path} is missing."
    except OSError as error:
        yield f"{path} cannot be read: {error.strerror or error}."
    else:
        with contextlib.suppress(OSError):  # it is empty
            if _last_byte(path) != b"\n":
                yield f"The last line of {path} is cut off."


def _last_byte(path: Path) -> bytes:
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read(1)


def _differing(folder: RunFolder, metadata: object, first: bytes, final: Finished, *, has_ended: bool) -> Iterator[str]:
    """Differences between the events and the newest checkpoint."""
    if not isinstance(metadata, dict):
        return
    place = f"{folder.checkpoints}"
    try:
        at, offset, began = metadata["position"], int(metadata["offsets"]["events"]), float(metadata["began"])
        same_epoch = at["epoch"] == final.epochs
        recorded = {name: _number(value) for name, value in at["metrics"].items()}
        best = {name: _number(value) for name, value in at["best"].items()}
    except (KeyError, TypeError, ValueError, AttributeError):
        return
    if folder.events.stat().st_size < offset:
        yield f"{folder.events} is shorter than its newest checkpoint records."
    if metadata.get("first_event", "") not in ("", line_hash(first)):
        yield f"The first line of {folder.events} was changed."
    started = decode(first)
    if isinstance(started, Started):
        began_at = datetime.fromtimestamp(began, UTC).isoformat(timespec="seconds")
        if started.started_at and started.started_at != began_at:
            yield f"{folder.events} gives another start of the run than {place}."
    if has_ended and (not same_epoch or final.best_epoch != at["best_epoch"] or _as_text(final.best) != best):
        yield f"{folder.events} gives another end of the run than {place}."
    if same_epoch and final.epochs and _as_text(final.metrics) != recorded:
        yield f"{folder.events} gives other metrics than {place}."
    yield from _changed_project(folder, metadata)


def line_hash(line: bytes) -> str:
    """The hash of one line of events, with or without its line feed."""
    return hashlib.sha256(line.rstrip(b"\n")).hexdigest()


def _changed_project(folder: RunFolder, metadata: Mapping[str, Any]) -> Iterator[str]:
    try:
        if folder.project.stat().st_size > MAX_PROJECT:
            return
        project = files.read(folder.project)
        yield ""  # of 1,000 nodes each half takes 10 ms
        if result_hash(project) != metadata["project_hash"]:
            yield f"{folder.project} was changed after the run began."
    except (EngineError, OSError) as error:
        yield f"{folder.project} cannot be read. {error}"
    except KeyError:
        return


def _as_text(metrics: Mapping[str, float]) -> dict[str, str]:
    return {name: _number(value) for name, value in metrics.items()}


def _number(value: object) -> str:
    """A number as text, so that nan equals itself; a manifest writes non-finite numbers as an object."""
    return repr(float(value["number"] if isinstance(value, dict) else value))  # type: ignore[arg-type]
