"""An event with a page consists of a declaration and a module: a new one is read, stored and shown."""

import sys
from pathlib import Path
from types import ModuleType

import pytest
from PySide6.QtWidgets import QLabel, QVBoxLayout
from pytestqt.qtbot import QtBot

from engine.runs import events
from engine.runs.events import View, _Timed, decode, encode, event_views
from gui.runs.context.sample_pictures import SamplePictures
from gui.runs.curve_data.history import History
from gui.runs.results.page import EpochResults, Page
from gui.runs.results.results import Results


class Mood(_Timed, frozen=True):
    """How the network feels."""

    view = View("Mood", "mood")

    text: str
    epoch: int = 0


class MoodPage(Page):
    def __init__(self) -> None:
        super().__init__()
        self.label = QLabel()
        QVBoxLayout(self).addWidget(self.label)

    def show_results(self, results: EpochResults) -> None:
        mood = results.event(Mood)
        self.label.setText(mood.text if mood else "")


@pytest.fixture
def declared(monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("gui.runs.results.mood")
    module.page = lambda _theme: MoodPage()
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setitem(events.KINDS, "Mood", Mood)


def test_every_event_with_a_page_has_an_epoch_and_a_title_of_its_own() -> None:
    kinds = event_views()
    assert all("epoch" in kind.__struct_fields__ for kind in kinds)
    assert len({view.title for view in kinds.values()}) == len(kinds)


@pytest.mark.usefixtures("declared")
def test_a_new_event_is_shown_on_a_page_of_its_own(context, theme, qtbot: QtBot) -> None:
    history = History(Path("run"))
    history.add([decode(encode(Mood("calm", epoch=1))), decode(encode(Mood("glad", epoch=2)))])
    results = Results(SamplePictures(context.document, context.analysis), theme)
    qtbot.addWidget(results)
    results.show_run(Path("run"), history)
    results.show()
    assert results.has_any
    assert results.switch.names == ("Mood",)
    assert results.pages["Mood"].isVisible()
    assert results.pages["Mood"].label.text() == "glad"
    assert results.epoch_text.endswith("2")
