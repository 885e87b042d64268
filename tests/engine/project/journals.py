"""Documents with a journal: edits of one, its lines on disk, and what comes back after a crash."""

import json

from engine.graph.edits import SetParam
from engine.graph.model import Project
from engine.project import file
from engine.project.documents import journal_place, key_of
from engine.project.journal import Journal, Recovery


def do(journal: Journal, *changes) -> None:
    for edit in changes:
        edit.apply(journal.project)
        journal.record(edit)


def width(number: int, gesture: int = 0) -> SetParam:
    return SetParam("Net", "conv1", "out_channels", number, gesture=gesture)


def reopen(path) -> tuple[Journal, Recovery]:
    return Journal.open(key_of(path), file.read(path))


def lines(path) -> list[dict[str, object]]:
    return [json.loads(line) for line in journal_place(key_of(path)).read_bytes().splitlines()]


def the_width(project: Project) -> object:
    return project.graphs["Net"].nodes["conv1"].params.get("out_channels")


def raise_disk_full(*_):
    raise OSError(28, "No space left on device")
