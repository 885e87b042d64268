"""The verb about the machine: doctor."""

import math
import os
import platform
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal

import typer

from engine.cli.options import Json
from engine.cli.report import put_json
from engine.errors import EngineError
from engine.places import user_data_dir, user_state_dir

PACKAGES = (
    "torch",
    "numpy",
    "networkx",
    "PySide6-Essentials",
    "pyqtgraph",
    "msgspec",
    "safetensors",
    "pillow",
    "rich",
    "typer",
)


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of one check: ``ok`` works, ``note`` works with a limit, ``bad`` does not work."""

    name: str
    state: Literal["ok", "note", "bad"]
    text: str


def register(app: typer.Typer) -> None:
    """Add these verbs to the application."""
    app.command()(doctor)


def doctor(*, json: Json = False) -> None:
    """Report what works on this machine. Exit code 1 when training does not."""
    findings = examine()
    if json:
        put_json([asdict(finding) for finding in findings])
    else:
        marks = {"ok": "ok  ", "note": "note", "bad": "BAD "}
        for finding in findings:
            print(f"{marks[finding.state]}  {finding.name}: {finding.text}")
    if any(finding.state == "bad" for finding in findings):
        raise typer.Exit(1)


def examine() -> list[Finding]:
    """Check everything that training and exporting need."""
    looks: tuple[tuple[str, Callable[[], Finding]], ...] = (
        ("Python", _python),
        ("packages", _packages),
        ("processor", _processor),
        ("graphics", _graphics),
        ("memory", _memory),
        ("your files", _places),
        ("shipped data", _shipped),
        ("training", _training),
        ("screen", _screen),
    )
    return [_look(name, look) for name, look in looks]


def _look(name: str, look: Callable[[], Finding]) -> Finding:
    try:
        return look()
    except (EngineError, OSError, ImportError, RuntimeError, ValueError) as error:
        return Finding(name, "bad", " ".join(str(error).split()))


def _python() -> Finding:
    return Finding("Python", "ok", f"{platform.python_version()} on {platform.platform()}")


def _packages() -> Finding:
    versions, missing = [], []
    for name in PACKAGES:
        try:
            versions.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            missing.append(name)
    if missing:
        return Finding("packages", "bad", f"{', '.join(missing)} missing; run start.py again, or pip install them.")
    return Finding("packages", "ok", ", ".join(versions))


def _processor() -> Finding:
    from engine.runtime.device import devices

    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    kind = devices()[0].text.removeprefix("processor, ")
    return Finding("processor", "ok", f"{kind}; {cores} cores. Each run measures how many of them to use.")


def _graphics() -> Finding:
    from engine.runtime.device import devices

    names = [f"{each.name} ({each.text})" for each in devices() if each.name != "cpu"]
    if names:
        return Finding("graphics", "ok", ", ".join(names))
    return Finding("graphics", "note", "no CUDA device found: training runs on the processor.")


def _memory() -> Finding:
    from resources.snippets.memory import memory_left, size_text

    free = memory_left()
    if math.isinf(free):
        return Finding("memory", "note", "this system does not report how much is free.")
    state: Literal["ok", "note"] = "ok" if free > 2 * 2**30 else "note"
    return Finding("memory", state, f"{size_text(free)} free.")


def _places() -> Finding:
    for folder in (user_data_dir(), user_state_dir()):
        existing = next(parent for parent in (folder, *folder.parents) if parent.exists())
        with tempfile.NamedTemporaryFile(dir=existing):
            pass
    free = shutil.disk_usage(existing).free
    state: Literal["ok", "note"] = "ok" if free > 2**30 else "note"
    return Finding("your files", state, f"{user_data_dir()} can be written; {free / 2**30:.1f} GiB free.")


def _shipped() -> Finding:
    from engine.project import file
    from engine.project.templates import templates
    from engine.runtime.data.prepared_samples import load_data

    projects = [file.parse(each.text(), each.name) for each in templates()]
    kinds = {project.data.kind: project for project in projects if not project.data.is_absent}
    for project in kinds.values():
        load_data(project, Path.cwd())
    return Finding("shipped data", "ok", f"{len(projects)} templates and their data ({', '.join(kinds)}) load.")


def _training() -> Finding:
    from engine.project import file
    from engine.project.templates import template
    from engine.runtime.analysis.analyse import check_project

    report = check_project(file.parse(template("digits-cnn").text(), "digits-cnn"), Path.cwd())
    if not report.ok:
        return Finding("training", "bad", "the digits network does not pass its check.")
    return Finding("training", "ok", f"the digits network checks, {report.parameters:,} parameters.")


def _screen() -> Finding:
    if platform.system() == "Linux" and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        return Finding("screen", "note", "none found: use the command line here.")
    return Finding("screen", "ok", "there is one.")
