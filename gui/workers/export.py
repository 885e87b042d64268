"""Runs ``torchloom export`` in a process: exporting needs torch, which the window never imports."""

import contextlib
import json
import shutil
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, Signal

from engine import program
from engine.catalog.exports import CODE
from engine.catalog.params import Value, thaw
from engine.errors import FileProblem
from engine.graph.model import Project
from engine.project import file
from gui.workers.launch import with_absolute_paths

Which = Literal["best", "last"]
Options = Mapping[str, Value]
NO_OPTIONS: Options = {}

REMAINS_S = 24 * 3600.0  # age of a temporary folder that no running export can have
_PREFIX = "torchloom-export-"


class Export(QObject):
    """One export at a time; ``done`` carries the written path, ``failed`` an error message."""

    done = Signal(object)  # Path
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._process: QProcess | None = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._output = Path()

    def graph(
        self, project: Project, base: Path, output: Path, to: str = CODE.name, options: Options = NO_OPTIONS
    ) -> None:
        """Export a project, trained or not; relative paths of its data start from ``base``."""
        _clear_remains()
        self._folder = tempfile.TemporaryDirectory(prefix=_PREFIX)
        snapshot = Path(self._folder.name) / f"{project.name or 'project'}{file.SUFFIX}"
        try:
            file.write(snapshot, with_absolute_paths(project, base))
        except FileProblem as error:
            self._end(str(error))
            return
        self._run(snapshot, to, output, "best", options)

    def run(self, run: Path, to: str, output: Path, which: Which, options: Options = NO_OPTIONS) -> None:
        """Export a run with its best or its last weights."""
        self._run(run, to, output, which, options)

    def cancel(self) -> None:
        """Cancel the export; nothing incomplete is left, since the result is put in place by one rename."""
        if self._process is not None:
            self._process.finished.disconnect()
            self._process.kill()
            self._process.waitForFinished(2000)
            self._end(None)

    def _run(self, source: Path, to: str, output: Path, which: Which, options: Options) -> None:
        self._output = output
        process = self._process = QProcess(self)
        first, *rest = program.command("engine")
        process.setProgram(first)
        option_arguments = [
            part for name, value in options.items() for part in ("--option", f"{name}={json.dumps(thaw(value))}")
        ]
        arguments = [str(source), "--to", to, "-o", str(output), "--which", which, *option_arguments]
        process.setArguments([*rest, "export", *arguments])
        environment = QProcessEnvironment.systemEnvironment()
        environment.insert("PYTHONPATH", program.python_path())
        process.setProcessEnvironment(environment)
        process.finished.connect(self._finished)
        process.errorOccurred.connect(self._broken)
        process.start()

    def _finished(self, code: int, status: QProcess.ExitStatus) -> None:
        process = self._process
        if process is None:
            return
        output = bytes(process.readAllStandardError().data()).decode(errors="replace").strip()
        if status is QProcess.ExitStatus.NormalExit and code == 0:
            self._end(None)
            self.done.emit(self._output)
        else:
            last = output.splitlines()[-1].removeprefix("torchloom: ") if output else ""
            self._end(last or f"The export ended with code {code} and wrote nothing.")

    def _broken(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            self._end("The export could not be started.")

    def _end(self, message: str | None) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.deleteLater()
        if self._folder is not None:
            with contextlib.suppress(OSError):
                self._folder.cleanup()
            self._folder = None
        if message:
            self.failed.emit(message)


def _clear_remains() -> None:
    """Remove temporary folders of windows that were killed during an export."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError):
            if time.time() - folder.stat().st_mtime > REMAINS_S:
                shutil.rmtree(folder)


def weights_in(path: Path) -> dict[str, tuple[str, tuple[int, ...]]]:
    """Names, element types and shapes in a safetensors file, from its header; empty if it cannot be read."""
    try:
        with path.open("rb") as weights:
            length = int.from_bytes(weights.read(8), "little")
            header = json.loads(weights.read(min(length, 64 << 20)))
        return {
            name: (str(each["dtype"]), tuple(each["shape"])) for name, each in header.items() if name != "__metadata__"
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}
