"""A small GAN, for tests of training in phases."""

from dataclasses import replace
from itertools import pairwise
from typing import Any

from engine.graph.model import Data, Graph, Node, Phase, Project, Split, Training
from tests.small_projects import graph, node

LOSSES = ("real_loss", "fake_loss", "fool_loss")
LOSS_WIRES = (
    "critic.y > ones",
    "again.y > zeros",
    "critic.y > real_loss",
    "ones > real_loss.target",
    "again.y > fake_loss",
    "zeros > fake_loss.target",
    "again.y > fool_loss",
    "ones > fool_loss.target",
)
"""The wires from the two uses of the critic, on real and on generated samples, to the losses of both phases."""


def block(*kinds: Node) -> Graph:
    """A chain of layers from ``x`` to ``y``."""
    names = [f"{each.kind.lower()}{place}" for place, each in enumerate(kinds)]
    chain = ["x", *names, "y"]
    nodes = {"x": Node("Input"), **dict(zip(names, kinds, strict=True)), "y": Node("Output")}
    return graph(nodes, *(f"{one} > {other}" for one, other in pairwise(chain)))


def uses(name: str, **more: Any) -> Node:
    """A block use."""
    return Node("Block", graph=name, **more)


def adversarial(phases: tuple[Phase, ...], **training: Any) -> Project:
    """A generator that changes samples, and a critic that is used twice.

    Ten steps for each epoch, unless ``training`` changes it. The critic draws random numbers (dropout), the generator
    keeps running sums (batch norm).
    """
    net = graph(
        {
            "features": "Input",
            "gen": uses("Generator"),
            "critic": uses("Critic"),
            "again": uses("Critic", shares="critic"),
            "ones": node("full_like", fill_value=1.0),
            "zeros": node("full_like", fill_value=0.0),
            "real_loss": "BCEWithLogitsLoss",
            "fake_loss": "BCEWithLogitsLoss",
            "fool_loss": node("BCEWithLogitsLoss", scale=0.5),
            "distance": "MeanAbsoluteError",
            "changed": "Output",
        },
        "features > gen.x",
        "gen.y > changed",
        "features > critic.x",
        "gen.y > again.x",
        *LOSS_WIRES,
        "gen.y > distance",
        "features > distance.target",
    )
    wide = node("Linear", out_features=8)
    generator = block(wide, node("BatchNorm1d"), node("Tanh"), node("Linear", out_features=4))
    critic = block(wide, node("LeakyReLU"), node("Dropout", p=0.2), node("Linear", out_features=1))
    settings = {"epochs": 2, "batch_size": 12, "threads": 1, "device": "cpu", **training}
    return Project(
        "flowers",
        "Net",
        {"Net": net, "Generator": generator, "Critic": critic},
        Data("Iris", split=Split(0.2, 0.0, stratify=False)),
        replace(Training(), phases=phases, **settings),
    )


CRITIC = Phase("critic", ("real_loss", "fake_loss"), ("critic",))
GENERATOR = Phase("generator", ("fool_loss",), ("gen",))
