"""The data page: samples as pictures, tables, points or curves."""

import os
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage

from engine.graph.edits import SetData
from engine.graph.model import Data
from engine.protocol.answers import SamplesShown
from engine.protocol.requests import DataSummary, Samples
from gui.data.data_page import DataPage
from gui.data.field_text import value_text
from gui.data.samples_view import view_kind_for
from gui.data.summary_values import summary_values
from gui.formatting.formats import number_text, unbroken
from tests.gui.data.inputs import GOOD, WAIT, choose, choose_transform, enter, field, summary, touch


def values_of_page(page: DataPage) -> list[tuple[str, str]]:
    names = [label.text() for label in page.table._names]
    return list(zip(names, (label.text() for label in page.table.values), strict=True))


def test_the_table_of_iris_fits_at_1280(live, document, qtbot) -> None:
    live.resize(1280, 640)
    document.do(SetData(Data("Iris")))
    table = live.samples.table
    qtbot.waitUntil(lambda: table.isVisible() and table.rows.columnCount() == 5, timeout=WAIT)
    assert not table.horizontalScrollBar().isVisible()
    heads, metrics = table.rows.headings, table.horizontalHeader().fontMetrics()
    assert all(metrics.horizontalAdvance(head) < table.columnWidth(at) for at, head in enumerate(heads))


def test_no_line_ends_within_a_size() -> None:
    assert (
        unbroken("digits, 8 x 8 pixels, 3 × 28 × 28")
        == "digits, 8\u00a0x\u00a08 pixels, 3\u00a0×\u00a028\u00a0×\u00a028"
    )
    assert unbroken("the x axis") == "the x axis"


def test_a_table_shows_the_target_first_and_names_its_columns(page, link) -> None:
    fields = {"features": field([2]), "label": field([], "int64"), "extra": field([3], "int64")}
    link.answer(DataSummary, summary(fields, values={"features": ["age", "size"]}))
    values = {"values": [0.5, 1e-4], "shape": [2]}
    tokens = {"values": [3, 1, 2], "shape": [3]}
    row = {
        "row": 4,
        "place": "a.csv line 6",
        "fields": {"features": values, "label": {"class": "cat"}, "extra": tokens},
    }
    link.answer(Samples, SamplesShown(1, [row]))
    model = page.samples.table.rows
    assert model.headings == ["label", "extra", "age", "size"]
    assert [model.index(0, column).data() for column in range(4)] == ["cat", "3 1 2", "0.5", "0.0001"]
    assert model.headerData(0, Qt.Orientation.Vertical) == "4"
    assert model.index(0, 0).data(Qt.ItemDataRole.ToolTipRole) == "a.csv line 6"


def test_the_heading_of_the_target_is_its_column(page, document, link, settle, qtbot) -> None:
    document.do(SetData(Data("Csv", {"path": "houses.csv", "target": "price"})))
    settle()
    page._read_again()
    qtbot.waitUntil(lambda: link.kinds == [DataSummary])
    fields = {"features": field([2]), "target": field([1])}
    names = {"features": ["area m2", "district=north"]}
    link.answer(
        DataSummary, summary(fields, {}, values=names, after={"features": ["Normalize"]}, sources=[{"size": 5}])
    )
    one = {"features": {"values": [-0.25, 1.5], "shape": [2]}, "target": {"values": [355800.0], "shape": [1]}}
    link.answer(Samples, SamplesShown(1, [{"row": 0, "place": "line 2", "fields": one}]))
    model = page.samples.table.rows
    assert model.headings == ["price (target)", "area m2", "district=north"]
    assert [model.index(0, column).data() for column in range(3)] == ["355,800", "-0.25", "1.5"]
    assert page.samples.caption.isVisible()
    assert page.samples.caption.text() == "In the order of the file \u00b7 features after Normalize"
    assert dict(values_of_page(page))["features"].endswith("after Normalize")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"), (0.143, "0.143"), (-63.44, "-63.44"), (2021.0, "2021"), (9999.7, "10,000"), (355_800.0, "355,800"),
        (-1234567.0, "-1,234,567"), (3.5e9, "3.5e9"), (2.5e-7, "2.5e-7"),
    ],
)  # fmt: skip
def test_numbers_of_the_data_have_one_spelling(value: float, text: str) -> None:
    assert number_text(value) == text
    assert value_text(value) == text
    ranged = {"price": {**field([1]), "min": value, "max": value + abs(value) / 2, "mean": value}}
    statistics = dict(summary_values(summary(ranged, {}).summary))["price"]
    assert f"{text} to " in statistics
    assert statistics.endswith(f"mean {text}")


