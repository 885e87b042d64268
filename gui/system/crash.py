"""Logging and crash reports: a rotating log, the latest events, and a report that the user can send."""

import faulthandler
import logging
import sys
import threading
import traceback
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QMessageLogContext, QObject, QtMsgType, Signal, qInstallMessageHandler, qVersion

from engine import __version__
from engine.places import user_state_dir

_LOG_BYTES = 1 << 20
_LOGS_KEPT = 3
_EVENTS_KEPT = 200

log = logging.getLogger("gui")
qt_log = logging.getLogger("qt")

_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


class RotatingLog(logging.FileHandler):
    """A rotating log; records that a full disk does not take are dropped silently.

    The handler of the standard library imports sockets and pickle, which takes 4 ms at each start.
    """

    def emit(self, record: logging.LogRecord) -> None:
        try:
            if self.stream is not None and self.stream.tell() >= _LOG_BYTES:
                self._turn_over()
            super().emit(record)  # opens the file if it is closed
        except OSError:
            self.handleError(record)

    def _turn_over(self) -> None:
        """Rename this file and the former ones, over the oldest; one that cannot be renamed keeps growing."""
        place = Path(self.baseFilename)
        names = [place, *(place.with_name(f"{place.name}.{age}") for age in range(1, _LOGS_KEPT + 1))]
        stream, self.stream = self.stream, None
        if stream is not None:
            stream.close()
        for younger, older in reversed([*pairwise(names)]):
            with suppress(OSError):
                younger.replace(older)

    def handleError(self, record: logging.LogRecord) -> None:
        if not isinstance(sys.exc_info()[1], OSError):
            super().handleError(record)


class FaultWatch(QObject):
    """Logs every uncaught exception, Qt's messages and fatal signals.

    ``fault_reported`` carries a report for the user; emitted in the thread of the window, whichever failed.
    """

    fault_reported = Signal(str)

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.folder = folder
        self._events: deque[str] = deque(maxlen=_EVENTS_KEPT)
        self._is_reporting = False

    def note(self, event: str) -> None:
        """Remember an event for the report of a later fault; only the latest are kept."""
        self._events.append(event)

    def fault(self, kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
        """Log and report an uncaught exception; an exception while it is reported is only logged."""
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error or kind(), trace)
            return
        text = "".join(traceback.format_exception(kind, error, trace))
        log.critical("uncaught exception\n%s", text)
        print(text, file=sys.__stderr__, end="")
        if self._is_reporting:
            return
        self._is_reporting = True
        try:
            self.fault_reported.emit(self.report(text))
        finally:
            self._is_reporting = False

    def report(self, trace: str) -> str:
        """The report for developers, without any content of the project."""
        import platform

        machine = f"Torchloom {__version__}, Python {platform.python_version()}, Qt {qVersion()}, {platform.platform()}"
        return "\n".join((machine, "", trace.strip(), "", "Latest events:", *self._events))


def log_folder() -> Path:
    """The folder of the logs, which may not exist yet."""
    return user_state_dir() / "logs"


def log_files(folder: Path) -> tuple[Path, Path]:
    """The files in the folder: the log, and the stacks after fatal signals."""
    return folder / "window.log", folder / "fault.log"


def install(folder: Path, parent: QObject) -> FaultWatch:
    """Install the handlers for faults in all threads."""
    watch = FaultWatch(folder, parent)
    _log_to(folder)
    sys.excepthook = watch.fault
    threading.excepthook = lambda failed: watch.fault(failed.exc_type, failed.exc_value, failed.exc_traceback)
    qInstallMessageHandler(_qt_handler(watch.note))
    return watch


def _log_to(folder: Path) -> None:
    """Log to a rotating file, and let a fatal signal write the stacks of all threads to another file."""
    root = logging.getLogger()
    root.setLevel(logging.INFO)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        log_file, stack_file = log_files(folder)
        handler = RotatingLog(log_file, encoding="utf-8")
        stacks = stack_file.open("a", encoding="utf-8")
    except OSError:  # the state folder cannot be written: log to the terminal
        logging.basicConfig()
        faulthandler.enable()
        return
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root.addHandler(handler)
    faulthandler.enable(stacks)


def _qt_handler(note: Callable[[str], None]) -> Callable[[QtMsgType, QMessageLogContext, str], None]:
    def handle(kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
        level = _LEVELS.get(kind, logging.WARNING)
        qt_log.log(level, "%s", text)
        if level >= logging.WARNING:
            note(f"Qt: {text}")
        if level >= logging.CRITICAL:
            print(text, file=sys.__stderr__)
        del context

    return handle
