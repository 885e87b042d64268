"""How Torchloom starts another process of itself: from an installation, a checkout, or the built app."""

import os
import sys
from pathlib import Path

import engine


def command(module: str) -> tuple[str, ...]:
    """The command line of ``python -m module`` for one of our modules. The built app takes ``-m`` as Python does."""
    return (executable(), "-m", module)


def worker() -> tuple[str, ...]:
    """The command line of the analysis worker."""
    return command("engine.runtime.worker")


def executable() -> str:
    """The interpreter, or the built app; of its two forms on Windows the one that can write to a terminal or pipe."""
    path = Path(sys.executable)
    is_windowed = getattr(sys, "frozen", False) and path.name == "torchloomw.exe"
    return str(path.with_name("torchloom.exe") if is_windowed else path)


def python_path() -> str:
    """``PYTHONPATH`` for such a process: ours, with the folder that holds the program before it."""
    root = str(Path(engine.__file__).parents[1])
    return os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
