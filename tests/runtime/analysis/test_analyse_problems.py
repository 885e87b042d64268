import pytest

from engine.graph.model import Node, Project
from tests.analyses import analysis_of, assert_fixed, only, scored, through
from tests.small_projects import graph, node, project


def linear(out_features: int) -> Node:
    """A layer with so many outputs."""
    return node("Linear", out_features=out_features)


FIXED = {
    "S002": through("wide", node("Linear", in_features=3072, out_features=8)),
    "S003": through("series", "Conv2d"),
    "S004": through("tokens", "Linear"),
    "S008": through("series", "LSTM"),
    "S009": scored("features", linear(1), loss="MSELoss", target="number"),
    "S010": scored("features", linear(7), loss="CrossEntropyLoss", target="label"),
    "P003": through("features", node("GroupNorm", num_groups=3)),
}


@pytest.mark.parametrize("code", FIXED)
def test_a_fix_mends_the_problem(code: str):
    problem = only(FIXED[code])
    assert problem.code == code
    assert_fixed(FIXED[code], problem)


def test_a_size_set_by_hand_says_what_it_wants_and_gets():
    problem = only(through("features", node("Linear", in_features=512)))
    assert problem.message == "Linear wants 512 features, gets 4."
    assert "in_features" in problem.hint
    flat = only(through("wide", node("Linear", in_features=3072)))
    assert flat.hint == "Add Flatten, or set in_features."


@pytest.mark.parametrize(
    ("example", "code", "says"),
    [
        (through("image", node("Conv2d", in_channels=3)), "S002", "Conv2d wants 3 channels, gets 1"),
        (through("image", node("Conv2d", kernel_size=9)), "S007", "smaller than the window"),
        (through("image", node("MaxPool2d", kernel_size=20)), "S007", "(N, 1, 8, 8)"),
        (through("features", "Conv1d"), "S003", "wants 3 axes, (N, C, L), gets 2: (N, 4)"),
        (through("features", "LSTM"), "S003", "gets 2: (N, 4)"),
        (through("image", "LSTM"), "S003", "gets 4: (N, 1, 8, 8)"),
        (through("features", "BatchNorm2d"), "S003", "wants 4 axes"),
        (through("features", node("Softmax", dim=4)), "S003", "axis 4"),
        (through("features", node("transpose", dim0=1, dim1=2)), "S003", "axis 2"),
        (through("features", "LearnedPositionEncoding"), "S003", "axis 2"),
        (through("features", node("reshape", shape=(-1, 7))), "S006", "(N, 4)"),
        (through("features", node("Unflatten", unflattened_size=(3, 2))), "S006", "(N, 4)"),
        (through("features", "Embedding"), "S004", "whole numbers"),
        (through("series", node("transpose", dim0=0, dim1=1), "Linear", node("transpose", dim0=1, dim1=2), "Linear"),
         "S008", "holds the samples"),
        (through("series", node("TransformerEncoderLayer", nhead=4, batch_first=True)), "P003", "divisible"),
        (through("series", node("MultiheadAttention", num_heads=5, batch_first=True),
                 wires=("series > n1.key", "series > n1.value")), "P003", "divisible"),
        (through("image", node("Conv2d", groups=2)), "P003", "divisible by groups"),
        (through("image", node("ConvTranspose2d", output_padding=1)), "P003", "output_padding"),
        (through("series", node("select", dim=0)), "S012", "picks from axis 0"),
        (through("series", node("select", dim=1, index=50)), "S001", "(N, 12, 6)"),
        (through("features", node("PReLU", num_parameters=3)), "S001", "(N, 4)"),
        (through("image", node("Upsample", scale_factor=0.01)), "S007", "without any number"),
        (scored("features", loss="MSELoss", target="number"), "S009", "(N, 4) with (N)"),
        (scored("features", "Linear", loss="L1Loss", target="target"), "S009", "silently broadcast to (N, 64)"),
        (scored("features", node("mean", dim=None), loss="MSELoss", target="number"), "S012", "()"),
        (scored("features", "Linear", loss="BCEWithLogitsLoss", target="label"), "S004", "real numbers"),
        (scored("features", linear(10), loss=node("CrossEntropyLoss", weight=(1.0, 2.0)),
                target="label"), "S002", "2 weights for 10 classes"),
        (scored("features", linear(10), loss="CrossEntropyLoss", target="target"), "S009", "(N, 10)"),
        (scored("features", linear(10), loss=node("CrossEntropyLoss", weight=(0.0,) * 10),
                target="label"), "S002", "all weights are 0"),
        (scored("features", linear(1), loss=node("BCEWithLogitsLoss", pos_weight=(1.0, 2.0)),
                target="target"), "S002", "2 numbers in pos_weight for 1 answers per sample"),
        (scored("number", loss="CrossEntropyLoss", target="label"), "S003", "wants scores"),
        (scored("series", linear(9), loss="CrossEntropyLoss", target="tokens"), "S009", "(N, 12, 9)"),
        (scored("features", linear(3), loss=node("TopKAccuracy", k=5), target="yes"), "S002", "best 5"),
        (scored("features", linear(3), loss="MeanAbsoluteError", target="number"), "S009", "(N, 3)"),
    ],
)  # fmt: skip
def test_a_misfit_is_reported_with_its_numbers(example: Project, code: str, says: str):
    problems = [each for each in analysis_of(example).problems if each.severity == "error"]
    assert [each.code for each in problems][:1] == [code], problems
    assert says in problems[0].message, problems[0]


