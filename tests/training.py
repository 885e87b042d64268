"""Short trainings for tests: a changed template, on one thread of the CPU."""

import ast
import io
import json
import runpy
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from torch import nn

from engine.codegen.field_usage import Reads
from engine.codegen.line_breaking import WIDTH
from engine.codegen.scripts import FILES
from engine.codegen.scripts.run_length import Leg
from engine.codegen.scripts.step import StepCode
from engine.graph.model import Data, Project
from engine.project import file as files
from engine.runs.events import Event
from engine.runs.generations import seal
from engine.runtime.load import load_step
from engine.runtime.training.job import Job, Outcome
from engine.runtime.training.train import start

PROGRAM = tuple(name.removesuffix(".py") for name in FILES)  # what an exported script imports from its folder
TEMPLATES = Path(__file__).parents[1] / "resources" / "templates"


def template(name: str, **training: Any) -> Project:
    """A template, quick and the same on every machine."""
    project = files.read(TEMPLATES / f"{name}.loom")
    settings = {"epochs": 2, "threads": 1, "device": "cpu"} | training
    project.training = replace(project.training, **settings)
    return project


def on(project: Project, data: Data) -> Project:
    """The project with other data."""
    project.data = data
    return project


@dataclass
class EventLog:
    """Collects a run's events."""

    events: list[Event] = field(default_factory=list)

    def __call__(self, event: Event) -> None:
        self.events.append(event)

    def of(self, kind: type[Event]) -> list[Any]:
        return [event for event in self.events if isinstance(event, kind)]


def train(project: Project, folder: Path, event_log: EventLog | None = None) -> Outcome:
    """Train in a new run folder."""
    return start(Job(project, folder.parent, folder), event_log or EventLog())


def training_of(project: Project, network: nn.Module, legs: Sequence[Leg] = (), steps_per_epoch: int = 1) -> Any:
    """The ``Training`` of the project's ``step.py`` with another network; it does not reach the losses."""
    model = SimpleNamespace(path=Path("model.py"), module=SimpleNamespace(losses=None, **{project.main: type(network)}))
    code = StepCode(project, Reads((), (), ()))
    covered = {(leg.epoch, leg.batch): (leg.first, leg.end) for leg in legs or (Leg(project.training.epochs),)}
    arguments = {"legs": covered, "steps_per_epoch": steps_per_epoch}
    return load_step(code.files, model)(network, *(arguments[name] for name in code.arguments))


def set_metadata(run: Path, *path: str | int, to: object) -> None:
    """Change metadata in every manifest of the run, with valid hashes."""
    _change_metadata(run, path[:-1], lambda place: place.__setitem__(path[-1], to))


def remove_metadata(run: Path, *path: str) -> None:
    """Remove metadata from every manifest of the run, as in an older version."""
    _change_metadata(run, path[:-1], lambda place: place.pop(path[-1]))


def _change_metadata(run: Path, path: Sequence[str | int], change: Callable[[Any], object]) -> None:
    for manifest in (run / "checkpoints").glob("*/manifest.json"):
        whole = json.loads(manifest.read_text())
        place = whole["facts"]
        for part in path:
            place = place[part]
        change(place)
        manifest.write_text(json.dumps(seal(whole)))


def assert_readable(exported: Path) -> None:
    """Each file of an export is short, clean and formatted, and uses no private names of others."""
    ruff = Path(sys.executable).with_name("ruff")
    for command in (["check"], ["format", "--check", f"--line-length={WIDTH}"]):
        ran = (ruff, *command, "--isolated", "--no-cache", "-q", ".")
        done = subprocess.run(ran, cwd=exported, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
    texts = {path.name: path.read_text() for path in exported.glob("*.py")}
    counts = {name: len(text.splitlines()) for name, text in texts.items()}
    long = {name: count for name, count in counts.items() if count > (120 if name == "train.py" else 300)}
    assert not long, long
    names = [name for text in texts.values() for node in ast.parse(text).body for name in _names(node)]
    assert [name for name in names if name in ("Guess", "LoadedSamples") or name.startswith("import _")] == []


def _names(node: ast.stmt) -> list[str]:
    """The class that a statement defines, or the names that it imports."""
    if isinstance(node, ast.ImportFrom):
        return [f"import {name.name}" for name in node.names]
    return [node.name] if isinstance(node, ast.ClassDef) else []


def run_script(folder: Path, monkeypatch: pytest.MonkeyPatch, *arguments: str, name: str = "train.py") -> str:
    """Run a folder's script in this process, where torch is loaded already; returns its output.

    Raises: ``SystemExit`` where the script refuses, with what it would print to stderr.
    """
    monkeypatch.setattr(sys, "argv", [name, *arguments])
    monkeypatch.syspath_prepend(folder)
    printed = io.StringIO()
    _forget_program(monkeypatch)
    try:
        with redirect_stdout(printed):
            runpy.run_path(str(folder / name), run_name="__main__")
    finally:
        _forget_program(monkeypatch)
    return printed.getvalue()


def _forget_program(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let each script import the modules of its own folder."""
    for module in PROGRAM:
        monkeypatch.delitem(sys.modules, module, raising=False)
