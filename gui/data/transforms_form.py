"""The transforms of the data: a card for each, and a menu that adds one."""

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QPushButton, QVBoxLayout, QWidget

from engine.catalog.data.field_kinds import field_kinds
from engine.catalog.data.transforms import fits, transforms
from engine.catalog.params import Value
from engine.graph.model import Data, Part, Unset
from gui.forms.editors import EditorContext
from gui.forms.entry_buttons import EntryButtons
from gui.forms.form import Form
from gui.forms.part_form import with_value
from gui.state.analysis_results import AnalysisResults
from gui.state.data_fields import AvailableField, available_fields
from gui.state.document import Document
from gui.theme import Theme
from gui.widgets.removal import remove_widget

LABEL_PX = 70
NOTHING_FITS = "Transforms change fields of fractions, and this data has none."


class TransformsForm(QWidget):
    """``changed``: the label of the edit, and the new transforms. ``transform_added`` follows if one was added."""

    changed = Signal(str, object)
    transform_added = Signal()
    help_changed = Signal(str)

    def __init__(self, document: Document, results: AnalysisResults, theme: Theme) -> None:
        super().__init__()
        self._document, self._results, self._theme = document, results, theme
        self._fields: tuple[AvailableField, ...] = ()
        self.cards: list[TransformCard] = []
        self.add = QPushButton("Add a transform")
        self.menu = QMenu(self.add)
        self.menu.setToolTipsVisible(True)
        self.menu.triggered.connect(self._add)
        self.add.setMenu(self.menu)
        self._column = QVBoxLayout()
        self._column.setSpacing(8)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(self._column)
        column.addWidget(self.add, 0, Qt.AlignmentFlag.AlignLeft)

    @property
    def _data(self) -> Data:
        return self._document.project.data

    def refresh(self) -> None:
        """Show the present transforms, and offer those that fit a field of the data."""
        self._fields = available_fields(self._data, self._results.fields)
        self._fill_menu()
        parts = self._data.transforms
        while len(self.cards) > len(parts):
            remove_widget(self.cards.pop())
        while len(self.cards) < len(parts):
            self._column.addWidget(self._card())
        for card, part in zip(self.cards, parts, strict=True):
            card.show_part(part, self._fields_for(part.kind), is_last=card.place == len(parts) - 1)

    def refresh_results(self) -> None:
        """Follow the analysis results: the fields of the data."""
        if available_fields(self._data, self._results.fields) != self._fields:
            self.refresh()

    def _card(self) -> QWidget:
        card = TransformCard(len(self.cards), self._theme, self._document)
        card.moved.connect(self._move)
        card.removed.connect(self._remove)
        card.edited.connect(self._set)
        card.help_changed.connect(self.help_changed)
        self.cards.append(card)
        return card

    def _fields_for(self, kind: str) -> tuple[str, ...]:
        """The fields that a transform can change; all fields for an unknown kind."""
        declared = transforms().get(kind)
        return tuple(each.name for each in self._fields if declared is None or fits(declared, each.element, each.kind))

    def _fill_menu(self) -> None:
        self.menu.clear()
        for kind, declared in transforms().items():
            if self._fields_for(kind):
                action = QAction(f"{kind}{' (training samples only)' if declared.random else ''}", self.menu)
                action.setToolTip(declared.summary)
                action.setData(kind)
                self.menu.addAction(action)
        self.add.setEnabled(not self.menu.isEmpty())
        self.add.setToolTip(NOTHING_FITS if self.menu.isEmpty() else "")

    def _add(self, action: QAction) -> None:
        kind = str(action.data())
        names = self._fields_for(kind)
        answers = {each.name for each in self._fields if field_kinds()[each.kind].is_answer}  # seldom transformed
        field = next((name for name in names if name not in answers), names[0])
        self.changed.emit(f"Add {kind}", (*self._data.transforms, Part(kind, {"field": field})))
        self.transform_added.emit()

    def _move(self, place: int, by: int) -> None:
        parts = list(self._data.transforms)
        parts.insert(place + by, parts.pop(place))
        self.changed.emit(f"Move {parts[place + by].kind}", tuple(parts))

    def _remove(self, place: int) -> None:
        parts = list(self._data.transforms)
        removed_part = parts.pop(place)
        self.changed.emit(f"Remove {removed_part.kind}", tuple(parts))

    def _set(self, place: int, name: str, value: Value | Unset) -> None:
        parts = list(self._data.transforms)
        parts[place] = replace(parts[place], params=with_value(parts[place].params, name, value))
        self.changed.emit(f"Set {name} of {parts[place].kind}", tuple(parts))


class TransformCard(QFrame):
    """One transform: its summary, its values, and buttons for its place."""

    moved = Signal(int, int)
    removed = Signal(int)
    edited = Signal(int, str, object)
    help_changed = Signal(str)

    def __init__(self, place: int, theme: Theme, document: Document) -> None:
        super().__init__()
        self.setProperty("role", "problem")
        self.place, self._theme, self._document = place, theme, document
        self._form_key: object = None
        self._title, self._summary = QLabel(), QLabel()
        self._title.setProperty("voice", "brand")
        self._summary.setProperty("voice", "small")
        self._summary.setWordWrap(True)
        self.buttons = EntryButtons(theme)
        self.buttons.moved.connect(lambda by: self.moved.emit(self.place, by))
        self.buttons.removed.connect(lambda: self.removed.emit(self.place))
        head = QHBoxLayout()
        head.setSpacing(2)
        head.addWidget(self._title, 1)
        head.addWidget(self.buttons)
        self.form = Form((), theme, document.gesture, live=False)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(10, 7, 8, 9)
        self._column.setSpacing(5)
        self._column.addLayout(head)
        self._column.addWidget(self._summary)
        self._column.addWidget(self.form)

    def show_part(self, part: Part, fields: tuple[str, ...], *, is_last: bool) -> None:
        """Show a transform."""
        declared = transforms().get(part.kind)
        key = (part.kind, fields)
        if key != self._form_key:
            self._form_key = key
            self._rebuild(part.kind, fields)
        self._title.setText(part.kind)
        self._summary.setText(declared.summary if declared else "This kind is unknown here.")
        self.form.show_values(dict(part.params))
        self.buttons.show_place(part.kind, is_first=self.place == 0, is_last=is_last)

    def _rebuild(self, kind: str, fields: tuple[str, ...]) -> None:
        declared = transforms().get(kind)
        remove_widget(self.form)
        suggestions: Mapping[str, tuple[str, ...]] = {"field": fields} if fields else {}
        params = declared.params if declared else ()
        self.form = Form(
            params,
            self._theme,
            self._document.gesture,
            live=False,
            context=EditorContext(suggestions),
            label_px=LABEL_PX,
        )
        self.form.edited.connect(lambda name, value, _: self.edited.emit(self.place, name, value))
        self.form.help_changed.connect(self.help_changed)
        self._column.addWidget(self.form)
