"""Metrics as text, and as the cells of a table."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTableWidgetItem


def share_text(share: float | None) -> str:
    """A share in percent; a dash where nothing decides it."""
    return "-" if share is None else f"{100 * share:.1f} %"


def area_text(area: float | None) -> str:
    """An area below a curve or a calibration error, with three digits."""
    return "-" if area is None else f"{area:.3f}"


def cell(text: str, *, is_left: bool = False, is_dim: bool = False) -> QTableWidgetItem:
    """A cell that cannot be edited, with numbers at the right."""
    item = QTableWidgetItem(text)
    side = Qt.AlignmentFlag.AlignLeft if is_left else Qt.AlignmentFlag.AlignRight
    item.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
    item.setToolTip(text if is_left else "")
    if is_dim:
        font = item.font()
        font.setItalic(True)
        item.setFont(font)
    return item
