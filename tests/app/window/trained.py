"""A window that trains, to be killed: ``trained.py FILE LOG STATE``.

Opens a project as the program does and keeps a trainer ready. The log gets ``ready`` with the numbers of all processes
when the window is in that state: ``loading``, a trainer was just started and loads torch; ``waiting``, it has loaded
it; ``training``, it was given a training, which is at work.
"""

import json
import os
import sys
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from gui.shell.app import App
from gui.workers import standby

standby.IDLE_MS = 50
standby.LEAST_GB = 0.0


class Trained:
    def __init__(self, app: App, log: Path, state: str) -> None:
        self._app, self._log, self._state = app, log, state
        self._timer = QTimer(app.qt, interval=5)
        self._timer.timeout.connect(self._look)
        self._timer.start()

    def _look(self) -> None:
        if not self._app.is_ready:
            return
        self._tell("opened")
        runs = self._app.context.runs
        pid = runs.standby.pid
        if pid and (self._state == "loading" or _has_loaded(pid)):
            if self._state == "training":
                self._app.context.actions["train.start"].trigger()
                return
            self._tell("ready", worker=self._app.context.analysis.pid, standby=pid)
            self._timer.stop()
        for run in runs.link:
            trainer = runs.link.trainer(run)
            if trainer.phase == "training":
                self._tell("ready", worker=self._app.context.analysis.pid, run=str(run), trainer=trainer._process.pid)
                self._timer.stop()

    def _tell(self, what: str, **more: object) -> None:
        with self._log.open("a") as log:
            log.write(json.dumps({"what": what, **more}) + "\n")


def _has_loaded(pid: int) -> bool:
    """Whether a process has torch in its memory."""
    return "libtorch" in Path(f"/proc/{pid}/maps").read_text()


if __name__ == "__main__":
    qt = QApplication(sys.argv[:1])
    os.environ["OMP_NUM_THREADS"] = "1"
    app = App(qt, Path(sys.argv[1]))
    trained = Trained(app, Path(sys.argv[2]), sys.argv[3])
    sys.exit(qt.exec())
