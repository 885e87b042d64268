"""Weight settings in the source, and how they are read back."""

from itertools import pairwise

import pytest

from engine.codegen.model import generate
from engine.codegen.parse.project import parse
from engine.errors import EngineError
from engine.graph.model import Graph, Node, Part, Project
from engine.graph.weights import Follows, WeightSettings, WeightsFile
from tests.small_projects import graph


def weight_settings(**values: object) -> WeightSettings:
    return WeightSettings(**values)


def linear(**values: object) -> Node:
    return Node("Linear", {"out_features": 3}, settings=weight_settings(**values))


def with_settings(stem: Node, use: Node, **others: Node) -> tuple[Project, dict]:
    """A block of one layer ``fc``, its use ``stem``, and further layers after it."""
    inner = graph({"x": "Input", "fc": stem, "y": "Output"}, "x > fc", "fc > y")
    chain = ["stem", *others, "out"]
    wires = [f"{one} > {other}" for one, other in pairwise(chain[1:])]
    nodes = {"image": "Input", "stem": use, **others, "out": "Output"}
    net = graph(nodes, "image > stem.x", f"stem.y > {chain[1]}", *wires)
    derived = {path: {"in_features": 3} for path in [("stem", "fc"), *((name,) for name in others)]}
    return Project(graphs={"Net": net, "Stem": inner}), derived


def body(text: str, name: str = "Net") -> list[str]:
    """The lines of a class without ``forward``."""
    _, _, rest = text.partition(f"class {name}(nn.Module):\n")
    return [line.strip() for line in rest.partition("    def forward")[0].splitlines()[2:] if line.strip()]


def use(repeat: int = 1, **values: object) -> Node:
    return Node("Block", graph="Stem", repeat=repeat, settings=weight_settings(**values))


def test_initial_values_are_written_below_the_layer_and_those_of_a_use_below_the_block() -> None:
    inner = linear(init={"weight": Part("kaiming_normal_", {"nonlinearity": "relu"}), "bias": Part("zeros_")})
    outer = use(init={"fc.bias": Part("constant_", {"val": 0.5})})
    text = generate(*with_settings(inner, outer)).text
    assert body(text, "Stem")[2:] == [
        "self.fc = nn.Linear(3, 3)",
        "nn.init.zeros_(self.fc.bias)",
        'nn.init.kaiming_normal_(self.fc.weight, nonlinearity="relu")',
    ]
    assert body(text)[2:] == ["self.stem = Stem()", "nn.init.constant_(self.stem.fc.bias, val=0.5)"]


def test_the_settings_of_a_repeated_block_hold_for_each_repetition() -> None:
    text = generate(*with_settings(linear(), use(3, init={"fc.weight": Part("eye_")}))).text
    assert body(text)[3:] == ["for block in self.stem:", "nn.init.eye_(block.fc.weight)"]


def test_a_parametrization_is_written_around_the_layer_or_after_its_initial_values() -> None:
    norm = {"weight": Part("spectral_norm", {"n_power_iterations": 2})}
    text = generate(*with_settings(linear(parametrize=norm), use())).text
    assert body(text, "Stem")[2] == (
        "self.fc = nn.utils.parametrizations.spectral_norm(nn.Linear(3, 3), n_power_iterations=2)"
    )
    text = generate(*with_settings(linear(parametrize=norm, init={"weight": Part("eye_")}), use())).text
    assert body(text, "Stem")[2:] == [
        "self.fc = nn.Linear(3, 3)",
        "nn.init.eye_(self.fc.weight)",
        "nn.utils.parametrizations.spectral_norm(self.fc, n_power_iterations=2)",
    ]


def test_the_parametrization_of_a_use_replaces_the_one_inside() -> None:
    inner = linear(parametrize={"weight": Part("spectral_norm")})
    text = generate(*with_settings(inner, use(parametrize={"fc.weight": Part("weight_norm", {"dim": 1})}))).text
    assert body(text)[3:] == [
        'nn.utils.parametrize.remove_parametrizations(self.stem.fc, "weight")',
        "nn.utils.parametrizations.weight_norm(self.stem.fc, dim=1)",
    ]


def test_what_is_frozen_learns_nothing_and_stays_in_evaluation_mode() -> None:
    text = generate(*with_settings(linear(frozen=True), use(frozen=False), head=linear(frozen=True))).text
    assert body(text, "Stem")[2:] == [
        "self.fc = nn.Linear(3, 3)",
        "self.fc.requires_grad_(False)",
        'def train(self, mode: bool = True) -> "Stem":',
        '"""Set the mode of all layers but the frozen ones, which stay in evaluation mode."""',
        "super().train(mode)",
        "self.fc.eval()",
        "return self",
    ]
    assert body(text)[3:] == [
        "self.stem.fc.requires_grad_(True)",
        "self.head = nn.Linear(3, 3)",
        "self.head.requires_grad_(False)",
        'def train(self, mode: bool = True) -> "Net":',
        '"""Set the mode of all layers but the frozen ones, which stay in evaluation mode."""',
        "super().train(mode)",
        "self.head.eval()",
        "self.stem.fc.train(mode)",
        "return self",
    ]


