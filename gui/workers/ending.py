"""How a training ended, as a kind and a sentence, from its exit code, its log and its run folder."""

import contextlib
import os
import re
import signal
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from engine.runs.events import Event, Finished, Problem, Resumed, Started
from engine.runs.folder import RunFolder
from engine.runs.tail import Tail

Kind = Literal["done", "stopped", "refused", "error", "out of memory", "killed", "lost"]

INTERRUPTED = 130
NO_MEMORY = "M011"
_END_BYTES = 256 << 10
_LINE = re.compile(r"(?:error|torchloom)(?: (?P<code>[A-Z]\d{3}))?:? (?:(?P<place>[\w.\[\]]+): )?(?P<text>.+)")


@dataclass(frozen=True, slots=True)
class Ending:
    """``text``: one or two sentences for the user. ``node``: the path of the node concerned, from the main graph."""

    kind: Kind
    text: str
    node: str | None = None

    @property
    def is_wrong(self) -> bool:
        """Whether to show a notice, not only a passing message."""
        return self.kind not in ("done", "stopped")


def refusal(log: str, code: int | None, *, was_stopped: bool) -> Ending:
    """The ending of a trainer that made no run folder. ``code``: the return code of `subprocess`."""
    if was_stopped:
        return Ending("stopped", "Stopped before the training began.")
    lines = [line for line in log.splitlines() if line.strip()]
    message = next((match for line in lines if (match := _LINE.fullmatch(line.strip()))), None)
    if code == 1 and message:
        kind: Kind = "out of memory" if "not enough memory" in message["text"] else "refused"
        return Ending(kind, message["text"], _node(message["place"]))
    if code is not None and code < 0:
        return _signalled(-code)
    return Ending("error", f"The trainer ended with code {code}: {lines[-1] if lines else 'it wrote nothing'}.")


def ending(folder: RunFolder, code: int | None, *, was_stopped: bool = False) -> Ending:
    """The ending of a training in a run folder. ``code``: ``None`` if this window did not start it."""
    if not folder.is_run:
        return lost(folder)
    events = _last_events(folder.events)
    finished = _finished(events)
    problem = next(
        (event for event in reversed(events) if isinstance(event, Problem) and event.severity == "error"), None
    )
    if finished is None:
        return _broken_off(folder, code, was_stopped=was_stopped)
    if finished.reason == "failed":
        text = f"{problem.message} {problem.hint}".strip() if problem else "The training failed."
        is_memory = problem is not None and problem.code == NO_MEMORY
        return Ending("out of memory" if is_memory else "error", text, problem.node if problem else None)
    if finished.reason == "stopped":
        return Ending("stopped", f"Stopped after {_epochs(finished.epochs)}; what was learned is kept.")
    return Ending("done", f"Finished {_epochs(finished.epochs)}. {finished.note}".strip())


def lost(folder: RunFolder) -> Ending:
    """The ending of a training whose folder was removed or can no longer be read."""
    try:
        folder.project.stat()
    except PermissionError:
        return Ending("lost", f"The run folder {folder.path} cannot be read. Change its permissions.")
    except OSError:
        pass
    return Ending("lost", f"The run folder {folder.path} has vanished.")


def memory_kills() -> int:
    """How many processes of this container were killed for lack of memory; -1 if the system does not say."""
    with contextlib.suppress(OSError, ValueError):
        for line in Path("/sys/fs/cgroup/memory.events").read_text(encoding="ascii").splitlines():
            name, _, count = line.partition(" ")
            if name == "oom_kill":
                return int(count)
    return -1


def _broken_off(folder: RunFolder, code: int | None, *, was_stopped: bool) -> Ending:
    if was_stopped:
        return Ending("killed", "The training did not stop by itself and was ended. Its last checkpoint is kept.")
    if code is None:
        return Ending("killed", "The training broke off. Resume goes on from its last checkpoint.")
    if code == INTERRUPTED:
        return Ending("stopped", "The training was interrupted; what was learned is kept.")
    if code < 0:
        return _signalled(-code)
    if code == 0:
        return Ending("error", f"How the training ended is not in {folder.events}: another program has changed it.")
    return _failed(_log(folder), code)


def _failed(log: str, code: int) -> Ending:
    lines = [line for line in log.splitlines() if line.strip()]
    message = next((match for line in reversed(lines) if (match := _LINE.fullmatch(line.strip()))), None)
    if message and code == 1:
        return Ending("error", message["text"], _node(message["place"]))
    return Ending("error", f"The trainer ended with code {code}: {lines[-1] if lines else 'it wrote nothing'}.")


def _signalled(number: int) -> Ending:
    name = signal.Signals(number).name if number in set(signal.Signals) else str(number)
    return Ending("killed", f"The training was ended from outside ({name}). Its last checkpoint is kept.")


def _last_events(path: Path) -> list[Event]:
    try:
        start = max(0, path.stat().st_size - _END_BYTES)
        return Tail(path, start).read().events
    except OSError:
        return []


def _finished(events: list[Event]) -> Finished | None:
    """The last end of the run, unless it was resumed afterwards."""
    last = next((event for event in reversed(events) if isinstance(event, Finished | Started | Resumed)), None)
    return last if isinstance(last, Finished) else None


def _log(folder: RunFolder) -> str:
    with contextlib.suppress(OSError), folder.log.open("rb") as read:
        read.seek(max(0, read.seek(0, os.SEEK_END) - 20_000))
        return read.read().decode(errors="replace")
    return ""


def _node(place: str | None) -> str | None:
    return place or None


def _epochs(count: int) -> str:
    return f"{count:,} epoch{'' if count == 1 else 's'}"
