"""Builds Torchloom as one folder that needs no Python: ``python3 packaging/build.py``.

The result is ``dist/torchloom``, with its program ``torchloom`` and every licence. Needs Python's standard library,
and on Linux ``objdump`` (package ``binutils``), which PyInstaller asks for libraries.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import environment
import libraries
import licences
import start  # its folder is on the path by now: environment put it there
from environment import PACKAGING, PYTHON, ROOT, WORK

APP = ROOT / "dist" / "torchloom"
PYINSTALLER = WORK / "pyinstaller"


def main() -> int:
    """Make the environment, the icons and the folder; gives the exit status."""
    start_s = time.monotonic()
    try:
        start.require_python(sys.version_info[:2])
        environment.provide()
        require_tools()
        run([str(PYTHON), str(PACKAGING / "icons.py"), str(WORK / "icons")], "the icons could not be drawn")
        run(
            [
                *(str(PYTHON), "-m", "PyInstaller", str(PACKAGING / "torchloom.spec"), "--noconfirm"),
                *("--distpath", str(APP.parent), "--workpath", str(PYINSTALLER), "--log-level", "WARN"),
            ],
            "PyInstaller failed",
        )
        if sys.platform.startswith("linux"):
            libraries.keep_search_inside(APP)
        target = APP / "licences"
        target.mkdir()
        parts = licences.gather(PYINSTALLER / "torchloom", target)
    except (start.SetUpError, LookupError) as error:
        print(f"build.py: {error}", file=sys.stderr)
        return 1
    size_mb = size_bytes(APP) / 1e6
    print(f"{APP}: {size_mb:.0f} MB, the work of {len(parts)} others in it, {time.monotonic() - start_s:.0f} s")
    return 0


def require_tools() -> None:
    """Refuse a machine that lacks what PyInstaller calls. Raises: ``start.SetUpError``."""
    if sys.platform.startswith("linux") and not shutil.which("objdump"):
        raise start.SetUpError("objdump is missing, on Debian: sudo apt-get install binutils")


def run(command: list[str], otherwise: str) -> None:
    """Run a program that sees nothing of the packages installed elsewhere. Raises: ``start.SetUpError``."""
    variables = {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "PYTHONHOME"}}
    done = subprocess.run(command, env=variables | {"PYTHONNOUSERSITE": "1"}, cwd=ROOT, check=False)
    if done.returncode:
        raise start.SetUpError(f"{otherwise} with status {done.returncode}; it said why above")


def size_bytes(folder: Path) -> int:
    """What the files below a folder take, links not followed."""
    return sum(path.lstat().st_size for path in folder.rglob("*") if path.is_symlink() or path.is_file())


if __name__ == "__main__":
    sys.exit(main())
