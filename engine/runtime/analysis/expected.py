"""Whether a loss is fed what it takes: scores, probabilities or their logarithms, told by the layer they come from."""

from collections.abc import Iterator

from engine.check.diagnostics import Diagnostic
from engine.check.view import View
from engine.runtime.analysis.mending import inserted

WANTED = {
    "NLLLoss": ("log-probabilities", ("LogSoftmax", "LogSigmoid"), "LogSoftmax"),
    "KLDivLoss": ("log-probabilities", ("LogSoftmax", "LogSigmoid"), "LogSoftmax"),
    "BCELoss": ("probabilities", ("Sigmoid", "Softmax", "Hardsigmoid"), "Sigmoid"),
}
"""What a loss takes, the activations that give it, and the usual one."""

SQUASHING = {"CrossEntropyLoss": ("Softmax", "Sigmoid"), "BCEWithLogitsLoss": ("Softmax", "Sigmoid")}
"""Activations before a loss that applies one itself: it would be applied twice."""

PASSING = ("regularization", "reshaping")
GIVING = ("linear", "convolution", "pooling", "normalization", "activation", "recurrent", "attention", "embedding")
"""Families that give values of any size, but for the activations named above."""


def problems(view: View, name: str) -> Iterator[Diagnostic]:
    """Warnings: torch computes a number all the same, and training makes something else small than was meant."""
    kind = view.graph.nodes[name].kind
    source = _source(view, name)
    if source is None:
        return
    fed = view.graph.nodes[source].kind
    if kind in WANTED and fed not in WANTED[kind][1]:
        what, _, usual = WANTED[kind]
        yield view.problem(
            "S014",
            f"{name} ({kind}) takes {what}, and {source} ({fed}) gives others.",
            f"Put {usual} before it.",
            node=name,
            port="input",
            severity="warning",
            fix=inserted(view, name, "input", usual, **({"dim": 1} if usual == "LogSoftmax" else {})),
        )
    if fed in SQUASHING.get(kind, ()):
        yield view.problem(
            "S014",
            f"{name} ({kind}) takes raw scores and squashes them itself, but {source} ({fed}) has done so already.",
            f"Wire what goes into {source} into {name}.",
            node=name,
            port="input",
            severity="warning",
        )


def _source(view: View, name: str) -> str | None:
    """The layer whose values reach the loss; ``None`` where it is not known what they are."""
    port = "input"
    while (wire := view.into.get(name, {}).get(port)) is not None:
        name = wire.source.node
        node, layer = view.graph.nodes[name], view.layers[name]
        if layer is None or not layer.inputs:
            return None
        if not (node.bypass or layer.family in PASSING or layer.kind == "Identity"):
            return name if layer.family in GIVING else None
        port = layer.inputs[0].name
    return None
