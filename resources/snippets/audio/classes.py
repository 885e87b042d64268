"""A folder of sounds by class: each folder in it is a class, its name the class's name."""

from pathlib import Path
from typing import Any

import numpy as np

from resources.snippets.audio.file import SOUND_ENDINGS
from resources.snippets.audio.sounds import sound_features
from resources.snippets.files.broken import refuse_empty_classes, whole_files
from resources.snippets.files.classes import class_files
from resources.snippets.load_result import LoadedSamples
from resources.snippets.memory import memory_left, size_text
from resources.snippets.samples import DataError


def load_audio_folder(  # noqa: PLR0913, PLR0917 (one for each declared setting)
    path: str | Path,
    features: str = "log-mel",
    rate: int = 16_000,
    seconds: float = 1.0,
    keep: str = "start",
    bands: int = 40,
    coefficients: int = 13,
    window: float = 25.0,
    hop: float = 10.0,
    broken: str = "refuse",
) -> LoadedSamples:
    """``sound`` float32, and ``label`` int64, classes in order of name.

    ``sound`` is a waveform (samples, 1, rate * seconds), or a spectrogram (samples, 1, bands or coefficients, frames):
    see `sound_features`. ``window`` and ``hop`` are in ms. ``broken``: ``refuse`` files that cannot be read, or
    ``drop`` them.
    """
    listing = class_files(path, SOUND_ENDINGS)
    how = sound_settings(features, rate, seconds, keep, bands, coefficients, window, hop)
    _check_sound_memory(path, len(listing.files), how)
    sounds, reasons = [], []
    for file, _ in listing.files:
        reason = ""
        try:
            sounds.append(sound_features(file, how))
        except DataError as error:
            reason = error.message
        reasons.append(reason)
    names = [file.relative_to(path).as_posix() for file, _ in listing.files]
    whole, left_out = whole_files(path, names, reasons, broken)
    labels = np.array([label for _, label in listing.files], dtype=np.int64)[whole]
    refuse_empty_classes(path, listing.classes, labels)
    return LoadedSamples(
        {"sound": np.stack(sounds), "label": labels},
        {"label": listing.classes},
        [names[row] for row in whole],
        kinds={"sound": "audio" if features == "waveform" else "spectrogram"},
        left_out=(*listing.left_out, *left_out),
        decisions=how,
        form={"classes": listing.classes, "how": how, "skip_broken": broken == "drop"},
    )


def sound_settings(  # noqa: PLR0913, PLR0917 (one for each declared setting)
    features: str,
    rate: int,
    seconds: float,
    keep: str,
    bands: int,
    coefficients: int,
    window: float,
    hop: float,
) -> dict[str, Any]:
    """The settings in samples. Raises: `DataError` for those that do not go together."""
    samples, window_samples, hop_samples = (
        max(1, round(time * rate)) for time in (seconds, window / 1000, hop / 1000)
    )
    if features != "waveform" and samples < window_samples:
        message = f"The window of {window:g} ms is longer than the sounds of {seconds:g} s."
        raise DataError(message, "Choose more seconds or a shorter window.")
    if features == "mfcc" and coefficients > bands:
        raise DataError(
            f"{coefficients} coefficients cannot be computed from {bands} bands.",
            "Choose more bands.",
        )
    return {
        "features": features,
        "rate": rate,
        "samples": samples,
        "keep": keep,
        "bands": bands,
        "coefficients": coefficients,
        "window": window_samples,
        "hop": hop_samples,
    }


def _check_sound_memory(path: str | Path, files: int, how: dict[str, Any]) -> None:
    values = how["samples"]
    if how["features"] != "waveform":
        values = (1 + (values - how["window"]) // how["hop"]) * how["bands"]
    need = files * values * 8  # once as a list, once as an array
    if need > memory_left():
        raise DataError(
            f"{path}: {files:,} sounds need {size_text(need)} of memory, and {size_text(memory_left())} are left.",
            "Choose fewer seconds or a lower rate.",
        )
