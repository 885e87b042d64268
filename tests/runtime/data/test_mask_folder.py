"""Folders of images and masks: read, split, previewed, asked and exported alike; what does not fit is named."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from engine.errors import DataProblem
from engine.graph.model import Data, End, Graph, Node, Part, Project, Split, Training, Wire
from engine.runtime.data.fields import field_specs
from engine.runtime.data.inputs import Preparation, read_inputs
from engine.runtime.data.prepared_samples import load_data
from engine.runtime.data.summary import describe, samples
from engine.runtime.data.survey import survey
from tests.runtime.exported_data import assert_same_batches, exported

SETTINGS = {
    "images": "images",
    "masks": "masks",
    "height": 8,
    "width": 12,
    "class_names": ("background", "cell", "core"),
}


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """Ten images with masks of the values 0, 128 and 255: a bright square has the class 1, a brighter one 2."""
    for name in ("images", "masks"):
        (tmp_path / name).mkdir()
    for n in range(10):
        image, mask = np.zeros((16, 24, 3), np.uint8), np.zeros((16, 24), np.uint8)
        image[2:10, n : n + 10] = 120
        mask[2:10, n : n + 10] = 128
        image[4:8, n + 2 : n + 6] = 250
        mask[4:8, n + 2 : n + 6] = 255
        Image.fromarray(image).save(tmp_path / "images" / f"{n}.png")
        Image.fromarray(mask).save(tmp_path / "masks" / f"{n}{'_mask' * (n % 2)}.{'png' if n % 3 else 'tif'}")
    return tmp_path


def project(**settings: object) -> Project:
    nodes = {
        "image": Node("Input"),
        "mask": Node("Input"),
        "conv": Node("Conv2d", {"out_channels": 3, "kernel_size": 1}),
        "loss": Node("CrossEntropyLoss"),
        "scores": Node("Output"),
    }
    ends = (("image.output", "conv.input"), ("conv.output", "loss.input"), ("mask.output", "loss.target"),
            ("conv.output", "scores.input"))  # fmt: skip
    wires = [Wire(End(*source.split(".")), End(*target.split("."))) for source, target in ends]
    flip = Part("RandomHorizontalFlip", {"field": "image"})
    data = Data("MaskFolder", {**SETTINGS, **settings}, Split(0.2), (Part("Normalize", {"field": "image"}), flip))
    return Project(graphs={"Net": Graph(nodes, wires)}, data=data, training=Training(epochs=1, batch_size=3))


def refusal(base: Path, **settings: object) -> DataProblem:
    with pytest.raises(DataProblem) as caught:
        survey(project(**settings).data, base)
    assert caught.value.hint
    return caught.value


def test_each_pixel_has_the_class_of_its_value(base: Path) -> None:
    loaded = load_data(project(fit="stretch"), base)
    assert loaded.class_names["mask"] == ("background", "cell", "core")
    assert field_specs(project().data, base)["mask"].kind == "mask"
    plain = load_data(Project(data=Data("MaskFolder", {**SETTINGS, "fit": "stretch", "colours": "grey"})), base)
    images, masks = plain.training.fields["image"][:, 0], plain.training.fields["mask"]
    assert masks.shape[1:] == (8, 12)
    for number, low in enumerate((-1.0, 0.2, 0.8)):
        means = images[masks == number]
        assert float(means.median()) > low
    assert float(images[masks == 0].median()) < 0.1


def test_what_was_read_is_reported(base: Path) -> None:
    (base / "images" / "notes.txt").write_text("x")
    Image.new("L", (4, 4)).save(base / "masks" / "free.png")
    reading = survey(project().data, base).reading
    assert reading.classes == {"background": 10, "cell": 10, "core": 10}
    assert any("masks without an image (free.png)" in text for text in reading.left_out)
    assert any("1 file (.txt)" in text for text in reading.left_out)


def test_samples_are_shown_with_their_masks(base: Path) -> None:
    loaded = load_data(project(), base)
    fields = samples(loaded, count=1)[0]["fields"]
    assert fields["mask"]["mask"]["width"] == fields["image"]["image"]["width"] == 12
    assert [each["name"] for each in describe(loaded)["classes"]["mask"]] == ["background", "cell", "core"]


def test_a_mask_that_does_not_fit_is_named_or_left_out(base: Path) -> None:
    Image.new("L", (5, 5)).save(base / "masks" / "2.png")
    wrong = refusal(base)
    assert "2.png is 5 x 5 pixels, and its image 2.png is 16 x 24" in wrong.message
    assert "broken" in wrong.hint
    (base / "masks" / "4.png").write_bytes(b"no image")
    (base / "masks" / "8.png").unlink()
    assert "3 of 10 files cannot be used: 2.png, 4.png and 8.png" in refusal(base).message
    reading = survey(project(broken="drop").data, base).reading
    assert reading.samples == 7
    assert any("3 broken files (2.png, 4.png and 8.png)" in text for text in reading.left_out)
    assert "none of its" not in json.dumps(reading.as_json())


def test_masks_of_a_picture_and_wrong_names_are_refused(base: Path) -> None:
    assert "3 values (0, 128 and 255), and class_names has 2" in refusal(base, class_names=("a", "b")).message
    assert "cannot be read" in refusal(base, masks="mask").message
    noise = np.random.default_rng(0).integers(0, 256, (16, 24), dtype=np.uint8)
    for file in (base / "masks").iterdir():
        Image.fromarray(noise).save(file)
    assert "different values, and a mask has one for each class" in refusal(base, class_names=()).message


@pytest.mark.parametrize("mode", ["P", "1", "RGB", "I;16"])
def test_masks_may_be_indexed_binary_coloured_or_deep(base: Path, mode: str) -> None:
    for file in (base / "masks").iterdir():
        image = Image.open(file)
        image.load()
        if mode == "I;16":
            Image.fromarray(np.asarray(image).astype(np.uint16) * 2).save(file)
        elif mode == "RGB":
            black = Image.new("L", image.size)
            Image.merge("RGB", (image, black, black)).save(file)
        else:
            image.convert(mode).save(file)
    loaded = load_data(project(class_names=(), fit="pad"), base)
    stored = {"P": None, "1": ("0", "255"), "RGB": ("0", "8388608", "16711680"), "I;16": ("0", "256", "510")}[mode]
    assert stored is None or loaded.class_names["mask"] in (stored, ("0", "1"))
    assert len(loaded.class_names["mask"]) == (2 if mode == "1" else 3)
    assert loaded.training.fields["mask"].unique().tolist() == list(range(len(loaded.class_names["mask"])))


@pytest.mark.parametrize("fit", ["crop", "pad"])
def test_an_exported_program_reads_the_same_samples(base: Path, tmp_path: Path, fit: str) -> None:
    (base / "masks" / "4.png").unlink()
    assert_same_batches(project(fit=fit, broken="drop"), base, tmp_path / "program")


def test_new_images_are_read_as_those_of_the_training(base: Path, tmp_path: Path) -> None:
    loaded = load_data(project(), base)
    preparation = Preparation.from_json(json.loads(json.dumps(Preparation.of(loaded).as_json())))
    inputs = read_inputs(base / "images" / "3.png", project().data, preparation, ["image"])
    row = next(part for _, part in loaded.parts if 3 in part.index.tolist())
    assert torch.equal(inputs.fields["image"][0], row.fields["image"][row.index.tolist().index(3)])
    with exported(project(), base, tmp_path / "program") as modules:
        fields, _ = modules["predict"].read(base / "images" / "3.png")
        assert torch.equal(fields["image"], inputs.fields["image"])
