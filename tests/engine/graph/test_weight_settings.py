"""The weight settings of nodes: in the file, and through every gesture."""

from copy import deepcopy
from pathlib import Path

import pytest

from engine.errors import FileProblem
from engine.graph.compose import change_kind, duplicate, make_block, remove, rename, unpack
from engine.graph.edits import AddNode, EditError, RenameNode, SetWeights
from engine.graph.json_form import node_from_json, node_to_json
from engine.graph.model import Graph, Node, Part, Project
from engine.graph.weights import NO_SETTINGS, Follows, WeightSettings, WeightsFile
from engine.project.relative_paths import moved_edit, moving
from tests.gestures import exactly, small

FORM = {
    "kind": "Conv2d",
    "init": {
        "weight": {"kind": "kaiming_normal_", "params": {"a": 0.1}},
        "layers.0.bias": {"kind": "ones_", "params": {}},
    },
    "parametrize": {"weight": {"kind": "spectral_norm", "params": {}}},
    "frozen": False,
    "lr_scale": 0.1,
    "decay": False,
    "weights": {"path": "shipped:digits", "prefix": "conv1", "later": 1},
    "follows": {"node": "conv2", "decay": 0.99},
    "pos": [0, 0],
}


def weight_settings(**values: object) -> WeightSettings:
    return WeightSettings(**values)


def linear(**values: object) -> Node:
    return Node("Linear", {"out_features": 3}, settings=weight_settings(**values))


def test_a_node_has_the_weight_settings_of_its_file() -> None:
    node = node_from_json(FORM)
    assert node_to_json(node) == FORM
    assert node.settings.init == {"weight": Part("kaiming_normal_", {"a": 0.1}), "layers.0.bias": Part("ones_")}
    assert node.settings.follows == Follows("conv2", 0.99)
    assert node_from_json({"kind": "Conv2d"}).settings is NO_SETTINGS


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("init", {"weight": "ones_"}, "node.init.weight must be an object"),
        ("init", {"a b": {"kind": "ones_"}}, "'a b' is not the name of a weight"),
        ("init", {"weight": {}}, "node.init.weight has no kind"),
        ("parametrize", [], "node.parametrize must be an object"),
        ("frozen", 1, "node.frozen must be true or false"),
        ("lr_scale", "nan", "node.lr_scale must be a finite number"),
        ("decay", 0.1, "node.decay must be true or false"),
        ("weights", "x.safetensors", "node.weights must be an object"),
        ("weights", {}, "node.weights has no path"),
        ("follows", {"node": "a b"}, "not a name"),
        ("follows", {"node": "a", "every": 0.5}, "node.follows.every must be a whole number"),
    ],
)
def test_what_has_the_wrong_shape_is_refused_with_its_path(field, value, message) -> None:
    with pytest.raises(FileProblem, match=message):
        node_from_json({"kind": "Conv2d", field: value})


def followed() -> Project:
    """A node that follows another, beside a block use that sets an inner weight."""
    project = small()
    nodes = project.graphs["Net"].nodes
    nodes["online"], nodes["target"] = linear(), linear(follows=Follows("online", 0.9))
    inner = project.graphs["Stem"].nodes
    inner["fc"] = linear(init={"weight": Part("ones_")}, lr_scale=2.0)
    nodes["stem"].settings = weight_settings(init={"fc.weight": Part("zeros_")}, frozen=True)
    return project


def test_renaming_takes_followers_and_the_names_of_inner_weights_along() -> None:
    project = followed()
    before = exactly(project)
    undo = [rename(project, "Net", "online", "student").apply(project)]
    assert project.graphs["Net"].nodes["target"].settings.follows == Follows("student", 0.9)
    undo.append(RenameNode("Stem", "fc", "head").apply(project))
    assert list(project.graphs["Net"].nodes["stem"].settings.init) == ["head.weight"]
    for edit in reversed(undo):
        edit.apply(project)
    assert exactly(project) == before


def test_renaming_does_not_take_a_name_that_a_follower_or_a_use_refers_to() -> None:
    project = followed()
    nodes = project.graphs["Net"].nodes
    nodes["target"].settings = weight_settings(follows=Follows("ghost", 0.9))
    nodes["stem"].settings = weight_settings(init={"ghost.weight": Part("zeros_")})
    for graph, node in (("Net", "online"), ("Stem", "fc")):
        with pytest.raises(EditError, match="already refers to ghost"):
            RenameNode(graph, node, "ghost").apply(project)


def test_removing_what_is_followed_leaves_the_follower_and_undo_restores_it() -> None:
    project = followed()
    before = exactly(project)
    undo = remove(project, "Net", ["online"]).apply(project)
    assert project.graphs["Net"].nodes["target"].settings.follows == Follows("online", 0.9)
    undo.apply(project)
    assert exactly(project) == before


def test_a_copy_follows_the_copy_else_what_the_original_follows() -> None:
    project = followed()
    nodes = project.graphs["Net"].nodes
    duplicate(project, "Net", ["online", "target"]).apply(project)
    duplicate(project, "Net", ["target"]).apply(project)
    assert nodes["target2"].settings.follows == Follows("online2", 0.9)
    assert nodes["target3"].settings.follows == Follows("online", 0.9)


def test_a_block_takes_follower_and_followed_together() -> None:
    with pytest.raises(EditError, match="target follows the weights of online: take both or neither"):
        make_block(followed(), "Net", ["target"])


def test_unpacking_passes_on_the_settings_of_the_use() -> None:
    project = followed()
    unpack(project, "Net", "stem", {("x", 1): 8}).apply(project)
    settings = project.graphs["Net"].nodes["fc"].settings
    assert settings == weight_settings(init={"weight": Part("zeros_")}, frozen=True, lr_scale=2.0)


@pytest.mark.parametrize(
    "settings", [weight_settings(follows=Follows("online", 0.5)), weight_settings(weights=WeightsFile("a"))]
)
def test_a_use_that_follows_or_starts_from_a_file_is_not_unpacked(settings) -> None:
    project = followed()
    project.graphs["Net"].nodes["stem"].settings = settings
    with pytest.raises(EditError, match=r"stem (follows|starts from)"):
        unpack(project, "Net", "stem")


def test_another_kind_keeps_what_fits_every_kind() -> None:
    project = followed()
    project.graphs["Net"].nodes["online"].settings = weight_settings(
        init={"weight": Part("ones_")}, frozen=True, lr_scale=0.5
    )
    before = deepcopy(project)
    undo = change_kind(project, "Net", "online", "Conv1d").apply(project)
    assert project.graphs["Net"].nodes["online"].settings == weight_settings(frozen=True, lr_scale=0.5)
    undo.apply(project)
    assert exactly(project) == exactly(before)


def test_files_of_weights_are_named_from_the_new_folder(tmp_path: Path) -> None:
    old, new = tmp_path / "old" / "a.loom", tmp_path / "new" / "a.loom"
    settings = weight_settings(weights=WeightsFile("w.safetensors", "x"))
    shipped = weight_settings(weights=WeightsFile("shipped:digits"))
    whole = str(tmp_path / "old" / "w.safetensors")
    project = Project("a", graphs={"Net": Graph({"a": linear(), "b": linear(), "c": linear()})})
    nodes = project.graphs["Net"].nodes
    nodes["a"].settings, nodes["b"].settings = settings, shipped
    (edit,) = moving(project, old, new)
    assert edit == SetWeights("Net", "a", weight_settings(weights=WeightsFile(whole, "x")))
    moved = moved_edit(AddNode("Net", "d", nodes["a"]), old.parent, new.parent)
    assert moved.node.settings.weights.path == whole
