"""The real window, with its real workers, on a home of its own; offscreen unless the environment names a platform."""

import json
import os
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ["QT_LOGGING_RULES"] = "qt.qpa.*=false"

from PySide6.QtCore import QEvent, QEventLoop, QObject, QTimer
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QWidget

from gui.canvas.canvas import Canvas
from gui.shell.app import App

SIZE = (1600, 1000)
WAKE_MS = 20


@contextmanager
def open_app(file: Path | None = None, *, works: bool = True) -> Iterator[App]:
    """The window on a project, filled and at rest; ``works``: wait for its analysis worker, too."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        os.environ["TORCHLOOM_HOME"] = folder
        (home / "state").mkdir()
        (home / "state/window.json").write_text(json.dumps({"welcomed": True, "keep_training": False}))
        qt = QApplication.instance() or QApplication([])
        assert isinstance(qt, QApplication)
        app = App(qt, file, freezes_garbage=True)
        app.frame.resize(*SIZE)
        try:
            until(qt, lambda: app.is_ready)
            if works:
                until(qt, lambda: app.context.results.has_answer and app.context.analysis.state == "ready")
            rest(qt, 1.0)
            yield app
        finally:
            app.context.document.history.setClean()
            app.frame.close()


def canvas_of(app: App) -> Canvas:
    """The page with the graph."""
    canvas = app.window.panel("canvas", Canvas)
    assert canvas is not None
    return canvas


def until(qt: QApplication, is_so: Callable[[], bool], limit_s: float = 120.0) -> None:
    """Handle events until something holds. Raises: ``TimeoutError``."""
    end = time.monotonic() + limit_s
    wake = QTimer(interval=WAKE_MS)
    wake.start()
    while not is_so():
        if time.monotonic() > end:
            raise TimeoutError(f"not so after {limit_s:g} s")
        qt.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
    wake.stop()


def rest(qt: QApplication, seconds: float) -> None:
    """Let everything that is under way come to its end."""
    end = time.monotonic() + seconds
    until(qt, lambda: time.monotonic() >= end, seconds + 60)


def cpu_ms(process: int | None = None) -> float:
    """What a process has computed since it began, all its threads together; by default this one."""
    if process is None:
        return 1000 * time.process_time()
    tasks = Path(f"/proc/{process}/task").glob("*/schedstat")
    return sum(int(task.read_text().split()[0]) for task in tasks) / 1e6


class Paints(QObject):
    """Counts how often these widgets are painted, what scrolls within them included."""

    def __init__(self, widgets: Iterable[QWidget]) -> None:
        super().__init__()
        self.count = 0
        for widget in widgets:
            for area in widget.findChildren(QAbstractScrollArea):
                area.viewport().installEventFilter(self)

    def eventFilter(self, obj: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        """Count, and let everything pass."""
        self.count += event.type() is QEvent.Type.Paint
        return super().eventFilter(obj, event)
