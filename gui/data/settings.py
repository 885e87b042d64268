"""The forms of the data page: kind, its parameters, the split, the transforms."""

from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QPushButton, QVBoxLayout, QWidget

from engine.catalog.datasets import datasets, path_params
from engine.catalog.params import Flag, Float, Int, Value
from engine.catalog.transforms import transforms
from engine.graph.edits import SetData
from engine.graph.model import UNSET, Data, Part, Split, Unset
from gui.data.choosing import is_readable, with_kind
from gui.document import Document
from gui.facts import Facts
from gui.fields import offered_fields
from gui.inspector.choice_editors import SuggestEditor
from gui.inspector.editors import Around
from gui.inspector.fields import IconButton
from gui.inspector.form import Form
from gui.inspector.part_form import PartForm, with_value
from gui.inspector.pieces import ProblemCards
from gui.problems.mending import mend
from gui.theme import Theme

SPLIT = (
    Float("validation", 0.2, min=0.0, below=1.0, help="Share of the rows that are held out to judge the network."),
    Float("test", 0.0, min=0.0, below=1.0, help="Share of the rows that are kept for the very end."),
    Flag("stratify", True, help="Hold out the same share of every class."),
    Int("seed", 0, min=0, help="Another seed holds out other rows; it is not the seed of the training."),
)


MISSING = "D108"  # a value that is yet to be given: its field asks for it, and the page says so once


class DataSettings(QWidget):
    """Everything about the data that can be set; each change is one undo step."""

    helped = Signal(str)

    def __init__(self, document: Document, facts: Facts, theme: Theme) -> None:
        super().__init__()
        self._document, self._facts, self._theme = document, facts, theme
        self._shown_fields: tuple[str, ...] = ()
        self._columns: tuple[Value, tuple[str, ...]] = (None, ())  # of the table at this path
        self.problems = ProblemCards(theme)
        self.problems.fix_wanted.connect(lambda problem: mend(document, problem))
        self.kind = PartForm("data", datasets(), theme, document.gesture)
        self.kind.chosen.connect(self._choose)
        self.kind.edited.connect(self._set)
        self.kind.helped.connect(self.helped)
        self.origin = QLabel()
        self.origin.setProperty("voice", "small")
        self.origin.setWordWrap(True)
        self.again = QPushButton("Read again")
        self.again.setToolTip("Read the files anew; this also happens by itself when they change")
        self.split = Form(SPLIT, theme, document.gesture, live=False)
        self.split.edited.connect(lambda name, value, _: self._set_split(name, value))
        self.split.helped.connect(self.helped)
        self.cards: list[TransformCard] = []
        self.add = QPushButton("Add a transform")
        self.add.setMenu(self._menu())
        self._lay_out()
        self.refresh()

    def _lay_out(self) -> None:
        self._transforms = QVBoxLayout()
        self._transforms.setSpacing(8)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.problems)
        column.addWidget(_heading("Data set"))
        column.addWidget(self.kind)
        column.addWidget(self.origin)
        column.addWidget(self.again, 0, Qt.AlignmentFlag.AlignLeft)
        column.addSpacing(6)
        column.addWidget(_heading("Held-out rows"))
        column.addWidget(self.split)
        column.addSpacing(6)
        column.addWidget(_heading("Transforms"))
        column.addLayout(self._transforms)
        column.addWidget(self.add, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)

    @property
    def _data(self) -> Data:
        return self._document.project.data

    @property
    def _fields(self) -> tuple[str, ...]:
        return tuple(field.name for field in offered_fields(self._data, self._facts.fields))

    def set_columns(self, names: tuple[str, ...]) -> None:
        """Offer the columns that the table was found to have."""
        self._columns = (self._data.params.get("path"), names)
        self._offer_columns()

    def _offer_columns(self) -> None:
        row = self.kind.form.rows.get("target")
        if row is not None and isinstance(row.editor, SuggestEditor):
            path, names = self._columns
            row.editor.set_options(names if path == self._data.params.get("path") else ())

    def refresh(self) -> None:
        """Show the settings as they are now."""
        data = self._data
        base = self._document.path.parent if self._document.path else None
        around = Around({"target": ()}, base, folders=data.kind == "ImageFolder")
        self.kind.show_part(data.kind, data.params, around)
        self._offer_columns()
        declared = datasets().get(data.kind)
        told = [declared.source, f"Licence: {declared.licence}" if declared.licence else ""] if declared else []
        self.origin.setText("\n".join(each for each in told if each))
        self.origin.setVisible(bool(self.origin.text()))
        self.again.setVisible(declared is not None and bool(path_params(declared)) and is_readable(data))
        split = data.split
        self.split.show_values({name: getattr(split, name) for name in self.split.rows})
        self._show_transforms(data.transforms)
        self.refresh_facts()

    def refresh_facts(self) -> None:
        """Show the problems that are known now."""
        about = [each for each in self._facts.problems if each.code.startswith("D") and each.node is None]
        about = [each for each in about if each.code != MISSING]
        self.problems.show_problems(about)
        if self._fields != self._shown_fields:
            self._show_transforms(self._data.transforms)

    def _do(self, label: str, data: Data) -> None:
        if data != self._data:
            self._document.do(SetData(data, label))

    def _choose(self, kind: str) -> None:
        self._do(f"Use the data {kind}", with_kind(self._data, kind))

    def _set(self, name: str, value: Value | Unset) -> None:
        if value == "":
            value = UNSET  # an emptied field is one that is yet to be filled
        params = with_value(self._data.params, name, value)
        self._do(f"Set {name} of {self._data.kind}", replace(self._data, params=params))

    def _set_split(self, name: str, value: Value | Unset) -> None:
        changes: dict[str, object] = {name: getattr(Split(), name) if isinstance(value, Unset) else value}
        self._do(f"Set {name} rows" if name in ("validation", "test") else f"Set {name} of the split",
                 replace(self._data, split=replace(self._data.split, **changes)))  # type: ignore[arg-type] # fmt: skip

    def _show_transforms(self, parts: tuple[Part, ...]) -> None:
        self._shown_fields = self._fields
        while len(self.cards) > len(parts):
            self.cards.pop().deleteLater()
        while len(self.cards) < len(parts):
            card = TransformCard(len(self.cards), self._theme, self._document)
            card.moved.connect(self._move)
            card.removed.connect(self._remove)
            card.edited.connect(self._set_transform)
            card.helped.connect(self.helped)
            self._transforms.addWidget(card)
            self.cards.append(card)
        for card, part in zip(self.cards, parts, strict=True):
            card.show_part(part, self._shown_fields, is_last=card.place == len(parts) - 1)

    def _menu(self) -> QMenu:
        menu = QMenu(self.add)
        menu.setToolTipsVisible(True)
        for kind, declared in transforms().items():
            action = QAction(f"{kind}{' (training rows only)' if declared.random else ''}", menu)
            action.setToolTip(declared.summary)
            action.triggered.connect(lambda _=False, kind=kind: self._add_transform(kind))
            menu.addAction(action)
        return menu

    def _add_transform(self, kind: str) -> None:
        field = next((name for name in self._fields if name not in ("label", "target")), "")
        params: dict[str, Value] = {"field": field} if field else {}
        self._change_transforms(f"Add {kind}", (*self._data.transforms, Part(kind, params)))

    def _move(self, place: int, by: int) -> None:
        parts = list(self._data.transforms)
        parts.insert(place + by, parts.pop(place))
        self._change_transforms(f"Move {parts[place + by].kind}", tuple(parts))

    def _remove(self, place: int) -> None:
        parts = list(self._data.transforms)
        gone = parts.pop(place)
        self._change_transforms(f"Remove {gone.kind}", tuple(parts))

    def _set_transform(self, place: int, name: str, value: Value | Unset) -> None:
        parts = list(self._data.transforms)
        parts[place] = replace(parts[place], params=with_value(parts[place].params, name, value))
        self._change_transforms(f"Set {name} of {parts[place].kind}", tuple(parts))

    def _change_transforms(self, label: str, parts: tuple[Part, ...]) -> None:
        self._do(label, replace(self._data, transforms=parts))


