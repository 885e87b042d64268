"""How the rows are split, and how often each class comes, as bars."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter

from engine.protocol.data_answers import ClassCounts
from gui.data.paint_area import PaintArea
from gui.text.formats import plural
from gui.theme import Theme

PARTS = ("training", "validation", "test")
MOST_CLASSES = 24
BAR_PX, LINE_PX = 10, 22
LABEL_GAP_PX = 12


def part_colour(theme: Theme, part: str) -> QColor:
    """The colour of a part of the rows, the same as its curve has."""
    tokens = theme.tokens
    return QColor({"training": tokens.train, "validation": tokens.validation}.get(part, tokens.series[2]))


class SplitBar(PaintArea):
    """All rows as one bar, divided."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "Split")
        self.parts: list[tuple[str, int]] = []
        self.setFixedHeight(40)

    def show_parts(self, parts: Mapping[str, int]) -> None:
        """Show how many rows each part has."""
        self.parts = [(name, parts.get(name, 0)) for name in PARTS if parts.get(name, 0)]
        self.setAccessibleDescription(", ".join(self.description(at) for at in range(len(self.parts))))
        self.update()

    def spots(self) -> int:
        return len(self.parts)

    def description(self, at: int) -> str:
        name, count = self.parts[at]
        total = sum(each for _, each in self.parts)
        return f"{plural(count, 'row')} for {name}, {count / total:.1%}"

    def place(self, at: int) -> QRectF:
        total = sum(count for _, count in self.parts)
        before = sum(count for _, count in self.parts[:at])
        return QRectF(before / total * self.width(), 0, self.parts[at][1] / total * self.width(), self.height())

    def labels(self) -> list[tuple[str, QRectF]]:
        """What is written below each part: at its beginning, or where the labels around it leave room."""
        metrics = QFontMetrics(self.theme.font("small"))
        texts = [f"{name} {count:,}" for name, count in self.parts]
        widths = [metrics.horizontalAdvance(text) + 1.0 for text in texts]
        lefts, limit = [self.place(at).left() for at in range(len(texts))], float(self.width())
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
            place = self.place(at)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(part_colour(self.theme, name))
            painter.drawRoundedRect(QRectF(place.left(), 2, max(2.0, place.width() - 2), BAR_PX), 3, 3)
        painter.setPen(self.theme.colour("text_dim"))
        for text, label in self.labels():
            painter.drawText(label, Qt.AlignmentFlag.AlignVCenter, text)


class ClassBars(PaintArea):
    """One bar a class, divided by parts."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "Class balance")
        self.classes: list[tuple[str, dict[str, int]]] = []
        self.left_out = 0

    def show_classes(self, classes: Sequence[ClassCounts]) -> None:
        """Show the classes of a summary."""
        self.left_out = max(0, len(classes) - MOST_CLASSES)
        self.classes = [
            (each["name"], {"training": each["training"], "validation": each["validation"], "test": each["test"]})
            for each in classes[:MOST_CLASSES]
        ]
        self.setFixedHeight(max(1, len(self.classes) + bool(self.left_out)) * LINE_PX)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(240, self.height())

    def spots(self) -> int:
        return len(self.classes)

    def description(self, at: int) -> str:
        name, parts = self.classes[at]
        told = ", ".join(f"{count:,} {part}" for part, count in parts.items() if count)
        return f"{name}: {told or 'no rows'}"

    def place(self, at: int) -> QRectF:
        return QRectF(0, at * LINE_PX, self.width(), LINE_PX)

    def shown_name(self, name: str) -> str:
        """A name as far as there is room; names of one kind often differ at their ends alone."""
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
            place = self.place(at)
            painter.setPen(self.theme.colour("text"))
            shown = self.shown_name(name)
            painter.drawText(QRectF(0, place.top(), names, LINE_PX), Qt.AlignmentFlag.AlignVCenter, shown)
            left = float(names)
            room = self.width() - names - counts
            painter.setPen(Qt.PenStyle.NoPen)
            for part, count in parts.items():
                if count:
                    width = count / most * room
                    painter.setBrush(part_colour(self.theme, part))
                    bar = QRectF(left, place.center().y() - BAR_PX / 2, max(1.0, width - 1), BAR_PX)
                    painter.drawRoundedRect(bar, 2, 2)
                    left += width
            painter.setPen(self.theme.colour("text_dim"))
            total = QRectF(self.width() - counts, place.top(), counts, LINE_PX)
            painter.drawText(
                total, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, f"{sum(parts.values()):,}"
            )
        if self.left_out:
            painter.drawText(self.place(len(self.classes)), Qt.AlignmentFlag.AlignVCenter, f"and {self.left_out} more")
