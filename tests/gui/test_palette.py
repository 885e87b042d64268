"""The palette: search, sections, drags, and the project's data."""

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.catalog.index import layer, layers
from engine.graph.edits import AddGraph, SetData
from engine.graph.loops import LoopSettings
from engine.graph.model import NO_DATA, Data, Graph, Node, Project
from engine.protocol.answers import Analysed
from gui.palette.layer_rows import SECTIONS, matching_rows
from gui.palette.palette import Palette
from gui.palette.payload import KIND_MIME, dropped
from gui.state.analysis_results import AnalysisResults
from gui.state.document import Document
from gui.theme import Theme
from tests.windows import double_click


@pytest.fixture
def palette(document: Document, theme: Theme, qtbot: QtBot) -> Palette:
    palette = Palette(document, theme)
    qtbot.addWidget(palette)
    palette.resize(210, 900)
    with qtbot.waitExposed(palette):
        palette.show()
    return palette


@pytest.fixture
def results(document: Document) -> AnalysisResults:
    return AnalysisResults(document, document)


@pytest.fixture
def palette_with_results(document: Document, results: AnalysisResults, theme: Theme, qtbot: QtBot) -> Palette:
    palette = Palette(document, theme, results)
    qtbot.addWidget(palette)
    return palette


X_AND_Y = {
    "x": {"shape": [6], "element": "float", "kind": "table"},
    "y": {"shape": [], "element": "int", "kind": "array"},
}


def texts(palette: Palette) -> list[str]:
    return [palette.model.index(row).data() for row in range(palette.model.rowCount())]


def index(palette: Palette, text: str) -> QModelIndex:
    return palette.model.index(texts(palette).index(text))


def press(palette: Palette, text: str) -> None:
    at = index(palette, text)
    palette.list.scrollTo(at)
    QTest.mouseClick(palette.list.viewport(), Qt.MouseButton.LeftButton, pos=palette.list.visualRect(at).center())


def test_every_kind_has_its_section() -> None:
    assert {layer.family for layer in layers().values() if layer.traits.section not in SECTIONS} == {
        "data",
        "structure",
    }


def test_typing_then_enter_adds_the_best_match(palette: Palette, qtbot: QtBot) -> None:
    QTest.keyClicks(palette.search, "cross ent")
    with qtbot.waitSignal(palette.node_wanted) as signal:
        QTest.keyClick(palette.search, Qt.Key.Key_Return)
    assert signal.args[0] == Node("CrossEntropyLoss")


def test_a_placed_node_has_its_presets(palette: Palette, qtbot: QtBot) -> None:
    QTest.keyClicks(palette.search, "lstm")
    with qtbot.waitSignal(palette.node_wanted) as signal:
        QTest.keyClick(palette.search, Qt.Key.Key_Return)
    assert signal.args[0].params == dict(layers()["LSTM"].preset)


def test_down_leads_into_the_list_and_enter_chooses_there(palette: Palette, qtbot: QtBot) -> None:
    QTest.keyClicks(palette.search, "conv")
    QTest.keyClick(palette.search, Qt.Key.Key_Down)
    assert palette.list.hasFocus()
    QTest.keyClick(palette.list, Qt.Key.Key_Down)
    with qtbot.waitSignal(palette.node_wanted) as signal:
        QTest.keyClick(palette.list, Qt.Key.Key_Return)
    assert signal.args[0].kind == "Conv2d"


def test_a_double_click_adds_a_node(palette: Palette, qtbot: QtBot) -> None:
    place = palette.list.visualRect(index(palette, "Conv2d")).center()
    with qtbot.waitSignal(palette.node_wanted) as signal:
        QTest.mouseClick(palette.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
        double_click(palette.list.viewport(), place)
    assert signal.args[0] == Node("Conv2d")


def test_escape_brings_everything_back(palette: Palette) -> None:
    everything = texts(palette)
    QTest.keyClicks(palette.search, "relu")
    assert texts(palette)[0] == "ReLU"
    assert "Conv2d" not in texts(palette)
    QTest.keyClick(palette.search, Qt.Key.Key_Escape)
    assert texts(palette) == everything


def test_a_search_without_result_offers_the_nearest_name(palette: Palette) -> None:
    QTest.keyClicks(palette.search, "Dropuot")
    assert texts(palette) == []
    assert "Did you mean Dropout?" in palette.list.empty_text


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("dense", "Linear"),
        ("mha", "MultiheadAttention"),
        ("bn2", "BatchNorm2d"),
        ("concat", "cat"),
        ("batch norm 2d", "BatchNorm2d"),
        ("gelu", "GELU"),
        ("max pool", "MaxPool2d"),
        ("learned filters image", "Conv2d"),
        ("mse", "MSELoss"),
        ("binary cross", "BCEWithLogitsLoss"),
    ],
)
def test_other_names_of_a_layer_find_it(palette: Palette, text: str, kind: str) -> None:
    QTest.keyClicks(palette.search, text)
    assert texts(palette)[0] == kind


def test_a_click_shows_the_rest_of_a_section(palette: Palette) -> None:
    assert "Conv3d" not in texts(palette)
    press(
        palette, next(text for text in texts(palette)[texts(palette).index("Convolution") :] if text.endswith(" more"))
    )
    assert "Conv3d" in texts(palette)
    press(palette, "less")
    assert "Conv3d" not in texts(palette)


def test_all_kinds_can_be_reached(palette: Palette) -> None:
    for section in SECTIONS:
        palette.model.toggle(section)
    assert set(layers()) - set(texts(palette)) <= {"Input", "Block", "Loop", "Custom"}


