"""What a new run folder and its events hold in tests."""

from pathlib import Path

from engine.project import durable
from engine.runs.events import Event, Started, encode

STARTED = Started({"torch": "2"}, "cpu", 1, 5, "hash", started_at="2026-11-03T12:00:00+00:00")


def lines(*events: Event) -> bytes:
    return "".join(encode(event) + "\n" for event in events).encode()


def fill(folder: Path) -> None:
    durable.replace(folder / "project.loom", b"{}")
    durable.replace(folder / "events.jsonl", lines(STARTED))
    (folder / "checkpoints" / "0").mkdir(parents=True)
