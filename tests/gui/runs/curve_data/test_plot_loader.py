"""Loading numpy and pyqtgraph, in a process of its own, since they are already loaded here."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from gui.runs.curve_data.library_loader import imported
from tests.project_files import ROOT

PROGRAM = """
import json, sys, threading
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from gui.runs.curve_data.library_loader import PlotLoader

threads = {}

class Watcher:
    def find_spec(self, name, path=None, target=None):
        threads.setdefault(name, threading.current_thread() is threading.main_thread())

sys.meta_path.insert(0, Watcher())
app = QApplication(["loading", "-platform", "offscreen"])
plot_loader, ticks = PlotLoader(), []
beat = QTimer(interval=1)
beat.timeout.connect(lambda: ticks.append(plot_loader.is_ready))
beat.start()
plot_loader.ready.connect(app.quit)
made = []  # ticks of the event loop at each call
faults = []
sys.excepthook = lambda kind, *_: faults.append(kind.__name__)
plot_loader.then(lambda: 1 / 0)
for _ in range(3):
    plot_loader.then(lambda: made.append(len(ticks)))
plot_loader.begin()
app.exec()
import pyqtgraph
from tests.project_files import ROOT
print(json.dumps({
    "numpy": threads["numpy"], "pyqtgraph": threads["pyqtgraph"], "ticks": len(ticks), "made": made,
    "faults": faults,
    "names": sorted(vars(pyqtgraph)), "version": pyqtgraph.__version__,
}))
plot_loader.begin()
plot_loader.wait()
"""


def test_names_of_qt_are_made_in_the_windows_thread_and_between_events() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["numpy"] is False  # in a thread: it does not use Qt
    assert report["pyqtgraph"] is True
    assert report["ticks"] > 5
    assert report["faults"] == ["ZeroDivisionError"]  # which did not prevent the other calls
    assert len(set(report["made"])) == 3  # each in an event of its own
    plain = "import json, pyqtgraph; print(json.dumps([sorted(vars(pyqtgraph)), pyqtgraph.__version__]))"
    whole = subprocess.run([sys.executable, "-c", plain], capture_output=True, text=True, timeout=120, check=True)
    assert [report["names"], report["version"]] == json.loads(whole.stdout)


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Write a package with this text; it is removed from `sys.modules` after the test."""
    monkeypatch.syspath_prepend(str(tmp_path))

    def package_with(text: str) -> str:
        (tmp_path / "a_package").mkdir()
        (tmp_path / "a_package/__init__.py").write_text(text)
        (tmp_path / "a_package/part.py").write_text("from a_package import one\n\nthree = one + 2\n")
        return "a_package"

    yield package_with
    for name in ("a_package", "a_package.part"):
        sys.modules.pop(name, None)


def test_a_package_is_imported_a_statement_at_a_time(package) -> None:
    steps = imported(package("one = 1\nfrom .part import three\n\ndef four():\n    return three + 1\n"))
    next(steps)
    assert "a_package.part" not in sys.modules
    assert len(list(steps)) == 2
    import a_package

    assert (a_package.four(), a_package.part.three, a_package.__name__) == (4, 3, "a_package")
    assert list(imported("a_package")) == []


def test_a_package_that_fails_leaves_nothing_half_done(package) -> None:
    with pytest.raises(ImportError, match="not_there"):
        list(imported(package("one = 1\nimport not_there\n")))
    assert "a_package" not in sys.modules
    with pytest.raises(ImportError):
        list(imported("a_package_that_is_nowhere"))


def test_text_for_a_newer_grammar_is_imported_in_one_step(package) -> None:
    assert list(imported(package("from __future__ import annotations\none: Nowhere = 1\n"))) == []
    assert sys.modules["a_package"].one == 1
