"""Short trainings for tests: a template, changed, on one thread of the CPU."""

import io
import json
import runpy
import sys
from contextlib import redirect_stdout
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from engine.graph.model import Data, Project
from engine.project import file as files
from engine.runs.events import Event
from engine.runs.generations import sealed
from engine.runtime.training.job import Job, Outcome, start

TEMPLATES = Path(__file__).parents[1] / "resources" / "templates"


def template(name: str, **training: Any) -> Project:
    """A shipped project, quick and alike on every machine."""
    project = files.read(TEMPLATES / f"{name}.loom")
    settings = {"epochs": 2, "threads": 1, "device": "cpu"} | training
    project.training = replace(project.training, **settings)
    return project


def on(project: Project, data: Data) -> Project:
    """The project with other data."""
    project.data = data
    return project


@dataclass
class Heard:
    """Collects a run's events."""

    events: list[Event] = field(default_factory=list)

    def __call__(self, event: Event) -> None:
        self.events.append(event)

    def of(self, kind: type[Event]) -> list[Any]:
        return [event for event in self.events if isinstance(event, kind)]


def train(project: Project, folder: Path, heard: Heard | None = None) -> Outcome:
    """Train in a new run folder."""
    return start(Job(project, folder.parent, folder), heard or Heard())


def set_fact(run: Path, *path: str | int, to: object) -> None:
    """Write something else into every manifest of the run, as the trainer would have written it."""
    for manifest in (run / "checkpoints").glob("*/manifest.json"):
        whole = json.loads(manifest.read_text())
        place = whole["facts"]
        for part in path[:-1]:
            place = place[part]
        place[path[-1]] = to
        manifest.write_text(json.dumps(sealed(whole)))


def run_script(folder: Path, monkeypatch: pytest.MonkeyPatch, *arguments: str, name: str = "train.py") -> str:
    """Run a folder's script in this process, where torch is loaded already; what it printed."""
    monkeypatch.setattr(sys, "argv", [name, *arguments])
    monkeypatch.syspath_prepend(folder)
    monkeypatch.delitem(sys.modules, "model", raising=False)
    printed = io.StringIO()
    with redirect_stdout(printed):
        runpy.run_path(str(folder / name), run_name="__main__")
    monkeypatch.delitem(sys.modules, "model", raising=False)
    return printed.getvalue()
