"""How well a kind fits what somebody types: its name, its words' first letters, other names, what it does."""

import re
from functools import cache

OTHER_NAMES = {
    "Linear": ("dense", "fully connected", "fc", "affine"),
    "cat": ("concatenate", "concat", "join"),
    "add": ("residual", "skip", "plus"),
    "sub": ("minus", "difference"),
    "mul": ("times", "product", "scale", "gate"),
    "matmul": ("dot", "product"),
    "Flatten": ("view",),
    "reshape": ("view",),
    "SiLU": ("swish",),
    "MSELoss": ("mean squared error", "l2", "regression"),
    "L1Loss": ("mean absolute error", "mae", "regression"),
    "CrossEntropyLoss": ("classification", "softmax loss", "log loss"),
    "BCEWithLogitsLoss": ("binary cross entropy", "sigmoid loss"),
    "BCELoss": ("binary cross entropy",),
    "MultiheadAttention": ("self attention", "mha", "transformer"),
    "ConvTranspose1d": ("deconvolution",),
    "ConvTranspose2d": ("deconvolution",),
    "ConvTranspose3d": ("deconvolution",),
    "AdaptiveAvgPool2d": ("global average pooling",),
    "mean": ("average", "global pooling"),
    "Upsample": ("resize", "interpolate"),
    "Input": ("data", "placeholder"),
    "Output": ("result", "return"),
}
"""What people trained on other tools call a kind."""


def score(query: str, name: str, summary: str = "") -> float:
    """Points for a match, 0 for none; every word of the query must be found."""
    joined = "".join(query.lower().split())
    if not joined:
        return 0.0
    whole = _name_score(joined, name)
    if whole:
        return whole
    words = query.lower().split()
    scores = [_word_score(word, name, summary) for word in words]
    return min(scores) * 0.9 if all(scores) else 0.0


def _name_score(typed: str, name: str) -> float:
    lower = name.lower()
    if lower == typed:
        return 10.0
    short = len(typed) / len(lower)  # the less is left over, the better
    if lower.startswith(typed):
        return 8.0 + short
    if initials(name).startswith(typed) and len(typed) > 1:
        return 6.5 + short
    if typed in lower:
        return 5.0 + short
    others = ("".join(other.split()) for other in OTHER_NAMES.get(name, ()))
    if best := max((len(typed) / len(other) for other in others if other.startswith(typed)), default=0.0):
        return 4.0 + best
    return 1.0 + short if len(typed) > 2 and _in_order(typed, lower) else 0.0


def _word_score(word: str, name: str, summary: str) -> float:
    if points := _name_score(word, name):
        return points
    said = re.findall(r"[a-z0-9]+", " ".join((summary.lower(), *OTHER_NAMES.get(name, ()))))
    return 2.0 if len(word) > 2 and any(each.startswith(word) for each in said) else 0.0


@cache
def initials(name: str) -> str:
    """The first letters of a name's words and its digits: ``CrossEntropyLoss`` cel, ``Conv2d`` c2d."""
    words = re.findall(r"[A-Z]+(?![a-z])|[A-Z][a-z]*|[a-z]+|\d+", name)
    return "".join(word if word.isdigit() else word[0] for word in words).lower()


def _in_order(typed: str, name: str) -> bool:
    """Whether the letters come in this order, the first one first."""
    letters = iter(name)
    return name.startswith(typed[0]) and all(letter in letters for letter in typed)
