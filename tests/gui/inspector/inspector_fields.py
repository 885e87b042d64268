"""Rows and fields of the inspector, and edits in them."""

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from gui.forms.param_row import ParamRow
from gui.inspector.inspector import Inspector
from gui.state.document import Document


def analysed(**nodes) -> dict:
    return {
        name: {"outputs": {"output": shape}, "parameters": 320, "macs": 18432, "elements": {}, "derived": derived}
        for name, (shape, derived) in nodes.items()
    }


def row(inspector: Inspector, name: str) -> ParamRow:
    return inspector.page.form.rows[name]


def field(inspector: Inspector, name: str) -> QLineEdit:
    return row(inspector, name).editor.field


def retype(line: QLineEdit, text: str) -> None:
    line.setFocus()
    line.selectAll()
    QTest.keyClicks(line, text)


def params(document: Document, node: str) -> dict:
    return document.project.graphs["Net"].nodes[node].params


def settle(qtbot: QtBot, inspector: Inspector) -> None:
    qtbot.waitUntil(lambda: not inspector._soon.isActive())
