"""Bars of how many samples each part has, and how many each class has."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter

from engine.protocol.data_answers import ClassCounts
from gui.data.paint_area import PaintArea
from gui.formatting.formats import plural
from gui.theme import Theme

PARTS = ("training", "validation", "test")
MAX_CLASSES = 24
BAR_PX, LINE_PX = 10, 22
LABEL_GAP_PX = 12


def part_colour(theme: Theme, part: str) -> QColor:
    """The colour of a part of the samples, as in the charts of runs."""
    tokens = theme.tokens
    return QColor({"training": tokens.train, "validation": tokens.validation}.get(part, tokens.series[2]))


class SplitBar(PaintArea):
    """All samples as one bar, divided into parts."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "Split")
        self.parts: list[tuple[str, int]] = []
        self.setFixedHeight(40)

    def show_parts(self, parts: Mapping[str, int]) -> None:
        """Show the number of samples in each part."""
        self.parts = [(name, parts.get(name, 0)) for name in PARTS if parts.get(name, 0)]
        self.setAccessibleDescription(", ".join(self.description(at) for at in range(len(self.parts))))
        self.update()

    def item_count(self) -> int:
        return len(self.parts)

    def description(self, at: int) -> str:
        name, count = self.parts[at]
        total = sum(each for _, each in self.parts)
        return f"{plural(count, 'sample')} for {name}, {count / total:.1%}"

    def item_rect(self, at: int) -> QRectF:
        total = sum(count for _, count in self.parts)
        before = sum(count for _, count in self.parts[:at])
        return QRectF(before / total * self.width(), 0, self.parts[at][1] / total * self.width(), self.height())

    def labels(self) -> list[tuple[str, QRectF]]:
        """The texts below the parts: each at the start of its part, or where the other texts leave room."""
        metrics = QFontMetrics(self.theme.font("small"))
        texts = [f"{name} {count:,}" for name, count in self.parts]
        widths = [metrics.horizontalAdvance(text) + 1.0 for text in texts]
        lefts, limit = [self.item_rect(at).left() for at in range(len(texts))], float(self.width())
        for at in reversed(range(len(texts))):
            lefts[at] = min(lefts[at], limit - widths[at])
            limit = lefts[at] - LABEL_GAP_PX
        least = 0.0
        for at, width in enumerate(widths):
            lefts[at] = max(lefts[at], least)
            least = lefts[at] + width + LABEL_GAP_PX
        return [(text, QRectF(left, 18, width, 18)) for text, left, width in zip(texts, lefts, widths, strict=True)]

    def draw(self, painter: QPainter) -> None:
        painter.setFont(self.theme.font("small"))
        for at, (name, _) in enumerate(self.parts):
            rect = self.item_rect(at)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(part_colour(self.theme, name))
            painter.drawRoundedRect(QRectF(rect.left(), 2, max(2.0, rect.width() - 2), BAR_PX), 3, 3)
        painter.setPen(self.theme.colour("text_dim"))
        for text, label in self.labels():
            painter.drawText(label, Qt.AlignmentFlag.AlignVCenter, text)


class ClassBars(PaintArea):
    """One bar per class, divided into parts."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "Class balance")
        self.classes: list[tuple[str, dict[str, int]]] = []
        self.left_out = 0

    def show_classes(self, classes: Sequence[ClassCounts]) -> None:
        """Show the classes of a data summary."""
        self.left_out = max(0, len(classes) - MAX_CLASSES)
        self.classes = [
            (each["name"], {"training": each["training"], "validation": each["validation"], "test": each["test"]})
            for each in classes[:MAX_CLASSES]
        ]
        self.setFixedHeight(max(1, len(self.classes) + bool(self.left_out)) * LINE_PX)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(240, self.height())

    def item_count(self) -> int:
        return len(self.classes)

    def description(self, at: int) -> str:
        name, parts = self.classes[at]
        counts = ", ".join(f"{count:,} {part}" for part, count in parts.items() if count)
        return f"{name}: {counts or 'no samples'}"

    def item_rect(self, at: int) -> QRectF:
        return QRectF(0, at * LINE_PX, self.width(), LINE_PX)

    def elided_name(self, name: str) -> str:
        """A name elided in its middle, since similar names often differ only at their ends."""
        metrics = QFontMetrics(self.theme.font("small"))
        return metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, self._names_px())

    def _names_px(self) -> int:
        metrics = QFontMetrics(self.theme.font("small"))
        widest = max((metrics.horizontalAdvance(name) for name, _ in self.classes), default=0) + 2
        return min(self.width() // 3, widest)

    def draw(self, painter: QPainter) -> None:
        painter.setFont(self.theme.font("small"))
        metrics = QFontMetrics(self.theme.font("small"))
        names = self._names_px() + 10
        most = max((sum(parts.values()) for _, parts in self.classes), default=1) or 1
        counts = metrics.horizontalAdvance(f"{most:,}") + 10
        for at, (name, parts) in enumerate(self.classes):
            rect = self.item_rect(at)
            painter.setPen(self.theme.colour("text"))
            elided = self.elided_name(name)
            painter.drawText(QRectF(0, rect.top(), names, LINE_PX), Qt.AlignmentFlag.AlignVCenter, elided)
            left = float(names)
            room = self.width() - names - counts
            painter.setPen(Qt.PenStyle.NoPen)
            for part, count in parts.items():
                if count:
                    width = count / most * room
                    painter.setBrush(part_colour(self.theme, part))
                    bar = QRectF(left, rect.center().y() - BAR_PX / 2, max(1.0, width - 1), BAR_PX)
                    painter.drawRoundedRect(bar, 2, 2)
                    left += width
            painter.setPen(self.theme.colour("text_dim"))
            total = QRectF(self.width() - counts, rect.top(), counts, LINE_PX)
            painter.drawText(
                total, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, f"{sum(parts.values()):,}"
            )
        if self.left_out:
            painter.drawText(
                self.item_rect(len(self.classes)), Qt.AlignmentFlag.AlignVCenter, f"and {self.left_out} more"
            )
