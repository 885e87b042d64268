"""The window's tests: Qt without a screen, real events, and every Qt warning or lost exception a failure."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from engine.project import file
from engine.project.templates import template
from gui.actions.actions import Actions
from gui.preferences.preferences import Preferences
from gui.shell.connections import connect_panels
from gui.shell.context_factory import make_context
from gui.shell.frame import Frame
from gui.shell.main_window import Window
from gui.shell.run_connections import connect_runs
from gui.shell.window_commands import Commands
from gui.state.document import Document
from gui.state.selection import Selection
from gui.theme import DARK, Theme
from tests.gui.answers import Answers
from tests.gui.window_state import SIZE, reset, settle, state
from tests.windows import turn_on, watch_qt, windows_gone

HERE = Path(__file__).parent


def pytest_configure(config: pytest.Config) -> None:
    turn_on(config)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    watch_qt(items, HERE)


@contextmanager
def dark(qapp: QApplication) -> Iterator[Theme]:
    """The dark theme, on the whole application; deleted after the widgets of the test, as in the app."""
    theme = Theme(qapp)
    yield theme
    theme.deleteLater()
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def theme(qapp: QApplication) -> Iterator[Theme]:
    with dark(qapp) as theme:
        yield theme


@pytest.fixture
def document(qapp: QApplication) -> Iterator[Document]:
    """The digits CNN, untouched."""
    document = Document()
    document.load(file.parse(template("digits-cnn").text(), "digits-cnn"))
    yield document
    document.deleteLater()
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def selection(document: Document) -> Selection:
    return Selection(document, document)


@pytest.fixture
def actions(document: Document) -> Actions:
    return Actions(document)


@pytest.fixture(autouse=True)
def no_window_stays(qapp: QApplication) -> Iterator[None]:
    with windows_gone():
        yield


@pytest.fixture(autouse=True)
def no_button_is_held(qapp: QApplication) -> Iterator[None]:
    """A mouse button that a test leaves pressed is pressed in all later ones."""
    yield
    assert qapp.mouseButtons() == Qt.MouseButton.NoButton


@contextmanager
def windows(theme: Theme, qapp: QApplication) -> Iterator[Callable[..., Window]]:
    """Makes windows as the app does, with a user who answers without dialogs, and no worker."""
    open_windows: list[tuple[Window, QObject]] = []

    def open_one(*, filled: bool = True) -> Window:
        frame, owner = Frame(DARK), QObject()
        context = make_context(theme, Preferences(owner), Answers(), owner)
        window = Window(frame, context)
        window.commands = Commands(window)
        context.files.new_from("digits-cnn")
        for panel in window.table:
            window.add(panel)
        connect_panels(window)
        connect_runs(window)
        window.commands.connect_runs()
        window.appear()
        for panel in window.table if filled else ():
            window.fill(panel)
        frame.resize(*SIZE)
        frame.show()
        assert QTest.qWaitForWindowExposed(frame)
        open_windows.append((window, owner))
        return window

    yield open_one
    for window, owner in open_windows:
        window.context.document.history.setClean()
        window.frame.close()
        window.context.files.close()
        window.context.runs.close()
        window.frame.deleteLater()
        qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        owner.deleteLater()
        qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def open_window(theme: Theme, qapp: QApplication) -> Iterator[Callable[..., Window]]:
    with windows(theme, qapp) as open_one:
        yield open_one


@pytest.fixture(scope="module")
def same_window(shared_home: Path, qapp: QApplication) -> Iterator[Window]:
    """One window for all tests of a file, which leave it as it was: to make one takes longer than most tests."""
    with dark(qapp) as theme, windows(theme, qapp) as open_one:
        yield open_one()


@pytest.fixture(scope="module")
def first_state(same_window: Window) -> dict[str, object]:
    settle()
    return state(same_window)


@pytest.fixture
def window(same_window: Window, first_state: dict[str, object], home: Path) -> Window:
    """The window of the file, as it was opened; what `reset` does not undo takes an ``own_window``."""
    reset(same_window)
    for name, now in state(same_window).items():
        assert now == first_state[name], name
    return same_window


@pytest.fixture
def own_window(open_window: Callable[..., Window]) -> Window:
    return open_window()
