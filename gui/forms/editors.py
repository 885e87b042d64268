"""The editor of each kind of parameter."""

from collections.abc import Callable, Mapping
from pathlib import Path

from msgspec import Struct, field

from engine.catalog.data.roles import Roles
from engine.catalog.params import Choice, Flag, FromInput, Param
from engine.catalog.text_params import Text
from gui.forms.choice_editors import ChoiceEditor, FlagEditor, SuggestEditor
from gui.forms.editor import Editor
from gui.forms.roles_editor import RolesEditor
from gui.forms.scope import Scope
from gui.forms.text_editors import DerivedEditor, PathEditor, TextEditor
from gui.theme import Theme


class EditorContext(Struct, frozen=True):
    """What an editor needs to know besides its parameter.

    ``suggestions``: proposed texts, by parameter. ``base``: the folder of the project, if it has one. ``scope``:
    returns what expressions may read, where values may be expressions, except those of the parameters ``literal``.
    """

    suggestions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    base: Path | None = None
    scope: Callable[[], Scope] | None = None
    literal: tuple[str, ...] = ()


NO_CONTEXT = EditorContext()


def editor_for(param: Param, theme: Theme, context: EditorContext = NO_CONTEXT) -> Editor:  # noqa: PLR0911 (one line per kind)
    """The editor of a parameter."""
    match param:
        case Flag():
            return FlagEditor(param, theme)
        case Choice():
            return ChoiceEditor(param)
        case Roles():
            return RolesEditor(param, theme)
        case FromInput():
            return DerivedEditor(param, theme)
        case Text(path=True, folder=is_folder):
            return PathEditor(param, theme, context.base, is_folder=is_folder)
        case Text(name=name) if name in context.suggestions:
            return SuggestEditor(param, context.suggestions[name])
    return TextEditor(param, theme)