def test_a_drag_carries_the_kind_and_the_field(palette: Palette) -> None:
    data = palette.model.mimeData([index(palette, "label")])
    assert data.data(KIND_MIME).toStdString() == "Input"
    assert dropped(data) == Node("Input", {"field": "label"})
    assert KIND_MIME in palette.model.mimeTypes()


def test_a_block_is_dragged_as_a_loop(palette: Palette, document: Document) -> None:
    document.do(AddGraph("Cell", Graph({"x": Node("Input"), "h": Node("Output")})))
    palette.model.search("time steps")
    dragged = dropped(palette.model.mimeData([index(palette, "Loop of Cell")]))
    assert dragged == Node("Loop", graph="Cell", loop=LoopSettings(over=(("x", 1),), collect=("h",)))


def test_headings_cannot_be_selected(palette: Palette) -> None:
    assert not palette.model.flags(index(palette, "Convolution"))
    assert palette.model.flags(index(palette, "Conv2d")) & Qt.ItemFlag.ItemIsDragEnabled


def test_another_data_set_is_one_undo_step_and_brings_its_fields(palette: Palette, document: Document) -> None:
    menu = palette.data_menu()
    next(action for action in menu.actions() if action.text() == "Iris").trigger()

    assert document.project.data.kind == "Iris"
    assert "features" in texts(palette)
    assert "image" not in texts(palette)
    document.history.undo()
    assert document.project.data.kind == "Digits"
    assert "image" in texts(palette)


def test_the_project_s_blocks_are_listed(palette: Palette, document: Document) -> None:
    document.do(AddGraph("Stem", Graph()))
    assert texts(palette)[-2:] == ["Blocks", "Stem"]
    assert palette.model.addition(index(palette, "Stem")) == Node("Block", graph="Stem")


def test_the_card_shows_shape_and_source(palette: Palette, qtbot: QtBot) -> None:
    palette.list.setCurrentIndex(index(palette, "Conv2d"))
    palette.list.setFocus()
    QTest.keyClick(palette.list, Qt.Key.Key_I)
    assert palette.card.isVisible()
    assert "out_channels" in palette.card.accessibleDescription()
    QTest.keyClick(palette.list, Qt.Key.Key_Down)
    assert not palette.card.isVisible()
    palette.list.setCurrentIndex(index(palette, "MSELoss"))
    QTest.keyClick(palette.list, Qt.Key.Key_I)
    assert layer("MSELoss").formula in palette.card.accessibleDescription()


def test_the_card_is_shown_to_a_resting_pointer(palette: Palette, qtbot: QtBot) -> None:
    QTest.mouseMove(palette.list.viewport(), palette.list.visualRect(index(palette, "Conv2d")).center())
    qtbot.waitUntil(palette.card.isVisible)
    assert palette.card.accessibleName() == "Conv2d"


def test_widgets_have_accessible_names(palette: Palette) -> None:
    assert palette.search.accessibleName()
    assert palette.list.accessibleName()
    assert index(palette, "Digits").data(Qt.ItemDataRole.AccessibleTextRole) == "Data set: Digits"


def test_an_empty_query_matches_nothing() -> None:
    assert matching_rows(Project(graphs={"Net": Graph()}), "  ") == []


def test_a_heading_drags_nothing(palette: Palette) -> None:
    press(palette, "Conv2d")
    assert palette.list.dragEnabled()
    press(palette, "Convolution")
    assert not palette.list.dragEnabled()
    press(palette, "Conv1d")
    assert palette.list.dragEnabled()


def test_the_fields_of_a_file_can_be_added(palette_with_results, document, results) -> None:
    document.do(SetData(Data("Npz", {"path": "points.npz"}), "Use the data Npz"))
    assert texts(palette_with_results)[:4] == ["Data", "Npz", "Input", "Output"]
    results.take(Analysed(1, (), {}, 0, 0, fields=X_AND_Y), document.revision)
    assert texts(palette_with_results)[:5] == ["Data", "Npz", "x", "y", "Output"]
    assert palette_with_results.model.addition(index(palette_with_results, "y")).params == {"field": "y"}
    palette_with_results.search.setText("y")
    assert "y" in texts(palette_with_results)


def test_a_field_that_a_table_does_not_have_is_not_offered(palette_with_results, document, results) -> None:
    document.do(SetData(Data("Csv", {"path": "a.csv", "target": "price"}), "Use the data Csv"))
    assert {"label", "target"} <= set(texts(palette_with_results))
    fields_of_file = {name: {"shape": [1], "element": "float", "kind": "table"} for name in ("features", "target")}
    results.take(Analysed(1, (), {}, 0, 0, fields=fields_of_file), document.revision)
    assert texts(palette_with_results)[:5] == ["Data", "Csv", "features", "target", "Output"]
    document.do(SetData(Data("Csv", {"path": "b.csv", "target": "kind"}), "Set path of Csv"))
    assert "label" in texts(palette_with_results)  # nothing is known of another file


def test_another_project_begins_with_the_whole_palette(palette: Palette, document: Document) -> None:
    QTest.keyClicks(palette.search, "conv")
    before = palette.model.rowCount()
    document.load(Project())
    assert palette.search.text() == ""
    assert palette.model.rowCount() > before


def test_a_project_can_do_without_data(palette: Palette, document: Document) -> None:
    next(action for action in palette.data_menu().actions() if action.text() == "No data").trigger()
    assert document.project.data == NO_DATA
    assert "No data" in texts(palette)
    assert "image" not in texts(palette)
    assert next(action for action in palette.data_menu().actions() if action.isChecked()).text() == "No data"
    document.history.undo()
    assert document.project.data.kind == "Digits"
