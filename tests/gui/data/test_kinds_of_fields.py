"""Samples are shown by the kinds of their fields: masks over images, texts from the left, series with their place."""

import base64

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor

from engine.catalog.data.datasets import column_params, datasets
from engine.graph.edits import SetData
from engine.graph.model import Data
from engine.protocol.answers import SamplesShown
from gui.data.pictures import image_of, overlaid
from gui.data.samples_view import view_kind_for
from tests.gui.data.inputs import field, picture, summary

Role = Qt.ItemDataRole


def shape_of(kind: str, *sizes: int, dtype: str = "float32") -> dict:
    return {**field(list(sizes), dtype), "kind": kind}


def show(page, samples: list[dict], fields: dict) -> None:
    page.samples.show_summary(summary(fields, {}).summary)
    page.samples.show_samples(SamplesShown(1, samples).rows)


def test_a_mask_colours_its_image_except_for_the_first_class() -> None:
    image = image_of(picture(10, 20, 30, 40)["image"])
    mask = {"height": 2, "width": 2, "channels": 1, "bytes": base64.b64encode(bytes((0, 1, 2, 1))).decode()}
    colours = [QColor("#ff0000"), QColor("#00ff00")]
    result = overlaid(image, mask, colours)
    at = [result.pixelColor(x, y) for y in range(2) for x in range(2)]
    assert (at[0].red(), at[0].green(), at[0].blue()) == (10, 10, 10)
    assert at[1].red() > 100 > at[1].green()
    assert at[2].green() > 100 > at[2].red()
    assert at[3].red() > 100 > at[3].green()


def test_the_view_follows_the_kinds_of_the_fields() -> None:
    label = shape_of("label", dtype="int64")
    for kind, sizes, view in (
        ("image", (3, 8, 8), "pictures"),
        ("spectrogram", (1, 40, 23), "pictures"),
        ("audio", (1, 4000), "curves"),
        ("series", (24, 2), "curves"),
        ("table", (4,), "table"),
    ):
        assert view_kind_for(summary({"x": shape_of(kind, *sizes), "label": label}).summary) == view
    tokens = {"tokens": shape_of("tokens", 200, dtype="int64"), "label": label}
    assert view_kind_for(summary(tokens).summary) == "table"


def test_texts_are_read_from_the_left(page) -> None:
    fields = {"tokens": shape_of("tokens", 9, dtype="int64"), "label": shape_of("label", dtype="int64")}
    show(
        page,
        [{"row": 3, "place": "line 5", "fields": {"tokens": {"text": "win money"}, "label": {"class": "spam"}}}],
        fields,
    )
    rows = page.samples.table.rows
    assert [rows.index(0, at).data() for at in range(2)] == ["win money", "spam"]
    sides = [rows.index(0, at).data(Role.TextAlignmentRole) for at in range(2)]
    assert [bool(side & Qt.AlignmentFlag.AlignLeft) for side in sides] == [True, False]
    assert rows.headerData(0, Qt.Orientation.Horizontal, Role.TextAlignmentRole) & Qt.AlignmentFlag.AlignLeft


def test_a_window_has_its_place_below_it(page) -> None:
    values = {"series": {"values": [float(n) for n in range(12)], "shape": [6, 2]}}
    values["future"] = {"values": [1.0] * 6, "shape": [3, 2]}
    fields = {"series": shape_of("series", 6, 2), "future": shape_of("series", 3, 2)}
    show(page, [{"row": 0, "place": "line 2 on", "fields": values}], fields)
    assert page.samples.curves.curves[0][1] == "line 2 on"


def test_samples_in_time_have_no_random_split(page, document) -> None:
    rows = page.settings.split.rows
    document.do(SetData(Data("Series", {"path": "a.csv"})))
    assert "order of time" in rows["stratify"].note.text()
    assert "order of time" in rows["seed"].note.text()
    document.do(SetData(Data("Digits")))
    assert "order of time" not in rows["seed"].note.text()


def test_columns_of_the_table_are_offered_where_one_is_named(page, document) -> None:
    for kind in ("Csv", "TextTable", "Series"):
        document.do(SetData(Data(kind, {"path": "a.csv"})))
        page.settings.set_columns(("hour", "load"))
        for name in column_params(datasets()[kind]):
            combo = page.settings.kind.form.rows[name].editor.combo
            assert [combo.itemText(at) for at in range(combo.count())] == ["hour", "load"]
