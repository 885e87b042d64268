"""Sounds are read at one rate and length; their features are those of the formulas, in the app and in an export."""

import json
import struct
import sys
import wave
from pathlib import Path

import numpy as np
import pytest
import torch

from engine.errors import DataProblem
from engine.graph.model import Data, Node, Project, Split
from engine.runtime.data.fields import field_specs
from engine.runtime.data.inputs import Preparation, read_inputs
from engine.runtime.data.prepared_samples import load_data
from engine.runtime.data.summary import samples
from engine.runtime.data.survey import survey
from resources.snippets.audio.file import read_sound
from resources.snippets.audio.spectra import log_mel, mel_filters, mfcc
from tests.runtime.exported_data import assert_same_batches, exported
from tests.runtime.small_networks import chain

SETTINGS = {"path": "sounds", "rate": 4000, "seconds": 0.25}
RATE = 4000


def tone(hertz: float, seconds: float, rate: int = RATE) -> np.ndarray:
    return (0.5 * np.sin(2 * np.pi * hertz * np.arange(round(seconds * rate)) / rate)).astype(np.float32)


def write(path: Path, values: np.ndarray, rate: int = RATE, channels: int = 1) -> None:
    with wave.open(str(path), "wb") as sound:
        sound.setparams((channels, 2, rate, 0, "NONE", ""))
        sound.writeframes((values * 32767).astype("<i2").tobytes())


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """Low and high tones of different lengths."""
    for kind, hertz in (("high", 1200), ("low", 300)):
        (tmp_path / "sounds" / kind).mkdir(parents=True)
        for n in range(8):
            write(tmp_path / "sounds" / kind / f"{n}.wav", tone(hertz + 10 * n, 0.15 + 0.03 * n))
    return tmp_path


def project(**settings: object) -> Project:
    data = Data("AudioFolder", {**SETTINGS, **settings}, Split(0.25))
    layers = {"sound": Node("Input"), "flat": Node("Flatten"), "out": Node("Linear", {"out_features": 2})}
    return chain(data, "label", "CrossEntropyLoss", **layers)


def refusal(base: Path, **settings: object) -> DataProblem:
    with pytest.raises(DataProblem) as caught:
        survey(project(**settings).data, base)
    assert caught.value.hint
    return caught.value


@pytest.mark.parametrize(
    ("features", "shape", "kind"),
    [("waveform", (1, 1000), "audio"), ("log-mel", (1, 40, 23), "spectrogram"), ("mfcc", (1, 13, 23), "spectrogram")],
)
def test_every_sound_has_one_shape(base: Path, features: str, shape: tuple[int, ...], kind: str) -> None:
    spec = field_specs(project(features=features).data, base)["sound"]
    assert (spec.shape, spec.kind) == (shape, kind)
    loaded = load_data(project(features=features), base)
    assert loaded.specs["sound"] == spec
    assert torch.isfinite(loaded.training.fields["sound"]).all()


def test_long_sounds_are_cut_and_short_ones_followed_by_silence(base: Path) -> None:
    loaded = load_data(Project(data=Data("AudioFolder", {**SETTINGS, "features": "waveform"}, Split(0.0))), base)
    wave_of = loaded.training.fields["sound"][:, 0].numpy()
    np.testing.assert_allclose(wave_of[0, :600], tone(1200, 0.15), atol=1e-4)
    assert not wave_of[0, 600:].any()
    np.testing.assert_allclose(wave_of[7], tone(1270, 0.36)[:1000], atol=1e-4)
    middle = Data("AudioFolder", {**SETTINGS, "features": "waveform", "keep": "middle"}, Split(0.0))
    middles = load_data(Project(data=middle), base).training.fields["sound"][7, 0].numpy()
    np.testing.assert_allclose(middles, tone(1270, 0.36)[220:1220], atol=1e-4)


def test_another_sampling_rate_gives_the_same_sound(base: Path) -> None:
    write(base / "sounds" / "high" / "0.wav", tone(1200, 0.15, 16_000), 16_000)
    loaded = load_data(Project(data=Data("AudioFolder", {**SETTINGS, "features": "waveform"}, Split(0.0))), base)
    values = loaded.training.fields["sound"][0, 0, :600].numpy()
    np.testing.assert_allclose(values[20:-20], tone(1200, 0.15)[20:-20], atol=5e-3)


def test_log_mel_has_its_peak_in_the_band_of_the_tone() -> None:
    filters = mel_filters(RATE, 128, 20)
    assert filters.shape == (65, 20)
    assert filters.max(axis=0).min() > 0
    for hertz in (300, 700, 1500):
        spectrum = log_mel(tone(hertz, 0.5), RATE, 20, 100, 40)
        band = int(np.argmax(filters[round(hertz / RATE * 128)]))
        assert abs(int(spectrum.mean(axis=1).argmax()) - band) <= 1


def test_mfcc_is_the_cosine_transform_of_log_mel() -> None:
    sound = tone(500, 0.5)
    spectrum = log_mel(sound, RATE, 20, 100, 40)
    whole = mfcc(sound, RATE, 20, 100, 40, 20)
    np.testing.assert_allclose((whole**2).sum(axis=0), (spectrum**2).sum(axis=0), rtol=1e-4)  # it is orthonormal
    np.testing.assert_allclose(whole[0], spectrum.sum(axis=0) / np.sqrt(20), rtol=1e-4)
    np.testing.assert_array_equal(mfcc(sound, RATE, 20, 100, 40, 5), whole[:5])