@pytest.mark.parametrize(
    ("kind", "says"),
    [("add", "(N, 4) and (N, 12, 6)"), ("cat", "same number of axes"), ("stack", "add unsqueeze"), ("matmul", "")],
)
def test_shapes_that_do_not_fit_together_are_both_in_the_message(kind: str, says: str):
    ports = ("tensors[0]", "tensors[1]") if kind in ("cat", "stack") else ("input", "other")
    nodes = {"features": "Input", "series": "Input", "both": kind, "y": "Output"}
    example = project(nodes, f"features > both.{ports[0]}", f"series > both.{ports[1]}", "both > y")
    problem = only(example)
    assert (problem.code, problem.node) == ("S005", "both")
    assert says in problem.message + problem.hint


def test_cutting_samples_unevenly_is_a_problem():
    nodes = {
        "series": "Input",
        "mask": "causal_mask",
        "both": node("cat", dim=0),
        "flat": node("reshape", shape=(-1, 12)),
    }
    example = project(
        {**nodes, "y": "Output"},
        "series > mask", "series > flat", "flat > both.tensors[0]", "mask > both.tensors[1]", "both > y",
    )  # fmt: skip
    problem = next(each for each in analysis_of(example).problems if each.severity == "error")
    assert (problem.code, problem.node) == ("S012", "both")
    assert "is not a multiple of it" in problem.message


@pytest.mark.parametrize("reader", ["MeanLoss", "MSELoss", "MeanAbsoluteError", "Output"])
@pytest.mark.parametrize("between", ["matmul", "cdist"])
def test_numbers_between_samples_are_brought_to_one_a_sample(between: str, reader: str):
    nodes = {"features": "Input", "fc": linear(3), "first": node("transpose", dim0=0, dim1=1), "pairs": between}
    other = "first" if between == "matmul" else "fc"
    ports = {"matmul": ("input", "other"), "cdist": ("x1", "x2")}[between]
    wires = ["features > fc", "fc > first", f"fc > pairs.{ports[0]}", f"{other} > pairs.{ports[1]}"]
    wires += ["pairs > reader.target"] if reader in ("MSELoss", "MeanAbsoluteError") else []
    example = project({**nodes, "reader": reader, "y": "Output"}, *wires, "pairs > reader", "fc > y")
    problems = [each for each in analysis_of(example).problems if each.code == "S012"]
    assert [(each.node, each.severity) for each in problems] == [("reader", "error")]
    assert problems[0].message.startswith(f"reader ({reader}) gets (N, N)")
    assert "a mean over axis 1" in problems[0].hint
    mean = project(
        {**nodes, "mean": node("mean", dim=1), "reader": reader},
        *[wire.replace("pairs > reader", "mean > reader") for wire in wires], "pairs > mean", "mean > reader",
    )  # fmt: skip
    assert "S012" not in [each.code for each in analysis_of(mean).problems]


def test_yes_or_no_is_not_asked_of_ten_classes():
    example = scored("features", linear(1), loss="BCEWithLogitsLoss", target="label")
    nodes, wires = example.graphs["Net"].nodes, example.graphs["Net"].wires
    nodes |= {"f": Node("float"), "u": Node("unsqueeze", {"dim": 1})}
    wires[:] = [wire for wire in wires if wire.target.port != "target"]
    wires += graph({}, "label > f", "f > u", "u > score.target").wires
    assert only(example).code == "S010"


def test_too_many_scores_are_a_warning():
    example = scored("features", linear(12), loss="CrossEntropyLoss", target="label")
    problem = only(example)
    assert (problem.code, problem.severity) == ("S010", "warning")
    assert analysis_of(example).ok


def test_labels_are_counted_through_layout():
    example = scored("features", linear(3), loss="CrossEntropyLoss", target="label")
    nodes, wires = example.graphs["Net"].nodes, example.graphs["Net"].wires
    nodes |= {"a": Node("unsqueeze", {"dim": 1}), "b": Node("squeeze", {"dim": 1})}
    wires[:] = [wire for wire in wires if wire.target.port != "target"]
    wires += graph({}, "label > a", "a > b", "b > score.target").wires
    assert "labels of 10 classes, but only 3 scores" in only(example).message


