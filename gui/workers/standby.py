"""Keeps one trainer ready, with torch loaded, so that a training starts at once."""

import contextlib
import json
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from gui.preferences.preferences import Preferences
from gui.workers.launch import spawn_idle

IDLE_MS = 2500  # without an edit, and with nothing being trained
LEAST_GB = 4.0  # of memory; a trainer that waits takes about 0.3
SETTING = "keep_trainer"


class Standby(QObject):
    """A process that waits to become a trainer: one at a time, none while the setting is off or memory is small.

    `start` makes it wait for a calm moment; whatever keeps the window busy calls `put_off`.
    """

    def __init__(self, settings: Preferences, parent: QObject | None = None, *, idle_ms: int = IDLE_MS) -> None:
        super().__init__(parent)
        self._settings = settings
        self._process: subprocess.Popen[bytes] | None = None
        self._is_on = False
        self._timer = QTimer(self, singleShot=True, interval=idle_ms)
        self._timer.timeout.connect(self._begin)
        settings.changed.connect(self._follow)

    @property
    def pid(self) -> int:
        """The waiting process's number, 0 where there is none."""
        return self._process.pid if self._process else 0

    def start(self) -> None:
        """Have one ready from the next calm moment on."""
        self._is_on = True
        self.put_off()

    def put_off(self) -> None:
        """Wait anew for a calm moment, if there is something to wait for."""
        if self._is_on and self._process is None:
            self._timer.start()

    def rest(self) -> None:
        """Make none ready before the next `start`: a training is at work, which is to have the machine for itself."""
        self._is_on = False
        self._timer.stop()

    def take(self, arguments: Sequence[str], log: Path) -> "subprocess.Popen[bytes] | None":
        """Let the waiting process run the command line program; what it says goes to the end of ``log``.

        ``None`` when there is none, or when it has ended meanwhile. Another one is made ready by `start`.
        """
        self._timer.stop()
        process, self._process = self._process, None
        if process is None or process.stdin is None:
            return None
        if process.poll() is not None:
            process.stdin.close()
            return None
        line = json.dumps({"arguments": list(arguments), "log": str(log.absolute())}) + "\n"
        try:
            with process.stdin as pipe:
                pipe.write(line.encode())
        except OSError:  # it has just ended
            process.wait()
            return None
        return process

    def close(self) -> None:
        """End the one that waits; no other comes."""
        self.rest()
        self._end()

    def _begin(self) -> None:
        if self._process is None and getattr(self._settings.values, SETTING) and memory_gb() >= LEAST_GB:
            with contextlib.suppress(OSError):  # a training that starts then says why none can be started
                self._process = spawn_idle()

    def _follow(self, setting: str) -> None:
        if setting == SETTING:
            self._end()
            self.put_off()

    def _end(self) -> None:
        """It has nothing to lose, and may be deep in an import: it is not asked."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()


def memory_gb() -> float:
    """The memory of this machine, or of the container that this runs in; infinite where the system does not say."""
    if not hasattr(os, "sysconf"):
        return float("inf")
    size = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    with contextlib.suppress(OSError, ValueError):  # no container, or one without a limit
        size = min(size, int(Path("/sys/fs/cgroup/memory.max").read_text(encoding="ascii")) / 1e9)
    return size
