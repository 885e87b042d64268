"""Pictures of the samples of recorded predictions, requested from the analysis worker."""

import base64
import binascii
import time
from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage

from engine.errors import EngineError
from engine.graph.model import Data
from engine.project import file
from engine.protocol.answers import Answer, SamplesShown
from engine.protocol.data_answers import FieldShown, ImageShown
from engine.runs.folder import RunFolder
from gui.state.document import Document
from gui.workers.analysis_link import AnalysisLink
from gui.workers.analysis_questions import samples

AGAIN_S = 3.0  # before asking again: a newer question of the same kind replaces one that waits
MAX_TRIES = 5
MAX_SIDE = 512


class SamplePictures(QObject):
    """Pictures of validation samples by their index in the data set, for runs on the data of the open project."""

    changed = Signal()

    def __init__(self, document: Document, analysis: AnalysisLink, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document, self._analysis = document, analysis
        self._pictures: dict[int, QImage] = {}
        self._data: Data | None = None  # the data that the pictures are of
        self._runs: dict[Path, Data | None] = {}
        self._asked_at = -AGAIN_S
        self._tries = 0
        self._retry_timer = QTimer(self, singleShot=True, interval=round(AGAIN_S * 1000) + 100)
        self._retry_timer.timeout.connect(self.changed)

    def of(self, run: Path, indices: tuple[int, ...]) -> dict[int, QImage]:
        """The available pictures of these samples; missing ones are requested."""
        data = self._data_of(run)
        if data is None or data != self._document.project.data:
            return {}
        if self._data != data:
            self._pictures, self._data, self._asked_at, self._tries = {}, data, -AGAIN_S, 0
        if not all(index in self._pictures for index in indices):
            self._ask(indices)
        return {index: self._pictures[index] for index in indices if index in self._pictures}

    def _ask(self, indices: tuple[int, ...]) -> None:
        now = time.monotonic()
        if now - self._asked_at >= AGAIN_S and self._tries < MAX_TRIES:
            self._asked_at = now
            self._tries += 1
            self._retry_timer.start()
            self._analysis.ask(samples("validation", rows=indices), self._take)

    def _take(self, answer: Answer) -> None:
        if not isinstance(answer, SamplesShown) or self._data != self._document.project.data:
            return
        for row in answer.rows:
            picture = _picture(row.get("fields", {}))
            if picture is not None:
                self._pictures[int(row["row"])] = picture
                self._tries = 0
        self._retry_timer.stop()
        self.changed.emit()

    def _data_of(self, run: Path) -> Data | None:
        """The data that the run was trained on."""
        if run not in self._runs:
            try:
                self._runs[run] = file.read(RunFolder(run).project, allow_newer=True).data
            except EngineError:
                return None  # the folder may not exist yet
        return self._runs[run]


def _picture(fields: Mapping[str, FieldShown]) -> QImage | None:
    """The first field that holds a picture."""
    for field in fields.values():
        if "image" in field:
            return decoded(field["image"])
    return None


def decoded(raw: ImageShown) -> QImage | None:
    """Decode a picture of an answer: one byte per value, row by row, without padding; ``None`` if it is damaged."""
    try:
        width, height, channels = (int(raw[name]) for name in ("width", "height", "channels"))
        pixels = base64.b64decode(raw["bytes"], validate=True)
    except (KeyError, TypeError, ValueError, binascii.Error):
        return None
    kinds = {1: QImage.Format.Format_Grayscale8, 3: QImage.Format.Format_RGB888}
    is_whole = 0 < width <= MAX_SIDE and 0 < height <= MAX_SIDE and len(pixels) == width * height * channels
    if channels not in kinds or not is_whole:
        return None
    return QImage(pixels, width, height, width * channels, kinds[channels]).copy()
