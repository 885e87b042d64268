"""Sounds of equal length, as a network gets them."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from resources.snippets.audio.file import SOUND_ENDINGS, read_sound
from resources.snippets.audio.spectra import log_mel, mfcc
from resources.snippets.files.below import files_below, new_files
from resources.snippets.samples import DataError, Refusal, Samples


def sound_features(file: str | Path, how: Mapping[str, Any]) -> np.ndarray:
    """A sound file as float32: a waveform (1, samples), or a spectrogram (1, bands, frames).

    ``how``: ``rate`` in Hz, ``samples``, ``keep`` (start or middle of longer sounds), ``features`` (waveform, log-mel
    or mfcc), and for spectra ``bands``, ``window`` and ``hop`` in samples, and ``coefficients``.
    """
    wave, rate = read_sound(file)
    wave = of_length(resampled(wave, rate, how["rate"]), how["samples"], how["keep"])
    spectrum = (how["rate"], how["bands"], how["window"], how["hop"])
    if how["features"] == "log-mel":
        return log_mel(wave, *spectrum)[None]
    if how["features"] == "mfcc":
        return mfcc(wave, *spectrum, how["coefficients"])[None]
    return wave[None]


def resampled(wave: np.ndarray, rate: int, new_rate: int) -> np.ndarray:
    """A sound at another sampling rate; frequencies that it cannot hold are left out."""
    if rate == new_rate:
        return wave
    count = max(1, round(len(wave) * new_rate / rate))
    spectrum = np.fft.rfft(wave)
    lowest = np.zeros(count // 2 + 1, dtype=complex)
    most = min(len(lowest), len(spectrum))
    lowest[:most] = spectrum[:most]
    return (np.fft.irfft(lowest, count) * (count / len(wave))).astype(np.float32)


def of_length(wave: np.ndarray, samples: int, keep: str) -> np.ndarray:
    """The start or the middle of a long sound; a short one is followed by silence."""
    start = max(0, (len(wave) - samples) // 2) if keep == "middle" else 0
    result = np.zeros(samples, dtype=np.float32)
    part = wave[start : start + samples]
    result[: len(part)] = part
    return result


def read_known_sounds(
    path: str, *, classes: Sequence[str], how: Mapping[str, Any], skip_broken: bool = False
) -> dict[str, np.ndarray]:
    """The sounds of the folder of each class, and ``label``. ``how``: see `sound_features`."""
    sounds, labels = [], []
    for number, name in enumerate(classes):
        for file in files_below(Path(path, name), SOUND_ENDINGS)[0]:
            try:
                sounds.append(sound_features(file, how))
            except DataError:
                if not skip_broken:
                    raise
            else:
                labels.append(number)
    return {"sound": np.stack(sounds), "label": np.array(labels, dtype=np.int64)}


def read_new_sounds(path: str | Path, how: Mapping[str, Any]) -> Samples:
    """A sound file, or all of a folder; those that cannot be read are refused."""
    sounds, places, refusals = [], [], []
    for row, file in enumerate(new_files(path, SOUND_ENDINGS)):
        try:
            sounds.append(sound_features(file, how))
            places.append(str(file))
        except DataError as error:
            refusals.append(
                Refusal(row, str(file), error.message.removeprefix(f"{file} "), error.hint)
            )
    if not sounds:
        raise DataError(f"{path}: {refusals[0].reason}", refusals[0].hint)
    return Samples({"sound": np.stack(sounds)}, places=places, refusals=refusals)
