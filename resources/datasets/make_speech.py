"""Writes the spoken digits with the program ``espeak-ng``; only needed to check or renew them, never at run time.

Usage: ``python resources/datasets/make_speech.py``, with espeak-ng 1.51 (Debian: ``espeak-ng``).

Every voice says every digit at two speeds and pitches. A recording is cut to its sound, resampled to 8 kHz, and stored
as 8 bits in the middle of 0.75 s.
"""

import io
import subprocess
import wave

import numpy as np
from make import write

RATE, SECONDS = 8000, 0.75
DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
ACCENTS = ("en-us", "en-gb", "en-gb-scotland", "en-gb-x-rp")
VARIANTS = ("m1", "m3", "m4", "f1", "f2", "f4")
DELIVERIES = ((150, 40), (190, 60))  # words a minute, and pitch from 0 to 99
SILENCE = 0.02  # of the loudest value


def recording(voice: str, text: str, speed: int, pitch: int) -> np.ndarray:
    """What a voice says, float64 (time,) in [-1, 1] at 8 kHz."""
    command = ["espeak-ng", "-v", voice, "-s", str(speed), "-p", str(pitch), "--stdout", text]
    output = subprocess.run(command, capture_output=True, check=True).stdout
    with wave.open(io.BytesIO(output)) as sound:
        values = np.frombuffer(sound.readframes(sound.getnframes()), "<i2").astype(np.float64)
        rate = sound.getframerate()
    loud = np.flatnonzero(np.abs(values) > SILENCE * np.abs(values).max())
    return resampled(values[loud[0] : loud[-1] + 1], rate)


def resampled(values: np.ndarray, rate: int) -> np.ndarray:
    """The same sound at 8 kHz without what is above 4 kHz, its loudest value at 1."""
    spectrum = np.fft.rfft(values)
    size = round(len(values) * RATE / rate)
    result = np.fft.irfft(spectrum[: size // 2 + 1], size)
    loudest: np.ndarray = result / np.abs(result).max()
    return loudest


def main() -> None:
    """Write ``spoken_digits.npz`` beside this file."""
    voices = [f"{accent}+{variant}" for accent in ACCENTS for variant in VARIANTS]
    length = int(RATE * SECONDS)
    sounds, labels, speakers = [], [], []
    for speaker, voice in enumerate(voices):
        for label, digit in enumerate(DIGITS):
            for speed, pitch in DELIVERIES:
                sound = recording(voice, digit, speed, pitch)[:length]
                before = (length - len(sound)) // 2
                sounds.append(np.pad(sound, (before, length - len(sound) - before)))
                labels.append(label)
                speakers.append(speaker)
    write(
        "spoken_digits",
        audio=np.round(np.array(sounds) * 127).astype(np.int8),
        audio_peak=np.array(127),
        label=np.array(labels, dtype=np.int64),
        label_names=np.array(DIGITS),
        voice=np.array(speakers, dtype=np.int64),
        voice_names=np.array(voices),
    )


if __name__ == "__main__":
    main()
