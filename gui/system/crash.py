"""What is kept of a fault of ours: a log that turns over, the latest events, and a report that a person can send."""

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


class Log(logging.FileHandler):
    """A log that turns over; what a full disk does not take is let go without a word.

    The standard library's own brings sockets and pickles along, 4 ms of every start.
    """

    def emit(self, record: logging.LogRecord) -> None:
        try:
            if self.stream is not None and self.stream.tell() >= _LOG_BYTES:
                self._turn_over()
            super().emit(record)  # opens a file where none is open
        except OSError:
            self.handleError(record)

    def _turn_over(self) -> None:
        """Number this file and those before it; the oldest makes way, and one that cannot be moved goes on growing."""
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


class Watch(QObject):
    """Hears of every exception that nobody caught, of Qt's messages and of fatal signals; all go to the log.

    ``fault_reported`` carries a report for the user; emitted in the thread of the window, whichever failed.
    """

    fault_reported = Signal(str)

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.folder = folder
        self._events: deque[str] = deque(maxlen=_EVENTS_KEPT)
        self._is_telling = False

    def note(self, event: str) -> None:
        """Keep what has just happened, for the report of a later fault; only the latest are kept."""
        self._events.append(event)

    def fault(self, kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
        """Log an exception that nobody caught, and tell of it; a fault in the telling is logged and ends there."""
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error or kind(), trace)
            return
        text = "".join(traceback.format_exception(kind, error, trace))
        log.critical("uncaught exception\n%s", text)
        print(text, file=sys.__stderr__, end="")
        if self._is_telling:
            return
        self._is_telling = True
        try:
            self.fault_reported.emit(self.report(text))
        finally:
            self._is_telling = False

    def report(self, trace: str) -> str:
        """What someone who is to mend the fault wants to know; nothing of the project's content."""
        import platform

        machine = f"Torchloom {__version__}, Python {platform.python_version()}, Qt {qVersion()}, {platform.platform()}"
        return "\n".join((machine, "", trace.strip(), "", "Latest events:", *self._events))


def log_folder() -> Path:
    """Where the logs lie. It may not exist yet."""
    return user_state_dir() / "logs"


def log_files(folder: Path) -> tuple[Path, Path]:
    """What is written there: the log, and the stacks of what ended the process at once."""
    return folder / "window.log", folder / "fault.log"


def install(folder: Path, parent: QObject) -> Watch:
    """Have every kind of fault heard, from now on and in every thread."""
    watch = Watch(folder, parent)
    _log_to(folder)
    sys.excepthook = watch.fault
    threading.excepthook = lambda failed: watch.fault(failed.exc_type, failed.exc_value, failed.exc_traceback)
    qInstallMessageHandler(_qt_handler(watch.note))
    return watch


def _log_to(folder: Path) -> None:
    """Log to a file that turns over, and have a fatal signal write every thread's stack to another."""
    root = logging.getLogger()
    root.setLevel(logging.INFO)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        log_file, stack_file = log_files(folder)
        handler = Log(log_file, encoding="utf-8")
        stacks = stack_file.open("a", encoding="utf-8")
    except OSError:  # a state folder that cannot be written to: the terminal is all there is
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
