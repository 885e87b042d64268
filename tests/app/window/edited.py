"""A window that edits itself, to be killed, or just stays open: ``edited.py FILE LOG [SEED [STEPS]]``.

Opens a project as the program does, then plays the script of a seed on it, if there is one, until it is killed. With
a number of steps it plays those, from when a file with the log's name and the ending ``.play`` is there. The log has a
line for everything that happened, each with the time of a clock that all processes share; ``opened`` comes when the
window is ready, ``played`` after the last of a number of steps.
"""

import json
import os
import sys
import time
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from engine.project import file
from gui.shell.app import App
from gui.workers import standby
from tests.app.window.script import Script

PERIOD_MS = 4
standby.LEAST_GB = float("inf")  # a window that is killed leaves nothing that loads torch


class Edited:
    def __init__(self, app: App, log: Path, seed: int | None, steps: int | None) -> None:
        self._app, self._seed, self._steps_left = app, seed, steps
        self._may_play = log.with_suffix(".play")
        self._log = os.open(log, os.O_CREAT | os.O_APPEND | os.O_WRONLY)
        self._ready = QTimer(app.qt, interval=10)
        self._ready.timeout.connect(self._look)
        self._ready.start()
        self._ticks = QTimer(app.qt, interval=PERIOD_MS)

    def _look(self) -> None:
        if self._app.is_ready:
            self._ready.stop()
            self._begin()

    def _begin(self) -> None:
        context = self._app.context
        self.tell(
            "opened",
            text=file.dump(context.document.project),
            modified=context.document.modified,
            read_only=context.document.read_only,
            notices=[*context.notices.by_topic],
            worker=context.analysis.pid,
        )
        if self._seed is None:
            return
        self._script = Script(context.document, self._seed, self._save)  # a signal does not keep it
        context.document.edited.connect(lambda _: self.tell("edited", hash=self._hash()))
        self._ticks.timeout.connect(self._play)
        self._ticks.start()

    def _play(self) -> None:
        if self._steps_left is None:
            self._script.step()
        elif self._may_play.exists():
            self._script.step()
            self._steps_left -= 1
        if self._steps_left == 0:
            self._ticks.stop()
            self.tell("played")

    def _save(self) -> None:
        self.tell("saving", hash=self._hash())
        self._app.context.files.save()
        self.tell("saved", hash=self._hash())

    def _hash(self) -> str:
        return file.content_hash(self._app.context.document.project)

    def tell(self, what: str, **more: object) -> None:
        line = json.dumps({"what": what, "at_s": time.monotonic(), **more})
        os.write(self._log, line.encode() + b"\n")  # one write: a kill leaves no half of it


if __name__ == "__main__":
    qt = QApplication(sys.argv[:1])
    app = App(qt, Path(sys.argv[1]))
    seed, steps = (int(sys.argv[at]) if len(sys.argv) > at else None for at in (3, 4))
    edited = Edited(app, Path(sys.argv[2]), seed, steps)
    sys.exit(qt.exec())
