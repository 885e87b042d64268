"""The window's line to its trainings: starts them on a snapshot of the project, steers them, and watches over them."""

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
    """Trainings at work, by the path of their run. They outlive the window: a later one finds them by `follow`.

    Nothing here raises: what goes wrong at the start is an `Ending` like any other, told by ``ended``.
    """

    began = Signal(object)  # Path: a training was asked for; its folder is yet to come
    appeared = Signal(object)  # Path: the folder is there
    changed = Signal(object)  # Path: it was asked for something, or responds again, or no more
    ended = Signal(object, object)  # Path, Ending
    failed = Signal(str)  # a wish could not be written

    def __init__(
        self, parent: QObject | None = None, patience: Patience | None = None, standby: Standby | None = None
    ) -> None:
        super().__init__(parent)
        self._patience, self._standby = patience, standby
        self._trainers: dict[Path, Trainer] = {}
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self._look)

    def __iter__(self) -> Iterator[Path]:
        return iter(tuple(self._trainers))

    def __len__(self) -> int:
        return len(self._trainers)

    def trainer(self, run: Path | None) -> Trainer | None:
        """The training of a run, if it is at work."""
        return self._trainers.get(run) if run is not None else None

    def start(self, project: Project, path: Path | None) -> Path | None:
        """Train a project as it is now; ``path``: its file, whose folder its data's paths start from.

        Gives the run folder to come, or ``None`` when there is no place for one (``failed`` tells why).
        """
        try:
            launch = Launch.prepare(project, path)
            process = self._spawned(launch.arguments, launch.log)
        except (EngineError, OSError) as wrong:
            self.failed.emit(f"The training could not be started. {wrong}")
            return None
        self._take(Trainer(launch.run, process, launch, self._patience, self))
        self.began.emit(launch.run.path)
        return launch.run.path

    def resume(self, run: Path, epochs: int | None = None, way: ScheduleMode | None = None) -> bool:
        """Go on with a run that ended or broke off; tells whether that was begun.

        ``epochs``: a new end. ``way``: how a schedule that covers the whole run goes on to it.
        """
        if run in self._trainers:
            return False
        more = [*(["--epochs", str(epochs)] if epochs else []), *(["--schedule", way] if way else [])]
        try:
            folder = RunFolder.open(run)
            process = self._spawned(["resume", str(run), *more], folder.log)
        except (EngineError, OSError) as wrong:
            self.failed.emit(f"The run could not be resumed. {wrong}")
            return False
        self._take(Trainer(folder, process, None, self._patience, self))
        self.began.emit(run)
        return True

    def follow(self, run: Path) -> bool:
        """Watch over a training that was started elsewhere; tells whether one is at work there."""
        folder = RunFolder(run)
        if run in self._trainers or not (folder.is_run and folder.is_alive):
            return run in self._trainers
        self._take(Trainer(folder, None, None, self._patience, self))
        self.appeared.emit(run)
        return True

    def pause(self, run: Path) -> None:
        """Ask a training to wait."""
        self._ask(run, pauses=True)

    def go(self, run: Path) -> None:
        """Ask a training that waits to go on."""
        self._ask(run, pauses=False)

    def stop(self, run: Path) -> None:
        """End a training: it is asked first, then made to."""
        if trainer := self._trainers.get(run):
            trainer.stop()
            self.changed.emit(run)

    def xray(self, run: Path, nodes: tuple[str, ...]) -> None:
        """Have the inner life of nodes recorded, by their paths; none: what the trainer chooses."""
        if trainer := self._trainers.get(run):
            self._write(lambda: trainer.xray(nodes))

    def close(self) -> None:
        """Let go of all trainings; they go on by themselves."""
        self._timer.stop()
        for trainer in self._trainers.values():
            trainer.let_go()
        self._trainers.clear()

    def _ask(self, run: Path, *, pauses: bool) -> None:
        if trainer := self._trainers.get(run):
            self._write(lambda: trainer.ask("pause" if pauses else "run"))
            self.changed.emit(run)

    def _write(self, write: Callable[[], None]) -> None:
        try:
            write()
        except EngineError as wrong:
            self.failed.emit(str(wrong))

    def _spawned(self, arguments: list[str], log: Path) -> "Popen[bytes]":
        """The process that stands by with torch loaded, else one that has yet to load it. Raises: ``OSError``."""
        process = self._standby.take(arguments, log) if self._standby else None
        return process or spawn(arguments, log)

    def _take(self, trainer: Trainer) -> None:
        self._trainers[trainer.run.path] = trainer
        if self._standby:
            self._standby.rest()
        # No lambda that holds this object: the trainer, dying first, could free its own parent and die twice.
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

    def _look(self) -> None:
        for trainer in tuple(self._trainers.values()):
            trainer.look()
