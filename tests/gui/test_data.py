"""The data page: settings by declaration, real rows as pictures, tables, points or curves."""

import base64
import os
from pathlib import Path

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from engine.catalog.datasets import datasets
from engine.graph.edits import SetData
from engine.graph.model import Data, Part, Split
from engine.protocol.answers import DataSummed, Failed, SamplesShown
from engine.protocol.requests import DataSummary, Samples
from gui.data.choosing import with_kind
from gui.data.page import DataPage, facts_of
from gui.data.pictures import image_of
from gui.data.plots import channels_of, ticks
from gui.data.samples import form_for
from gui.document import Document
from gui.facts import Facts
from gui.inspector.choice_editors import SuggestEditor
from gui.theme import Theme
from gui.workers.analysis import AnalysisLink
from gui.workers.data_files import DataFiles

WAIT = 60_000


class Asked:
    """Stands for the line to the worker: keeps what is asked."""

    def __init__(self, document: Document) -> None:
        self.questions: list = []
        self.files = DataFiles(document, lambda: "", document)

    def ask(self, question, callback, **fields) -> None:
        self.questions.append((question, callback, fields))

    def answer(self, kind, answer) -> dict:
        """Answer the newest question of a kind; gives what it asked for."""
        question = next(each for each in reversed(self.questions) if each[0] is kind)
        question[1](answer)
        return question[2]


@pytest.fixture
def facts(document: Document) -> Facts:
    return Facts(document, document)


@pytest.fixture
def asked(document: Document) -> Asked:
    return Asked(document)


@pytest.fixture
def page(document, facts, theme: Theme, asked, qtbot: QtBot) -> DataPage:
    page = DataPage(document, facts, theme, asked)
    qtbot.addWidget(page)
    page.resize(1200, 900)
    with qtbot.waitActive(page):
        page.show()
        page.activateWindow()
    return page


def summary(fields=None, classes=None, **more) -> DataSummed:
    found = {
        "rows": 100,
        "parts": {"training": 80, "validation": 20, "test": 0},
        "classes": {"label": [{"name": "cat", "training": 50, "validation": 10, "test": 0}]}
        if classes is None
        else classes,
        "fields": fields or {"image": field([1, 2, 2]), "label": field([], "int64")},
        "columns": [],
        "missing": {},
        "dropped": 0,
        "sources": [],
    }
    return DataSummed(1, {**found, **more})


def field(shape, dtype="float32") -> dict:
    return {"shape": shape, "dtype": dtype, "min": 0.0, "max": 1.0, "mean": 0.5}


def picture(*values: int) -> dict:
    return {"image": {"height": 2, "width": 2, "channels": 1, "bytes": base64.b64encode(bytes(values)).decode()}}


def enter(form, name: str, text: str) -> None:
    line = form.rows[name].editor.field
    line.setFocus()
    line.selectAll()
    QTest.keyClicks(line, text)
    QTest.keyClick(line, Qt.Key.Key_Return)


def choose(combo, text: str) -> None:
    at = combo.findText(text)
    combo.setCurrentIndex(at)
    combo.activated.emit(at)


# --- settings


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


def test_another_kind_keeps_the_split_and_fitting_transforms() -> None:
    flip, scale = Part("RandomHorizontalFlip", {"field": "image"}), Part("Normalize", {"field": "features"})
    data = Data("Digits", {"x": 1}, Split(validation=0.3), (flip, scale))
    assert with_kind(data, "FashionMNIST") == Data("FashionMNIST", {}, Split(validation=0.3), (flip,))
    assert with_kind(data, "Iris").transforms == (scale,)


