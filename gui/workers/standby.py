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

IDLE_MS = 2500  # without an edit or a training
LEAST_GB = 4.0  # of memory; a waiting trainer takes about 0.3
SETTING = "keep_trainer"


class Standby(QObject):
    """A process that waits to become a trainer: at most one, none if the setting is off or memory is small.

    `start` starts it after an idle time; whatever keeps the window busy calls `put_off`.
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
        """The ID of the waiting process; 0 without one."""
        return self._process.pid if self._process else 0

    def start(self) -> None:
        """Start a process after the next idle time."""
        self._is_on = True
        self.put_off()

    def put_off(self) -> None:
        """Restart the idle time, if a process is to be started."""
        if self._is_on and self._process is None:
            self._timer.start()

    def rest(self) -> None:
        """Start none before the next `start`: a training should have the machine for itself."""
        self._is_on = False
        self._timer.stop()

    def take(self, arguments: Sequence[str], log: Path) -> "subprocess.Popen[bytes] | None":
        """Let the waiting process run the command line program; its output is appended to ``log``.

        ``None`` without one, or if it has ended meanwhile. `start` starts the next one.
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
        except OSError:  # the process has just ended
            process.wait()
            return None
        return process

    def close(self) -> None:
        """End the waiting process and start no other."""
        self.rest()
        self._end()

    def _begin(self) -> None:
        if self._process is None and getattr(self._settings.values, SETTING) and memory_gb() >= LEAST_GB:
            with contextlib.suppress(OSError):  # the next training reports why no process can be started
                self._process = spawn_idle()

    def _follow(self, setting: str) -> None:
        if setting == SETTING:
            self._end()
            self.put_off()

    def _end(self) -> None:
        """Kill the process: it has no state, and may be busy with an import."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()


def memory_gb() -> float:
    """The memory of this machine or container; infinite if the system does not say."""
    if not hasattr(os, "sysconf"):
        return float("inf")
    size = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    with contextlib.suppress(OSError, ValueError):  # no container, or one without a limit
        size = min(size, int(Path("/sys/fs/cgroup/memory.max").read_text(encoding="ascii")) / 1e9)
    return size
