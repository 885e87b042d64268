"""Finds whose work lies in the built app, and puts their licences beside it."""

from __future__ import annotations

import ast
import platform
import shutil
import subprocess
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, distributions
from pathlib import Path

from environment import PACKAGING, ROOT, VENV

OWN_FILES = ("LICENSE", "THIRD_PARTY.md")
_LICENCE_WORDS = ("licen", "copying", "notice", "authors")
_QT = ("pyside6", "shiboken6")  # their packages bring no licence texts


@dataclass(frozen=True, slots=True)
class Part:
    """One work in the app. ``licence``: its name, as short as its makers give it."""

    name: str
    version: str
    licence: str

    @property
    def folder(self) -> str:
        """Where its texts lie, below the folder of licences."""
        return f"{self.name}-{self.version}"


def gather(work: Path, target: Path) -> list[Part]:
    """Write every licence text below ``target``; gives the parts by name. ``work``: PyInstaller's own folder.

    Raises: ``LookupError`` when a part has no licence text.
    """
    collected = _table(work / "COLLECT-00.toc")
    tops = _top_names(work, collected)
    parts = [
        _python(target),
        *(_distribution(distribution, target) for distribution in _installed() if _is_in(distribution, tops)),
    ]
    parts += _system_parts(collected, target)
    for name in OWN_FILES:
        shutil.copy(ROOT / name, target / name)
    bare = [part.folder for part in parts if not any((target / part.folder).iterdir())]
    if bare:
        raise LookupError(f"no licence text was found for {', '.join(bare)}")
    parts.sort(key=lambda part: part.name.lower())
    index = "".join(f"{part.name} {part.version}: {part.licence}\n" for part in parts)
    (target / "INDEX.txt").write_text(index, encoding="utf-8")
    return parts


def _table(toc: Path) -> list[tuple[str, str]]:
    """Place in the app and source of each file that PyInstaller collected."""
    rows = ast.literal_eval(toc.read_text(encoding="utf-8"))[0]
    return [(str(row[0]).replace("\\", "/"), str(row[1])) for row in rows if row[2] != "EXECUTABLE"]


def _top_names(work: Path, collected: list[tuple[str, str]]) -> set[str]:
    """Top-level modules and folders in the app."""
    modules = ast.literal_eval((work / "PYZ-00.toc").read_text(encoding="utf-8"))[1]
    names = {str(row[0]).partition(".")[0] for row in modules}
    names |= {place.partition("/")[0].partition(".")[0] for place, _ in collected if "/" in place or ".so" in place}
    return names - {name for name in names if name.endswith("-info")}


def _installed() -> Iterator[Distribution]:
    (packages,) = {Path(sysconfig.get_path("purelib", vars={"base": str(VENV)}))}
    yield from distributions(path=[str(packages)])


def _is_in(distribution: Distribution, tops: set[str]) -> bool:
    """Whether anything of a package lies in the app. PyInstaller's own program is the one that starts it."""
    if distribution.name.lower() == "pyinstaller":
        return True
    firsts = {
        path.parts[0].partition(".")[0] for path in distribution.files or () if path.suffix in {".py", ".so", ".pyd"}
    }
    return bool((firsts - {"..", "bin", "Scripts", "_pyinstaller_hooks_contrib", "pip"}) & tops)


def _distribution(distribution: Distribution, target: Path) -> Part:
    meta = distribution.metadata
    licence = next((meta[field] for field in ("License-Expression", "License") if meta[field]), "")
    if not licence or "\n" in licence.strip():
        kinds = [value.rpartition(" :: ")[2] for value in meta.get_all("Classifier", []) if value.startswith("License")]
        licence = ", ".join(kinds) or "see its text"
    part = Part(distribution.name, distribution.version, " ".join(licence.split()))
    folder = target / part.folder
    for path in distribution.files or ():
        if ".dist-info" in path.parts[0] and any(word in path.name.lower() for word in _LICENCE_WORDS):
            inside = path.parts[2:] if path.parts[1] == "licenses" else path.parts[1:]
            _copy(Path(str(path.locate())), folder.joinpath(*inside))
    folder.mkdir(parents=True, exist_ok=True)
    if part.name.lower().startswith(_QT):
        for text in (PACKAGING / "licences").iterdir():
            _copy(text, folder / text.name)
    return part


def _python(target: Path) -> Part:
    part = Part("Python", platform.python_version(), "PSF-2.0")
    places = (Path(sysconfig.get_path("stdlib")) / "LICENSE.txt", Path("/usr/share/doc/python3/copyright"))
    (target / part.folder).mkdir(parents=True, exist_ok=True)
    for text in places:
        if text.is_file():
            _copy(text, target / part.folder / "LICENSE.txt")
            break
    return part


def _system_parts(collected: list[tuple[str, str]], target: Path) -> list[Part]:
    """The packages of this Debian whose libraries were copied into the app."""
    parts = {}
    for source in sorted({source for _, source in collected if source.startswith(("/lib", "/usr/lib"))}):
        name = _package(source)
        if name not in parts:
            query = ["dpkg-query", "-W", "-f", "${Version}\n", name]
            version = subprocess.run(query, capture_output=True, text=True, check=True).stdout.splitlines()[0]
            parts[name] = Part(name, version.replace(":", "_"), "see its text")
            _copy(Path("/usr/share/doc") / name / "copyright", target / parts[name].folder / "copyright")
    return list(parts.values())


def _package(library: str) -> str:
    """The package of Debian that a library came with. Raises: ``LookupError``."""
    path = Path(library).resolve()
    for place in (path, Path("/") / path.relative_to("/usr") if path.is_relative_to("/usr") else path):  # as one or two
        done = subprocess.run(["dpkg", "-S", str(place)], capture_output=True, text=True, check=False)
        if done.returncode == 0:
            return done.stdout.partition(":")[0]
    raise LookupError(f"{library} came with no package, so its licence is not known")


def _copy(source: Path, place: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(source, place)
