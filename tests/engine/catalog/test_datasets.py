import hashlib
import inspect
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

from engine.catalog.data.datasets import DATASETS, datasets, implied_transforms, path_params
from engine.catalog.data.spec import Dataset
from engine.catalog.data.transforms import TRANSFORMS
from engine.catalog.params import Int
from engine.catalog.spec import effective
from resources.snippets.load_result import LoadedSamples

SHIPPED = Path("resources/datasets").resolve()
COMPUTED = [dataset for dataset in DATASETS if not path_params(dataset) and not dataset.file]
BUILT_IN = [dataset for dataset in DATASETS if not path_params(dataset)]


def kind(declaration: object) -> str:
    return declaration.kind


def load(dataset: Dataset, **params: object) -> LoadedSamples:
    module, _, name = dataset.loader.partition(":")
    before = [SHIPPED / dataset.file] if dataset.file else []
    return getattr(import_module(f"resources.snippets.{module}"), name)(*before, **effective(dataset.params, params))


def test_the_contracts_kinds_are_there() -> None:
    expected = (
        *("Digits", "FashionMNIST", "Iris", "BreastCancer", "Diabetes", "Csv", "ImageFolder", "Npz", "Idx"),
        *("TwoSpirals", "LogicGate", "NoisySine", "SequenceCopy"),
    )
    assert datasets().keys() >= {*expected}


@pytest.mark.parametrize("dataset", DATASETS, ids=kind)
def test_a_loader_takes_exactly_the_declared_parameters(dataset: Dataset) -> None:
    module, _, name = dataset.loader.partition(":")
    parameters = inspect.signature(getattr(import_module(f"resources.snippets.{module}"), name)).parameters
    names = [*(["path"] if dataset.file else []), *(param.name for param in dataset.params)]
    assert list(parameters) == names
    for param in dataset.params:
        if parameters[param.name].default is not inspect.Parameter.empty:
            assert parameters[param.name].default == param.default, param.name
        assert param.problem(param.default) is None or param.required
        assert param.help


@pytest.mark.parametrize("dataset", BUILT_IN, ids=kind)
def test_a_built_in_set_has_the_declared_fields(dataset: Dataset) -> None:
    rows = load(dataset)
    assert list(rows.fields) == [field.name for field in dataset.fields]
    for field in dataset.fields:
        values = rows.fields[field.name]
        assert len(values) == len(rows)
        assert values.dtype == (np.int64 if field.element == "int" else np.float32)
        assert np.isfinite(values).all()
        assert values.ndim == len(field.shape) + 1
        assert all(expected in (None, size) for expected, size in zip(field.shape, values.shape[1:], strict=True))
    for name, classes in rows.classes.items():
        assert set(np.unique(rows.fields[name])) == set(range(len(classes)))


@pytest.mark.parametrize("dataset", [each for each in DATASETS if each.file], ids=kind)
def test_a_shipped_set_states_source_and_licence(dataset: Dataset) -> None:
    name = Path(dataset.file).stem
    text = (SHIPPED / f"{name}.LICENSE.txt").read_text()
    assert text.startswith(dataset.file)
    assert all(word in text for word in ("Source ", "Licence ", "Changed ", "WARRANT"))
    assert f"`{dataset.file}`" in Path("THIRD_PARTY.md").read_text()
    assert dataset.licence
    assert dataset.source


