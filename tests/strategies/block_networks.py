"""Small networks of blocks with parameters: residual stages, inverted residuals."""

from engine.catalog.expressions import parse
from engine.graph.block_params import BlockParam
from engine.graph.model import Graph, Node, Project
from engine.runtime.data.field_spec import FieldSpec
from tests.small_projects import graph, node, project

FIELDS = {"image": FieldSpec((3, 16, 16), "float32")}


def block_graph(params: dict[str, BlockParam], nodes: dict[str, Node | str], *wires: str) -> Graph:
    """A graph with parameters."""
    result = graph(nodes, *wires)
    result.params = params
    return result


def whole(default: int, least: int | None = 1) -> BlockParam:
    """A parameter that is a whole number."""
    return BlockParam("int", default, least)


def use(name: str, repeat: int = 1, bypass: str = "", **params: object) -> Node:
    """A use of a block; a value that is a text is an expression."""
    values = {key: parse(value) if isinstance(value, str) else value for key, value in params.items()}
    return Node("Block", values, graph=name, repeat=repeat, bypass=parse(bypass) if bypass else False)


def bypassed(expression: str, kind: str, **params: object) -> Node:
    """A node that an expression bypasses."""
    return Node(kind, params, bypass=parse(expression))


SAME = "stride == 1 and size(x, 1) == channels * 4"


def bottleneck() -> Graph:
    """The residual block of ResNet-50, whose projection is left out where sizes stay."""
    wide, stride = parse("channels * 4"), parse("stride")
    conv2 = node("Conv2d", out_channels=parse("channels"), kernel_size=3, stride=stride, padding=1, bias=False)
    return block_graph(
        {"channels": whole(4), "stride": whole(1)},
        {
            "x": "Input",
            "conv1": node("Conv2d", out_channels=parse("channels"), kernel_size=1, bias=False), "norm1": "BatchNorm2d",
            "act1": "ReLU", "conv2": conv2, "norm2": "BatchNorm2d", "act2": "ReLU",
            "conv3": node("Conv2d", out_channels=wide, kernel_size=1, bias=False), "norm3": "BatchNorm2d",
            "projection": bypassed(SAME, "Conv2d", out_channels=wide, kernel_size=1, stride=stride, bias=False),
            "norm": bypassed(SAME, "BatchNorm2d"), "sum": "add", "act3": "ReLU", "y": "Output",
        },
        "x > conv1", "conv1 > norm1", "norm1 > act1", "act1 > conv2", "conv2 > norm2", "norm2 > act2", "act2 > conv3",
        "conv3 > norm3", "x > projection", "projection > norm", "norm3 > sum", "norm > sum.other", "sum > act3",
        "act3 > y",
    )  # fmt: skip


def residual_network(stages: tuple[tuple[int, int, int], ...] = ((4, 1, 2), (6, 2, 3), (8, 2, 1))) -> Project:
    """A stem, stages of (channels, stride, blocks) of one kind of block, and a classifier."""
    nodes: dict[str, Node | str] = {
        "image": "Input", "stem": node("Conv2d", out_channels=8, kernel_size=3, padding=1, bias=False),
    }  # fmt: skip
    wires, last = ["image > stem"], "stem"
    for place, (channels, stride, count) in enumerate(stages, 1):
        first = f"{stride} if index == 0 else 1" if count > 1 else stride
        changed = {"stride": first} if stride > 1 else {}
        nodes[f"stage{place}"] = use("Bottleneck", count, channels=channels, **changed)
        wires.append(f"{last} > stage{place}.x")
        last = f"stage{place}.y"
    nodes |= {
        "pool": node("AdaptiveAvgPool2d", output_size=1), "flat": "Flatten", "fc": node("Linear", out_features=10),
        "scores": "Output",
    }  # fmt: skip
    wires += [f"{last} > pool", "pool > flat", "flat > fc", "fc > scores"]
    return project(nodes, *wires, blocks={"Bottleneck": bottleneck()})


def conv_norm() -> Graph:
    """A convolution with normalization, and an activation that a flag leaves out."""
    conv = node(
        "Conv2d", out_channels=parse("channels"), kernel_size=parse("kernel"), stride=parse("stride"),
        padding=parse("kernel // 2"), groups=parse("groups"), bias=False,
    )  # fmt: skip
    return block_graph(
        {
            "channels": whole(8), "kernel": whole(3), "stride": whole(1), "groups": whole(1),
            "active": BlockParam("flag", True),
        },
        {"x": "Input", "conv": conv, "norm": "BatchNorm2d", "act": bypassed("not active", "ReLU6"), "y": "Output"},
        "x > conv", "conv > norm", "norm > act", "act > y",
    )  # fmt: skip


def inverted_residual() -> Graph:
    """The block of MobileNetV2, of `conv_norm` parts; the expansion and the sum are left out where they do nothing."""
    wide = "size(x, 1) * expansion"
    return block_graph(
        {"channels": whole(8), "stride": whole(1), "expansion": whole(6)},
        {
            "x": "Input", "expand": use("ConvNorm", channels=wide, kernel=1, bypass="expansion == 1"),
            "depthwise": use("ConvNorm", channels=wide, stride="stride", groups=wide),
            "project": use("ConvNorm", channels="channels", kernel=1, active=False),
            "sum": bypassed("stride != 1 or size(x, 1) != channels", "add"), "y": "Output",
        },
        "x > expand.x", "expand.y > depthwise.x", "depthwise.y > project.x", "project.y > sum", "x > sum.other",
        "sum > y",
    )  # fmt: skip


def mobile_network() -> Project:
    """A stem, three stages of one inverted residual, a head and a classifier."""
    nodes: dict[str, Node | str] = {
        "image": "Input", "stem": use("ConvNorm", channels=8, stride=2),
        "stage1": use("Inverted", channels=4, expansion=1),
        "stage2": use("Inverted", 2, channels=6, stride="2 if index == 0 else 1"),
        "stage3": use("Inverted", 3, channels=6, expansion="2 + index"), "head": use("ConvNorm", channels=16, kernel=1),
        "pool": node("AdaptiveAvgPool2d", output_size=1), "flat": "Flatten", "fc": node("Linear", out_features=10),
        "scores": "Output",
    }  # fmt: skip
    wires = (
        "image > stem.x", "stem.y > stage1.x", "stage1.y > stage2.x", "stage2.y > stage3.x", "stage3.y > head.x",
        "head.y > pool", "pool > flat", "flat > fc", "fc > scores",
    )  # fmt: skip
    return project(nodes, *wires, blocks={"ConvNorm": conv_norm(), "Inverted": inverted_residual()})
