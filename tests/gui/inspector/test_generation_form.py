"""The form of how a network generates: each change is one undo step, and problems have fixes."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.check.rules import instant_problems
from engine.graph.edits import SetGeneration
from engine.graph.model import Part, Project
from gui.inspector.generation_form import GenerationForm
from gui.state.document import Document
from gui.theme import Theme
from tests.gui.inspector.test_training_form import choose, enter
from tests.windows import in_front

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def form(document: Document, theme: Theme, qtbot: QtBot) -> GenerationForm:
    return in_front(GenerationForm(document, theme), qtbot, 300, 600)


def test_a_generator_is_chosen_configured_and_undone(form: GenerationForm, document: Document) -> None:
    assert not form.part.isVisible()
    QTest.mouseClick(form.section, LEFT)
    assert form.part.isVisible()
    assert form.part.combo.currentText() == "none"
    choose(form.part.combo, "FromNoise")
    assert document.project.generation == Part("FromNoise")
    enter(form.part.form, "output", "logits")
    enter(form.part.form, "low", "-1")
    assert document.project.generation == Part("FromNoise", {"output": "logits", "low": -1.0})
    assert document.history.count() == 3
    for _ in range(2):
        document.history.undo()
    assert form.part.form.rows["low"].editor.field.text() == "0"
    choose(form.part.combo, "none")
    assert document.project.generation is None


def test_a_wrong_setting_is_a_problem_at_once(form: GenerationForm, document: Document) -> None:
    choose(form.part.combo, "FromNoise")
    codes = {problem.code for problem in instant_problems(document.project)}
    assert "T031" in codes  # the digits CNN has no Output


def test_a_project_that_generates_is_shown_open(form: GenerationForm, document: Document) -> None:
    project = Project(generation=Part("FromNoise", {"high": 2.0}))
    document.load(project, Path("net.loom"))
    assert form.part.isVisible()
    assert form.part.combo.currentText() == "FromNoise"
    assert form.part.form.rows["high"].editor.field.text() == "2"
    document.load(Project(), Path("net.loom"))
    assert not form.part.isVisible()


def test_it_follows_edits_from_elsewhere(form: GenerationForm, document: Document) -> None:
    document.do(SetGeneration(Part("FromNoise")))
    assert form.part.combo.currentText() == "FromNoise"
    document.history.undo()
    assert form.part.combo.currentText() == "none"