def test_shipped_sets_are_the_published_ones() -> None:
    assert [len(load(datasets()[name])) for name in ("Digits", "FashionMNIST", "Iris", "BreastCancer", "Diabetes")] == [
        1797, 6000, 150, 569, 442,
    ]  # fmt: skip
    assert [len(load(datasets()[name])) for name in ("Penguins", "Motion")] == [342, 80]
    penguins, motion = load(datasets()["Penguins"]), load(datasets()["Motion"])
    assert penguins.fields["features"][0].tolist() == pytest.approx([39.1, 18.7, 181, 3750])
    assert np.bincount(penguins.fields["label"]).tolist() == [151, 68, 123]
    assert motion.fields["series"][0, 2, :1].tolist() == pytest.approx([-0.903497])
    assert np.bincount(motion.fields["label"]).tolist() == [20] * 4
    digits, fashion, iris = (load(datasets()[name]) for name in ("Digits", "FashionMNIST", "Iris"))
    counts = [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
    assert np.bincount(digits.fields["label"]).tolist() == counts
    assert (digits.fields["image"][0, 0, 0] * 16).tolist() == [0, 0, 5, 13, 9, 1, 0, 0]
    assert np.bincount(fashion.fields["label"]).tolist() == [600] * 10
    assert fashion.fields["image"].min() == 0
    assert fashion.fields["image"].max() == 1
    assert iris.fields["features"][0].tolist() == pytest.approx([5.1, 3.5, 1.4, 0.2])
    assert load(datasets()["Diabetes"]).fields["target"][:2, 0].tolist() == [151, 75]


def test_shipped_files_are_small_and_need_no_pickle() -> None:
    files = sorted(SHIPPED.glob("*.npz"))
    assert {file.name for file in files} == {dataset.file for dataset in DATASETS if dataset.file}
    assert sum(file.stat().st_size for file in files) < 30_000_000
    for file in files:
        with np.load(file, allow_pickle=False) as arrays:
            assert all(arrays[name].dtype.kind in "fiuU" for name in arrays.files)


@pytest.mark.parametrize("dataset", [each for each in COMPUTED if each.kind != "LogicGate"], ids=kind)
def test_a_computed_set_is_a_function_of_its_seed(dataset: Dataset) -> None:
    first, again, other = load(dataset, seed=3), load(dataset, seed=3), load(dataset, seed=4)
    for name, values in first.fields.items():
        assert np.array_equal(values, again.fields[name])
    assert any(not np.array_equal(values, other.fields[name]) for name, values in first.fields.items())
    assert len(load(dataset, rows=17)) == 17


def test_spirals_have_the_requested_turns() -> None:
    rows = load(datasets()["TwoSpirals"], turns=2.0, noise=0.0, rows=1000)
    x, y = rows.fields["features"].T
    radius = np.hypot(x, y)
    angle = np.arctan2(y, x) - np.pi * rows.fields["label"]
    turns = (2.0 * radius - angle / (2 * np.pi)) % 1.0
    assert np.minimum(turns, 1 - turns).max() < 1e-5


def test_a_lesion_is_darker_than_the_skin_around_it() -> None:
    rows = load(datasets()["Lesions"], rows=40, size=32)
    image, mask = rows.fields["image"].mean(axis=1), rows.fields["mask"]
    assert set(np.unique(mask)) == {0, 1}
    assert 0.01 < mask.mean() < 0.4
    darker = [image[row][mask[row] == 0].mean() - image[row][mask[row] == 1].mean() for row in range(40)]
    assert min(darker) > 0.0


def test_a_car_steers_into_the_curve_and_back_to_the_middle_of_its_lane() -> None:
    rows = load(datasets()["Driving"], rows=200)
    image, angle = rows.fields["image"].mean(axis=1), rows.fields["target"][:, 0]
    green = rows.fields["image"][:, 1] - rows.fields["image"][:, [0, 2]].max(axis=1)  # the grass beside the road
    right_minus_left = green[:, 14:20, 48:].mean(axis=(1, 2)) - green[:, 14:20, :48].mean(axis=(1, 2))
    assert image.shape[1:] == (36, 96)
    assert np.corrcoef(right_minus_left, angle)[0, 1] < -0.3  # a road that turns right leaves less grass there


def test_a_seasonal_series_goes_on_from_its_window() -> None:
    whole = load(datasets()["SeasonalSeries"], rows=20, window=48, horizon=1, noise=0.0)
    longer = load(datasets()["SeasonalSeries"], rows=20, window=49, horizon=1, noise=0.0)
    assert np.allclose(whole.fields["target"][:, 0], longer.fields["series"][:, 48, 0])


@pytest.mark.parametrize(
    ("gate", "table"),
    [("and", [0, 0, 0, 1]), ("or", [0, 1, 1, 1]), ("nand", [1, 1, 1, 0]), ("nor", [1, 0, 0, 0]), ("xor", [0, 1, 1, 0]),
     ("xnor", [1, 0, 0, 1])],
)  # fmt: skip
def test_a_gate_is_its_truth_table(gate: str, table: list[int]) -> None:
    rows = load(datasets()["LogicGate"], gate=gate)
    assert rows.fields["features"].tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]
    assert rows.fields["label"].tolist() == table


def test_a_sequence_is_asked_for_after_the_delay() -> None:
    rows = load(datasets()["SequenceCopy"], length=4, delay=2, vocabulary=5, rows=50)
    tokens, label = rows.fields["tokens"], rows.fields["label"]
    assert tokens.shape == label.shape == (50, 10)
    assert np.array_equal(tokens[:, :4], label[:, 6:])
    assert not tokens[:, 4:].any()
    assert not label[:, :6].any()
    assert (tokens[:, :4] > 0).all()
    assert rows.classes == {"label": ("blank", "1", "2", "3", "4", "5")}


def test_every_transform_names_its_field_and_its_functions() -> None:
    for transform in TRANSFORMS:
        assert transform.params[0].name == "field"
        module, _, name = transform.target.partition(":")
        assert module == ("augment" if transform.random else "transforms")
        text = Path(f"resources/snippets/{module}.py").read_text()
        assert f"def {name}(" in text
        assert f"def {'draw' if transform.random else 'fit'}_{name}(" in text
        assert (f"def undo_{name}(" in text) != (transform.random or transform.fills)


def test_only_a_table_with_means_asks_for_a_transform() -> None:
    assert implied_transforms("Csv", {"missing": "mean"}) == (("FillMissing", {"field": "features"}),)
    assert implied_transforms("Csv", {}) == ()
    assert implied_transforms("Digits", {"missing": "mean"}) == ()


def test_the_least_number_of_samples_decides_the_shape() -> None:
    sizes = [param for dataset in COMPUTED for param in dataset.params if param.name == "rows"]
    assert all(isinstance(param, Int) and param.min == 4 for param in sizes)


def test_the_exported_copy_of_the_fashion_set_is_stable() -> None:
    images = load(datasets()["FashionMNIST"]).fields["image"]
    assert hashlib.sha256((images * 255).round().astype(np.uint8).tobytes()).hexdigest().startswith("2b17438af55637db")
