"""Spectra of signals; a complex number is a pair of real ones in a last axis of size 2."""

from engine.catalog.emit import Function
from engine.catalog.params import Choice, Flag, Int, Param
from engine.catalog.requirements import Ascending
from engine.catalog.shapes import Shapes, of
from engine.catalog.spec import Layer, Port

COOLEY = "Cooley and Tukey 1965"
LENGTH = Int("n", None, min=1, help="Length of the signal, which is cut or filled with 0; None: that of the input.")
DIM = Int("dim", -1, help="Axis of the signal, 0 is the batch; -1 the last one, not counting that of the pairs.")
NORM = Choice(
    "norm",
    "backward",
    options=("backward", "ortho", "forward"),
    help="Where the division by the length is: on the way back, half on each way, or on the way there.",
)
PAIRS = "Pairs of real and imaginary part in the last axis."


def _transform(
    kind: str,
    summary: str,
    formula: str,
    shape: Shapes,
    *params: Param,
    inputs: tuple[Port, ...],
    source: str,
    ascending: Ascending | None = None,
) -> Layer:
    return Layer(
        kind=kind,
        family="spectral",
        emit=Function(kind, snippet="operations.spectra"),
        summary=summary,
        formula=formula,
        shape=shape,
        source=source,
        params=params,
        inputs=inputs,
        ascending=ascending,
    )


LAYERS = (
    _transform(
        "rfft",
        "The spectrum of a real signal, for the frequencies from 0 to half its length.",
        "y[f] = sum over t of x[t] e^(-2 pi i f t / n), for f up to n // 2",
        Shapes((of("B", "*", "L"),), (of("B", "*", "n // 2 + 1", "2"),)),
        LENGTH,
        DIM,
        NORM,
        inputs=(Port("input"),),
        source=COOLEY,
    ).known_as("fourier", "frequencies", "spectrum"),
    _transform(
        "irfft",
        "The real signal with a spectrum, that of rfft.",
        "x[t] = 1/n sum over f of y[f] e^(2 pi i f t / n), where y[n - f] is the conjugate of y[f]",
        Shapes((of("B", "*", "F", "2"),), (of("B", "*", "n"),), ", n = 2 (F - 1) where it is None"),
        Int("n", None, min=1, help="Length of the signal; None: the even one that fits, 2 (F - 1)."),
        DIM,
        NORM,
        inputs=(Port("input", help=PAIRS),),
        source=COOLEY,
    ).known_as("inverse fourier", "signal"),
    _transform(
        "fft",
        "The spectrum of a real or complex signal, for all frequencies.",
        "y[f] = sum over t of x[t] e^(-2 pi i f t / n)",
        Shapes((of("B", "*", "L"),), (of("B", "*", "n", "2"),)),
        LENGTH,
        DIM,
        NORM,
        inputs=(Port("input"), Port("imag", optional=True, help="The imaginary parts of a complex signal.")),
        source=COOLEY,
    ).known_as("fourier", "frequencies", "spectrum"),
    _transform(
        "ifft",
        "The complex signal with a spectrum, that of fft.",
        "x[t] = 1/n sum over f of y[f] e^(2 pi i f t / n)",
        Shapes((of("B", "*", "F", "2"),), (of("B", "*", "n", "2"),)),
        LENGTH,
        DIM,
        NORM,
        inputs=(Port("input", help=PAIRS),),
        source=COOLEY,
    ).known_as("inverse fourier", "signal"),
    _transform(
        "stft",
        "The spectra of windows along a signal: a picture of its frequencies over time.",
        "y[f, s] = |sum over t of window[t] x[s hop_length + t] e^(-2 pi i f t / n_fft)|",
        Shapes(
            (of("B", "*", "L"),),
            (of("B", "*", "n_fft // 2 + 1", "T"),),
            ", T = L // hop_length + 1; complex output has a last axis of size 2",
        ),
        Int("n_fft", 64, min=1, required=True, help="Samples of each window, which gives n_fft // 2 + 1 frequencies."),
        Int("hop_length", None, min=1, help="Samples between the starts of two windows; None: n_fft // 4."),
        Int("win_length", None, min=1, help="Samples that the window lets through, at most n_fft; None: n_fft."),
        Choice("window", "hann", options=("hann", "rectangular"), help="Whether the ends of a window fade out."),
        Flag("center", True, help="Windows begin before the signal, whose ends are mirrored, so that none is lost."),
        Flag("normalized", False, help="Divide by the root of n_fft."),
        Choice(
            "output",
            "magnitude",
            options=("magnitude", "power", "complex"),
            help="The size of each frequency, its square, or pairs of real and imaginary part in a last axis.",
        ),
        inputs=(Port("input"),),
        source="Gabor 1946",
        ascending=Ascending("win_length", "n_fft"),
    ).known_as("spectrogram", "audio", "fourier", "frequencies"),
)
