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
LESIONS = Dataset(
    kind="Lesions",
    loader="generated.lesions:lesions",
    summary="Pictures of skin with dark lesions, generated, and the mask of each.",
    fields=(
        Field("image", "image", (3, None, None), help="Red, green and blue, in [0, 1]."),
        Field("mask", "mask", (None, None), help="0 for skin, 1 for a lesion."),
    ),
    params=(
        _rows(400),
        Int("size", 48, min=16, max=512, unit="px", help="Height and width of each picture."),
        SEED,
    ),
)
DRIVING = Dataset(
    kind="Driving",
    loader="generated.driving:driving",
    summary="Frames of a road, generated, and the steering angle that keeps the car in its lane.",
    fields=(
        Field("image", "image", (3, 36, 96), help="Red, green and blue, in [0, 1]."),
        Field("target", "number", (1,), help="Steering angle in degrees, positive to the right."),
    ),
    params=(_rows(1500), SEED),
)
SEASONAL_SERIES = Dataset(
    kind="SeasonalSeries",
    loader="generated.seasons:seasonal_series",
    summary="Hourly measurements with a daily and a weekly pattern, generated, and the hours that follow.",
    fields=(
        Field("series", "series", (None, 1), help="The hours that are known, the latest last."),
        Field("target", "number", (None,), help="The hours that follow."),
    ),
    params=(
        _rows(1500),
        Int("window", 168, min=1, max=10_000, unit="h", help="Hours that are known."),
        Int("horizon", 24, min=1, max=10_000, unit="h", help="Hours to forecast."),
        _noise(0.1),
        SEED,
    ),
)
