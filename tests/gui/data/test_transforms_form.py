"""The transforms on the data page: those that fit, added, changed, moved and removed."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from engine.graph.edits import SetData
from engine.graph.model import Data, Part, Split
from engine.protocol.answers import Analysed
from gui.data.data_settings import with_kind
from tests.gui.data.inputs import choose_transform, enter


def test_another_kind_keeps_the_split_and_fitting_transforms() -> None:
    flip, scale = Part("RandomHorizontalFlip", {"field": "image"}), Part("Normalize", {"field": "features"})
    data = Data("Digits", {"x": 1}, Split(validation=0.3), (flip, scale))
    assert with_kind(data, "FashionMNIST") == Data("FashionMNIST", {}, Split(validation=0.3), (flip,))
    assert with_kind(data, "Iris").transforms == (scale,)


def test_transforms_are_added_changed_moved_and_removed(page, document, qtbot) -> None:
    choose_transform(page, "Normalize")
    choose_transform(page, "RandomShift")
    kinds = lambda: [part.kind for part in document.project.data.transforms]  # noqa: E731
    assert kinds() == ["Normalize", "RandomShift"]
    assert document.project.data.transforms[0].params == {"field": "image"}
    enter(page.settings.transforms.cards[1].form, "pixels", "2")
    assert document.project.data.transforms[1].params["pixels"] == 2
    QTest.mouseClick(page.settings.transforms.cards[1].buttons.up, Qt.MouseButton.LeftButton)
    assert kinds() == ["RandomShift", "Normalize"]
    assert not page.settings.transforms.cards[0].buttons.up.isEnabled()
    assert not page.settings.transforms.cards[1].buttons.down.isEnabled()
    last = page.settings.transforms.cards[1]
    qtbot.waitUntil(last.isVisible)
    QTest.mouseClick(page.settings.transforms.cards[0].buttons.remove, Qt.MouseButton.LeftButton)
    assert kinds() == ["Normalize"]
    assert last.isHidden()  # at once, though it is deleted later
    for _ in range(5):
        document.history.undo()
    assert kinds() == []
    assert page.settings.transforms.cards == []


def menu_kinds(page) -> list[str]:
    return [action.data() for action in page.settings.transforms.menu.actions()]


def test_only_transforms_that_fit_a_field_are_offered(page, document, results) -> None:
    assert "RandomErasing" in menu_kinds(page)  # digits are images
    document.do(SetData(Data("Csv", {"path": "a.csv", "target": "price"})))
    assert menu_kinds(page) == ["Normalize", "Rescale", "FillMissing", "RandomNoise"]
    assert not any("image" in action.toolTip() for action in page.settings.transforms.menu.actions())
    document.do(SetData(Data("Npz", {"path": "a.npz"})))
    label = {"shape": [], "element": "class", "kind": "label"}
    picture = {"shape": [3, 8, 8], "element": "float", "kind": "image"}
    results.take(
        Analysed(1, (), {}, 0, 0, fields={"y": label, "x": picture}),
        document.revision,
    )
    assert "RandomErasing" in menu_kinds(page)
    choose_transform(page, "RandomErasing")
    assert document.project.data.transforms == (Part("RandomErasing", {"field": "x"}),)
    combo = page.settings.transforms.cards[0].form.rows["field"].editor.combo
    assert [combo.itemText(at) for at in range(combo.count())] == ["x"]
    document.do(SetData(Data("SequenceCopy")))
    assert menu_kinds(page) == ["Normalize", "Rescale"]  # which make fractions of whole numbers
    document.do(SetData(Data("Npz", {"path": "b.npz"})))
    results.take(Analysed(2, (), {}, 0, 0, fields={"y": label}), document.revision)
    assert menu_kinds(page) == []
    assert not page.settings.transforms.add.isEnabled()
    assert "none" in page.settings.transforms.add.toolTip()


def test_a_transform_that_is_added_is_scrolled_to(page, document, qtbot) -> None:
    page.resize(900, 420)
    for kind in ("Normalize", "RandomShift", "RandomErasing"):
        choose_transform(page, kind)
        card, view = page.settings.transforms.cards[-1], page._form.viewport()
        qtbot.waitUntil(lambda: not page._scroll_soon.isActive())
        QApplication.processEvents()
        top = card.mapTo(view, QPoint(0, 0)).y()
        assert top >= 0
        assert top + card.height() <= view.height()
        assert card._title.text() == kind
