"""The document: every change is an edit, every edit an undo step that is undone exactly."""

import gc

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.graph.edits import AddNode, AddWire, Batch, MoveNodes, RemoveNode, SetParam
from engine.graph.model import UNSET, End, Node, Project, Wire
from engine.project import file
from engine.project.templates import template
from gui.state.document import Document, EditCommand


def text(document):
    return file.dump(document.project)


def filters(document):
    return document.project.graphs["Net"].nodes["conv1"].params["out_channels"]


def test_a_drag_is_one_undo_step(document, qtbot):
    before = filters(document)
    gesture = document.gesture()
    with qtbot.waitSignals([document.edited] * 3):
        for value in (65, 66, 67):
            document.do(SetParam("Net", "conv1", "out_channels", value, gesture=gesture))

    document.history.undo()

    assert filters(document) == before
    assert document.history.isClean()


def test_a_long_drag_leaves_nothing_behind(document):
    gesture = document.gesture()
    for value in range(2, 300):
        document.do(SetParam("Net", "conv1", "out_channels", value, gesture=gesture))

    every = [
        each for each in gc.get_objects() if type(each) is EditCommand
    ]  # isinstance would call into torch, if it is loaded
    steps = [each for each in every if each._document is document]

    assert document.history.count() == 1
    assert steps == [document.history.command(0)]


def test_an_edit_of_the_same_gesture_after_undo_is_a_step(document):
    document.do(SetParam("Net", "conv1", "out_channels", 5, gesture=1))
    document.do(SetParam("Net", "conv1", "stride", 2, gesture=2))
    document.history.undo()
    document.do(SetParam("Net", "conv1", "out_channels", 6, gesture=1))
    document.history.undo()
    assert filters(document) == 5


def test_two_drags_are_two_steps(document):
    for value in (65, 66):
        document.do(SetParam("Net", "conv1", "out_channels", value, gesture=document.gesture()))

    document.history.undo()

    assert filters(document) == 65


def test_a_drag_of_a_default_value_goes_back_to_the_default(document):
    before = text(document)
    gesture = document.gesture()
    for value in (2, 3, 4):
        document.do(SetParam("Net", "conv1", "stride", value, gesture=gesture))
    after = text(document)
    assert document.history.count() == 1

    document.history.undo()
    assert text(document) == before

    document.history.redo()
    assert text(document) == after


def test_a_drag_that_takes_more_nodes_along_goes_back_whole(document):
    before = text(document)
    gesture = document.gesture()
    document.do(MoveNodes("Net", {"conv1": (1.0, 2.0)}, gesture=gesture))
    document.do(MoveNodes("Net", {"conv1": (3.0, 4.0), "image": (5.0, 6.0)}, gesture=gesture))
    assert document.history.count() == 1

    document.history.undo()

    assert text(document) == before


def test_an_edit_that_does_not_fit_is_refused_and_changes_nothing(document, qtbot):
    before = text(document)
    with qtbot.waitSignal(document.edit_refused) as refusal:
        assert not document.do(RemoveNode("Net", "nobody"))

    assert "no node named nobody" in refusal.args[0]
    assert text(document) == before
    assert document.history.count() == 0


def test_a_batch_that_fails_halfway_leaves_nothing(document, qtbot):
    before = text(document)
    with qtbot.waitSignal(document.edit_refused):
        document.do(Batch("two", (AddNode("Net", "extra", Node("ReLU")), RemoveNode("Net", "nobody"))))

    assert text(document) == before


def test_a_read_only_document_refuses(document, qtbot):
    document.set_read_only(True)
    before = text(document)
    with qtbot.waitSignal(document.edit_refused, check_params_cb=lambda text: "read-only" in text):
        assert not document.do(SetParam("Net", "conv1", "out_channels", 7))

    assert text(document) == before


def test_a_listener_may_edit_in_turn(document):
    def rename_param(edit):
        if isinstance(edit, AddNode):
            document.do(SetParam("Net", "extra", "inplace", value=True))

    before = text(document)
    document.edited.connect(rename_param)
    document.do(AddNode("Net", "extra", Node("ReLU")))
    assert [document.history.text(step) for step in range(2)] == ["Add extra", "Set inplace of extra"]
    document.edited.disconnect(rename_param)

    document.history.undo()
    document.history.undo()

    assert text(document) == before


def test_saving_makes_it_unmodified(document, qtbot, tmp_path):
    document.do(SetParam("Net", "conv1", "out_channels", 7))
    assert document.modified
    with qtbot.waitSignals([document.saved, document.modified_changed, document.path_changed]):
        document.mark_saved(tmp_path / "a.loom")

    assert not document.modified
    document.history.undo()
    assert document.modified


def test_a_step_after_saving_is_its_own(document, tmp_path):
    gesture = document.gesture()
    document.do(SetParam("Net", "conv1", "out_channels", 7, gesture=gesture))
    document.mark_saved(tmp_path / "a.loom")
    document.do(SetParam("Net", "conv1", "out_channels", 8, gesture=gesture))

    document.history.undo()

    assert filters(document) == 7
    assert not document.modified


def test_a_recovered_project_is_modified(qapp):
    document = Document()
    document.load(Project(), modified=True)
    assert document.modified


START = file.parse(template("digits-cnn").text(), "digits-cnn")
NAMES = st.sampled_from(["image", "conv1", "relu1", "extra", "extra2"])
EDITS = st.one_of(
    st.builds(SetParam, st.just("Net"), NAMES, st.sampled_from(["out_channels", "stride"]),
              st.one_of(st.integers(1, 9), st.just(UNSET)), gesture=st.integers(0, 2)),
    st.builds(MoveNodes, st.just("Net"), st.dictionaries(NAMES, st.tuples(*[st.integers(0, 9)] * 2), min_size=1),
              gesture=st.integers(0, 2)),
    st.builds(AddNode, st.just("Net"), NAMES, st.just(Node("ReLU"))),
    st.builds(RemoveNode, st.just("Net"), NAMES),
    st.builds(AddWire, st.just("Net"), st.builds(Wire, st.builds(End, NAMES, st.just("output")),
                                                 st.builds(End, NAMES, st.just("input")))),
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(edits=st.lists(st.one_of(EDITS, st.just("undo"), st.just("redo")), max_size=30))
def test_undoing_all_is_the_start_and_redoing_all_the_end(qapp, edits):
    document = Document()
    document.load(file.parse(file.dump(START), "start"))
    replayed = file.parse(file.dump(START), "start")
    document.edited.connect(lambda edit: edit.apply(replayed))
    for edit in edits:
        match edit:
            case "undo":
                document.history.undo()
            case "redo":
                document.history.redo()
            case _:
                document.do(edit)
    end = text(document)
    assert file.dump(replayed) == end  # the emitted edits are all that a journal needs

    while document.history.canUndo():
        document.history.undo()
    assert text(document) == file.dump(START)

    while document.history.canRedo():
        document.history.redo()
    redone = text(document)
    while document.history.canUndo():
        document.history.undo()
    while document.history.canRedo():
        document.history.redo()
    assert text(document) == redone
    if "undo" not in edits:
        assert redone == end
