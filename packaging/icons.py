"""Draws Torchloom's sign, an SVG, in every size and format that a system asks for. Run by the build's own Python.

``python icons.py FOLDER``
"""

import os
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

SVG = Path(__file__).resolve().parents[1] / "resources" / "icons" / "app" / "torchloom.svg"
SIZES_PX = (16, 22, 24, 32, 48, 64, 128, 256, 512)
ICO_PX = (16, 24, 32, 48, 64, 128, 256)


def main(folder: Path) -> None:
    """Write ``<size>.png`` for each size, ``torchloom.ico`` and ``torchloom.icns``."""
    folder.mkdir(parents=True, exist_ok=True)
    application = QGuiApplication(sys.argv[:1])
    renderer = QSvgRenderer(str(SVG))
    for size_px in (*SIZES_PX, 1024):
        image = QImage(size_px, size_px, QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        renderer.render(painter)
        painter.end()
        if not image.save(str(folder / f"{size_px}.png")):
            raise OSError(f"{folder / f'{size_px}.png'} could not be written")
    del application
    from PIL import Image

    with Image.open(folder / "1024.png") as sign:
        sign.save(folder / "torchloom.ico", sizes=[(size_px, size_px) for size_px in ICO_PX])
        sign.save(folder / "torchloom.icns")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
