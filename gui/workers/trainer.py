"""Supervises one training: whether it runs and responds, how it is stopped, and how it ended."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, replace
from typing import Literal

from PySide6.QtCore import QObject, Signal

from engine.errors import EngineError, RunProblem
from engine.project.existence import is_there
from engine.runs.desired import Desired, DesiredState, read_desired, write_desired
from engine.runs.folder import RunFolder
from gui.workers.ending import Ending, ending, lost, memory_kills, refusal
from gui.workers.launch import Launch
from gui.workers.lock_holder import holder

SLEPT_S = 2.0  # between two calls of `poll`: the window or the machine was asleep

Phase = Literal["starting", "training", "ended"]
Force = Literal["asked", "terminated", "killed"]


@dataclass(frozen=True, slots=True)
class Patience:
    """Time limits. ``silent_s``: without new events before a training counts as not responding."""

    silent_s: float = 5.0
    asks_s: float = 3.0
    terminates_s: float = 3.0


class Trainer(QObject):
    """The training of one run, by a process that was started here or elsewhere.

    `poll` must be called a few times a second; ``ended`` is emitted once.
    """

    appeared = Signal(object)  # Path of the run: its folder exists, and the training runs
    silence_changed = Signal(object)  # Path: it stopped responding, or responds again
    ended = Signal(object, object)  # Path, Ending

    def __init__(
        self,
        run: RunFolder,
        process: "subprocess.Popen[bytes] | None" = None,
        launch: Launch | None = None,
        patience: Patience | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.run, self._process, self._launch = run, process, launch
        self._patience = patience or Patience()
        self.phase: Phase = "training" if process is None else "starting"
        self.force: Force | None = None  # the strongest means used to stop it so far
        self.is_silent = False
        self._request: DesiredState = "run"
        self._xray: tuple[str, ...] = ()
        self._forced_at = 0.0
        self._memory_kills = memory_kills()
        self._before = self._stamp()  # of the events: a resumed run may end between two calls of `poll`
        self._last_stamp: tuple[int, int] = (0, 0)
        self._longest_s = 0.0  # between two new events, so far
        self._changed_at = self._looked_at = time.monotonic()

    @property
    def is_external(self) -> bool:
        """Whether it was started elsewhere."""
        return self._process is None

    @property
    def is_new(self) -> bool:
        """Whether it was started here as a new run, not resumed."""
        return self._launch is not None

    @property
    def has_written(self) -> bool:
        """Whether new events were written; until then, the events are those of the former training."""
        return self._stamp() != self._before

    @property
    def is_stopping(self) -> bool:
        """Whether it was requested to stop."""
        return self.force is not None

    @property
    def request(self) -> DesiredState:
        """The state last requested in ``desired.json``, here or by another program."""
        if self.phase != "training":
            return self._request
        with contextlib.suppress(RunProblem):
            self._request = read_desired(self.run.desired).state
        return self._request

    def poll(self) -> None:
        """Check the process and the run folder, and emit what has changed."""
        now = time.monotonic()
        if self.phase == "ended":
            return
        has_ended = self._has_ended()  # first, so that everything written before its end is seen below
        if self.phase == "starting":
            self._look_for_folder()
        if has_ended:
            self._end()
            return
        self._check_silence(now)
        if self.phase == "training" and self.run.has_vanished:
            self.stop()
        self._escalate(now)
        self._looked_at = now

    def ask(self, state: Literal["run", "pause"]) -> None:
        """Request a pause, or to continue. Raises: ``EngineError`` if the run folder cannot be written."""
        self._request = state
        self._write(state=state)

    def xray(self, nodes: tuple[str, ...]) -> None:
        """Request the gradients and activations of these nodes. Raises: ``EngineError``."""
        if nodes != self._xray:
            self._xray = nodes
            self._write(xray=nodes)

    def stop(self) -> None:
        """Stop it: by request, then, after a while, by terminating and killing the process."""
        if self.force is not None:
            return
        self.force, self._forced_at, self._request = "asked", time.monotonic(), "stop"
        try:
            self._write(state="stop")
        except EngineError:  # a full disk, or the folder was moved: send a signal instead
            self._signal("terminate")
            self.force = "terminated"
        if self.phase == "starting":
            self._signal("interrupt")

    def release(self) -> None:
        """Stop supervising; the training continues, unless it was being stopped before its run existed."""
        if self.phase == "starting" and self.is_stopping and self._launch is not None:
            self._launch.clear()
        self.phase = "ended"
        if self._process is not None and self._process.poll() is None:
            self._process.returncode = 0  # so that subprocess does not warn about a process nobody waits for

    # State

    def _look_for_folder(self) -> None:
        if self._launch is not None:
            if not self.run.is_run:
                return
            self._launch.settle()
        elif not self.run.is_alive and self._stamp() == self._before:  # resumed: the folder existed before
            return
        self.phase = "training"
        self._changed_at = time.monotonic()
        if self._request != "run" or self._xray:
            with contextlib.suppress(EngineError):
                self._write(state=self._request, xray=self._xray)
        self.appeared.emit(self.run.path)

    def _has_ended(self) -> bool:
        if self._process is not None:
            return self._process.poll() is not None
        return not self.run.is_alive

    def _end(self) -> None:
        was_forced = self.force in ("terminated", "killed")
        code = self._process.returncode if self._process else None
        if self.phase == "starting" and self._launch is not None and not self.run.is_run:
            how = self._without_a_run(self._launch, code)
        else:
            if self._launch is not None:
                self._launch.settle()
            how = ending(self.run, code, was_stopped=was_forced)
        if how.kind == "killed" and code == -signal.SIGKILL and not was_forced and self._memory_was_short():
            text = "Memory ran out, and the system ended the training. Use a smaller batch, then resume."
            how = replace(how, kind="out of memory", text=text)
        self.phase = "ended"
        self.ended.emit(self.run.path, how)

    def _without_a_run(self, launch: Launch, code: int | None) -> Ending:
        """The ending of a training without a run folder, or whose folder was removed at once."""
        is_swept = not is_there(launch.log)  # its folder was removed with all runs
        output = launch.clear(self._process.pid if self._process else None)
        is_lost = is_swept or str(self.run.removal_problem()) in output
        return lost(self.run) if is_lost else refusal(output, code, was_stopped=self.is_stopping)

    def _memory_was_short(self) -> bool:
        return 0 <= self._memory_kills < memory_kills()

    # Whether it responds

    def _check_silence(self, now: float) -> None:
        if self.phase != "training":
            return
        stamp = self._stamp()
        slept = now - self._looked_at > SLEPT_S  # the window or the machine was asleep
        if stamp != self._last_stamp or self.request == "pause" or slept:
            if stamp != self._last_stamp and not slept and self._last_stamp != (0, 0):
                self._longest_s = max(self._longest_s, now - self._changed_at)
            self._last_stamp, self._changed_at = stamp, now
            self._set_silent(is_silent=False)
        elif now - self._changed_at > max(self._patience.silent_s, 2 * self._longest_s):
            self._set_silent(is_silent=True)

    def _stamp(self) -> tuple[int, int]:
        try:
            status = self.run.events.stat()
        except OSError:
            return 0, 0
        return status.st_size, status.st_mtime_ns

    def _set_silent(self, *, is_silent: bool) -> None:
        if is_silent != self.is_silent:
            self.is_silent = is_silent
            self.silence_changed.emit(self.run.path)

    # Stopping

    def _escalate(self, now: float) -> None:
        waiting_s = now - self._forced_at
        if self.force == "asked" and waiting_s > self._patience.asks_s:
            self.force, self._forced_at = "terminated", now
            self._signal("terminate")
        elif self.force == "terminated" and waiting_s > self._patience.terminates_s:
            self.force, self._forced_at = "killed", now
            self._signal("kill")

    def _signal(self, how: Literal["interrupt", "terminate", "kill"]) -> None:
        """Send a signal to the process; an external one is known only if the system says who holds its lock."""
        if self._process is not None:
            if how == "kill":
                self._process.kill()
            elif how == "interrupt" and sys.platform != "win32":
                self._process.send_signal(signal.SIGINT)
            else:
                self._process.terminate()
        elif (pid := holder(self.run.lock)) is not None:
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGTERM if how != "kill" else getattr(signal, "SIGKILL", signal.SIGTERM))

    def _write(self, state: DesiredState | None = None, xray: tuple[str, ...] | None = None) -> None:
        """Write ``desired.json``; what is ``None`` keeps the value that anyone has requested."""
        if self.phase != "training":
            return  # written as soon as the folder exists
        try:
            before = read_desired(self.run.desired)
        except RunProblem:
            before = Desired()
        after = replace(before, state=state or before.state, xray=before.xray if xray is None else xray)
        if after != before:
            write_desired(self.run.desired, after)
