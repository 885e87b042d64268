"""A choice among declarations, with the form of the selected one: optimizer, schedule, data, transform."""

from collections.abc import Callable, Mapping
from typing import Protocol

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QLabel, QStyledItemDelegate, QVBoxLayout, QWidget

from engine.catalog.expressions import Expression
from engine.catalog.no_effect_reasons import NoEffect
from engine.catalog.params import Param, Value
from engine.graph.model import Unset
from gui.formatting.formats import unbroken
from gui.forms.combo import Combo
from gui.forms.editors import NO_CONTEXT, EditorContext
from gui.forms.form import LABEL_PX, Form, form_grid
from gui.theme import Theme
from gui.widgets.removal import remove_widget

OFF_KIND = "(off)"
"""The kind of the line that switches off what is none by itself."""


class Declaration(Protocol):
    """Anything of the catalogue that has a kind and parameters."""

    @property
    def kind(self) -> str: ...
    @property
    def summary(self) -> str: ...
    @property
    def params(self) -> tuple[Param, ...]: ...


class PartForm(QWidget):
    """``kind_chosen``: a kind, empty for none, `OFF_KIND` for off. ``edited``: a parameter, its value or `UNSET`."""

    kind_chosen = Signal(str)
    edited = Signal(str, object)
    help_changed = Signal(str)

    def __init__(
        self,
        name: str,
        declared: Mapping[str, Declaration],
        theme: Theme,
        gesture: Callable[[], int],
        *,
        none: str = "",
        headings: Mapping[str, str] | None = None,
        label_px: int = LABEL_PX,
    ) -> None:
        super().__init__()
        self._declared, self._theme, self._gesture, self._none = declared, theme, gesture, none
        self._label_px = label_px
        self._form_key: object = None
        self.combo = Combo()
        self.combo.setAccessibleName(name)
        self._kinds: list[str | None] = []  # by index; None for a heading
        self._headings: list[int] = []
        if headings:  # the default delegate ignores the colours of items
            self.combo.setItemDelegate(QStyledItemDelegate(self.combo))
        if none:
            self._add("", none)
        for kind, heading in zip(declared, map((headings or {}).get, declared), strict=True):
            if heading and self.combo.findText(heading) < 0:
                self._add_heading(heading)
            self._add(kind, kind, declared[kind].summary)
        self._kind: str | None = None
        theme.changed.connect(self._colour_headings)
        self._colour_headings()
        self.combo.activated.connect(self._choose)
        self.summary = QLabel()
        self.summary.setProperty("voice", "small")
        self.summary.setWordWrap(True)
        self.form = Form((), theme, gesture, live=False)
        head = QWidget()
        grid = form_grid(head, label_px)
        label = QLabel(name)
        label.setProperty("voice", "dim")
        label.setBuddy(self.combo)
        grid.addWidget(label, 0, 0)
        grid.addWidget(self.combo, 0, 1)
        grid.addWidget(self.summary, 1, 1)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        self._column.addWidget(head)
        self._column.addWidget(self.form)

    def _add(self, kind: str, text: str, summary: str = "") -> None:
        self._kinds.append(kind)
        self.combo.addItem(text)
        self.combo.setItemData(self.combo.count() - 1, summary or None, Qt.ItemDataRole.ToolTipRole)

    def offer_off(self, text: str) -> None:
        """Offer, as the second line, to switch off what is otherwise taken from elsewhere."""
        self._kinds.insert(1, OFF_KIND)
        self.combo.insertItem(1, text)

    def _add_heading(self, text: str) -> None:
        """Add a heading for the kinds below it, which cannot be selected."""
        self._kinds.append(None)
        self.combo.addItem(text)
        self.combo.setItemData(self.combo.count() - 1, self._theme.font("small"), Qt.ItemDataRole.FontRole)
        self._headings.append(self.combo.count() - 1)
        model = self.combo.model()
        if isinstance(model, QStandardItemModel):
            model.item(self.combo.count() - 1).setFlags(Qt.ItemFlag.NoItemFlags)

    def _colour_headings(self) -> None:
        for at in self._headings:
            self.combo.setItemData(at, self._theme.colour("text_dim"), Qt.ItemDataRole.ForegroundRole)

    def _choose(self, at: int) -> None:
        """Emit another kind; choosing the same one again must not reset its values."""
        kind = self._kinds[at]
        if kind is not None and kind != self._kind:
            self.kind_chosen.emit(kind)

    def show_part(
        self,
        kind: str,
        params: Mapping[str, Value],
        context: EditorContext = NO_CONTEXT,
        effects: Mapping[str, NoEffect] | None = None,
    ) -> None:
        """Show a kind and its values; an empty kind for none. ``effects`` as in `Form.show_values`."""
        if kind not in self._kinds:
            self._add(kind, kind)  # an unknown one, from a file
        self._kind = kind
        self.combo.setCurrentIndex(self._kinds.index(kind))
        declared = self._declared.get(kind)
        self.combo.setToolTip(declared.summary if declared else "")
        self.summary.setText(unbroken(declared.summary) if declared else "")
        self.summary.setVisible(declared is not None)
        if (kind, context) != self._form_key:
            self._form_key = (kind, context)
            self._rebuild(declared.params if declared else (), context)
        self.form.show_values(dict(params), effects=effects)

    def _rebuild(self, params: tuple[Param, ...], context: EditorContext) -> None:
        remove_widget(self.form)
        self.form = Form(params, self._theme, self._gesture, live=False, context=context, label_px=self._label_px)
        self.form.edited.connect(lambda name, value, _: self.edited.emit(name, value))
        self.form.help_changed.connect(self.help_changed)
        self._column.addWidget(self.form)
        before: QWidget = self.combo  # else Tab would visit the new form last
        for stop in self.form.tab_stops():
            QWidget.setTabOrder(before, stop)
            before = stop


def with_value(params: Mapping[str, Value], name: str, value: Value | Unset) -> dict[str, Value]:
    """The values with one changed, or removed if it is `UNSET`."""
    rest = {key: each for key, each in params.items() if key != name or not isinstance(value, Unset)}
    return rest if isinstance(value, Unset) else {**rest, name: value}


def compatible_values(params: Mapping[str, Value], declared: Declaration) -> dict[str, Value]:
    """The values that another kind accepts, too."""
    accepted = {param.name: param for param in declared.params}
    return {
        name: value
        for name, value in params.items()
        if name in accepted and (isinstance(value, Expression) or accepted[name].problem(value) is None)
    }
