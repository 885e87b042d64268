"""Which libraries of the system the built app needs, as the packages of Debian that hold them."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from contents import SYSTEM_LIBRARIES

# What Qt opens by name when it is there, or what dependencies list for a real window: no file says that it is needed.
ALWAYS = ("libdbus-1.so.3", "libEGL.so.1", "libfontconfig.so.1", "libGL.so.1", "libglib-2.0.so.0")
_DEPENDENCY = re.compile(r"^\s+NEEDED\s+(\S+)$", re.MULTILINE)
_SEARCHED = re.compile(r"^\s+(?:RUNPATH|RPATH)\s+(\S+)$", re.MULTILINE)
_GLIBC = re.compile(r"\bGLIBC_2\.(\d+)\b")
_GLIBCXX = re.compile(r"\bGLIBCXX_3\.4\.(\d+)\b")
# The release of GCC, after which Debian numbers libstdc++6, that brought each version of its interface, from 3.4.21 on.
_GCC_FROM_21 = ("5", "6", "7", "7.2", "8", "9", "9.2", "9.3", "11", "12", "13", "13.2", "14", "15")


class MissingLibrary(Exception):
    """A library that is not in the app, and not in a package that we know."""


def depends(app: Path) -> list[str]:
    """The ``Depends`` of a package that holds the app, read off every program and library in it.

    Raises: `MissingLibrary`.
    """
    files = [path for path in app.rglob("*") if is_elf(path) and not path.is_symlink()]
    inside = {path.name for path in files} | {path.name for path in app.rglob("*.so*")}
    heads = {path: head(path) for path in files}
    users = {name: path for path, text in heads.items() for name in _DEPENDENCY.findall(text)}
    unknown = {name: path for name, path in users.items() if name not in inside and name not in SYSTEM_LIBRARIES}
    if unknown:
        missing = "; ".join(f"{name} for {path.relative_to(app)}" for name, path in sorted(unknown.items()))
        raise MissingLibrary(f"no package is known for {missing}: name it in contents.py, or leave the file out there")
    outside = {name for name in users if name not in inside} | set(ALWAYS)
    glibc = max((int(version) for text in heads.values() for version in _GLIBC.findall(text)), default=17)
    glibcxx = max((int(version) - 21 for text in heads.values() for version in _GLIBCXX.findall(text)), default=0)
    least = {"libc6": f"2.{glibc}", "libstdc++6": _GCC_FROM_21[max(glibcxx, 0)]}
    packages = {SYSTEM_LIBRARIES[name] for name in outside}
    return sorted(f"{package} (>= {least[package]})" if package in least else package for package in packages)


def dependencies(path: str) -> list[str]:
    """The names of the libraries that a program or library asks for."""
    return _DEPENDENCY.findall(head(Path(path))) if is_elf(Path(path)) else []


def keep_search_inside(app: Path) -> None:
    """Have no file look for libraries in a folder of the machine that built it: it looks beside itself instead.

    The new path is written over the old one, so nothing moves.
    """
    beside = b"$ORIGIN\0"
    for path in app.rglob("*.so*"):
        match = _SEARCHED.search(head(path)) if is_elf(path) and not path.is_symlink() else None
        if match and match[1].startswith("/") and len(match[1]) >= len(beside):
            old, content = match[1].encode() + b"\0", path.read_bytes()
            path.write_bytes(content.replace(old, beside + old[len(beside) :], 1))


def is_elf(path: Path) -> bool:
    """Whether a file is a program or library of this kind of system."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(4) == b"\x7fELF"


def head(path: Path) -> str:
    """What a program or library asks of the loader."""
    return subprocess.run(["objdump", "-p", str(path)], capture_output=True, text=True, check=True).stdout
