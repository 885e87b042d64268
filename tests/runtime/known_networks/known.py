"""The known networks among the templates: for each a twin in plain PyTorch, and the same at a small size."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from torch import nn

from engine.catalog.params import Value
from engine.graph.model import Project
from engine.project import file
from engine.project.templates import template
from tests.runtime.known_networks.twins.dqn import DQN
from tests.runtime.known_networks.twins.language.bert_base import Bert
from tests.runtime.known_networks.twins.language.gpt2 import GPT2
from tests.runtime.known_networks.twins.language.llama_mini import Llama
from tests.runtime.known_networks.twins.language.seq2seq_attention import Seq2Seq
from tests.runtime.known_networks.twins.language.transformer_translation import Translation
from tests.runtime.known_networks.twins.m5 import M5
from tests.runtime.known_networks.twins.vision.alexnet import AlexNet
from tests.runtime.known_networks.twins.vision.convnext_tiny import ConvNeXt
from tests.runtime.known_networks.twins.vision.densenet121 import DenseNet
from tests.runtime.known_networks.twins.vision.efficientnet_b0 import EfficientNet
from tests.runtime.known_networks.twins.vision.googlenet import INCEPTIONS, GoogLeNet
from tests.runtime.known_networks.twins.vision.lenet5 import LeNet5
from tests.runtime.known_networks.twins.vision.mobilenet_v2 import MobileNetV2
from tests.runtime.known_networks.twins.vision.resnet import BasicBlock, Bottleneck, ResNet
from tests.runtime.known_networks.twins.vision.squeezenet import SqueezeNet
from tests.runtime.known_networks.twins.vision.unet import UNet
from tests.runtime.known_networks.twins.vision.vgg16 import VGG
from tests.runtime.known_networks.twins.vision.vit_b16 import ViT
from tests.runtime.known_networks.twins.wavenet_mini import WaveNet

Values = dict[str, Value]


@dataclass(frozen=True)
class KnownNetwork:
    """A network that has been published.

    ``parameters``: how many numbers it learns. ``changes``: what makes the template small, by the name of a node in
    the main graph; ``repeat`` is that of a block use. ``small``: the twin of that size. ``below``: the whole numbers
    that a field may hold at that size. ``names``: those of the template's weights that differ from the twin's.
    ``without_gradient``: the weights of the small twin that its outputs do not depend on.
    """

    parameters: int
    twin: Callable[[], nn.Module]
    small: Callable[[], nn.Module]
    changes: Mapping[str, Values]
    below: int = 0
    names: Mapping[str, str] = field(default_factory=dict)
    without_gradient: tuple[str, ...] = ()

    def name_of(self, name: str) -> str:
        """The name in the template of a weight of the twin."""
        return self.names.get(name, name)


def project_of(name: str) -> Project:
    """The project of a template, which the caller may change."""
    return file.parse(template(name).text(), name)


def small_project(name: str) -> Project:
    """The template of a known network at its small size."""
    project = project_of(name)
    nodes = project.graphs[project.main].nodes
    for node, values in NETWORKS[name].changes.items():
        own = dict(values)
        nodes[node].repeat = own.pop("repeat", nodes[node].repeat)  # type: ignore[assignment]  # a whole number
        nodes[node].params |= own
    return project


def image(side: int, channels: int = 3) -> Values:
    return {"shape": (channels, side, side)}


def length(steps: int) -> Values:
    return {"shape": (steps,)}


def channels(*sizes: int, start: int = 1, stem: str = "conv") -> dict[str, Values]:
    """The channels of uses that are numbered."""
    return {f"{stem}{number}": {"channels": size} for number, size in enumerate(sizes, start)}


def inceptions(divisor: int) -> dict[str, Values]:
    names = ("one", "reduce3", "three", "reduce5", "five", "project")
    sizes = {name: [size // divisor for size in full] for name, full in INCEPTIONS.items()}
    return {f"inception{name}": dict(zip(names, values, strict=True)) for name, values in sizes.items()}


MOBILE = ((1, 6, 1, 1), (2, 4, 2, 2), (3, 6, 2, 2), (2, 6, 3, 2), (2, 7, 2, 1), (3, 8, 2, 2), (2, 9, 1, 1))
EFFICIENT = (
    (1, 6, 3, 1, 1), (2, 8, 3, 2, 2), (3, 8, 5, 2, 2), (2, 9, 3, 2, 2), (2, 9, 5, 2, 1), (3, 10, 5, 3, 2),
    (2, 12, 3, 1, 1),
)  # fmt: skip

NETWORKS = {
    "lenet5": KnownNetwork(
        61_706,
        LeNet5,
        lambda: LeNet5((3, 4), (12, 9)),
        {"c1": {"out_channels": 3}, "c3": {"out_channels": 4}, "c5": {"out_features": 12}, "f6": {"out_features": 9}},
    ),
    "alexnet": KnownNetwork(
        61_100_840,
        AlexNet,
        lambda: AlexNet((4, 5, 6, 7, 8), 12, 5),
        channels(4, 5, 6, 7, 8)
        | {"image": image(64), "dense6": {"features": 12}, "dense7": {"features": 12}, "dense8": {"out_features": 5}},
    ),
    "vgg16": KnownNetwork(
        138_357_544,
        VGG,
        lambda: VGG((4, 4, 5, 5, 6), (2, 2, 2, 3, 2), 12, 5),
        {
            name: values | {"repeat": depth}
            for (name, values), depth in zip(channels(4, 4, 5, 5, 6).items(), (2, 2, 2, 3, 2), strict=True)
        }
        | {"image": image(32), "dense1": {"features": 12}, "dense2": {"features": 12}, "dense3": {"out_features": 5}},
    ),
    "squeezenet": KnownNetwork(
        1_248_424,
        SqueezeNet,
        lambda: SqueezeNet(8, (2, 2, 3, 3, 4, 4, 5, 5), 5),
        {f"fire{n}": {"squeeze": size, "expand": 4 * size} for n, size in enumerate((2, 2, 3, 3, 4, 4, 5, 5), 2)}
        | {"image": image(48), "conv1": {"out_channels": 8}, "conv10": {"out_channels": 5}},
    ),
    "resnet18": KnownNetwork(
        11_689_512,
        lambda: ResNet(BasicBlock, (2, 2, 2, 2)),
        lambda: ResNet(BasicBlock, (2, 2, 3, 2), 4, 5),
        channels(4, 8, 16, 32, stem="stage")
        | {"image": image(32), "stem": {"channels": 4}, "head": {"out_features": 5}}
        | {"stage3": {"channels": 16, "repeat": 3}},
    ),
    "resnet50": KnownNetwork(
        25_557_032,
        lambda: ResNet(Bottleneck, (3, 4, 6, 3)),
        lambda: ResNet(Bottleneck, (2, 3, 2, 2), 4, 5),
        {
            f"stage{number}": {"channels": 2 ** (number + 1), "repeat": depth}
            for number, depth in enumerate((2, 3, 2, 2), 1)
        }
        | {"image": image(32), "stem": {"channels": 4}, "head": {"out_features": 5}},
    ),
    "mobilenet-v2": KnownNetwork(
        3_504_872,
        MobileNetV2,
        lambda: MobileNetV2(MOBILE, 6, 12, 5),
        {
            f"stage{number}": {"expansion": expansion, "channels": size, "repeat": depth}
            for number, (expansion, size, depth, _) in enumerate(MOBILE, 1)
        }
        | {"image": image(32), "stem": {"channels": 6}, "last": {"channels": 12}, "head": {"out_features": 5}},
    ),
    "densenet121": KnownNetwork(
        7_978_856,
        DenseNet,
        lambda: DenseNet((2, 3, 2, 2), 4, 8, 5),
        {f"dense{number}": {"growth": 4, "repeat": depth} for number, depth in enumerate((2, 3, 2, 2), 1)}
        | {"image": image(32), "conv": {"out_channels": 8}, "head": {"out_features": 5}},
    ),
    "googlenet": KnownNetwork(
        13_004_888,
        GoogLeNet,
        lambda: GoogLeNet(16, 5, 10),
        inceptions(16)
        | channels(4, 4, 12)
        | {f"extra{n}": {"channels": 8, "features": 10, "classes": 5} for n in (1, 2)}
        | {"image": image(64), "head": {"out_features": 5}},
    ),
    "efficientnet-b0": KnownNetwork(
        5_288_548,
        EfficientNet,
        lambda: EfficientNet(EFFICIENT, 6, 12, 5),
        {
            f"stage{number}": {"expansion": expansion, "channels": size, "kernel_size": kernel_size, "repeat": depth}
            for number, (expansion, size, kernel_size, depth, _) in enumerate(EFFICIENT, 1)
        }
        | {"image": image(32), "stem": {"channels": 6}, "last": {"channels": 12}, "head": {"out_features": 5}},
    ),
    "convnext-tiny": KnownNetwork(
        28_589_128,
        ConvNeXt,
        lambda: ConvNeXt((4, 6, 8, 10), (2, 2, 3, 2), 5),
        {f"stage{number}": {"repeat": depth} for number, depth in enumerate((2, 2, 3, 2), 1)}
        | channels(6, 8, 10, stem="down")
        | {"image": image(64), "stem": {"out_channels": 4}, "head": {"out_features": 5}},
        names={f"stage{n}.{place}.gamma": f"stage{n}.{place}.gamma.weight" for n in (1, 2, 3, 4) for place in range(9)},
    ),
    "vit-b16": KnownNetwork(
        86_567_656,
        ViT,
        lambda: ViT(12, 2, 3, 20, 8, 24, 5),
        {
            "image": image(24),
            "patches": {"out_channels": 12, "kernel_size": 8, "stride": 8},
            "class_token": {"shape": (1, 12)},
            "encoder": {"heads": 3, "hidden": 20, "repeat": 2},
            "head": {"out_features": 5},
        },
        names={"class_token": "class_token.weight", "positions": "positions.weight"},
    ),
    "unet": KnownNetwork(
        31_030_658,
        UNet,
        lambda: UNet(2, 3),
        channels(2, 4, 8, 16, stem="down")
        | channels(2, 4, 8, 16, stem="up")
        | {"bottom": {"channels": 32}, "head": {"out_channels": 3}, "image": image(188, 1), "mask": {"shape": (4, 4)}},
    ),
    "gpt2": KnownNetwork(
        124_439_808,
        GPT2,
        lambda: GPT2(50, 7, 12, 2, 3),
        {
            "tokens": length(7),
            "next": length(7),
            "wte": {"num_embeddings": 50, "embedding_dim": 12},
            "blocks": {"heads": 3, "repeat": 2},
            "head": {"out_features": 50},
        },
        below=50,
        names={"wpe": "wpe.weight"},
    ),
    "bert-base": KnownNetwork(
        109_482_240,
        Bert,
        lambda: Bert(40, 7, 12, 2, 3, 20),
        {
            **dict.fromkeys(("tokens", "segments", "padding"), length(7)),
            "words": {"num_embeddings": 40, "embedding_dim": 12},
            "types": {"embedding_dim": 12},
            "encoder": {"heads": 3, "hidden": 20, "repeat": 2},
            "pooler": {"out_features": 12},
        },
        below=2,
        names={"positions": "positions.weight"},
    ),
    "llama-mini": KnownNetwork(
        758_912,
        Llama,
        lambda: Llama(30, 16, 2, 4, 2, 10),
        {
            **dict.fromkeys(("tokens", "next"), length(7)),
            "embed": {"num_embeddings": 30, "embedding_dim": 16},
            "blocks": {"heads": 4, "groups": 2, "hidden": 10, "repeat": 2},
            "head": {"out_features": 30},
        },
        below=30,
    ),
    "m5": KnownNetwork(
        559_114,
        M5,
        lambda: M5(4, 5),
        channels(4, 4, 8, 16) | {"audio": {"shape": (1, 2048)}, "head": {"out_features": 5}},
    ),
    "dqn": KnownNetwork(
        1_686_180,
        DQN,
        lambda: DQN((3, 4, 5), 11, 3),
        {
            **{f"conv{number}": {"out_channels": number + 2} for number in (1, 2, 3)},
            "fc": {"out_features": 11},
            "values": {"out_features": 3},
        },
    ),
    "seq2seq-attention": KnownNetwork(
        1_026_000,
        Seq2Seq,
        lambda: Seq2Seq(20, 15, 6, 8),
        {
            **dict.fromkeys(("source", "target", "next"), length(7)),
            "source_embed": {"num_embeddings": 20, "embedding_dim": 6},
            "target_embed": {"num_embeddings": 15, "embedding_dim": 6},
            "encoder": {"hidden_size": 8},
            "decoder": {"hidden_size": 8},
            "head": {"out_features": 15},
        },
        below=15,
    ),
    "transformer-translation": KnownNetwork(
        1_900_544,
        Translation,
        lambda: Translation(30, 8, 2, 2, 12),
        {
            "source": length(6),
            **dict.fromkeys(("target", "next"), length(7)),
            "source_vectors": {"vocabulary": 30, "features": 8},
            "encoder": {"heads": 2, "hidden": 12, "repeat": 2},
            "decoder": {"heads": 2, "hidden": 12, "repeat": 2},
            "head": {"out_features": 30},
        },
        below=30,
        names={"embed.weight": "source_vectors.embed.weight"},
    ),
    "wavenet-mini": KnownNetwork(
        148_352,
        WaveNet,
        lambda: WaveNet(3, 4, 3, 11),
        {
            **dict.fromkeys(("samples", "next"), length(20)),
            "embed": {"num_embeddings": 11, "embedding_dim": 3},
            "skip_start": {"out_channels": 4},
            "stack1": {"channels": 3, "skip_channels": 4, "repeat": 3},
            "stack2": {"channels": 3, "skip_channels": 4, "repeat": 3},
            "post": {"out_channels": 4},
            "head": {"out_channels": 11},
        },
        below=11,
        without_gradient=("stack2.2.residual.weight", "stack2.2.residual.bias"),  # only its skip is read
    ),
}