def test_transforms_are_added_changed_moved_and_removed(page, document) -> None:
    actions = {action.text(): action for action in page.settings.add.menu().actions()}
    actions["Normalize"].trigger()
    actions["RandomShift (training rows only)"].trigger()
    kinds = lambda: [part.kind for part in document.project.data.transforms]  # noqa: E731
    assert kinds() == ["Normalize", "RandomShift"]
    assert document.project.data.transforms[0].params == {"field": "image"}
    enter(page.settings.cards[1].form, "pixels", "2")
    assert document.project.data.transforms[1].params["pixels"] == 2
    QTest.mouseClick(page.settings.cards[1].up, Qt.MouseButton.LeftButton)
    assert kinds() == ["RandomShift", "Normalize"]
    assert not page.settings.cards[0].up.isEnabled()
    assert not page.settings.cards[1].down.isEnabled()
    QTest.mouseClick(page.settings.cards[0].remove, Qt.MouseButton.LeftButton)
    assert kinds() == ["Normalize"]
    for _ in range(5):
        document.history.undo()
    assert kinds() == []
    assert page.settings.cards == []


def test_data_problems_stand_at_the_top_with_their_fixes(page, document, facts, qtbot) -> None:
    document.do(SetData(Data("Digits", {"size": 3})))
    qtbot.waitUntil(page.settings.problems.isVisible)
    card = page.settings.problems.cards[0]
    assert card.problem.code == "D102"
    QTest.mouseClick(card.fix, Qt.MouseButton.LeftButton)
    assert document.project.data.params == {}


@pytest.mark.parametrize(
    ("kind", "asked_for"),
    [
        ("Csv", {"path": "a .csv file", "target": "a column"}),
        ("Npz", {"path": "a .npz file"}),
        ("ImageFolder", {"path": "a folder of images"}),
        ("Idx", {"images": "an IDX file of images", "labels": "an IDX file of labels"}),
    ],
)
def test_what_is_yet_to_be_given_is_asked_for_once_and_calmly(page, asked, facts, qtbot, kind, asked_for) -> None:
    asked.answer(DataSummary, summary())
    asked.questions.clear()
    choose(page.settings.kind.combo, kind)
    qtbot.waitUntil(lambda: page.samples.note.text().startswith("Still to choose: "), timeout=WAIT)
    words = " and ".join(f"{name} ({wanted})" for name, wanted in asked_for.items())
    assert page.samples.note.text() == f"Still to choose: {words}."
    assert page.samples.note.isVisible()
    assert not page.figures.isVisible()
    assert asked.questions == []  # there is nothing to read
    assert not page.settings.problems.isVisible()
    assert [each.code for each in facts.problems if each.code.startswith("D")] == ["D108"] * len(asked_for)
    for name, wanted in asked_for.items():
        row = page.settings.kind.form.rows[name]
        line = row.editor.inner.lineEdit() if isinstance(row.editor, SuggestEditor) else row.editor.field
        assert line.placeholderText() == wanted
        assert not row.editor.inner.property("wrong")
        assert not row.problem.isVisible()


def test_a_path_that_is_wrong_is_marked_and_an_emptied_one_is_asked_for_anew(page, document, qtbot) -> None:
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


def test_the_columns_of_a_table_are_offered_before_one_is_chosen(page, document, asked, qtbot) -> None:
    choose(page.settings.kind.combo, "Csv")
    qtbot.waitUntil(lambda: not page._soon.isActive())
    asked.questions.clear()
    enter(page.settings.kind.form, "path", "t.csv")
    qtbot.waitUntil(lambda: len(asked.questions) > 0)
    asked.answer(DataSummary, DataSummed(1, {"headings": ["age", "kind"]}))
    combo = page.settings.kind.form.rows["target"].editor.combo
    assert [combo.itemText(at) for at in range(combo.count())] == ["age", "kind"]
    assert combo.currentText() == ""
    assert page.samples.note.text() == "Still to choose: target (a column)."
    choose(combo, "kind")
    assert document.project.data.params == {"path": "t.csv", "target": "kind"}
    enter(page.settings.kind.form, "path", "other.csv")
    assert combo.count() == 0  # those were another table's