class TransformCard(QFrame):
    """One transform: what it does, its values, its place among the others."""

    moved = Signal(int, int)
    removed = Signal(int)
    edited = Signal(int, str, object)
    helped = Signal(str)

    def __init__(self, place: int, theme: Theme, document: Document) -> None:
        super().__init__()
        self.setProperty("role", "problem")
        self.place, self._theme, self._document = place, theme, document
        self._built: object = None
        self._title, self._summary = QLabel(), QLabel()
        self._title.setProperty("voice", "brand")
        self._summary.setProperty("voice", "small")
        self._summary.setWordWrap(True)
        self.up = IconButton(theme, "chevron-up", "Earlier")
        self.down = IconButton(theme, "chevron-down", "Later")
        self.remove = IconButton(theme, "close", "Remove")
        self.up.clicked.connect(lambda: self.moved.emit(self.place, -1))
        self.down.clicked.connect(lambda: self.moved.emit(self.place, 1))
        self.remove.clicked.connect(lambda: self.removed.emit(self.place))
        head = QHBoxLayout()
        head.setSpacing(2)
        head.addWidget(self._title, 1)
        for button in (self.up, self.down, self.remove):
            head.addWidget(button)
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
        if key != self._built:
            self._built = key
            self._rebuild(part.kind, fields)
        self._title.setText(part.kind)
        self._summary.setText(declared.summary if declared else "This kind is unknown here.")
        self.form.show_values(dict(part.params))
        self.up.setEnabled(self.place > 0)
        self.down.setEnabled(not is_last)
        for button, verb in ((self.up, "earlier"), (self.down, "later"), (self.remove, "away")):
            button.setAccessibleName(f"{part.kind}: {verb}")

    def _rebuild(self, kind: str, fields: tuple[str, ...]) -> None:
        declared = transforms().get(kind)
        self.form.setParent(None)
        self.form.deleteLater()
        suggestions: Mapping[str, tuple[str, ...]] = {"field": fields} if fields else {}
        params = declared.params if declared else ()
        self.form = Form(params, self._theme, self._document.gesture, live=False, around=Around(suggestions))
        self.form.edited.connect(lambda name, value, _: self.edited.emit(self.place, name, value))
        self.form.helped.connect(self.helped)
        self._column.addWidget(self.form)


def _heading(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("voice", "brand")
    return label
