"""The window's connection to trainings: starts them on a snapshot of the project, controls and supervises them."""

from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import Popen

from PySide6.QtCore import QObject, QTimer, Signal

from engine.codegen.scripts.run_length import ScheduleMode
from engine.errors import EngineError
from engine.graph.model import Project
from engine.runs.folder import RunFolder
from gui.workers.ending import Ending
from gui.workers.launch import Launch, spawn
from gui.workers.standby import Standby
from gui.workers.trainer import Patience, Trainer

LOOK_MS = 200


class TrainingLink(QObject):
    """The running trainings, by the path of their run. They outlive the window: a later one can `follow` them.

    No method raises: an error at the start is an `Ending` too, emitted by ``ended``.
    """

    began = Signal(object)  # Path: a training was started; its folder does not exist yet
    appeared = Signal(object)  # Path: the folder exists
    changed = Signal(object)  # Path: a state was requested, or it stopped responding or responds again
    ended = Signal(object, object)  # Path, Ending
    failed = Signal(str)  # the message of an error

    def __init__(
        self, parent: QObject | None = None, patience: Patience | None = None, standby: Standby | None = None
    ) -> None:
        super().__init__(parent)
        self._patience, self._standby = patience, standby
        self._trainers: dict[Path, Trainer] = {}
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self._poll)

    def __iter__(self) -> Iterator[Path]:
        return iter(tuple(self._trainers))

    def __len__(self) -> int:
        return len(self._trainers)

    def trainer(self, run: Path | None) -> Trainer | None:
        """The trainer of a run, if it is running."""
        return self._trainers.get(run) if run is not None else None

    def start(self, project: Project, path: Path | None) -> Path | None:
        """Train a project as it is now; ``path``: its file, where relative paths of the data start.

        Returns the future run folder, or ``None`` if it cannot be made (``failed`` carries the reason).
        """
        try:
            launch = Launch.prepare(project, path)
            process = self._spawned(launch.arguments, launch.log)
        except (EngineError, OSError) as error:
            self.failed.emit(f"The training could not be started. {error}")
            return None
        self._take(Trainer(launch.run, process, launch, self._patience, self))
        self.began.emit(launch.run.path)
        return launch.run.path

    def resume(self, run: Path, epochs: int | None = None, way: ScheduleMode | None = None) -> bool:
        """Resume a run that ended or was interrupted; returns whether it was started.

        ``epochs``: a new total. ``way``: how a schedule that covers the whole run continues.
        """
        if run in self._trainers:
            return False
        more = [*(["--epochs", str(epochs)] if epochs else []), *(["--schedule", way] if way else [])]
        try:
            folder = RunFolder.open(run)
            process = self._spawned(["resume", str(run), *more], folder.log)
        except (EngineError, OSError) as error:
            self.failed.emit(f"The run could not be resumed. {error}")
            return False
        self._take(Trainer(folder, process, None, self._patience, self))
        self.began.emit(run)
        return True

    def follow(self, run: Path) -> bool:
        """Supervise a training that was started elsewhere; returns whether one is running there."""
        folder = RunFolder(run)
        if run in self._trainers or not (folder.is_run and folder.is_alive):
            return run in self._trainers
        self._take(Trainer(folder, None, None, self._patience, self))
        self.appeared.emit(run)
        return True

    def pause(self, run: Path) -> None:
        """Pause a training."""
        self._ask(run, pauses=True)

    def unpause(self, run: Path) -> None:
        """Continue a paused training."""
        self._ask(run, pauses=False)

    def stop(self, run: Path) -> None:
        """Stop a training, by request first, then by force."""
        if trainer := self._trainers.get(run):
            trainer.stop()
            self.changed.emit(run)

    def xray(self, run: Path, nodes: tuple[str, ...]) -> None:
        """Request gradients and activations of nodes, by path; without any, the trainer chooses."""
        if trainer := self._trainers.get(run):
            self._write(lambda: trainer.xray(nodes))

    def close(self) -> None:
        """Stop supervising all trainings; they continue."""
        self._timer.stop()
        for trainer in self._trainers.values():
            trainer.release()
        self._trainers.clear()

    def _ask(self, run: Path, *, pauses: bool) -> None:
        if trainer := self._trainers.get(run):
            self._write(lambda: trainer.ask("pause" if pauses else "run"))
            self.changed.emit(run)

    def _write(self, write: Callable[[], None]) -> None:
        try:
            write()
        except EngineError as error:
            self.failed.emit(str(error))

    def _spawned(self, arguments: list[str], log: Path) -> "Popen[bytes]":
        """The standby process, which has loaded torch, else a new one. Raises: ``OSError``."""
        process = self._standby.take(arguments, log) if self._standby else None
        return process or spawn(arguments, log)

    def _take(self, trainer: Trainer) -> None:
        self._trainers[trainer.run.path] = trainer
        if self._standby:
            self._standby.rest()
        # No lambda that refers to this object: a trainer deleted first could free its own parent and be deleted twice.
        trainer.appeared.connect(self.appeared)
        trainer.silence_changed.connect(self.changed)
        trainer.ended.connect(self._forget)
        self._timer.start()

    def _forget(self, run: Path, how: Ending) -> None:
        self._trainers.pop(run).deleteLater()
        if not self._trainers:
            self._timer.stop()
            if self._standby:
                self._standby.start()
        self.ended.emit(run, how)

    def _poll(self) -> None:
        for trainer in tuple(self._trainers.values()):
            trainer.poll()
