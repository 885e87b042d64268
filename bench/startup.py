"""From starting Python to the first paint: the window against a bare PySide6 main window, in turns.

``python bench/startup.py [ROUNDS]``; without a screen: ``QT_QPA_PLATFORM=offscreen python bench/startup.py``.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parents[1]

BARE = """
import sys
from PySide6.QtWidgets import QApplication, QMainWindow

class Bare(QMainWindow):
    def paintEvent(self, event):
        print("painted", flush=True)

app = QApplication(sys.argv[:1])
window = Bare()
window.resize(1440, 900)
window.show()
while True:
    app.processEvents()
"""
WINDOW = """
import sys
from PySide6.QtWidgets import QApplication
from gui.app import App

qt = QApplication(sys.argv[:1])
app = App(qt, None)
app.frame.painted.connect(lambda: print("painted", flush=True))
while not app.is_ready:
    qt.processEvents()
qt.processEvents()
print("ready", flush=True)
app.seams.analysis.close()  # its worker would slow the next turn
"""

PROGRAMS = {"bare": BARE, "window": WINDOW}


def times_s(name: str, home: Path) -> dict[str, float]:
    """Seconds from the start of the process to each line that it prints."""
    program = home / f"{name}.py"  # a file: Qt for Python is slower to load from ``-c``
    begun = time.perf_counter()
    environment = {**os.environ, "TORCHLOOM_HOME": str(home), "PYTHONPATH": str(ROOT)}
    found: dict[str, float] = {}
    with subprocess.Popen([sys.executable, str(program)], cwd=ROOT, env=environment, stdout=-1, text=True) as child:
        for line in child.stdout or ():
            found.setdefault(line.strip(), time.perf_counter() - begun)
            if line.strip() == "painted" and name == "bare":
                child.kill()
    return found


def main(rounds: int) -> None:
    """Print both and their ratio."""
    bare, painted, ready = [], [], []
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        for name, code in PROGRAMS.items():
            (home / f"{name}.py").write_text(code)
        for turn in range(rounds + 1):
            plain, ours = times_s("bare", home), times_s("window", home)
            if turn:  # the first one warms the disk
                bare.append(plain["painted"])
                painted.append(ours["painted"])
                ready.append(ours["ready"])
    for name, times in (("bare window painted", bare), ("ours painted", painted), ("ours filled", ready)):
        print(f"{name:20} median {median(times):.3f} s, best {min(times):.3f} s")
    ratios = [mine / theirs for mine, theirs in zip(painted, bare, strict=True)]
    print(
        f"ratio of first paints: median {median(ratios):.2f}, of the best {min(painted) / min(bare):.2f} (target 1.3)"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 7)
