import hashlib
import json
from pathlib import Path

import numpy as np
import pytest
import torch

from engine.catalog.data.datasets import datasets, path_params
from engine.errors import DataProblem
from engine.graph.model import Data, Part, Project, Split, Training
from engine.runtime.data import fields
from engine.runtime.data.field_spec import FieldSpec
from engine.runtime.data.fields import field_specs
from engine.runtime.data.prepared_samples import LoadedData, load_data
from engine.runtime.data.summary import describe, samples

HERE = Path()
NORMAL = Part("Normalize", {"field": "features"})


def load(base: Path, kind: str, *transforms: Part, split: Split | None = None, **params: object) -> LoadedData:
    return load_data(Project(data=Data(kind, params, split or Split(), transforms)), base)


def refusal(base: Path, kind: str, *transforms: Part, split: Split | None = None, **params: object) -> DataProblem:
    with pytest.raises(DataProblem) as caught:
        load(base, kind, *transforms, split=split, **params)
    assert caught.value.hint
    assert caught.value.code.startswith("D")
    return caught.value


OWN = {
    "Csv": {"path": "table.csv", "target": "kind"},
    "ImageFolder": {"path": "pets", "height": 8, "width": 12},
    "MaskFolder": {"images": "scans/images", "masks": "scans/masks", "height": 8, "width": 12},
    "TextFolder": {"path": "mails", "length": 12},
    "TextTable": {"path": "mails.csv", "target": "kind", "length": 12},
    "AudioFolder": {"path": "sounds", "rate": 1000, "seconds": 0.25},
    "Series": {"path": "hours.csv", "time": "hour", "window": 5},
    "Npz": {"path": "a.npz"},
    "Idx": {"images": "images", "labels": "labels"},
}


def example_settings(kind: str, request: pytest.FixtureRequest) -> dict[str, object]:
    """The parameters of a kind of data; its files are written where it needs some."""
    if kind in OWN:
        request.getfixturevalue("files")
    return OWN.get(kind, {})


@pytest.mark.parametrize("kind", datasets())
def test_field_specs_foretell_what_loading_gives(kind: str, files: Path) -> None:
    params = OWN.get(kind, {})
    split = Split(validation=0.0) if kind == "LogicGate" else Split()
    loaded = load(files, kind, split=split, **params)
    specs = field_specs(Data(kind, params), files)
    assert specs == loaded.specs
    assert list(loaded.training.fields) == list(specs)
    for name, values in loaded.training.fields.items():
        assert tuple(values.shape[1:]) == specs[name].shape
        assert str(values.dtype) == f"torch.{specs[name].dtype}"
    assert sum(len(part) for _, part in loaded.parts) == loaded.sample_count