@pytest.mark.parametrize(
    ("fields", "classes", "view"),
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
def test_each_kind_of_sample_has_its_view(fields, classes, view) -> None:
    raw = {name: field(shape, "int64" if name == "label" else "float32") for name, shape in fields.items()}
    assert view_kind_for({"fields": raw, "classes": {"label": []} if classes else {}}) == view


def test_missing_values_are_counted() -> None:
    values = dict(summary_values(summary(missing={"age": 12, "size": 0}, dropped=3).summary))
    assert values["missing"] == "age 12"
    assert values["dropped"] == "3 rows with empty cells"


def test_the_samples_of_the_real_worker_are_shown(live, document, qtbot, tmp_path: Path) -> None:
    qtbot.waitUntil(lambda: len(live.samples.pictures.pictures) == 60, timeout=WAIT)
    assert live.balance.classes[0][0] == "0"
    table = tmp_path / "t.csv"
    table.write_text("age,size,kind\n1,2.5,cat\n3,,dog\n4,5.5,cat\n7,8,dog\n1,2,cat\n")
    document.do(SetData(Data("Csv", {"path": table.as_posix(), "target": "kind", "missing": "mean"})))
    qtbot.waitUntil(lambda: live.samples.stack.currentWidget() is live.samples.points, timeout=WAIT)
    assert dict(values_of_page(live))["missing"] == "size 1"
    document.do(SetData(Data("Csv", {"path": "nowhere.csv", "target": "kind"})))
    qtbot.waitUntil(lambda: "nowhere.csv" in live.samples.note.text(), timeout=WAIT)


def test_the_first_pictures_of_a_folder_are_of_all_its_classes(live, document, qtbot, tmp_path: Path) -> None:
    for shade, name in ((0, "black"), (90, "grey"), (250, "white")):
        (tmp_path / name).mkdir()
        for at in range(40):
            image = QImage(8, 8, QImage.Format.Format_RGB32)
            image.fill(QColor(shade, shade, shade))
            image.save(str(tmp_path / name / f"{at}.png"))
    document.do(SetData(Data("ImageFolder", {"path": tmp_path.as_posix(), "height": 8, "width": 8})))
    qtbot.waitUntil(lambda: "black" in {each.text for each in live.samples.pictures.pictures}, timeout=WAIT)
    assert {each.text for each in live.samples.pictures.pictures[:12]} == {"black", "grey", "white"}
    assert live.samples.caption.text() == "Mixed, in an order that stays the same"


def test_the_real_worker_names_the_columns_when_the_target_is_missing(live, document, qtbot, tmp_path: Path) -> None:
    for name, text in (("a.csv", "age,kind\n" + "1,cat\n2,dog\n" * 20), ("b.csv", "size,price\n" + "1,2.5\n" * 20)):
        (tmp_path / name).write_text(text)
    document.do(SetData(Data("Csv", {"path": (tmp_path / "a.csv").as_posix(), "target": "kind"})))
    qtbot.waitUntil(live.statistics.isVisible, timeout=WAIT)
    enter(live.settings.kind.form, "path", (tmp_path / "b.csv").as_posix())
    combo = live.settings.kind.form.rows["target"].editor.combo
    qtbot.waitUntil(lambda: combo.count() == 2, timeout=WAIT)
    assert [combo.itemText(at) for at in range(2)] == ["size", "price"]
    assert combo.currentText() == "kind"
    assert "there is no column 'kind'" in live.samples.note.text()
    choose(combo, "price")
    qtbot.waitUntil(live.statistics.isVisible, timeout=WAIT)
    assert document.project.data.params["target"] == "price"


def test_the_real_worker_notices_that_a_file_changed(table: Path, live, document, results, qtbot) -> None:

    def data_problems() -> list:
        return [each for each in results.problems if each.code == "D001"]

    qtbot.waitUntil(lambda: live.statistics.isVisible() and not results.stale, timeout=WAIT)
    assert not data_problems()
    touch(table, GOOD.replace("1,cat", "one,cat", 1))
    live._analysis.files.check()
    qtbot.waitUntil(lambda: bool(data_problems()), timeout=WAIT)
    assert "line 2" in data_problems()[0].message
    qtbot.waitUntil(lambda: "line 2" in live.samples.note.text(), timeout=WAIT)
    document.do(SetData(Data("Csv", {"path": table.as_posix()})))
    target = live.settings.kind.form.rows["target"].editor.combo
    qtbot.waitUntil(lambda: target.count() == 2, timeout=WAIT)
    assert [target.itemText(at) for at in range(2)] == ["age", "kind"]
    document.history.undo()
    touch(table, GOOD)
    os.utime(table, ns=(2 * 10**18, 2 * 10**18))
    live._analysis.files.check()
    qtbot.waitUntil(lambda: live.statistics.isVisible() and not data_problems(), timeout=WAIT)


@pytest.mark.parametrize("width", [780, 910, 1100])
def test_in_a_narrow_window_the_parts_stay_whole(page, qtbot, width) -> None:
    page.resize(width, 500)
    tabs = page.samples.tabs
    qtbot.waitUntil(lambda: page.width() == width, timeout=WAIT)
    for at in filter(tabs.isTabVisible, range(tabs.count())):
        text_px = tabs.fontMetrics().horizontalAdvance(tabs.tabText(at))
        assert tabs.tabRect(at).right() <= tabs.width()
        assert tabs.tabRect(at).width() >= text_px
    assert page.samples.geometry().right() <= page._content.width()


def test_a_table_without_its_target_offers_its_columns(live, document, results, qtbot, tmp_path: Path) -> None:
    table = tmp_path / "houses.csv"
    rows = (f"{30 + at},{'south' if at % 2 else 'north'},{100_000 + at}\n" for at in range(30))
    table.write_text("area,district,price\n" + "".join(rows))
    document.do(SetData(Data("Csv", {"path": table.as_posix(), "target": "mood"})))
    target = live.settings.kind.form.rows["target"].editor.combo
    qtbot.waitUntil(lambda: target.count() == 3, timeout=WAIT)
    assert [target.itemText(at) for at in range(3)] == ["area", "district", "price"]
    assert target.currentText() == "mood"
    assert "there is no column 'mood'" in live.samples.note.text()
    document.do(SetData(Data("Csv", {"path": table.as_posix(), "target": "price"})))
    rows = live.samples.table.rows
    qtbot.waitUntil(lambda: rows.rowCount() > 0, timeout=WAIT)
    assert rows.headings == ["price (target)", "area", "district=north", "district=south"]
    assert rows.index(0, 0).data() == "100,000"
    assert dict(values_of_page(live))["target"].splitlines()[1].startswith("100,000 to 100,0")
    qtbot.waitUntil(lambda: "label" not in results.fields and bool(results.fields), timeout=WAIT)
    choose_transform(live, "Normalize")
    combo = live.settings.transforms.cards[0].form.rows["field"].editor.combo
    assert [combo.itemText(at) for at in range(combo.count())] == ["features", "target"]


def test_the_statistics_of_a_field_are_not_cut_off(page, link, qtbot) -> None:
    link.answer(DataSummary, summary())
    page.resize(830, 560)
    value = page.table.values[0]
    qtbot.waitUntil(lambda: value.isVisible() and page.width() == 830, timeout=WAIT)
    longest = max(value.fontMetrics().horizontalAdvance(line) for line in value.text().splitlines())
    assert value.width() >= longest
