"""The data sets that are computed."""

from engine.catalog.data.spec import LABEL, Dataset, Field
from engine.catalog.params import Choice, Float, Int

SEED = Int("seed", 0, min=0, help="Another seed gives other samples; it is not the seed of the training.")


def _rows(default: int) -> Int:
    return Int("rows", default, min=4, max=10_000_000, help="Number of samples.")


def _noise(default: float) -> Float:
    return Float("noise", default, min=0.0, max=10.0, help="Standard deviation of each value's error.")


TWO_SPIRALS = Dataset(
    kind="TwoSpirals",
    loader="synthetic:two_spirals",
    summary="Points on two spirals wound into each other, by arm.",
    fields=(Field("features", "table", (2,), help="x and y, about -1 to 1."), LABEL),
    source="Lang and Witbrock 1988",
    params=(
        _rows(600),
        Float("turns", 1.5, above=0.0, max=10.0, help="Turns of each arm around the centre."),
        _noise(0.02),
        SEED,
    ),
)
LOGIC_GATE = Dataset(
    kind="LogicGate",
    loader="synthetic:logic_gate",
    summary="The four rows of a gate's truth table.",
    fields=(Field("features", "table", (2,), help="Two inputs, 0 or 1."), LABEL),
    source="Minsky and Papert 1969",
    params=(
        Choice(
            "gate",
            "xor",
            options=("and", "or", "nand", "nor", "xor", "xnor"),
            help="xor and xnor cannot be learned without a hidden layer.",
        ),
    ),
)
NOISY_SINE = Dataset(
    kind="NoisySine",
    loader="synthetic:noisy_sine",
    summary="Points along a sine wave, with errors: a curve to fit.",
    fields=(
        Field("features", "table", (1,), help="Position on the x axis, -1 to 1."),
        Field("target", "number", (1,), help="Height of the wave there."),
    ),
    params=(
        _rows(500),
        Float("periods", 2.0, above=0.0, max=100.0, help="Waves over the whole range."),
        _noise(0.1),
        SEED,
    ),
)
SEQUENCE_COPY = Dataset(
    kind="SequenceCopy",
    loader="synthetic:sequence_copy",
    summary="Symbols to repeat after a delay.",
    fields=(
        Field("tokens", "tokens", (None,), "Symbols from 1, then blanks (0): length + delay + length places."),
        Field("label", "label", (None,), "Blanks, then the same symbols: a class for each place."),
    ),
    source="Hochreiter and Schmidhuber 1997",
    params=(
        _rows(2000),
        Int("length", 5, min=1, max=1000, help="Symbols to remember."),
        Int("delay", 3, min=0, max=1000, help="Blanks between the symbols and their repetition."),
        Int("vocabulary", 8, min=2, max=10_000, help="Different symbols, beside the blank."),
        SEED,
    ),
)
