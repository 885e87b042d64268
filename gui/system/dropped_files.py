"""Files that are dropped onto the window."""

from pathlib import Path

from PySide6.QtCore import QMimeData

from engine.project.file import SUFFIX


def project_in(data: QMimeData) -> Path | None:
    """The first project file in the dropped data, if there is one."""
    paths = (Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile())
    return next((path for path in paths if path.suffix == SUFFIX), None)
