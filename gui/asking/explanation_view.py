"""Why the network answers so: importance over the picture, or of the columns of a row."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QSlider, QVBoxLayout, QWidget

from engine.protocol.asking import EXPLANATIONS, AskForm, Explanation, Pixels, Reply
from gui.forms.combo import Combo
from gui.theme import Theme
from gui.widgets.pixels import heat_of, image_of

NONE = "No explanation"
SIDE_PX = 168
LINE_PX, GAP_PX, NUMBER_PX = 19, 8, 48
MAX_COLUMNS = 8


class HeatView(QWidget):
    """The picture that the network saw, in grey, with the importance of its places over it."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.opacity = 0.75
        self._picture: QImage | None = None
        self._raw: Pixels | None = None
        self._heat: QImage | None = None
        self.setFixedSize(SIDE_PX, SIDE_PX)
        theme.changed.connect(self._tint)

    def show_heat(self, picture: QImage | None, heat: Pixels | None) -> None:
        """Show this importance over this picture."""
        self._picture = picture.convertToFormat(QImage.Format.Format_Grayscale8) if picture else None
        self._raw = heat
        self._tint()

    def set_opacity(self, opacity: float) -> None:
        """Set how much of the importance is visible, in [0, 1]."""
        self.opacity = opacity
        self.update()

    def _tint(self) -> None:
        self._heat = heat_of(self._raw, self._theme) if self._raw else None
        if self._heat is not None:
            size = self._heat.size().scaled(SIDE_PX, SIDE_PX, Qt.AspectRatioMode.KeepAspectRatio)
            self.setFixedSize(size)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        room = QRectF(self.rect())
        if self._picture is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self._picture.width() > SIDE_PX / 2)
            painter.drawImage(room, self._picture)
        if self._heat is not None:
            painter.setOpacity(self.opacity)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, True)
            painter.drawImage(room, self._heat)
            painter.setOpacity(1.0)
        painter.setPen(self._theme.colour("edge"))
        painter.drawRect(room.adjusted(0.5, 0.5, -0.5, -0.5))


class ColumnBars(QWidget):
    """The importance of columns, the largest first."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.columns: list[tuple[str, float]] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def show_columns(self, columns: list[tuple[str, float]]) -> None:
        """Show these columns with the drop of each."""
        self.columns = columns[:MAX_COLUMNS]
        self.setFixedHeight(len(self.columns) * LINE_PX)
        self.setAccessibleName(", ".join(f"{name} {drop:.3g}" for name, drop in self.columns))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, len(self.columns) * LINE_PX)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        if not self.columns:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._theme.font("small"))
        metrics = QFontMetricsF(self._theme.font("small"))
        names = min(self.width() * 0.5, max(metrics.horizontalAdvance(name) for name, _ in self.columns) + 2)
        most = max((drop for _, drop in self.columns), default=0.0)
        for at, (name, drop) in enumerate(self.columns):
            line = QRectF(0, at * LINE_PX, self.width(), LINE_PX)
            painter.setPen(self._theme.colour("text"))
            text = metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, names)
            middle = Qt.AlignmentFlag.AlignVCenter
            painter.drawText(QRectF(0, line.top(), names, LINE_PX), Qt.AlignmentFlag.AlignLeft | middle, text)
            painter.setPen(self._theme.colour("text_dim"))
            painter.drawText(line, Qt.AlignmentFlag.AlignRight | middle, f"{drop:.3f}")
            width = max(1.0, self.width() - names - NUMBER_PX - GAP_PX)
            bar = QRectF(names + GAP_PX, line.center().y() - 4, max(2.0, width * max(0.0, drop) / (most or 1.0)), 8)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.colour("warning" if drop > 0 else "hover"))
            painter.drawRoundedRect(bar, min(4.0, bar.width() / 2), 4)


class ExplanationView(QWidget):
    """``changed``: another explanation is wanted."""

    changed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._names: list[str] = []
        self.choice, self.convolution = Combo(), Combo()
        self.choice.setAccessibleName("Explanation")
        self.convolution.setAccessibleName("Convolution that Grad-CAM looks at")
        self.heat, self.bars = HeatView(theme), ColumnBars(theme)
        self.opacity = QSlider(Qt.Orientation.Vertical)
        self.opacity.setAccessibleName("Opacity of the importance")
        self.opacity.setToolTip("Opacity of the importance")
        self.opacity.setRange(0, 100)
        self.opacity.setValue(round(self.heat.opacity * 100))
        self.text = QLabel()
        self.text.setProperty("voice", "small")
        self.text.setWordWrap(True)
        row = QHBoxLayout()
        row.setSpacing(GAP_PX)
        row.addWidget(self.choice, 3)
        row.addWidget(self.convolution, 2)
        picture = QHBoxLayout()
        picture.setSpacing(GAP_PX)
        picture.addWidget(self.heat)
        picture.addWidget(self.opacity)
        picture.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(row)
        column.addLayout(picture)
        column.addWidget(self.bars)
        column.addWidget(self.text)
        self.choice.currentIndexChanged.connect(self._choose)
        self.convolution.currentIndexChanged.connect(self.changed)
        self.opacity.valueChanged.connect(lambda value: self.heat.set_opacity(value / 100))
        self._show_parts(None)

    def offer(self, form: AskForm) -> None:
        """Offer the explanations of a network; the chosen one stays where it is among them."""
        names = ["", *form["explanations"]]
        for combo, texts in (
            (self.choice, [EXPLANATIONS.get(name, NONE) for name in names]),
            (self.convolution, form["convolutions"]),
        ):
            current = combo.currentText()
            if [combo.itemText(at) for at in range(combo.count())] != texts:
                combo.blockSignals(True)
                combo.clear()
                combo.addItems(texts)
                last = len(texts) - 1 if combo is self.convolution else 0
                combo.setCurrentIndex(texts.index(current) if current in texts else last)
                combo.blockSignals(False)
        self._names = names
        self.setVisible(len(names) > 1)
        self._choose_parts()

    def question(self) -> dict[str, object]:
        """The part of a question that asks for the chosen explanation."""
        at = self.choice.currentIndex()
        name = self._names[at] if 0 <= at < len(self._names) else ""
        if not name:
            return {}
        layer = {"convolution": self.convolution.currentText()} if name == "grad_cam" else {}
        return {"explain": name, **layer}

    def show_reply(self, reply: Reply | None) -> None:
        """Show the explanation of a reply, if it has one."""
        explanation = reply.get("explanation") if reply else None
        if reply and explanation and "heat" in explanation:
            pictures = (image_of(each["picture"]) for each in reply["given"] if "picture" in each)
            self.heat.show_heat(next((each for each in pictures if each), None), explanation["heat"])
        if explanation and "columns" in explanation:
            self.bars.show_columns([(each["name"], each["drop"]) for each in explanation["columns"]])
        self._show_parts(explanation)

    def _show_parts(self, explanation: Explanation | None) -> None:
        has_heat, has_columns = (bool(explanation and name in explanation) for name in ("heat", "columns"))
        self.heat.setVisible(has_heat)
        self.opacity.setVisible(has_heat)
        self.bars.setVisible(has_columns)
        text = explanation["text"] if explanation else ""
        self.text.setText(text[:1].upper() + text[1:])
        self.text.setVisible(bool(explanation))

    def _choose(self) -> None:
        self._choose_parts()
        if not self.question():
            self._show_parts(None)
        self.changed.emit()

    def _choose_parts(self) -> None:
        self.convolution.setVisible(self.question().get("explain") == "grad_cam")
