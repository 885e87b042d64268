"""Sound files as waveforms: WAV by itself, FLAC and OGG with the package soundfile."""

import struct
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import numpy as np

from resources.snippets.samples import DataError, regular_file

WAV_ENDINGS = (".wav", ".wave")
PACKED_ENDINGS = (".flac", ".ogg", ".oga", ".mp3")
SOUND_ENDINGS = (*WAV_ENDINGS, *PACKED_ENDINGS)
PCM, FLOAT, EXTENSIBLE = 1, 3, 0xFFFE
"""The formats of numbers in a WAV file."""


def read_sound(file: str | Path) -> tuple[np.ndarray, int]:
    """The mean of all channels, float32 (samples) about in [-1, 1], and the sampling rate in Hz."""
    if Path(file).suffix.lower() in PACKED_ENDINGS:
        values, rate = _read_packed(file)
    else:
        values, rate = _read_wav(file)
    if not len(values):
        raise DataError(
            f"{file} holds no sound: it has 0 samples.", "Record it again, or delete it."
        )
    if not np.isfinite(values).all():
        raise DataError(f"{file} holds values that are nan or infinite.", "Save it again.")
    return values.mean(axis=1, dtype=np.float32), rate


def _read_packed(file: str | Path) -> tuple[np.ndarray, int]:
    try:
        soundfile = import_module("soundfile")
    except Exception as error:  # a broken package may raise anything
        message = (
            f"{file}: reading this format needs the package soundfile, which is not installed."
        )
        raise DataError(
            message, "Install it with: pip install soundfile. Or convert the files to WAV."
        ) from error
    try:
        values, rate = soundfile.read(str(regular_file(file)), dtype="float32", always_2d=True)
    except Exception as error:  # a broken file makes the decoder raise almost anything
        message = f"{file} cannot be decoded as a sound: {str(error).splitlines()[0].rstrip('.')}."
        raise DataError(message, "Replace or delete the file.") from error
    return values, int(rate)


def _read_wav(file: str | Path) -> tuple[np.ndarray, int]:
    """The values of a WAV file, float32 (samples, channels), and its rate."""
    try:
        content = regular_file(file).read_bytes()
    except OSError as error:
        raise DataError(
            f"{file} cannot be read: {error.strerror or error}.", "Check the path."
        ) from error
    if content[:4] != b"RIFF" or content[8:12] != b"WAVE":
        what = "is empty" if not content else "is no WAV file"
        raise DataError(f"{file} {what}.", "Save it as WAV, or delete it.")
    parts = dict(_chunks(content))
    head = parts.get(b"fmt ", b"")
    if len(head) < 16 or b"data" not in parts:
        raise DataError(
            f"{file} is cut off: it has no {'data' if len(head) >= 16 else 'format'}.",
            "Replace it.",
        )
    kind, channels, rate, _, _, bits = struct.unpack("<HHIIHH", head[:16])
    if kind == EXTENSIBLE and len(head) >= 26:
        kind = struct.unpack("<H", head[24:26])[0]
    if not channels or not rate:
        raise DataError(f"{file} has {channels} channels at {rate} Hz.", "Save it again.")
    values = _numbers(file, parts[b"data"], kind, bits)
    return values[: len(values) // channels * channels].reshape(-1, channels), rate


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The named parts of a RIFF file; a part that claims to be longer than the file ends with it."""
    at = 12
    while at + 8 <= len(content):
        size = int.from_bytes(content[at + 4 : at + 8], "little")
        yield content[at : at + 4], content[at + 8 : at + 8 + size]
        at += 8 + size + size % 2


def _numbers(file: str | Path, data: bytes, kind: int, bits: int) -> np.ndarray:
    size = bits // 8
    if size:
        data = data[: len(data) // size * size]
    if kind == FLOAT and bits in (32, 64):
        return np.frombuffer(data, f"<f{size}").astype(np.float32)
    if kind == PCM and bits == 8:
        return (np.frombuffer(data, np.uint8).astype(np.float32) - 128) / np.float32(128)
    if kind == PCM and bits == 24:
        low = np.frombuffer(data, np.uint8).reshape(-1, 3).astype(np.int32)
        numbers = (low[:, 0] << 8 | low[:, 1] << 16 | low[:, 2] << 24) >> 8
        return numbers.astype(np.float32) / np.float32(2**23)
    if kind == PCM and bits in (16, 32):
        return np.frombuffer(data, f"<i{size}").astype(np.float32) / np.float32(2 ** (bits - 1))
    message = f"{file} holds {bits}-bit values of format {kind}."
    raise DataError(message, "Save it as WAV with 16-bit PCM.")
