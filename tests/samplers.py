"""Small networks that generate images from noise, for tests of random numbers, gradients and generation."""

from dataclasses import replace
from typing import Any

from engine.graph.model import Data, Part, Phase, Project, Split, Training
from tests.gan import CRITIC, GENERATOR, LOSS_WIRES, block, uses
from tests.small_projects import graph, node

PIXELS = 64


def sampler(phases: tuple[Phase, ...] = (CRITIC, GENERATOR), **training: Any) -> Project:
    """A generator of digits from noise, and a critic with a gradient penalty; three steps for each epoch."""
    main = graph(
        {
            "image": "Input",
            "gen": uses("Generator"),
            "critic": uses("Critic"),
            "again": uses("Critic", shares="critic"),
            "share": node("rand", shape=(1, 1, 1)),
            "rest": node("mul", other=-1),
            "more": node("add", other=1),
            "real": "mul",
            "fake": "mul",
            "mixed": "add",
            "judged": uses("Critic", shares="critic"),
            "slope": "grad",
            "steepness": node("vector_norm", dim=(1, 2, 3)),
            "one": node("full_like", fill_value=1.0),
            "ones": node("full_like", fill_value=1.0),
            "zeros": node("full_like", fill_value=0.0),
            "real_loss": "BCEWithLogitsLoss",
            "fake_loss": "BCEWithLogitsLoss",
            "penalty": node("MSELoss", scale=0.1),
            "fool_loss": "BCEWithLogitsLoss",
            "samples": "Output",
        },
        "image > critic.x",
        "gen.y > again.x",
        "gen.y > samples",
        "image > share.like",
        "share > rest",
        "rest > more",
        "image > real",
        "share > real.other",
        "gen.y > fake",
        "more > fake.other",
        "real > mixed",
        "fake > mixed.other",
        "mixed > judged.x",
        "judged.y > slope.outputs",
        "mixed > slope.inputs",
        "slope > steepness",
        "steepness > one",
        "steepness > penalty",
        "one > penalty.target",
        *LOSS_WIRES,
    )
    generator = graph(
        {
            "noise": node("randn", shape=(8,)),
            "fc": node("Linear", out_features=PIXELS),
            "norm": "BatchNorm1d",
            "squash": "Sigmoid",
            "image": node("Unflatten", dim=1, unflattened_size=(1, 8, 8)),
            "y": "Output",
        },
        "noise > fc",
        "fc > norm",
        "norm > squash",
        "squash > image",
        "image > y",
    )
    critic = block(node("Flatten"), node("Linear", out_features=8), node("Softplus"), node("Linear", out_features=1))
    settings = {"epochs": 2, "batch_size": 512, "threads": 1, "device": "cpu", **training}
    return Project(
        "sampler",
        "Net",
        {"Net": main, "Generator": generator, "Critic": critic},
        Data("Digits", split=Split(0.2, 0.0, stratify=False)),
        replace(Training(), phases=with_penalty(phases), **settings),
        generation=Part("FromNoise"),
    )


def with_penalty(phases: tuple[Phase, ...]) -> tuple[Phase, ...]:
    """The critic's phase with the penalty."""
    return tuple(replace(each, losses=(*each.losses, "penalty")) if each.name == "critic" else each for each in phases)


def noisy(**training: Any) -> Project:
    """A network of one phase that learns to remove noise; the noise is drawn in evaluation too."""
    net = graph(
        {
            "features": "Input",
            "noise": node("randn", shape=(4,)),
            "weak": node("mul", other=0.1),
            "add": "add",
            "fc": node("Linear", out_features=4),
            "loss": "MSELoss",
            "clean": "Output",
        },
        "features > noise.like",
        "noise > weak",
        "features > add",
        "weak > add.other",
        "add > fc",
        "fc > loss",
        "features > loss.target",
        "fc > clean",
    )
    settings = {"epochs": 2, "batch_size": 30, "threads": 1, "device": "cpu", **training}
    return Project("noisy", "Net", {"Net": net}, Data("Iris", split=Split(0.2, 0.2)), replace(Training(), **settings))


def pooling(**training: Any) -> Project:
    """A classifier of digits whose pooling chooses its windows at random, in evaluation too."""
    net = graph(
        {
            "image": "Input",
            "label": "Input",
            "conv": node("Conv2d", out_channels=4, padding=1),
            "pool": node("FractionalMaxPool2d", output_ratio=0.6),
            "rrelu": "RReLU",
            "drop": node("FeatureAlphaDropout", p=0.2),
            "flat": "Flatten",
            "fc": node("Linear", out_features=10),
            "loss": "CrossEntropyLoss",
            "scores": "Output",
        },
        "image > conv",
        "conv > pool",
        "pool > rrelu",
        "rrelu > drop",
        "drop > flat",
        "flat > fc",
        "fc > loss",
        "label > loss.target",
        "fc > scores",
    )
    settings = {"epochs": 2, "batch_size": 400, "threads": 1, "device": "cpu", **training}
    data = Data("Digits", split=Split(0.2, 0.2))
    return Project("pooling", "Net", {"Net": net}, data, replace(Training(), **settings))
