"""The files that weights start from: where each is, and its name in a run folder and in an export."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import resources
from engine.catalog.index import did_you_mean
from engine.codegen.scripts.learning import start_paths
from engine.errors import EngineError, RunProblem
from engine.graph.compose.naming import likely_name
from engine.graph.model import Project
from engine.graph.weights import SHIPPED
from engine.places import from_home
from engine.project import disk_errors
from engine.project.existence import is_folder, is_there
from engine.project.regular_file import content
from engine.runs.folder import RunFolder
from engine.runs.generations import WEIGHTS, read_manifest, steps, verify

FOLDER = "weights"
SUFFIX, LICENCE = ".safetensors", ".LICENSE.txt"
SHIPPED_FOLDER = Path(str(resources.__file__)).parent / "weights"
CODE = "W009"
REMEDY = "Name a safetensors file, or the folder of a run."
MAX_SHOWN = 120  # characters of a path in a message


@dataclass(frozen=True, slots=True)
class StartFile:
    """One of them. ``path``: as the project names it. ``place``: where it is. ``name``: below the program's folder."""

    path: str
    place: Path
    name: str

    @property
    def data(self) -> bytes:
        """All of it. Raises: ``EngineError``."""
        return _content(self.place)

    @property
    def files(self) -> dict[str, bytes]:
        """What a copy of it needs, by name: itself, and a licence where one is beside it. Raises: ``EngineError``."""
        licence = self.place.with_name(self.place.stem + LICENCE)
        name = self.name.removesuffix(SUFFIX) + LICENCE
        return {self.name: self.data} | ({name: _content(licence)} if is_there(licence) else {})

    @property
    def sha256(self) -> str:
        """Its hash. Raises: ``EngineError``."""
        try:
            status = self.place.stat()
        except OSError as error:
            raise disk_errors.problem("read", self.place, error) from error
        return _sha256(self, status.st_mtime_ns, status.st_size)


def _content(place: Path) -> bytes:
    try:
        return content(place)
    except OSError as error:
        raise disk_errors.problem("read", place, error) from error


def start_files(project: Project, base: Path, run_folder: Path | None = None) -> tuple[StartFile, ...]:
    """The files of a project whose relative paths start from ``base``.

    ``run_folder``: the folder of a run that has copies of them. Raises: ``EngineError`` where one is not there.
    """
    names = _copy_names(start_paths(project))
    return tuple(
        StartFile(path, run_folder / name if run_folder else weights_path(path, base), name) for path, name in names
    )


def weights_path(path: str, base: Path) -> Path:
    """Where the weights are that a project names. Raises: ``EngineError``."""
    if path.startswith(SHIPPED):
        return _shipped_path(path.removeprefix(SHIPPED))
    if not path.strip():
        raise EngineError("The weights to start from are not named.", hint="Name a file or a run.", code=CODE)
    place = base / from_home(path)
    if is_folder(place):
        if not RunFolder(place).is_run:
            raise EngineError(f"The folder {short(path)} holds no run.", hint=REMEDY, code=CODE)
        return _of_run(place)
    if not is_there(place):
        hint = "Paths start from the folder of the project file."
        raise EngineError(f"There are no weights at {short(path)}.", hint=hint, code=CODE)
    return place


def short(path: str) -> str:
    """A path for a message: of a very long one its beginning and its length."""
    return path if len(path) <= MAX_SHOWN else f"{path[:MAX_SHOWN]}... ({len(path):,} characters)"


def shipped() -> tuple[str, ...]:
    """The names of the weights that come with the app."""
    return tuple(sorted(place.stem for place in SHIPPED_FOLDER.glob(f"*{SUFFIX}")))


def _shipped_path(name: str) -> Path:
    place = SHIPPED_FOLDER / f"{name}{SUFFIX}"
    if name not in shipped():
        hint = did_you_mean(name, shipped()) or f"There are {', '.join(shipped()) or 'none'}."
        raise EngineError(f"No weights called {short(name)!r} come with Torchloom.", hint=hint, code=CODE)
    return place


def _of_run(place: Path) -> Path:
    """The best weights of a run; the last ones where no epoch was the best yet. Raises: ``EngineError``."""
    try:
        generations = RunFolder.open(place).checkpoints
        whole = [step for step in steps(generations) if _is_whole(generations / str(step))]
        best = _best(read_manifest(generations / str(whole[0]))) if whole else None
        generation = generations / str(best if best is not None else whole[0] if whole else 0)
        verify(generation, names=(WEIGHTS,))
    except RunProblem as error:
        raise EngineError(error.message, hint=error.hint, code=CODE) from error
    return generation / WEIGHTS


def _is_whole(place: Path) -> bool:
    try:
        verify(place, most=0, names=(WEIGHTS,))
    except RunProblem:
        return False
    return True


def _best(manifest: dict[str, Any]) -> int | None:
    """The step of the best epoch of a run, as its newest checkpoint records it."""
    match manifest.get("facts"):
        case {"position": {"best_step": int(step)}}:
            return step
    return None


def _copy_names(paths: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Each path with the name of its copy; equal names get numbers."""
    used_names: set[str] = set()
    for path in paths:
        stem = likely_name(Path(path.removeprefix(SHIPPED)).name.removesuffix(SUFFIX))
        name = next(name for name in _numbered_names(stem) if name not in used_names)
        used_names.add(name)
        yield path, f"{FOLDER}/{name}{SUFFIX}"


def _numbered_names(stem: str) -> Iterator[str]:
    yield stem
    number = 2
    while True:
        yield f"{stem}_{number}"
        number += 1


@lru_cache(maxsize=32)
def _sha256(file: StartFile, changed_ns: int, size: int) -> str:
    """The hash of a file that was changed last at that time, and has that size."""
    del changed_ns, size
    return sha256(file.data).hexdigest()
