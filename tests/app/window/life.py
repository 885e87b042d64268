"""Another window, in a process of its own, that tells what it does."""

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[3]
PROGRAM = Path(__file__).parent / "edited.py"
BEGIN_S = 120.0


@dataclass
class Life:
    """A window from its opening to its end; ``lines``: what it has written so far."""

    log: Path
    process: subprocess.Popen[bytes]
    lines: list[dict[str, Any]] = field(default_factory=list)

    @classmethod
    def begin(cls, path: Path, log: Path, *words: str, program: Path = PROGRAM) -> "Life":
        """Open a project; ``words``: what else the program takes, `edited.py` or another one."""
        environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)}
        process = subprocess.Popen([sys.executable, program, path, log, *words], env=environment)
        life = cls(log, process)
        life.wait_for("opened")
        return life

    def play(self) -> None:
        """Let a window that was begun with a number of steps play them."""
        self.log.with_suffix(".play").touch()

    def look(self) -> list[dict]:
        lines = self.log.read_bytes().split(b"\n")[:-1] if self.log.exists() else []
        self.lines = [json.loads(line) for line in lines]
        return self.lines

    def of(self, *what: str) -> list[dict]:
        return [line for line in self.lines if line["what"] in what]

    def wait_for(self, what: str, more_than: int = 0) -> None:
        until = time.monotonic() + BEGIN_S
        while len([line for line in self.look() if line["what"] == what]) <= more_than:
            assert self.process.poll() is None
            assert time.monotonic() < until
            time.sleep(0.002)

    @property
    def opening(self) -> dict:
        return self.of("opened")[0]
