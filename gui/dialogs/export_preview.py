"""The preview of an export: the text of each file that it will write."""

from collections.abc import Callable, Mapping
from pathlib import Path

from PySide6.QtWidgets import QTabBar, QVBoxLayout, QWidget

from engine.catalog.exports import Preview
from engine.codegen.scripts import DATA, FILES
from engine.project.existence import is_file
from engine.runs.folder import RunFolder
from gui.code.source_view import SourceView
from gui.theme import Theme
from gui.workers.export import weights_in


class ExportPreview(QWidget):
    """A tab for each file, and the text of the selected one."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._texts: list[str] = []
        self.tabs, self.source = QTabBar(), SourceView(theme)
        self.tabs.setAccessibleName("Files")
        self.tabs.setUsesScrollButtons(False)
        self.tabs.setExpanding(False)
        self.tabs.setDrawBase(False)
        self.tabs.currentChanged.connect(self._show_file)
        self.source.setObjectName("export_preview")
        self.source.setAccessibleName("What will be written")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.tabs)
        column.addWidget(self.source, 1)

    def show_files(self, texts: Mapping[str, str]) -> None:
        """Show files, given as their texts by name."""
        self._texts = list(texts.values())
        self.tabs.blockSignals(True)
        while self.tabs.count():
            self.tabs.removeTab(0)
        for name in texts:
            self.tabs.addTab(name)
        self.tabs.blockSignals(False)
        self._show_file(0)

    def _show_file(self, index: int) -> None:
        self.source.set_source(self._texts[index] if 0 <= index < len(self._texts) else "")


def preview_of_run(preview: Preview, run: Path) -> dict[str, str]:
    """The texts that the export of a run shows, by file name."""
    return _PREVIEWS[preview](run)


def _program(run: Path) -> dict[str, str]:
    """The program in the folder of a run."""
    paths = (run / name for name in (*FILES, *DATA))
    return {path.name: _read(path) for path in paths if is_file(path)}


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return f"{path.name} cannot be read."


def _tensors(run: Path) -> dict[str, str]:
    """The names, types and shapes of the tensors in the latest checkpoint of a run, one per line."""
    return {"weights.safetensors": _weights_text(RunFolder(run))}


def _weights_text(run: RunFolder) -> str:
    try:
        steps = sorted((path for path in run.checkpoints.iterdir() if path.name.isdecimal()), key=lambda p: int(p.name))
    except OSError:
        steps = []
    tensors = weights_in(steps[-1] / "weights.safetensors") if steps else {}
    width = max(map(len, tensors), default=0)
    lines = (f"{name:<{width}}  {kind}  {' x '.join(map(str, shape))}" for name, (kind, shape) in tensors.items())
    return "\n".join(lines) or "The checkpoint cannot be read."


_PREVIEWS: dict[Preview, Callable[[Path], dict[str, str]]] = {"program": _program, "tensors": _tensors}