def test_late_answers_about_former_data_are_let_go(page, asked) -> None:
    asked.answer(DataSummary, summary())
    choose(page.settings.kind.combo, "Csv")
    page._ask()
    asked.answer(Samples, SamplesShown(1, [{"row": 0, "place": "", "fields": {"image": picture(0, 9, 9, 0)}}]))
    asked.answer(DataSummary, summary())
    assert page.samples.note.isVisible()
    assert not page.figures.isVisible()


@pytest.mark.parametrize(("kind", "name", "shown"), [("Csv", "path", "*.csv"), ("Npz", "path", "*.npz"),
                                                     ("Idx", "images", "*.gz")])  # fmt: skip
def test_the_file_dialog_offers_files_that_fit(page, document, monkeypatch, kind, name, shown) -> None:
    filters = []

    def choosing(parent, title, folder, shown) -> tuple[str, str]:
        filters.append(shown)
        return "/somewhere/data", shown

    monkeypatch.setattr(QFileDialog, "getOpenFileName", choosing)
    choose(page.settings.kind.combo, kind)
    QTest.mouseClick(page.settings.kind.form.rows[name].editor.browse, Qt.MouseButton.LeftButton)
    assert shown in filters[0]
    assert filters[0].endswith(";;All files (*)")
    assert document.project.data.params == {name: "/somewhere/data"}


# --- asking


def test_nothing_is_asked_while_the_page_is_hidden(document, facts, theme, asked, qtbot) -> None:
    page = DataPage(document, facts, theme, asked)
    qtbot.addWidget(page)
    document.do(SetData(Data("Iris")))
    qtbot.waitUntil(lambda: not page._soon.isActive())
    assert asked.questions == []
    page.show()
    assert [question for question, _, _ in asked.questions] == [DataSummary]


def test_a_change_of_the_data_is_asked_about_once(page, document, asked, qtbot) -> None:
    asked.questions.clear()
    document.do(SetData(Data("Iris")))
    document.do(SetData(Data("Iris", split=Split(validation=0.4))))
    qtbot.waitUntil(lambda: bool(asked.questions))
    assert [question for question, _, _ in asked.questions] == [DataSummary]
    assert "being read" in page.samples.note.text()


def test_rows_follow_the_summary_part_by_part_and_page_by_page(page, asked) -> None:
    asked.answer(DataSummary, summary(parts={"training": 100, "validation": 20, "test": 0}))
    rows = [
        {"row": at, "place": f"row {at}", "fields": {"image": picture(0, 9, 9, 0), "label": {"class": "cat"}}}
        for at in range(60)
    ]
    assert asked.answer(Samples, SamplesShown(1, rows)) == {"part": "training", "start": 0, "count": 60}
    assert len(page.samples.pictures.pictures) == 60
    assert page.samples._where.text() == "1–60 of 100"
    QTest.mouseClick(page.samples.on, Qt.MouseButton.LeftButton)
    assert asked.answer(Samples, SamplesShown(1, rows[:40])) == {"part": "training", "start": 60, "count": 60}
    assert page.samples._where.text() == "61–100 of 100"
    assert not page.samples.on.isEnabled()
    page.samples.tabs.setCurrentIndex(1)
    assert asked.answer(Samples, SamplesShown(1, rows[:20])) == {"part": "validation", "start": 0, "count": 60}
    assert not page.samples.tabs.isTabEnabled(2)


def test_data_that_cannot_be_read_is_said(page, asked) -> None:
    asked.answer(DataSummary, Failed(1, "a.csv cannot be read.", "Check the path."))
    assert page.samples.stack.currentWidget() is page.samples.note
    assert page.samples.note.text() == "a.csv cannot be read.\nCheck the path."
    assert not page.figures.isVisible()


GOOD = "age,kind\n" + "1,cat\n2,dog\n" * 24


@pytest.fixture
def table(tmp_path: Path, document: Document) -> Path:
    """A good table, which is the project's data."""
    path = tmp_path / "t.csv"
    path.write_text(GOOD)
    document.do(SetData(Data("Csv", {"path": path.as_posix(), "target": "kind"})))
    return path


