"""The networks whose source is kept beside this file, with the parameters that their analysis derives."""

from engine.catalog.params import Value
from engine.graph.model import Node, Phase, Project, Training
from tests.small_projects import graph, node

GoldenNetwork = tuple[Project, dict[tuple[str, ...], dict[str, Value]]]


def _net(main: object, derived: dict[str, dict[str, Value]], **blocks: object) -> GoldenNetwork:
    """``derived``: by the dotted path of a node."""
    project = Project(name="golden", graphs={"Net": main, **blocks})
    return project, {tuple(path.split(".")): values for path, values in derived.items()}


MLP = _net(
    graph(
        {
            "features": "Input", "label": "Input", "fc1": node("Linear", out_features=64), "act": "ReLU",
            "drop": node("Dropout", p=0.2), "fc2": node("Linear", out_features=10), "logits": "Output",
            "loss": node("CrossEntropyLoss", weight=(1.0, 2.0, 0.5), label_smoothing=0.1),
        },
        "features > fc1", "fc1 > act", "act > drop", "drop > fc2", "fc2 > logits", "fc2 > loss", "label > loss.target",
    ),
    {"fc1": {"in_features": 784}, "fc2": {"in_features": 64}},
)  # fmt: skip

RESIDUAL = _net(
    graph(
        {
            "image": "Input", "label": "Input", "conv1": node("Conv2d", out_channels=32, kernel_size=3, padding=1),
            "bn1": "BatchNorm2d", "relu1": "ReLU", "conv2": node("Conv2d", out_channels=32, kernel_size=3, padding=1),
            "add": "add", "relu2": "ReLU", "pool": node("AdaptiveAvgPool2d", output_size=1), "flat": "Flatten",
            "fc": node("Linear", out_features=10), "loss": "CrossEntropyLoss", "top3": node("TopKAccuracy", k=3),
            "accuracy": "Accuracy",
        },
        "image > conv1", "conv1 > bn1", "bn1 > relu1", "relu1 > conv2", "conv2 > add", "relu1 > add.other",
        "add > relu2", "relu2 > pool", "pool > flat", "flat > fc", "fc > loss", "label > loss.target", "fc > accuracy",
        "label > accuracy.target", "fc > top3", "label > top3.target",
    ),
    {
        "conv1": {"in_channels": 3}, "bn1": {"num_features": 32}, "conv2": {"in_channels": 32},
        "fc": {"in_features": 32},
    },
)  # fmt: skip

SEQUENCE = _net(
    graph(
        {
            "tokens": "Input", "label": "Input", "embed": node("Embedding", num_embeddings=1000, embedding_dim=32),
            "position": "SinusoidalPositionEncoding",
            "attention": node("MultiheadAttention", num_heads=4, batch_first=True, need_weights=False), "add": "add",
            "norm": "LayerNorm", "lstm": node("LSTM", hidden_size=64, num_layers=2, batch_first=True, dropout=0.1),
            "last": node("slice", dim=1, start=-1), "flat": "Flatten", "states": "Output",
            "head": node("Linear", out_features=2), "loss": "CrossEntropyLoss",
        },
        "tokens > embed", "embed > position", "position > attention.query", "position > attention.key",
        "position > attention.value", "attention.attn_output > add", "position > add.other", "add > norm",
        "norm > lstm", "lstm.h_n > states", "lstm > last", "last > flat", "flat > head", "head > loss",
        "label > loss.target",
    ),
    {
        "position": {"num_positions": 20, "embedding_dim": 32}, "attention": {"embed_dim": 32},
        "norm": {"normalized_shape": 32}, "lstm": {"input_size": 32}, "head": {"in_features": 64},
    },
)  # fmt: skip

AUTOENCODER = _net(
    graph(
        {
            "image": "Input", "flat": "Flatten", "encoder": node("Linear", out_features=8), "code": "Output",
            "decoder": node("Linear", out_features=64), "pixels": "Sigmoid",
            "picture": node("Unflatten", dim=1, unflattened_size=(1, 8, 8)), "loss": "MSELoss",
        },
        "image > flat", "flat > encoder", "encoder > code", "encoder > decoder", "decoder > pixels",
        "pixels > picture", "picture > loss", "image > loss.target",
    ),
    {"encoder": {"in_features": 64}, "decoder": {"in_features": 8}},
)  # fmt: skip