@pytest.mark.parametrize("kind", ["Digits", "ImageFolder", "Npz", "Idx", "TwoSpirals"])
def test_field_specs_read_only_what_they_need(kind: str, files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from resources.snippets import folder, shipped, synthetic

    counts = []
    monkeypatch.setattr(folder, "read_image", None)
    monkeypatch.setattr(shipped, "load_shipped", None)
    spirals = synthetic.two_spirals
    monkeypatch.setattr(synthetic, "two_spirals", lambda **params: counts.append(params["rows"]) or spirals(**params))
    fields._specs.cache_clear()
    assert field_specs(Data(kind, OWN.get(kind, {})), files)
    assert counts in ([], [4])


def test_field_specs_are_remembered_until_the_file_changes(files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data, reads = Data("Csv", OWN["Csv"]), []
    real = fields.load_samples
    monkeypatch.setattr(fields, "load_samples", lambda *arguments: reads.append(1) or real(*arguments))
    assert field_specs(data, files) == field_specs(data, files)
    assert len(reads) == 1
    (files / "table.csv").write_text("n,kind\n1,a\n2,b\n3,c\n")
    assert field_specs(data, files) == {"features": FieldSpec((1,), "float32"), "label": FieldSpec((), "int64", 3)}
    assert len(reads) == 2


def test_the_split_depends_on_its_own_seed_only(files: Path) -> None:
    data = Data("Iris", {}, Split(validation=0.2, test=0.1))
    one, two = (load_data(Project(data=data, training=Training(seed=seed)), files) for seed in (0, 1))
    for (_, first), (_, second) in zip(one.parts, two.parts, strict=True):
        assert torch.equal(first.index, second.index)
    other = load(files, "Iris", split=Split(seed=1, test=0.1))
    assert not torch.equal(one.validation.index, other.validation.index)
    assert [torch.bincount(part.fields["label"]).tolist() for _, part in one.parts] == [[35] * 3, [10] * 3, [5] * 3]


def test_without_stratify_classes_may_be_shared_out_unevenly(files: Path) -> None:
    counts = [
        torch.bincount(load(files, "Iris", split=Split(stratify=False, seed=seed)).validation.fields["label"]).tolist()
        for seed in range(5)
    ]
    assert any(count != [10] * 3 for count in counts)


def test_rows_stay_together_and_in_order(files: Path) -> None:
    whole = load(files, "Digits", split=Split(validation=0.0)).training
    for _, part in load(files, "Digits", split=Split(test=0.1)).parts:
        assert torch.equal(part.index, part.index.sort().values)
        for name, values in part.fields.items():
            assert torch.equal(values, whole.fields[name][part.index])


def test_transforms_are_fitted_on_the_training_rows_only(files: Path) -> None:
    table = files / "table.csv"
    one = load(files, "Csv", NORMAL, **OWN["Csv"])
    held_out = [line - 2 for line in range(2, 22) if line - 2 in one.validation.index.tolist()]
    lines = table.read_text().splitlines()
    for row in held_out:
        lines[row + 1] = "1e6,-1e6," + lines[row + 1][-1]
    table.write_text("\n".join(lines))
    two = load(files, "Csv", NORMAL, **OWN["Csv"])
    assert torch.equal(one.training.fields["features"], two.training.fields["features"])
    assert not torch.equal(one.validation.fields["features"], two.validation.fields["features"])
    for name, figure in one.fitted[0].statistics.items():
        assert np.array_equal(figure, two.fitted[0].statistics[name])
    assert one.training.fields["features"].mean(0).abs().max() < 1e-6


def test_missing_values_get_the_training_rows_mean_before_anything_else(files: Path) -> None:
    rows = "".join(f"{'' if n in (3, 4) else n},{'ab'[n % 2]}\n" for n in range(20))
    (files / "gaps.csv").write_text("n,kind\n" + rows)
    params = {"path": "gaps.csv", "target": "kind", "missing": "mean"}
    loaded = load(files, "Csv", **params)
    complete = [n for n in loaded.training.index.tolist() if n not in (3, 4)]
    mean = pytest.approx(sum(complete) / len(complete))
    for _, part in loaded.parts:
        for row, value in zip(part.index.tolist(), part.fields["features"][:, 0].tolist(), strict=True):
            assert value == (mean if row in (3, 4) else row)
    assert [one.kind for one in load(files, "Csv", NORMAL, **params).fitted] == ["FillMissing", "Normalize"]
    assert describe(loaded)["missing"] == {"n": 2}


def test_augmentations_leave_the_loaded_rows_alone_and_get_salts_of_their_own(files: Path) -> None:
    flip, shift = Part("RandomHorizontalFlip"), Part("RandomShift", {"pixels": 2})
    loaded = load(files, "Digits", flip, shift)
    assert torch.equal(loaded.training.fields["image"], load(files, "Digits").training.fields["image"])
    assert [one.salt for one in loaded.augmentations] == [1, 2]
    assert [one.field for one in loaded.augmentations] == ["image", "image"]
    assert loaded.augmentations[1].draw(loaded.training.fields["image"], 0, 0).abs().max() == 2


BAD_PARTS = {
    "unknown kind of data": (("Digit",), {}, "no kind of data 'Digit'", "Digits"),
    "unknown parameter": (("TwoSpirals",), {"turn": 2.0}, "no parameter 'turn'", "turns"),
    "value out of range": (("TwoSpirals",), {"noise": -1.0}, "noise must be 0.0 to 10.0, got -1.0", ""),
    "no path": (("Csv",), {"target": "y"}, "path is empty", ""),
    "unknown transform": (("Iris", Part("Normalise")), {}, "no transform 'Normalise'", "Normalize"),
    "unknown field": (("Iris", Part("Normalize", {"field": "feature"})), {}, "no field 'feature'", "features"),
    "bad transform value": (("Iris", Part("Normalize", {"per": "row"})), {}, "per must be one of channel", ""),
    "whole numbers": (("Iris", Part("Normalize", {"field": "label"})), {}, "field 'label' holds class numbers", ""),
    "no image": (
        ("Iris", Part("RandomShift", {"field": "features"})),
        {},
        "is of kind table, with samples",
        "",
    ),
}


@pytest.mark.parametrize("name", BAD_PARTS)
def test_a_data_section_that_cannot_be_is_refused_alike_by_check_and_load(name: str, files: Path) -> None:
    (kind, *transforms), params, message, hint = BAD_PARTS[name]
    wrong = refusal(files, kind, *transforms, **params)
    assert message in wrong.message
    assert hint in wrong.hint
    with pytest.raises(DataProblem) as caught:
        field_specs(Data(kind, params, transforms=tuple(transforms)), files)
    assert caught.value.message == wrong.message


@pytest.mark.parametrize(
    ("split", "message"),
    [
        (Split(validation=0.6, test=0.4), "holds out 0.6 and 0.4"),
        (Split(validation=-0.1), "holds out -0.1"),
        (Split(validation=0.1, stratify=False), "The validation part would have none of the 4 samples"),
        (Split(validation=0.0, test=0.1, stratify=False), "The test part would have none"),
    ],
)
def test_a_split_that_leaves_a_part_without_rows_is_refused(split: Split, message: str, files: Path) -> None:
    assert message in refusal(files, "LogicGate", split=split).message


def test_what_is_wrong_with_a_file_names_it_by_its_full_path(files: Path) -> None:
    (files / "table.csv").write_text("n,kind\n1,a\nx,b\n")
    wrong = refusal(files, "Csv", **OWN["Csv"])
    assert wrong.message.startswith(f"{files / 'table.csv'}, line 3, column 'n': 'x' is not a number")
    (files / "pets" / "cat" / "0.png").write_text("no image")
    assert str(files / "pets" / "cat" / "0.png") in refusal(files, "ImageFolder", **OWN["ImageFolder"]).message
    assert "none.npz" in refusal(files, "Npz", path="none.npz").message


def test_a_label_a_network_cannot_give_is_found_where_it_came_from(files: Path) -> None:
    (files / "table.csv").write_text("n,kind\n" + "".join(f"{n},{n % 3}\n" for n in range(9)))
    loaded = load(files, "Csv", **OWN["Csv"])
    assert loaded.outside("label", 3) is None
    row = int(loaded.outside("label", 2).removeprefix("line ")) - 2
    assert row % 3 == 2


def test_sources_carry_the_hash_of_their_bytes(files: Path) -> None:
    loaded = load(files, "Csv", **OWN["Csv"])
    (source,) = loaded.sources
    assert source.path == str((files / "table.csv").resolve())
    assert source.sha256 == hashlib.sha256((files / "table.csv").read_bytes()).hexdigest()
    assert len(load(files, "Idx", **OWN["Idx"]).sources) == 2
    before = load(files, "ImageFolder", **OWN["ImageFolder"]).sources
    (files / "pets" / "cat" / "0.png").rename(files / "pets" / "cat" / "00.png")
    assert load(files, "ImageFolder", **OWN["ImageFolder"]).sources != before
    assert load(files, "TwoSpirals").sources == ()


@pytest.mark.parametrize("kind", datasets())
def test_summary_and_samples_are_plain_json(kind: str, files: Path) -> None:
    params = OWN.get(kind, {})
    loaded = load(files, kind, split=Split(validation=0.0) if kind == "LogicGate" else Split(), **params)
    summary = json.loads(json.dumps(describe(loaded), allow_nan=False))
    assert summary["rows"] == loaded.sample_count == sum(summary["parts"].values())
    assert set(summary["fields"]) == set(loaded.specs)
    page = json.loads(json.dumps(samples(loaded, "training", 2, 3), allow_nan=False))
    numbers = [loaded.training.index[-1].item(), loaded.training.index[0].item()]
    assert [one["row"] for one in samples(loaded, rows=[*numbers, -1])] == numbers
    assert [one["row"] for one in samples(loaded, start=2, count=3)] == [one["row"] for one in page]
    if summary["order"] == "file":
        assert [one["row"] for one in page] == loaded.training.index[2:5].tolist()
    assert all(set(one["fields"]) == set(loaded.specs) for one in page)
    assert samples(loaded, "training", 10**6) == []
    assert bool(summary["sources"]) == bool(path_params(datasets()[kind]) or datasets()[kind].file)


def test_the_summary_counts_classes_and_says_what_rows_look_like(files: Path) -> None:
    loaded = load(files, "Iris")
    summary = describe(loaded)
    assert summary["classes"]["label"][0] == {"name": "setosa", "training": 40, "validation": 10, "test": 0}
    values = loaded.training.fields["features"]
    assert summary["fields"]["features"]["max"] == values.max().item()
    assert summary["fields"]["features"]["mean"] == pytest.approx(values.mean().item())
    assert {"class": "setosa"} in [one["fields"]["label"] for one in samples(loaded)]
    image = samples(load(files, "Digits"))[0]["fields"]["image"]["image"]
    assert (image["height"], image["width"], image["channels"]) == (8, 8, 1)


def test_rows_with_classes_are_shown_mixed_and_each_of_them_once(files: Path) -> None:
    loaded = load(files, "Iris")
    assert describe(loaded)["order"] == "mixed"
    page = [*samples(loaded, start=0, count=12), *samples(loaded, start=12, count=1000)]
    assert {one["fields"]["label"]["class"] for one in page[:12]} == {"setosa", "versicolor", "virginica"}
    assert sorted(one["row"] for one in page) == loaded.training.index.tolist()
    assert describe(load(files, "Diabetes"))["order"] == "file"


def test_each_value_of_a_table_has_the_name_of_its_column(tmp_path: Path) -> None:
    (tmp_path / "houses.csv").write_text(
        "area m2,district,age,price\n" + "50,north,3,1.5\n70,south,9,2.5\n60,,7,3.5\n" * 8
    )
    params = {"path": "houses.csv", "target": "price", "missing": "mean"}
    loaded = load(tmp_path, "Csv", NORMAL, **params)
    summary = describe(loaded)
    assert summary["values"] == {"features": ["area m2", "district=north", "district=south", "age"]}
    assert len(samples(loaded)[0]["fields"]["features"]["values"]) == 4
    assert summary["after"] == {"features": ["Normalize"]}
    assert describe(load(tmp_path, "Csv", **params))["after"] == {}
    assert describe(load(tmp_path, "Digits"))["values"] == {}