def touch(path: Path, text: str) -> None:
    """Change a file so that its time tells, however coarse the disk's clock is."""
    before = path.stat().st_mtime_ns
    path.write_text(text)
    os.utime(path, ns=(before + 10**9, before + 10**9))


def test_a_file_that_changed_is_read_again(page, table: Path, asked, qtbot) -> None:
    qtbot.waitUntil(lambda: len(asked.questions) > 0 and not page._soon.isActive())
    asked.files.look()
    asked.questions.clear()
    asked.files.look()
    assert not page._soon.isActive()  # nothing has changed
    touch(table, GOOD.replace("1,cat", "one,cat", 1))
    asked.files.look()
    qtbot.waitUntil(lambda: [question for question, _, _ in asked.questions] == [DataSummary])


def test_files_are_looked_at_when_a_person_comes_back(table: Path, asked, qtbot, qapp) -> None:
    asked.files.look()
    touch(table, GOOD + "3,cow\n")
    with qtbot.waitSignal(asked.files.changed):
        qapp.applicationStateChanged.emit(Qt.ApplicationState.ApplicationActive)


def test_a_page_that_is_shown_again_looks_at_its_files(page, table: Path, asked, qtbot) -> None:
    qtbot.waitUntil(lambda: not page._soon.isActive())
    asked.files.look()
    page.hide()
    touch(table, GOOD + "3,cow\n")
    asked.questions.clear()
    page.show()
    qtbot.waitUntil(lambda: [question for question, _, _ in asked.questions] == [DataSummary])


def test_read_again_is_offered_for_files_alone_and_reads_them(page, document, asked, qtbot, tmp_path: Path) -> None:
    assert not page.settings.again.isVisible()  # Digits are shipped
    document.do(SetData(Data("Npz", {"path": (tmp_path / "a.npz").as_posix()})))
    qtbot.waitUntil(lambda: page.settings.again.isVisible() and not page._soon.isActive())
    asked.questions.clear()
    QTest.mouseClick(page.settings.again, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: [question for question, _, _ in asked.questions] == [DataSummary])


def test_an_image_that_comes_changes_the_folder_of_its_class(document, asked, qtbot, tmp_path: Path) -> None:
    (tmp_path / "cat").mkdir()
    document.do(SetData(Data("ImageFolder", {"path": tmp_path.as_posix()})))
    asked.files.look()
    os.utime(tmp_path / "cat", ns=(1, 1))
    with qtbot.waitSignal(asked.files.changed):
        asked.files.look()


# --- showing


def test_pictures_are_the_bytes_that_came() -> None:
    image = image_of(picture(0, 50, 100, 255)["image"])
    assert [image.pixelColor(x, y).red() for y in (0, 1) for x in (0, 1)] == [0, 50, 100, 255]
    colour = {"height": 1, "width": 1, "channels": 3, "bytes": base64.b64encode(bytes((1, 2, 3))).decode()}
    assert image_of(colour).pixelColor(0, 0).getRgb()[:3] == (1, 2, 3)
    assert image_of({**colour, "width": 50}).width() == 1  # a damaged one


def test_keys_go_through_the_pictures_and_say_them(page, asked) -> None:
    asked.answer(DataSummary, summary())
    rows = [
        {"row": at, "place": f"file.npz {at}", "fields": {"image": picture(0, 0, 0, 0), "label": {"class": "cat"}}}
        for at in range(30)
    ]
    asked.answer(Samples, SamplesShown(1, rows))
    pictures = page.samples.pictures
    pictures.setFocus()
    QTest.keyClick(pictures, Qt.Key.Key_Right)
    QTest.keyClick(pictures, Qt.Key.Key_Right)
    assert pictures.current == 1
    QTest.keyClick(pictures, Qt.Key.Key_Down)
    assert pictures.current == 1 + pictures.row
    assert "label cat" in pictures.accessibleDescription()
    assert pictures.spot_at(QPointF(pictures.place(2).center())) == 2