def test_a_follower_is_built_like_its_leader_and_starts_as_its_copy() -> None:
    norm = {"weight": Part("weight_norm")}
    target, online = linear(follows=Follows("online", 0.99)), linear(parametrize=norm, lr_scale=0.1, decay=False)
    head = linear(weights=WeightsFile("shipped:head", "fc"))
    text = generate(*with_settings(linear(), use(), target=target, online=online, head=head)).text
    assert body(text) == [
        "# The files that weights start from:",
        'WEIGHTS: ClassVar = {"head": {"path": "shipped:head", "prefix": "fc"}}',
        "# Factors of the learning rate, and whether weights decay:",
        'LEARNING: ClassVar = {"online": {"lr_scale": 0.1, "decay": False}}',
        "# Weights that move after those of another layer:",
        'FOLLOWS: ClassVar = {"target": {"node": "online", "decay": 0.99}}',
        "def __init__(self) -> None:",
        "super().__init__()",
        "self.stem = Stem()",
        "self.target = nn.utils.parametrizations.weight_norm(nn.Linear(3, 3))",
        "self.online = nn.utils.parametrizations.weight_norm(nn.Linear(3, 3))",
        "self.head = nn.Linear(3, 3)",
        "self.target.load_state_dict(self.online.state_dict())",
        "self.target.requires_grad_(False)",
    ]
    back = parse(text).project.graphs["Net"].nodes
    assert {name: back[name].settings for name in ("target", "online", "head")} == {
        "target": target.settings, "online": online.settings, "head": head.settings,
    }  # fmt: skip


def test_a_follower_of_what_the_network_does_not_compute_is_refused() -> None:
    project, derived = with_settings(linear(), use(), target=linear(follows=Follows("ghost", 0.9)))
    with pytest.raises(EngineError, match="target follows ghost, which is not part of the network"):
        generate(project, derived)


def test_a_layer_called_as_the_class_calls_its_settings_is_refused() -> None:
    project, derived = with_settings(linear(), use(), LEARNING=linear(lr_scale=0.5))
    with pytest.raises(EngineError, match="cannot be called LEARNING"):
        generate(project, derived)


OURS = generate(
    *with_settings(
        linear(frozen=True, init={"weight": Part("eye_")}),
        use(3, frozen=False, parametrize={"fc.weight": Part("weight_norm")}),
        online=linear(lr_scale=0.5),
        target=linear(follows=Follows("online", 0.9)),
    )
).text


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("self.fc.eval()", "self.fc.train()"),
        ("self.fc.eval()\n", "self.fc.eval()\n        print(mode)\n"),
        ("        super().train(mode)\n        self.fc.eval()\n", "        self.fc.eval()\n"),
        ("nn.init.eye_(self.fc.weight)", "nn.init.eye_(self.fc.weight, self.fc.bias)"),
        ("nn.init.eye_(self.fc.weight)", "nn.init.eye_(open)"),
        ("nn.init.eye_(self.fc.weight)", "nn.init.zorp_(self.fc.weight)"),
        ("nn.init.eye_(self.fc.weight)", "nn.init.eye_(self.zorp.weight)"),
        ("weight_norm(block.fc)", "weight_norm(block.fc, zorp=1)"),
        ("weight_norm(block.fc)", "weight_norm(block.fc, 1)"),
        ("weight_norm(block.fc)", "weight_norm(zorp.fc)"),
        (
            "for block in self.stem:\n            block.fc.req",
            "for block in list(self.stem):\n            block.fc.req",
        ),
        ('"lr_scale": 0.5', '"lr_scale": "a"'),
        ('"lr_scale": 0.5', '"zorp": 0.5'),
        ('"lr_scale": 0.5', '"lr_scale": open'),
        ("LEARNING: ClassVar = {", "LEARNING: ClassVar = dict() or {"),
        ('"decay": 0.9', '"decay": 0.9, "frozen": True'),
        ('FOLLOWS: ClassVar = {"target": {"node": "online"', 'FOLLOWS: ClassVar = {"target": {"node": "stem"'),
        ("self.online.state_dict()", "self.stem.state_dict()"),
    ],
)
def test_what_does_not_fit_together_is_refused_by_its_line(old: str, new: str) -> None:
    assert old in OURS
    whole = parse(OURS)
    assert generate(whole.project, whole.derived).text == OURS
    with pytest.raises(EngineError, match=r"^line \d+"):
        parse(OURS.replace(old, new, 1))


def test_a_network_without_weight_settings_has_none_of_this_source() -> None:
    text = generate(*with_settings(linear(), use(3), head=linear())).text
    assert not any(word in text for word in ("nn.init", "requires_grad", "def train", "LEARNING", "FOLLOWS"))
    assert isinstance(parse(text).project.graphs["Net"], Graph)
