"""Blocks with parameters: classes that compute what PyTorch written by hand computes, and what each use says."""

import pytest
import torch
from hypothesis import given
from torch import Tensor, nn

from engine.catalog.expressions import parse as parse_expression
from engine.codegen.model import generate
from engine.codegen.parse.project import parse
from engine.graph.block_params import BlockParam
from engine.graph.model import Part, Project
from engine.graph.weights import Follows, WeightSettings
from engine.runtime.analysis.analyse import analyse
from resources.snippets.training.learning import follow, learning_of
from tests.runtime.codegen.test_model_source import run
from tests.small_projects import node
from tests.small_projects import project as small_project
from tests.strategies.block_networks import FIELDS, block_graph, bypassed, mobile_network, residual_network, use, whole
from tests.strategies.parametrized import parametrized, written_out


class Bottleneck(nn.Module):
    def __init__(self, before: int, channels: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(before, channels, 1, bias=False)
        self.norm1 = nn.BatchNorm2d(channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, stride, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(channels)
        self.conv3 = nn.Conv2d(channels, channels * 4, 1, bias=False)
        self.norm3 = nn.BatchNorm2d(channels * 4)
        self.changes = stride != 1 or before != channels * 4
        if self.changes:
            self.projection = nn.Conv2d(before, channels * 4, 1, stride, bias=False)
            self.norm = nn.BatchNorm2d(channels * 4)

    def forward(self, x: Tensor) -> Tensor:
        h = self.norm1(self.conv1(x)).relu()
        h = self.norm2(self.conv2(h)).relu()
        shortcut = self.norm(self.projection(x)) if self.changes else x
        return (self.norm3(self.conv3(h)) + shortcut).relu()


class ResidualNetwork(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 3, padding=1, bias=False)
        self.stage1 = nn.ModuleList([Bottleneck(8, 4, 1), Bottleneck(16, 4, 1)])
        self.stage2 = nn.ModuleList([Bottleneck(16, 6, 2), Bottleneck(24, 6, 1), Bottleneck(24, 6, 1)])
        self.stage3 = Bottleneck(24, 8, 2)
        self.fc = nn.Linear(32, 10)

    def forward(self, image: Tensor) -> Tensor:
        x = self.stem(image)
        for block in (*self.stage1, *self.stage2, self.stage3):
            x = block(x)
        return self.fc(x.mean((2, 3)))


class ConvNorm(nn.Module):
    def __init__(self, before: int, channels: int, kernel: int = 3, stride: int = 1, groups: int = 1) -> None:
        super().__init__()
        self.conv = nn.Conv2d(before, channels, kernel, stride, kernel // 2, groups=groups, bias=False)
        self.norm = nn.BatchNorm2d(channels)

    def forward(self, x: Tensor) -> Tensor:
        return self.norm(self.conv(x))


class Inverted(nn.Module):
    def __init__(self, before: int, channels: int, stride: int = 1, expansion: int = 6) -> None:
        super().__init__()
        wide = before * expansion
        if expansion != 1:
            self.expand = ConvNorm(before, wide, 1)
        self.depthwise = ConvNorm(wide, wide, 3, stride, wide)
        self.project = ConvNorm(wide, channels, 1)
        self.adds = stride == 1 and before == channels

    def forward(self, x: Tensor) -> Tensor:
        h = nn.functional.relu6(self.expand(x)) if hasattr(self, "expand") else x
        h = self.project(nn.functional.relu6(self.depthwise(h)))
        return h + x if self.adds else h


class MobileNetwork(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.stem = ConvNorm(3, 8, stride=2)
        self.stage1 = Inverted(8, 4, expansion=1)
        self.stage2 = nn.ModuleList([Inverted(4, 6, 2), Inverted(6, 6)])
        self.stage3 = nn.ModuleList([Inverted(6, 6, expansion=2 + index) for index in range(3)])
        self.head = ConvNorm(6, 16, 1)
        self.fc = nn.Linear(16, 10)

    def forward(self, image: Tensor) -> Tensor:
        x = nn.functional.relu6(self.stem(image))
        for block in (self.stage1, *self.stage2, *self.stage3):
            x = block(x)
        return self.fc(nn.functional.relu6(self.head(x)).mean((2, 3)))


def model_of(project: Project) -> nn.Module:
    """The network of the generated source, which has no problem and is read back to the same source."""
    analysis = analyse(project, FIELDS)
    assert analysis.errors == ()
    text = generate(project, analysis.derived).text
    parsed = parse(text)
    assert generate(parsed.project, parsed.derived).text == text
    model = run(text)["Net"]()
    assert analysis.parameters == sum(weight.numel() for weight in model.parameters())
    return model


def assert_equal(model: nn.Module, twin: nn.Module) -> None:
    """Both give the same values and gradients; their weights are in the same order."""
    pairs = list(zip(model.parameters(), twin.parameters(), strict=True))
    image = torch.randn(3, 3, 16, 16)
    results = []
    for network in (model, twin):
        values = image.clone().requires_grad_()
        result = network(values)
        result.square().mean().backward()
        results.append((result.detach(), values.grad))
    torch.testing.assert_close(*results, rtol=1e-3, atol=1e-4)
    for own, other in pairs:
        torch.testing.assert_close(own.grad, other.grad, rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize(("project", "twin"), [(residual_network, ResidualNetwork), (mobile_network, MobileNetwork)])
def test_a_network_of_few_blocks_equals_its_twin_by_hand(project, twin) -> None:
    torch.manual_seed(0)
    model, by_hand = model_of(project()), twin()
    shapes, expected = ({name: each.shape for name, each in one.state_dict().items()} for one in (model, by_hand))
    assert shapes == expected
    by_hand.load_state_dict(model.state_dict())
    assert_equal(model, by_hand)


def test_settings_of_weights_hold_where_their_layer_is_not_bypassed() -> None:
    project = residual_network()
    inside, uses = project.graphs["Bottleneck"].nodes, project.graphs["Net"].nodes
    inside["projection"].settings = WeightSettings(init={"weight": Part("ones_")}, frozen=True)
    inside["norm"].settings = WeightSettings(lr_scale=0.5)
    uses["stage2"].settings = WeightSettings(init={"norm.bias": Part("ones_"), "conv1.weight": Part("zeros_")})
    uses["stage3"].settings = WeightSettings(frozen=False)
    model = model_of(project).train()
    blocks = [*model.stage1, *model.stage2, model.stage3]
    assert [hasattr(block, "projection") for block in blocks] == [True, False, True, False, False, True]
    for block in blocks:
        if hasattr(block, "projection"):
            assert block.projection.weight.eq(1).all()
            is_learning = block is model.stage3
            assert block.projection.weight.requires_grad is block.projection.training is is_learning
            assert learning_of(model)[block.norm.weight] == {"lr_scale": 0.5}
    assert model.stage2[0].norm.bias.eq(1).all()
    assert all(block.conv1.weight.eq(0).all() for block in model.stage2)
    assert not any(block.conv1.weight.eq(0).all() for block in model.stage1)


def follower(condition: str) -> Project:
    """Two uses of a block in which one layer follows another; the condition bypasses the one that leads."""
    params = {"off": BlockParam("flag", False)}
    kinds = {"leader": condition, "follower": "off"}
    layers = {name: bypassed(bypass, "Linear", out_features=16) for name, bypass in kinds.items()}
    layers["follower"].settings = WeightSettings(follows=Follows("leader", 0.9))
    wires = ("x > leader", "x > follower", "leader > sum", "follower > sum.other", "sum > y")
    pair = block_graph(params, {"x": "Input", **layers, "sum": "add", "y": "Output"}, *wires)
    nodes = {"image": "Input", "on": use("Pair"), "off": use("Pair", off=True), "out": "Output"}
    return small_project(nodes, "image > on.x", "on.y > off.x", "off.y > out", blocks={"Pair": pair})


def test_a_layer_follows_another_where_both_are_there() -> None:
    model = model_of(follower("off"))
    assert not list(model.off.parameters())
    with torch.no_grad():
        model.on.leader.weight.zero_()
    before = model.on.follower.weight.clone()
    follow(model, 1)
    torch.testing.assert_close(model.on.follower.weight, before * 0.9)


def test_a_layer_cannot_follow_one_that_is_bypassed_at_a_use() -> None:
    problems = analyse(follower("not off"), FIELDS).errors
    assert [(each.code, each.node) for each in problems] == [("W005", "on.follower")]


@pytest.mark.parametrize(
    ("bounds", "text"),
    [
        ({"start": "-n // 4"}, "x[:, -self.n // 4 :]"),
        ({"end": "n", "step": 2}, "x[:, : self.n : 2]"),
        ({"start": "n - 1", "step": "n"}, "x[:, self.n - 1 :: self.n]"),
        ({"start": 1, "end": 3}, "x[:, 1:3]"),
    ],
)
def test_bounds_of_a_slice_may_be_expressions(bounds: dict, text: str) -> None:
    values = {name: parse_expression(value) if isinstance(value, str) else value for name, value in bounds.items()}
    part = block_graph({"n": whole(2)}, {"x": "Input", "part": node("slice", dim=1, **values), "y": "Output"},
                       "x > part", "part > y")  # fmt: skip
    nodes = {"image": "Input", "use": use("Part"), "out": "Output"}
    example = small_project(nodes, "image > use.x", "use.y > out", blocks={"Part": part})
    assert f"= {text}" in generate(example, analyse(example, FIELDS).derived).text
    assert model_of(example)(torch.randn(2, 3, 4, 4)).dim() == 4


@given(parametrized())
def test_a_block_computes_what_it_computes_written_out_and_is_read_back(project: Project) -> None:
    torch.manual_seed(0)
    flat_project = written_out(project)
    model, flat = model_of(project), model_of(flat_project)
    state = {_flat_name(name): value for name, value in model.state_dict().items()}
    assert state.keys() == flat.state_dict().keys()
    constant = {f"{name}.weight" for name, node in flat_project.graphs["Net"].nodes.items() if node.settings.init}
    assert all(torch.equal(state[name], flat.state_dict()[name]) for name in constant)
    flat.load_state_dict(state)
    assert_equal(model, flat)


def _flat_name(name: str) -> str:
    """``stage_1_conv.weight`` for ``stage.1.conv.weight``."""
    path, _, weight = name.rpartition(".")
    return f"{path.replace('.', '_')}.{weight}"


@pytest.mark.parametrize("name", ["depth", "block", "self_", "x"])
def test_initial_values_may_be_expressions_with_other_values_at_each_use(name: str) -> None:
    settings = WeightSettings(
        init={"weight": Part("constant_", {"val": parse_expression(f"1 / ({name} + size(z, 1))")})}
    )
    inner = block_graph({name: whole(1)}, {"z": "Input", "conv": node("Conv2d", out_channels=3, kernel_size=1),
                        "y": "Output"}, "z > conv", "conv > y")  # fmt: skip
    inner.nodes["conv"].settings = settings
    use_of_use = use("Inner", repeat=2, **{name: parse_expression(f"{name} * 2 + index")})
    use_of_use.settings = WeightSettings(init={"conv.bias": Part("constant_", {"val": parse_expression(name)})})
    outer = block_graph({name: whole(4)}, {"z": "Input", "in_": use_of_use, "y": "Output"}, "z > in_.z", "in_.y > y")
    nodes = {"image": "Input", "one": use("Outer"), "two": use("Outer", **{name: 7}), "out": "Output"}
    wires = ("image > one.z", "one.y > two.z", "two.y > out")
    example = small_project(nodes, *wires, blocks={"Inner": inner, "Outer": outer})
    state = model_of(example).state_dict()
    for place, value in (("one", 4), ("two", 7)):
        for index in range(2):
            weight, bias = (state[f"{place}.in_.{index}.conv.{each}"] for each in ("weight", "bias"))
            torch.testing.assert_close(weight, torch.full_like(weight, 1 / (value * 2 + index + 3)))
            assert torch.equal(bias, torch.full_like(bias, value))


def test_initial_values_are_judged_at_every_use() -> None:
    inner = block_graph({"depth": whole(1)}, {"z": "Input", "conv": node("Conv2d", out_channels=3, kernel_size=1),
                        "y": "Output"}, "z > conv", "conv > y")  # fmt: skip
    inner.nodes["conv"].settings = WeightSettings(
        init={"weight": Part("normal_", {"std": parse_expression("4 - depth")})}
    )
    nodes = {"image": "Input", "one": use("Inner"), "two": use("Inner", depth=7), "out": "Output"}
    example = small_project(nodes, "image > one.z", "one.y > two.z", "two.y > out", blocks={"Inner": inner})
    (problem,) = analyse(example, FIELDS).problems
    assert (problem.code, problem.node) == ("W003", "two.conv")
