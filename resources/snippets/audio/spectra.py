"""Features of a sound: log-mel spectra and mel-frequency cepstral coefficients.

A mel filter is a triangle between neighbours that are equally far apart on O'Shaughnessy's mel scale.
"""

from functools import lru_cache

import numpy as np

FLOOR = 1e-6  # added to a power before its logarithm


def log_mel(wave: np.ndarray, rate: int, bands: int, window: int, hop: int) -> np.ndarray:
    """The logarithm of the power in each band, float32 (bands, frames); ``window`` and ``hop`` in samples."""
    frames = np.lib.stride_tricks.sliding_window_view(wave, window)[::hop]
    size = 1 << (window - 1).bit_length()
    power = np.abs(np.fft.rfft(frames * np.hanning(window), size)) ** 2 / window
    spectrum: np.ndarray = np.log(power @ mel_filters(rate, size, bands) + FLOOR).T
    return spectrum.astype(np.float32)


def mfcc(
    wave: np.ndarray, rate: int, bands: int, window: int, hop: int, coefficients: int
) -> np.ndarray:
    """Cepstral coefficients, float32 (coefficients, frames): the cosine transform of `log_mel` over its bands."""
    spectrum = log_mel(wave, rate, bands, window, hop)
    angles = np.outer(np.arange(coefficients), 2 * np.arange(bands) + 1) * (np.pi / (2 * bands))
    scale = np.full((coefficients, 1), np.sqrt(2 / bands))
    scale[0] = np.sqrt(1 / bands)
    result: np.ndarray = (scale * np.cos(angles)) @ spectrum
    return result.astype(np.float32)


@lru_cache(maxsize=8)
def mel_filters(rate: int, size: int, bands: int) -> np.ndarray:
    """The weight of each frequency of a spectrum of ``size`` samples in each band, (frequencies, bands)."""
    top = 2595 * np.log10(1 + rate / 2 / 700)
    edges = 700 * (10 ** (np.linspace(0, top, bands + 2) / 2595) - 1)
    frequencies = np.linspace(0, rate / 2, size // 2 + 1)[:, None]
    up = (frequencies - edges[:-2]) / (edges[1:-1] - edges[:-2])
    down = (edges[2:] - frequencies) / (edges[2:] - edges[1:-1])
    filters: np.ndarray = np.maximum(0, np.minimum(up, down))
    return filters