ACTIVATIONS = {
    "raw to NLL": (("Linear",), "NLLLoss", "label", "takes log-probabilities, and n1 (Linear) gives others"),
    "softmax to NLL": (("Linear", "Softmax"), "NLLLoss", "label", "takes log-probabilities, and n2 (Softmax)"),
    "softmax twice": (("Linear", "Softmax"), "CrossEntropyLoss", "label", "n2 (Softmax) already does so"),
    "sigmoid twice": (("Linear", "Sigmoid"), "BCEWithLogitsLoss", "target", "n2 (Sigmoid) already does so"),
    "relu before scores": (("Linear", "ReLU"), "CrossEntropyLoss", "label", "n2 (ReLU) gives only numbers from 0 up"),
    "tanh before scores": (("Linear", "Tanh"), "BCEWithLogitsLoss", "target", "only numbers from -1 to 1"),
    "relu and dropout": (("Linear", "ReLU", "Dropout"), "CrossEntropyLoss", "label", "n2 (ReLU) gives only"),
}
REFUSALS = {
    "raw to BCE": (("Linear",), "takes probabilities, and n1 (Linear) gives others"),
    "through dropout": (("Linear", "Dropout"), "takes probabilities, and n1 (Linear)"),
    "relu to BCE": (("Linear", "ReLU"), "takes probabilities, and n2 (ReLU)"),
}


def with_activations(kinds: tuple[str, ...], loss: str, target: str) -> Project:
    size = 10 if target == "label" else 1
    params = {"Linear": linear(size), "Softmax": node("Softmax", dim=1), "LogSoftmax": node("LogSoftmax", dim=1)}
    return scored("features", *(params.get(kind, kind) for kind in kinds), loss=loss, target=target)


@pytest.mark.parametrize(("kinds", "loss", "target", "says"), ACTIVATIONS.values(), ids=list(ACTIVATIONS))
def test_a_loss_that_is_fed_by_another_activation_is_a_warning(kinds, loss: str, target: str, says: str):
    problem = only(with_activations(kinds, loss, target))
    assert (problem.code, problem.severity, problem.node, problem.port) == ("S014", "warning", "score", "input")
    assert says in problem.message
    assert problem.hint
    if problem.fix and kinds != ("Linear", "Softmax"):
        assert_fixed(with_activations(kinds, loss, target), problem)


@pytest.mark.parametrize(("kinds", "says"), REFUSALS.values(), ids=list(REFUSALS))
def test_a_loss_that_refuses_what_it_is_fed_is_an_error(kinds, says: str):
    problem = only(with_activations(kinds, "BCELoss", "target"))
    assert (problem.code, problem.severity, problem.node, problem.port) == ("S014", "error", "score", "input")
    assert says in problem.message
    assert_fixed(with_activations(kinds, "BCELoss", "target"), problem)


@pytest.mark.parametrize(
    ("kinds", "loss", "target"),
    [
        (("Linear", "LogSoftmax"), "NLLLoss", "label"),
        (("Linear", "Sigmoid"), "BCELoss", "target"),
        (("Linear", "Sigmoid", "Identity"), "BCELoss", "target"),
        (("Linear", "LogSoftmax"), "CrossEntropyLoss", "label"),  # which changes nothing: it does it once more
        (("Linear", "Tanh"), "MSELoss", "target"),
        (("Linear", "LeakyReLU"), "CrossEntropyLoss", "label"),
        (("Linear", "ReLU", "BatchNorm1d"), "CrossEntropyLoss", "label"),
    ],
)
def test_a_loss_that_is_fed_what_it_takes_is_let_be(kinds, loss: str, target: str):
    assert analysis_of(with_activations(kinds, loss, target)).problems == ()


def of_places(activation: str, *after: Node, loss: str, target: str) -> Project:
    """The score of each class is computed of those at four places, as in networks whose last layer is a convolution."""
    size = 10 if target == "label" else 1
    places = node("Unflatten", dim=1, unflattened_size=(size, 4))
    return scored("features", linear(4 * size), places, activation, *after, loss=loss, target=target)


@pytest.mark.parametrize(
    ("activation", "after", "loss", "is_warned_of"),
    [
        ("ReLU", (node("mean", dim=(2,)),), "CrossEntropyLoss", False),
        ("ReLU", (node("AdaptiveAvgPool1d", output_size=1), node("Flatten")), "CrossEntropyLoss", False),
        ("ReLU", (node("mean", dim=(2,)),), "BCEWithLogitsLoss", True),  # 0 is the border between its two classes
        ("Tanh", (node("mean", dim=(2,)),), "CrossEntropyLoss", True),  # no class can win clearly
        ("ReLU", (node("select", dim=2, index=0),), "CrossEntropyLoss", True),
    ],
)
def test_scores_above_0_at_several_places_are_let_be_where_classes_compare(activation, after, loss, is_warned_of):
    example = of_places(activation, *after, loss=loss, target="label" if loss == "CrossEntropyLoss" else "target")
    assert [problem.code for problem in analysis_of(example).problems] == ["S014"] * is_warned_of