@pytest.mark.parametrize(("kind", "bits"), [(1, 8), (1, 16), (1, 24), (1, 32), (3, 32), (3, 64), (0xFFFE, 16)])
def test_wav_files_of_every_usual_format_are_read(tmp_path: Path, kind: int, bits: int) -> None:
    values = np.stack([tone(300, 0.1), tone(500, 0.1)], axis=1)
    scaled = values * (2 ** (bits - 1) - 1)
    match kind, bits:
        case 3, _:
            data = values.astype(f"<f{bits // 8}").tobytes()
        case 1, 8:
            data = (scaled + 128).round().astype(np.uint8).tobytes()
        case 1, 24:
            data = scaled.round().astype("<i4").reshape(-1, 1).view(np.uint8)[:, :3].tobytes()
        case _:
            data = scaled.astype(np.float64).round().astype(f"<i{bits // 8}").tobytes()
    head = struct.pack("<HHIIHH", kind, 2, RATE, RATE * bits // 4, bits // 4, bits)
    head += struct.pack("<HHIH14s", 22, bits, 3, 1, b"") if kind == 0xFFFE else b""
    parts = (
        b"fmt "
        + struct.pack("<I", len(head))
        + head
        + b"LIST\3\0\0\0abc\0"
        + b"data"
        + struct.pack("<I", len(data))
        + data
    )
    (tmp_path / "a.wav").write_bytes(b"RIFF" + struct.pack("<I", len(parts) + 4) + b"WAVE" + parts)
    sound, rate = read_sound(tmp_path / "a.wav")
    assert rate == RATE
    np.testing.assert_allclose(sound, values.mean(axis=1), atol=2.0 ** (1 - min(bits, 20)))


def test_sounds_that_cannot_be_used_are_named_or_left_out(base: Path) -> None:
    write(base / "sounds" / "low" / "2.wav", tone(300, 0))
    assert "2.wav holds no sound: it has 0 samples" in refusal(base).message
    (base / "sounds" / "low" / "5.wav").write_bytes(b"RIFF....WAVEfmt ")
    (base / "sounds" / "high" / "1.wav").write_text("no sound")
    wrong = refusal(base)
    assert "3 of 16 files cannot be used: high/1.wav, low/2.wav and low/5.wav" in wrong.message
    assert "broken" in wrong.hint
    reading = survey(project(broken="drop").data, base).reading
    assert reading.classes == {"high": 7, "low": 6}
    assert reading.left_out == ("3 broken files (high/1.wav, low/2.wav and low/5.wav)",)


def test_settings_that_do_not_go_together_are_refused(base: Path) -> None:
    assert "window of 300 ms is longer than the sounds of 0.25 s" in refusal(base, window=300.0).message
    assert "50 coefficients cannot be computed from 40" in refusal(base, features="mfcc", coefficients=50).message


def test_a_packed_format_names_the_package_that_it_needs(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "soundfile", None)
    (base / "sounds" / "low" / "9.flac").write_bytes(b"fLaC")
    wrong = refusal(base)
    assert "9.flac: reading this format needs the package soundfile" in wrong.message


def test_a_flac_file_gives_the_samples_of_its_wav(base: Path) -> None:
    soundfile = pytest.importorskip("soundfile")
    sound, _ = read_sound(base / "sounds" / "low" / "0.wav")
    soundfile.write(base / "0.flac", sound, RATE, subtype="PCM_16")
    again, rate = read_sound(base / "0.flac")
    assert rate == RATE
    np.testing.assert_allclose(again, sound, atol=1e-4)


def test_waveforms_are_shown_as_curves_and_spectra_as_pictures(base: Path) -> None:
    curve = samples(load_data(project(features="waveform"), base), count=1)[0]["fields"]["sound"]
    assert curve["shape"] == [1, len(curve["values"])]
    assert max(curve["values"]) == pytest.approx(0.5, abs=0.01)
    assert 0.0 in curve["values"][-20:]  # the silence behind the sound is in view
    spectrum = load_data(project(), base)
    picture = samples(spectrum, count=1)[0]["fields"]["sound"]["image"]
    assert (picture["height"], picture["width"]) == (40, 23)


@pytest.mark.parametrize("features", ["waveform", "log-mel", "mfcc"])
def test_an_exported_program_reads_the_same_samples(base: Path, tmp_path: Path, features: str) -> None:
    (base / "sounds" / "low" / "2.wav").write_text("no sound")
    assert_same_batches(project(features=features, broken="drop"), base, tmp_path / "program")


def test_new_sounds_are_read_as_those_of_the_training(base: Path, tmp_path: Path) -> None:
    loaded = load_data(project(), base)
    preparation = Preparation.from_json(json.loads(json.dumps(Preparation.of(loaded).as_json())))
    (base / "sounds" / "low" / "9.wav").write_text("no sound")
    inputs = read_inputs(base / "sounds" / "low", project().data, preparation, ["sound"])
    assert len(inputs.places) == 8
    assert [Path(each.place).name for each in inputs.refusals] == ["9.wav"]
    for _, part in loaded.parts:
        for at, row in enumerate(part.index.tolist()):
            if row >= 8:
                assert torch.equal(inputs.fields["sound"][row - 8], part.fields["sound"][at])
    (base / "sounds" / "low" / "9.wav").unlink()
    with exported(project(), base, tmp_path / "program") as modules:
        fields, _ = modules["predict"].read(base / "sounds" / "low")
        assert torch.equal(fields["sound"], inputs.fields["sound"])