TWO_HEADS = _net(
    graph(
        {
            "features": "Input", "label": "Input", "target": "Input", "trunk": node("Linear", out_features=32),
            "act": "ReLU", "classes": node("Linear", out_features=3), "size": node("Linear", out_features=1),
            "column": node("unsqueeze", dim=1), "what": "CrossEntropyLoss", "how_large": node("MSELoss", scale=0.5),
            "error": "RootMeanSquaredError", "r2": "R2Score", "kind": "Output",
        },
        "features > trunk", "trunk > act", "act > classes", "act > size", "target > column", "classes > what",
        "label > what.target", "size > how_large", "column > how_large.target", "size > error",
        "column > error.target", "size > r2", "column > r2.target", "classes > kind",
    ),
    {"trunk": {"in_features": 13}, "classes": {"in_features": 32}, "size": {"in_features": 32}},
)  # fmt: skip

STAGE = graph(
    {
        "x": "Input", "conv": node("Conv2d", out_channels=16, kernel_size=3, padding=1), "norm": "BatchNorm2d",
        "act": "ReLU", "y": "Output",
    },
    "x > conv", "conv > norm", "norm > act", "act > y",
)  # fmt: skip
FORK = graph(
    {
        "x": "Input", "skip": "Input", "stage": Node("Block", graph="Stage"), "sum": "add", "y": "Output",
        "raw": "Output",
    },
    "x > stage.x", "stage.y > sum", "skip > sum.other", "sum > y", "stage.y > raw",
)  # fmt: skip
BLOCKS = _net(
    graph(
        {
            "image": "Input", "first": Node("Block", graph="Stage"), "deep": Node("Block", graph="Fork", repeat=3),
            "same": Node("Block", graph="Stage", shares="first"), "mean": node("mean", dim=(2, 3)),
            "deepest": Node("Block", graph="Stage", repeat=2), "join": node("cat", dim=1), "out": "Output",
        },
        "image > first.x", "image > same.x", "first.y > deep.x", "same.y > deep.skip", "deep.y > deepest.x",
        "deepest.y > join.tensors[0]", "deep.raw > join.tensors[1]", "join > mean", "mean > out",
    ),
    {
        "first.conv": {"in_channels": 3}, "first.norm": {"num_features": 16}, "same.conv": {"in_channels": 3},
        "same.norm": {"num_features": 16}, "deep.stage.conv": {"in_channels": 16},
        "deep.stage.norm": {"num_features": 16}, "deepest.conv": {"in_channels": 16},
        "deepest.norm": {"num_features": 16},
    },
    Fork=FORK,
    Stage=STAGE,
)  # fmt: skip

ADVERSARIES = _net(
    graph(
        {
            "image": "Input", "noise": "Input", "one": "Input", "zero": "Input", "flat": "Flatten",
            "gen": Node("Block", graph="Gen"), "disc": Node("Block", graph="Disc"),
            "disc2": Node("Block", graph="Disc", shares="disc"), "real_loss": "BCEWithLogitsLoss",
            "fake_loss": node("BCEWithLogitsLoss", scale=0.5), "fool_loss": "BCEWithLogitsLoss", "sample": "Output",
        },
        "image > flat", "flat > disc.x", "noise > gen.z", "gen.y > disc2.x", "gen.y > sample",
        "disc.y > real_loss", "one > real_loss.target", "disc2.y > fake_loss", "zero > fake_loss.target",
        "disc2.y > fool_loss", "one > fool_loss.target",
    ),
    {
        "gen.fc": {"in_features": 16}, "gen.out": {"in_features": 64}, "disc.fc": {"in_features": 64},
        "disc.out": {"in_features": 64},
    },
    Gen=graph(
        {
            "z": "Input", "fc": node("Linear", out_features=64), "act": "ReLU",
            "out": node("Linear", out_features=64), "y": "Output",
        },
        "z > fc", "fc > act", "act > out", "out > y",
    ),
    Disc=graph(
        {
            "x": "Input", "fc": node("Linear", out_features=64), "act": "LeakyReLU",
            "out": node("Linear", out_features=1), "y": "Output",
        },
        "x > fc", "fc > act", "act > out", "out > y",
    ),
)  # fmt: skip
ADVERSARIES[0].training = Training(
    phases=(
        Phase("discriminator", ("real_loss", "fake_loss"), ("disc",)),
        Phase("generator", ("fool_loss",), ("gen",)),
    )
)

NETWORKS: dict[str, GoldenNetwork] = {
    "mlp": MLP,
    "residual": RESIDUAL,
    "sequence": SEQUENCE,
    "autoencoder": AUTOENCODER,
    "two_heads": TWO_HEADS,
    "blocks": BLOCKS,
    "adversaries": ADVERSARIES,
}
