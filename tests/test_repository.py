"""The repository: one version, tested dependencies, and files that every tool sees."""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.project_files import ROOT, paths_on_disk, project_files


def test_the_version_is_in_one_place():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert "version" in project["project"]["dynamic"]
    assert project["tool"]["setuptools"]["dynamic"]["version"] == {"attr": "engine.__version__"}


def test_every_dependency_has_a_tested_version():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    requirements = [*project["dependencies"], *project["optional-dependencies"]["tests"]]
    lines = [line for line in (ROOT / "constraints.txt").read_text().splitlines() if not line.startswith("#")]
    assert all(re.fullmatch(r"[\w.-]+==[\d.]+", line) for line in lines), "a name and a version a line, nothing local"
    tested = {normal(line.split("==")[0]) for line in lines}
    assert {normal(re.split(r"[<>=~\[ ]", name)[0]) for name in requirements} <= tested


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.skipif(shutil.which("git") is None or not (ROOT / ".git").exists(), reason="compares with git's list")
def test_the_projects_files_are_known_without_git():
    folders = ("engine", "gui", "resources", "tests", "packaging", "docs", "bench")

    assert paths_on_disk(*folders) == project_files(*folders)


def seen_by_ruff(folder: Path) -> set[str]:
    command = [sys.executable, "-m", "ruff", "check", "--no-cache", "--show-files"]
    output = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout
    return {Path(line).relative_to(folder).as_posix() for line in output.split("\n") if line}


def test_ruff_sees_every_file_of_the_project_and_no_other(tmp_path: Path):
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for name in ("start.py", "engine/graph/model.py", "iris-program/model.py", "notes.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()

    assert seen_by_ruff(tmp_path) == {"pyproject.toml", "start.py", "engine/graph/model.py"}
    folders = ("bench", "docs", "engine", "gui", "packaging", "resources", "tests")
    assert {name for name in project_files(*folders) if name.endswith(".py")} < seen_by_ruff(ROOT)
