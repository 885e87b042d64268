"""Settings of single weights, against the weights that layers have."""

import pytest

from engine.graph.model import Node, Part, Project
from engine.graph.weights import Follows, WeightSettings
from engine.runtime.analysis.analyse import analyse
from engine.runtime.analysis.learning import trainable_weights
from engine.runtime.data.field_spec import FieldSpec
from tests.small_projects import graph, node

FIELDS = {"image": FieldSpec((3, 8, 8), "float32"), "label": FieldSpec((), "int64", 4)}


def conv(**settings: object) -> Node:
    params = {"out_channels": 4, "kernel_size": 3, "padding": 1}
    return Node("Conv2d", params, settings=WeightSettings(**settings))


def example(first: Node, second: Node, fc: Node | None = None, repeat: int = 1, **use: object) -> Project:
    """Two layers, then the repeated use of a block of one convolution, then a classifier ``fc``."""
    inner = graph({"x": "Input", "conv": second, "y": "Output"}, "x > conv", "conv > y")
    net = graph(
        {
            "image": "Input", "label": "Input", "first": first,
            "stem": Node("Block", graph="Stem", repeat=repeat, settings=WeightSettings(**use)),
            "flat": "Flatten", "fc": fc or node("Linear", out_features=4), "loss": "CrossEntropyLoss",
        },
        "image > first", "first > stem.x", "stem.y > flat", "flat > fc", "fc > loss", "label > loss.target",
    )  # fmt: skip
    return Project(graphs={"Net": net, "Stem": inner})


def part(kind: str, **params: object) -> Part:
    return Part(kind, params)


def fc(**settings: object) -> Node:
    return Node("Linear", {"out_features": 4}, settings=WeightSettings(**settings))


def test_weights_are_known_by_their_names_below_the_node():
    nodes = analyse(example(conv(), conv(), repeat=2), FIELDS).nodes
    assert nodes["first"].weights == {"weight": (4, 3, 3, 3), "bias": (4,)}
    assert nodes["stem"].weights == {"conv.weight": (4, 4, 3, 3), "conv.bias": (4,)}
    assert nodes["flat"].weights == {}


@pytest.mark.parametrize(
    ("project", "code", "node", "says", "hint"),
    [
        (example(conv(init={"wieght": part("ones_")}), conv()), "W001", "first", "no weight wieght", "weight?"),
        (
            example(conv(parametrize={"zorp": part("orthogonal")}), conv()),
            "W001",
            "first",
            "zorp",
            "It has weight, bias",
        ),
        (example(conv(), conv(), init={"weight": part("ones_")}), "W001", "stem", "no weight weight", "conv.weight"),
        (example(conv(), conv(), init={"conv.zorp": part("ones_")}), "W001", "stem", "conv.zorp", ""),
        (example(conv(), conv(), init={"gone.weight": part("ones_")}), "W001", "stem", "gone.weight", ""),
        (
            example(conv(), conv(init={"bias": part("xavier_normal_")})),
            "W004",
            "stem.conv",
            "at least 2 axes",
            "Biases",
        ),
        (
            example(conv(), conv(init={"weight": part("eye_")})),
            "W004",
            "stem.conv",
            "(4, 4, 3, 3): it needs 2 axes",
            "",
        ),
        (example(conv(), conv(parametrize={"bias": part("orthogonal")})), "W004", "stem.conv", "orthogonal", "Biases"),
        (example(conv(init={"weight": part("dirac_", groups=3)}), conv()), "W004", "first", "groups must divide 4", ""),
        (
            example(conv(parametrize={"weight": part("weight_norm", dim=4)}), conv()),
            "W004",
            "first",
            "0 to 3, got 4",
            "",
        ),
    ],
)
def test_settings_of_a_missing_weight_or_of_another_shape_are_a_problem(
    project: Project, code: str, node: str, says: str, hint: str
):
    (problem,) = analyse(project, FIELDS).problems
    assert (problem.code, problem.node) == (code, node)
    assert says in problem.message
    assert hint in problem.hint
    problem.fix.edit.apply(project)
    assert analyse(project, FIELDS).ok


def test_a_follower_has_the_sizes_of_what_it_follows():
    project = example(conv(), conv())
    net = project.graphs["Net"]
    net.nodes["twin"] = fc(follows=Follows("fc", 0.9))
    net.nodes |= {"flat2": Node("Flatten"), "y": Node("Output")}
    net.wires += graph({}, "image > flat2", "flat2 > twin", "twin > y").wires
    (problem,) = analyse(project, FIELDS).problems
    assert (problem.code, problem.node) == ("W005", "twin")
    assert "weight is (4, 192) here and (4, 256) there" in problem.message


FROZEN = {"frozen": True}


@pytest.mark.parametrize(
    ("project", "learns"),
    [
        (example(conv(**FROZEN), conv(), fc(**FROZEN)), True),
        (example(conv(**FROZEN), conv(**FROZEN), fc(**FROZEN)), False),
        (example(conv(**FROZEN), conv(), fc(**FROZEN), frozen=True), False),
        (example(conv(**FROZEN), conv(**FROZEN), fc(**FROZEN), frozen=False), True),
    ],
)
def test_where_all_is_frozen_there_is_nothing_to_train(project: Project, learns: bool):
    problems = trainable_weights.problems(project, analyse(project, FIELDS).nodes)
    assert [problem.code for problem in problems] == ([] if learns else ["T010"])


def test_lengths_that_are_learned_apart_are_counted():
    plain = analyse(example(conv(), conv(), repeat=3), FIELDS)
    outside = example(conv(), conv(parametrize={"weight": part("spectral_norm")}), repeat=3)
    outside.graphs["Net"].nodes["stem"].settings = WeightSettings(parametrize={"conv.weight": part("weight_norm")})
    inside = example(conv(parametrize={"weight": part("weight_norm", dim=None)}), conv())
    assert analyse(outside, FIELDS).parameters == plain.parameters + 3 * 4
    assert analyse(inside, FIELDS).nodes["first"].parameters == plain.nodes["first"].parameters + 1
