"""The window's tests: Qt without a screen, real events, and every Qt warning or lost exception a failure."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication

from engine.project import file
from engine.project.templates import template
from gui.actions import Actions
from gui.document import Document
from gui.selection import Selection
from gui.theme import Theme
from tests.windowed import turn_on, watch_qt

HERE = Path(__file__).parent


def pytest_configure(config: pytest.Config) -> None:
    turn_on(config)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    watch_qt(items, HERE)


@pytest.fixture
def theme(qapp: QApplication) -> Iterator[Theme]:
    """The dark theme, on the whole application; it goes with the widgets of the test, as it does with the app."""
    theme = Theme(qapp)
    yield theme
    theme.deleteLater()
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)


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
def no_button_is_held(qapp: QApplication) -> Iterator[None]:
    """A mouse button that a test leaves down is down in all later ones."""
    yield
    assert qapp.mouseButtons() == Qt.MouseButton.NoButton
