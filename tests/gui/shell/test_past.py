"""A crash keeps the history: recovered steps are undone and redone as before."""

from copy import deepcopy

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.graph.edits import SetParam, SetProject
from engine.project import file
from engine.project.documents import key_of
from engine.project.journal import Journal
from engine.project.templates import template
from gui.files.journaling import Journaling
from gui.state.document import Document
from tests.strategies.edits import edits


@pytest.fixture
def journaling(document, tmp_path):
    path = tmp_path / "mine.loom"
    path.write_text(template("digits-cnn").text())
    document.load(file.read(path), path)
    journaling = Journaling(document, document)
    journaling.follow(Journal.open(key_of(path), document.project)[0])
    return journaling


@pytest.fixture
def again(document, journaling):
    """Returns the document that another window recovers after a crash of this one."""
    path = document.path

    def crash() -> Document:
        if journaling.journal is not None:
            journaling.flush()
            journaling.journal.close()
        journal, recovery = Journal.open(key_of(path), file.read(path))
        assert not recovery.reason
        other = Document(document)
        other.load(journal.project, path, modified=recovery.edits > 0, past=recovery.past)
        journal.close()
        return other

    yield crash
    if journaling.journal is not None:
        journaling.journal.discard()


def text(document: Document) -> str:
    return file.dump(document.project)


def labels(document: Document) -> list[str]:
    return [document.history.text(at) for at in range(document.history.count())]


def states(document: Document) -> list[str]:
    """The project after each undo step; the document ends at its present step."""
    index, texts = document.history.index(), []
    for at in range(document.history.count() + 1):
        document.history.setIndex(at)
        texts.append(text(document))
    document.history.setIndex(index)
    return texts


def state(document: Document) -> tuple:
    history = document.history
    return labels(document), history.index(), history.isClean(), history.cleanIndex(), text(document), states(document)


def width(number: int, gesture: int = 0) -> SetParam:
    return SetParam("Net", "conv1", "out_channels", number, gesture=gesture)


def test_every_step_before_a_crash_is_undone_and_redone_after_it(document, again):
    document.do(width(8))
    for number in (9, 10, 11):
        document.do(width(number, gesture=1))  # a drag
    document.do(SetProject("name", "mine"))
    document.do(width(64))
    document.history.undo()
    document.history.undo()
    assert state(again()) == state(document)


def test_a_typed_step_that_was_reverted_is_no_step_after_a_crash(document, again):
    before = document.project.graphs["Net"].nodes["conv1"].params["out_channels"]
    document.do(SetProject("name", "mine"))
    for number in (3, 33, before):
        document.do(width(number, gesture=5))
    assert document.history.count() == 1
    assert state(again()) == state(document)


def test_a_step_after_an_undo_replaces_the_undone_steps(document, again):
    document.do(width(8))
    document.do(width(9))
    document.history.undo()
    document.do(SetProject("name", "mine"))
    assert labels(document)[-1] == SetProject("name", "mine").label
    assert state(again()) == state(document)


def test_steps_from_before_the_last_save_are_undone_as_well(document, again, journaling):
    document.do(width(8))
    document.do(SetProject("name", "mine"))
    journaling.journal.save(document.path, document.steps)
    document.mark_saved(document.path)
    document.do(width(9))
    document.history.undo()
    document.history.undo()
    assert state(again()) == state(document)
    assert state(again()) == state(document)  # and after the next crash


def test_edits_after_a_crash_continue_the_history(document, again):
    document.do(width(8))
    other = again()
    other.do(width(9))
    other.history.undo()
    other.history.undo()
    assert other.history.isClean()
    assert text(other) == text_of_file(other)


def text_of_file(document: Document) -> str:
    assert document.path is not None
    return file.dump(file.read(document.path))


@given(st.data())
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_history_is_the_same_after_a_crash(qapp, tmp_path_factory, data):
    path = tmp_path_factory.mktemp("crash") / "mine.loom"
    path.write_text(template("gate-and").text())
    document = Document()
    document.load(file.read(path), path)
    document.edit_refused.connect(lambda _: None)
    journaling = Journaling(document, document)
    journaling.follow(Journal.open(key_of(path), document.project)[0])
    for _ in range(data.draw(st.integers(1, 10))):
        match data.draw(st.sampled_from(["do", "do", "do", "undo", "redo", "flush", "save"])):
            case "do":
                document.do(data.draw(edits(deepcopy(document.project))))
            case "undo":
                document.history.undo()
            case "redo":
                document.history.redo()
            case "flush":
                journaling.flush()
            case "save":
                journaling.journal.save(path, document.steps)
                document.mark_saved(path)
    document.do(SetProject("name", "end"))
    journaling.flush()
    assert journaling.journal is not None
    journaling.journal.close()

    journal, recovery = Journal.open(key_of(path), file.read(path))
    other = Document(document)
    other.load(journal.project, path, modified=recovery.edits > 0, past=recovery.past)
    journal.discard()

    assert not recovery.reason
    assert state(other) == state(document)
    journaling.follow(None)
    document.deleteLater()
