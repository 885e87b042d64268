"""The clean environment that the app is built in: what pyproject.toml asks for, PyInstaller, and nothing else.

Torchloom itself is not in it, so its Python is also the one on which an exported program must run by itself.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGING = ROOT / "packaging"
WORK = ROOT / "build" / "packaging"  # all that is made on the way
VENV = WORK / "venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")

sys.path.insert(0, str(ROOT))
import start  # noqa: E402 - how an environment is made and filled is written there, once


def provide() -> None:
    """Make the environment, unless the one of last time was made from the same requirements.

    Raises: ``start.SetUpError``, one line for a person.
    """
    stamp = VENV / start.STAMP.name
    if stamp.is_file() and stamp.read_text() == _fingerprint():
        return
    uv = shutil.which("uv")
    print(f"Making the environment of the build in {VENV}", flush=True)
    start.make_venv(VENV, with_pip=uv is None)
    command, environment = start.installer(uv, PYTHON)
    tools = PACKAGING / "constraints.txt"
    for what in ([start.pinned_torch()], dependencies(), ["-c", str(tools), "pyinstaller"]):
        print(f"  Installing {' '.join(what)}", flush=True)
        start.run_installer([*command, *what], environment)
    stamp.write_text(_fingerprint())


def dependencies() -> list[str]:
    """What Torchloom needs, as pyproject.toml says."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return list(project["dependencies"])


def _fingerprint() -> str:
    """What the stamp of a finished environment says: all that it was made from."""
    content = "\0".join([sys.version, *dependencies()]).encode()
    content += (ROOT / "constraints.txt").read_bytes() + (PACKAGING / "constraints.txt").read_bytes()
    return json.dumps({"asked": hashlib.sha256(content).hexdigest()})
