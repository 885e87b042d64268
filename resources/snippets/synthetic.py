"""Data sets that are computed: the same seed gives the same samples."""

import numpy as np

from resources.snippets.samples import Samples


def two_spirals(rows: int = 600, turns: float = 1.5, noise: float = 0.02, seed: int = 0) -> Samples:
    """Two interleaved spiral arms: features (samples, 2) within about [-1, 1], label 0 or 1 by arm.

    ``turns``: how often an arm winds around the centre. ``noise``: standard deviation of each point's displacement.
    """
    generator = np.random.default_rng(seed)
    label = np.arange(rows, dtype=np.int64) % 2
    radius = np.sqrt(generator.uniform(0.01, 1.0, rows))  # the root spreads points evenly
    angle = 2 * np.pi * turns * radius + np.pi * label
    points = radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    points += generator.normal(0.0, noise, points.shape)
    return Samples(
        {"features": points.astype(np.float32), "label": label},
        {"label": ("first arm", "second arm")},
    )


GATES = {
    "and": (0, 0, 0, 1),
    "or": (0, 1, 1, 1),
    "nand": (1, 1, 1, 0),
    "nor": (1, 0, 0, 0),
    "xor": (0, 1, 1, 0),
    "xnor": (1, 0, 0, 1),
}


def logic_gate(gate: str = "xor") -> Samples:
    """The truth table of a gate: features (4, 2) of zeros and ones, label 0 or 1."""
    features = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=np.float32)
    return Samples(
        {"features": features, "label": np.array(GATES[gate], dtype=np.int64)},
        {"label": ("false", "true")},
    )


def noisy_sine(rows: int = 500, periods: float = 2.0, noise: float = 0.1, seed: int = 0) -> Samples:
    """Points along a sine wave: features (samples, 1) in [-1, 1), target (samples, 1) the noisy height.

    ``periods``: waves over the whole range. ``noise``: standard deviation of each height's error.
    """
    generator = np.random.default_rng(seed)
    x = generator.uniform(-1.0, 1.0, (rows, 1))
    height = np.sin(np.pi * periods * x) + generator.normal(0.0, noise, x.shape)
    return Samples({"features": x.astype(np.float32), "target": height.astype(np.float32)})


def sequence_copy(
    rows: int = 2000, length: int = 5, delay: int = 3, vocabulary: int = 8, seed: int = 0
) -> Samples:
    """Symbols to remember and repeat: tokens and label, both int64 (samples, 2 * length + delay).

    ``tokens`` starts with ``length`` symbols from 1 to ``vocabulary``, then blanks (0); ``label`` is blank until the
    same symbols at its end.
    """
    symbols = np.random.default_rng(seed).integers(1, vocabulary + 1, (rows, length))
    blank = np.zeros((rows, length + delay), dtype=np.int64)
    names = ("blank", *(str(symbol) for symbol in range(1, vocabulary + 1)))
    tokens, label = np.hstack([symbols, blank]), np.hstack([blank, symbols])
    return Samples({"tokens": tokens, "label": label}, {"label": names})