def test_a_table_shows_the_answer_first_and_names_its_columns(page, asked) -> None:
    fields = {"features": field([2]), "label": field([], "int64"), "extra": field([3], "int64")}
    asked.answer(DataSummary, summary(fields, columns=["age", "size"]))
    values = {"values": [0.5, 1e-4], "shape": [2]}
    tokens = {"values": [3, 1, 2], "shape": [3]}
    row = {
        "row": 4,
        "place": "a.csv line 6",
        "fields": {"features": values, "label": {"class": "cat"}, "extra": tokens},
    }
    asked.answer(Samples, SamplesShown(1, [row]))
    model = page.samples.table.rows
    assert model.headings == ["label", "extra", "age", "size"]
    assert [model.index(0, column).data() for column in range(4)] == ["cat", "3 1 2", "0.5", "0.0001"]
    assert model.headerData(0, Qt.Orientation.Vertical) == "4"
    assert model.index(0, 0).data(Qt.ItemDataRole.ToolTipRole) == "a.csv line 6"


@pytest.mark.parametrize(
    ("fields", "classes", "form"),
    [
        ({"image": [1, 8, 8], "label": []}, True, "pictures"),
        ({"image": [3, 64, 64], "label": []}, True, "pictures"),
        ({"features": [2], "label": []}, True, "points"),
        ({"features": [1], "target": [1]}, False, "points"),
        ({"features": [4], "label": []}, True, "table"),
        ({"features": [2], "target": [1]}, False, "table"),
        ({"signal": [128, 6], "label": []}, True, "curves"),
        ({"signal": [300], "label": []}, True, "curves"),
    ],
)
def test_rows_are_shown_as_suits_them(fields, classes, form) -> None:
    found = {name: field(shape, "int64" if name == "label" else "float32") for name, shape in fields.items()}
    assert form_for({"fields": found, "classes": {"label": []} if classes else {}}) == form


def test_points_lie_where_their_values_say(page, asked) -> None:
    asked.answer(DataSummary, summary({"features": field([2]), "label": field([], "int64")}))
    rows = [
        {"row": at, "place": "", "fields": {"features": {"values": [x, y], "shape": [2]}, "label": {"class": name}}}
        for at, (x, y, name) in enumerate(((0.0, 0.0, "a"), (1.0, 1.0, "b"), (0.5, 0.5, "a")))
    ]
    asked.answer(Samples, SamplesShown(1, rows))
    points = page.samples.points
    low, high, middle = (points.place(at).center() for at in range(3))
    assert low.x() < middle.x() < high.x()
    assert low.y() > middle.y() > high.y()
    assert points.groups == ["a", "b"]
    assert points.colour("a") != points.colour("b")
    assert points.said(1) == "row 1: features 1 1, label b"


def test_a_signal_s_longest_axis_runs_across() -> None:
    assert channels_of([1.0, 2.0, 3.0], [3]) == [[1.0, 2.0, 3.0]]
    assert channels_of([1.0, 10.0, 2.0, 20.0, 3.0, 30.0], [3, 2]) == [[1.0, 2.0, 3.0], [10.0, 20.0, 30.0]]
    assert channels_of([1.0, 2.0, 3.0, 10.0, 20.0, 30.0], [2, 3]) == [[1.0, 2.0, 3.0], [10.0, 20.0, 30.0]]


@pytest.mark.parametrize(
    ("low", "high", "most", "wanted"),
    [(0.0, 1.0, 5, [0, 0.2, 0.4, 0.6, 0.8, 1.0]), (-0.87, 0.88, 4, [-0.5, 0, 0.5]), (3.0, 3.0, 4, [3.0])],
)
def test_axes_bear_round_numbers(low, high, most, wanted) -> None:
    assert ticks(low, high, most) == wanted


