"""The data page: settings by declaration, each change an edit."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from engine.catalog.data.datasets import datasets, origin, path_params
from engine.graph.edits import SetData
from engine.graph.model import Data, Split
from engine.protocol.answers import DataSummed, SamplesShown
from engine.protocol.requests import DataSummary, Samples
from gui.common_dialogs.file_dialog import FileDialog
from gui.data.data_settings import ORIGINS
from gui.forms.choice_editors import SuggestEditor
from gui.forms.text_editors import TextEditor
from tests.gui.data.inputs import WAIT, choose, enter, picture, summary


def test_every_kind_of_data_has_its_form(page, document) -> None:
    for kind, declared in datasets().items():
        if kind != document.project.data.kind:
            choose(page.settings.kind.combo, kind)
        assert document.project.data.kind == kind
        assert set(page.settings.kind.form.rows) == {param.name for param in declared.params}


def test_each_change_is_one_undo_step(page, document) -> None:
    choose(page.settings.kind.combo, "TwoSpirals")
    enter(page.settings.kind.form, "rows", "900")
    enter(page.settings.split, "validation", "0.3")
    QTest.mouseClick(page.settings.split.rows["stratify"].editor.switch, Qt.MouseButton.LeftButton)
    data = document.project.data
    assert (data.kind, data.params, data.split.validation, data.split.stratify) == (
        "TwoSpirals",
        {"rows": 900},
        0.3,
        False,
    )
    assert document.history.count() == 4
    for _ in range(4):
        document.history.undo()
    assert document.project.data.kind == "Digits"
    assert document.project.data.split == Split()
    assert page.settings.kind.combo.currentText() == "Digits"


def test_a_group_is_chosen_from_the_fields_with_classes(page, document) -> None:
    choose(page.settings.kind.combo, "SpokenDigits")
    editor = page.settings.split.rows["group"].editor
    assert [editor.combo.itemText(at) for at in range(editor.combo.count())][-2:] == ["label", "voice"]
    choose(editor.combo, "voice")
    assert document.project.data.split.group == "voice"
    document.history.undo()
    assert document.project.data.split.group == ""


def test_a_click_into_the_column_field_opens_its_list(page, document, link, settle, qtbot) -> None:
    document.do(SetData(Data("Csv", {"path": "t.csv"})))
    page.settings.set_columns(("age", "kind"))
    editor = page.settings.kind.form.rows["target"].editor
    QTest.mouseClick(editor.line, Qt.MouseButton.LeftButton)
    view = editor.combo.view()
    assert view.isVisible()
    place = view.visualRect(view.model().index(1, 0)).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.waitUntil(lambda: not view.isVisible())
    assert document.project.data.params["target"] == "kind"
    editor.line.setFocus(Qt.FocusReason.TabFocusReason)
    editor.line.selectAll()
    QTest.keyClicks(editor.line, "age")  # it can still be typed
    QTest.keyClick(editor.line, Qt.Key.Key_Return)
    assert document.project.data.params["target"] == "age"
    assert not view.isVisible()


def test_data_problems_are_at_the_top_with_their_fixes(page, document, results, qtbot) -> None:
    document.do(SetData(Data("Digits", {"size": 3})))
    qtbot.waitUntil(page.settings.problems.isVisible)
    card = page.settings.problems.cards[0]
    assert card.problem.code == "D102"
    QTest.mouseClick(card.fix, Qt.MouseButton.LeftButton)
    assert document.project.data.params == {}


@pytest.mark.parametrize(
    ("kind", "missing"),
    [
        ("Csv", {"path": "a .csv file", "target": "a column"}),
        ("Npz", {"path": "a .npz file"}),
        ("ImageFolder", {"path": "an image folder"}),
        ("Idx", {"images": "an IDX file", "labels": "an IDX file"}),
    ],
)
def test_missing_settings_are_asked_for_once_and_without_an_error(page, link, results, qtbot, kind, missing) -> None:
    link.answer(DataSummary, summary())
    link.questions.clear()
    choose(page.settings.kind.combo, kind)
    qtbot.waitUntil(lambda: page.samples.note.text().startswith("Still to choose: "), timeout=WAIT)
    text = " and ".join(f"{name} ({what})" for name, what in missing.items())
    assert page.samples.note.text() == f"Still to choose: {text}."
    assert page.samples.note.isVisible()
    assert page.samples.choose.text() == ("Choose a folder..." if kind == "ImageFolder" else "Choose a file...")
    assert not page.statistics.isVisible()
    assert link.questions == []  # there is nothing to read
    assert not page.settings.problems.isVisible()
    assert [each.code for each in results.problems if each.code.startswith("D")] == ["D108"] * len(missing)
    for name, what in missing.items():
        row = page.settings.kind.form.rows[name]
        line = row.editor.inner.lineEdit() if isinstance(row.editor, SuggestEditor) else row.editor.field
        assert line.placeholderText() == what
        assert not row.editor.inner.property("wrong")
        assert not row.problem.isVisible()


def test_the_home_folder_is_written_out_in_a_path(page, document, qtbot) -> None:
    document.do(SetData(Data("Csv", {"path": "a.csv", "target": "kind"})))
    enter(page.settings.kind.form, "path", "~/b.csv")
    assert document.project.data.params["path"] == (Path.home() / "b.csv").as_posix()
    enter(page.settings.kind.form, "path", "~someone-unknown/b.csv")
    assert document.project.data.params["path"] == "~someone-unknown/b.csv"


def test_a_wrong_path_is_marked_and_an_empty_one_is_asked_for_again(page, document, qtbot) -> None:
    document.do(SetData(Data("Csv", {"path": "a\x01.csv", "target": "kind"})))
    row = page.settings.kind.form.rows["path"]
    assert row.editor.inner.property("wrong")
    qtbot.waitUntil(page.settings.problems.isVisible)
    enter(page.settings.kind.form, "path", "b.csv")
    assert document.project.data.params["path"] == "b.csv"
    field = row.editor.field
    field.selectAll()
    QTest.keyClick(field, Qt.Key.Key_Delete)
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert document.project.data.params == {"target": "kind"}
    assert not row.editor.inner.property("wrong")


def test_the_columns_of_a_table_are_offered_before_one_is_chosen(page, document, link, settle, qtbot) -> None:
    choose(page.settings.kind.combo, "Csv")
    settle()
    enter(page.settings.kind.form, "path", "t.csv")
    qtbot.waitUntil(lambda: len(link.questions) > 0)
    link.answer(DataSummary, DataSummed(1, {"headings": ["age", "kind"]}))
    combo = page.settings.kind.form.rows["target"].editor.combo
    assert [combo.itemText(at) for at in range(combo.count())] == ["age", "kind"]
    assert combo.currentText() == ""
    assert page.samples.note.text() == "Still to choose: target (a column)."
    choose(combo, "kind")
    assert document.project.data.params == {"path": "t.csv", "target": "kind"}
    enter(page.settings.kind.form, "path", "other.csv")
    assert combo.count() == 0  # those were another table's


def test_the_same_kind_chosen_once_more_keeps_its_settings(page, document) -> None:
    choose(page.settings.kind.combo, "Csv")
    enter(page.settings.kind.form, "path", "t.csv")
    steps = document.history.count()
    choose(page.settings.kind.combo, "Csv")
    assert document.project.data.params == {"path": "t.csv"}
    assert document.history.count() == steps


def test_late_answers_about_former_data_are_ignored(page, link) -> None:
    link.answer(DataSummary, summary())
    choose(page.settings.kind.combo, "Csv")
    page._request_summary()
    link.answer(Samples, SamplesShown(1, [{"row": 0, "place": "", "fields": {"image": picture(0, 9, 9, 0)}}]))
    link.answer(DataSummary, summary())
    assert page.samples.note.isVisible()
    assert not page.statistics.isVisible()


@pytest.mark.parametrize(("kind", "name", "pattern"), [("Csv", "path", "*.csv"), ("Npz", "path", "*.npz"),
                                                     ("Idx", "images", "*.gz")])  # fmt: skip
def test_the_file_dialog_offers_matching_files(page, document, monkeypatch, kind, name, pattern) -> None:
    filters = []

    def choosing(dialog, folder, file_filter) -> Path:
        filters.append(file_filter)
        dialog.deleteLater()
        return Path("/somewhere/data")

    monkeypatch.setattr(FileDialog, "to_open", choosing)
    choose(page.settings.kind.combo, kind)
    QTest.mouseClick(page.settings.kind.form.rows[name].editor.browse, Qt.MouseButton.LeftButton)
    assert pattern in filters[0]
    assert filters[0].endswith(";;All files (*)")
    assert document.project.data.params == {name: "/somewhere/data"}


def test_files_are_chosen_in_place_of_the_samples(page, document, monkeypatch, qtbot) -> None:
    paths = iter([Path("/somewhere/images.gz"), Path("/somewhere/labels.gz")])

    def choosing(dialog, folder, file_filter) -> Path:
        del folder, file_filter
        dialog.deleteLater()
        return next(paths)

    monkeypatch.setattr(FileDialog, "to_open", choosing)
    choose(page.settings.kind.combo, "Idx")
    for expected in ({"images": "/somewhere/images.gz"}, {"labels": "/somewhere/labels.gz"}):
        qtbot.waitUntil(page.samples.choose.isVisible, timeout=WAIT)
        QTest.mouseClick(page.samples.choose, Qt.MouseButton.LeftButton)
        assert document.project.data.params.items() >= expected.items()


def test_kinds_of_data_are_listed_by_where_they_come_from(page, document, theme) -> None:
    combo = page.settings.kind.combo
    texts = [combo.itemText(at) for at in range(combo.count())]
    assert [text for text in texts if text not in datasets()] == ["none", *ORIGINS.values()]
    own = texts[texts.index("Your own files") + 1 : texts.index("Generated")]
    assert own == [kind for kind, declared in datasets().items() if origin(declared) == "own"]
    combo.setCurrentIndex(texts.index("Your own files") - 1)
    combo.setFocus()
    QTest.keyClick(combo, Qt.Key.Key_Down)  # over the heading
    assert document.project.data.kind == "Csv"
    combo.activated.emit(combo.findText("Generated"))
    assert document.project.data.kind == "Csv"
    for name in ("light", "dark"):
        theme.set(name)
        combo.showPopup()
        view = combo.view()
        place = view.visualRect(view.model().index(combo.findText("Generated"), 0))
        line = view.viewport().grab(place.intersected(view.viewport().rect())).toImage()
        colours = {line.pixelColor(x, y).name() for x in range(line.width()) for y in range(line.height())}
        assert theme.tokens.text_dim in colours
        combo.hidePopup()


def test_names_of_data_sets_and_placeholders_are_not_cut_off(page, document, qtbot) -> None:
    page.resize(900, 700)  # the settings are as narrow as they get
    for kind, declared in datasets().items():
        document.do(SetData(Data(kind)))
        qtbot.waitUntil(lambda: page.settings.kind.combo.isVisible() and not page._request_soon.isActive())
        combo = page.settings.kind.combo
        assert combo.visible_text() == kind
        editors = [row.editor for row in page.settings.kind.form.rows.values() if isinstance(row.editor, TextEditor)]
        assert len(editors) >= len(path_params(declared))
        for field in (editor.field for editor in editors):
            placeholder = field.placeholderText()
            assert field.fontMetrics().horizontalAdvance(placeholder) <= field.text_rect.width(), (kind, placeholder)


def test_the_end_of_a_long_path_is_visible(page, document, qtbot) -> None:
    long = "/somewhere/far/away/in/a/deep/folder/houses.csv"
    document.do(SetData(Data("Csv", {"path": long})))
    field = page.settings.kind.form.rows["path"].editor.field
    qtbot.waitUntil(lambda: field.isVisible() and field.visible_text() != long)
    assert field.visible_text().startswith("\u2026")
    assert field.visible_text().endswith("/houses.csv")
    image = field.grab().toImage()
    document.do(SetData(Data("Csv", {"path": long.replace("houses", "garden")})))
    assert field.grab().toImage() != image  # the end is what is painted
    document.do(SetData(Data("Csv", {"path": long.replace("somewhere", "elsewhere")})))
    document.do(SetData(Data("Csv", {"path": long})))
    assert field.grab().toImage() == image
    QTest.mouseClick(field, Qt.MouseButton.LeftButton)
    assert field.text() == long  # in full while it is edited


def test_without_samples_there_are_no_statistics(page, document, link, settle, qtbot) -> None:
    many = [{"name": str(at), "training": 9, "validation": 1, "test": 0} for at in range(60)]
    link.answer(DataSummary, summary(classes={"label": many}))
    page.resize(900, 300)
    qtbot.waitUntil(page.statistics.verticalScrollBar().isVisible)
    choose(page.settings.kind.combo, "ImageFolder")
    qtbot.waitUntil(lambda: not page.statistics.isVisible())
    assert not page.statistics.verticalScrollBar().isVisible()
    qtbot.waitUntil(
        lambda: page.samples.geometry().right() >= page._content.width() - 20
    )  # the samples get all the room


def test_a_project_without_data_asks_for_nothing(page, document, link, settle) -> None:
    settle()
    choose(page.settings.kind.combo, "none")
    assert (document.project.data.kind, document.history.undoText()) == ("", "Use no data")
    settle()
    page._request_summary()
    assert page.samples.note.text() == "The project has no data: choose what to train on."
    assert not page.samples.choose.isVisible()
    assert not link.questions
    document.history.undo()
    assert document.project.data.kind == "Digits"