def test_balance_and_split_say_their_counts(page, asked) -> None:
    classes = [{"name": str(at), "training": 10, "validation": at, "test": 0} for at in range(30)]
    asked.answer(DataSummary, summary(classes={"label": classes}))
    assert page.balance.said(3) == "3: 10 training, 3 validation"
    assert page.balance.left_out == 6
    assert page.split_bar.said(1) == "20 rows for validation, 20.0%"
    assert page.split_bar.accessibleDescription().startswith("80 rows for training")


def test_missing_values_are_counted() -> None:
    found = dict(facts_of(summary(missing={"age": 12, "size": 0}, dropped=3).summary))
    assert found["missing"] == "age 12"
    assert found["dropped"] == "3 rows with empty cells"


def test_the_real_worker_s_rows_are_shown(document, facts, theme, qtbot, tmp_path: Path) -> None:
    link = AnalysisLink(document, facts, document)
    page = DataPage(document, facts, theme, link)
    qtbot.addWidget(page)
    page.show()
    link.start()
    try:
        qtbot.waitUntil(lambda: len(page.samples.pictures.pictures) == 60, timeout=WAIT)
        assert page.balance.classes[0][0] == "0"
        table = tmp_path / "t.csv"
        table.write_text("age,size,kind\n1,2.5,cat\n3,,dog\n4,5.5,cat\n7,8,dog\n1,2,cat\n" * 1)
        document.do(SetData(Data("Csv", {"path": table.as_posix(), "target": "kind", "missing": "mean"})))
        qtbot.waitUntil(lambda: page.samples.stack.currentWidget() is page.samples.points, timeout=WAIT)
        assert dict(facts_of_page(page))["missing"] == "size 1"
        document.do(SetData(Data("Csv", {"path": "nowhere.csv", "target": "kind"})))
        qtbot.waitUntil(lambda: "nowhere.csv" in page.samples.note.text(), timeout=WAIT)
    finally:
        link.close()


def test_the_real_worker_sees_that_a_file_changed(document, facts, theme, qtbot, table: Path) -> None:
    link = AnalysisLink(document, facts, document)
    page = DataPage(document, facts, theme, link)
    qtbot.addWidget(page)
    page.show()
    link.start()

    def data_problems() -> list:
        return [each for each in facts.problems if each.code == "D001"]

    try:
        qtbot.waitUntil(lambda: page.figures.isVisible() and not facts.stale, timeout=WAIT)
        assert not data_problems()
        touch(table, GOOD.replace("1,cat", "one,cat", 1))
        link.files.look()
        qtbot.waitUntil(lambda: bool(data_problems()), timeout=WAIT)
        assert "line 2" in data_problems()[0].message
        qtbot.waitUntil(lambda: "line 2" in page.samples.note.text(), timeout=WAIT)
        document.do(SetData(Data("Csv", {"path": table.as_posix()})))
        target = page.settings.kind.form.rows["target"].editor.combo
        qtbot.waitUntil(lambda: target.count() == 2, timeout=WAIT)
        assert [target.itemText(at) for at in range(2)] == ["age", "kind"]
        document.history.undo()
        touch(table, GOOD)
        os.utime(table, ns=(2 * 10**18, 2 * 10**18))
        link.files.look()
        qtbot.waitUntil(lambda: page.figures.isVisible() and not data_problems(), timeout=WAIT)
    finally:
        link.close()


def facts_of_page(page: DataPage) -> list[tuple[str, str]]:
    names = [label.text() for label in page.table._names]
    return list(zip(names, (label.text() for label in page.table.values), strict=True))


@pytest.mark.parametrize("width", [780, 910, 1100])
def test_in_a_narrow_window_the_parts_stay_whole(page, qtbot, width) -> None:
    page.resize(width, 500)
    tabs = page.samples.tabs
    qtbot.waitUntil(lambda: page.width() == width, timeout=WAIT)
    for at in range(tabs.count()):
        needed = tabs.fontMetrics().horizontalAdvance(tabs.tabText(at))
        assert tabs.tabRect(at).right() <= tabs.width()
        assert tabs.tabRect(at).width() >= needed
    assert page.samples.geometry().right() <= page._shown.width()
