"""Writes the shipped data sets from their sources; only needed to check or renew them, never at run time.

Usage: ``python resources/datasets/make.py SKLEARN_DATA FASHION PENGUINS SERIES`` where SKLEARN_DATA is
``sklearn/datasets/data`` of scikit-learn 1.9.1, FASHION holds the four IDX files (Debian: ``dataset-fashion-mnist``, in
``/usr/share/datasets/fashion-mnist``), PENGUINS is ``palmerpenguins/data/penguins.csv`` of palmerpenguins 0.1.6, and
SERIES is ``aeon/datasets/data`` of aeon 1.6.0.

Every set is one ``.npz`` that numpy reads without pickle. An array named ``image``, ``series``, ``features``, ``label``
or ``target`` is a field; ``label_names`` are the classes by number, ``feature_names`` the columns, ``image_peak`` the
value of a white pixel.
"""

import csv
import gzip
import io
import sys
import zipfile
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
CANCER_MEASURES = (
    "radius", "texture", "perimeter", "area", "smoothness", "compactness", "concavity", "concave points", "symmetry",
    "fractal dimension",
)  # fmt: skip
CLOTHES = (
    "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot",
)  # fmt: skip
FASHION_PER_CLASS = 600
PENGUIN_MEASURES = ("bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g")
MOTION_CHANNELS = ("acceleration x", "acceleration y", "acceleration z", "rotation x", "rotation y", "rotation z")


def write(name: str, **arrays: np.ndarray) -> None:
    """Write one set; the same arrays give the same bytes."""
    with zipfile.ZipFile(HERE / f"{name}.npz", "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for key, array in arrays.items():
            body = io.BytesIO()
            np.lib.format.write_array(body, np.asarray(array, order="C"), allow_pickle=False)
            archive.writestr(zipfile.ZipInfo(f"{key}.npy"), body.getvalue(), zipfile.ZIP_DEFLATED, 9)


def digits(source: Path) -> None:
    """1,797 handwritten digits of 8 x 8 pixels, each a count of inked dots from 0 to 16."""
    table = np.loadtxt(source / "digits.csv.gz", delimiter=",", dtype=np.int64)
    write(
        "digits",
        image=table[:, :64].reshape(-1, 8, 8).astype(np.uint8),
        label=table[:, 64],
        image_peak=np.array(16),
        label_names=np.array([str(digit) for digit in range(10)]),
    )


def table_with_classes(source: Path, name: str, file: str, columns: tuple[str, ...]) -> None:
    """A table. Its first line has the numbers of rows and columns and the class names; the last column is the class."""
    header = (source / file).read_text().splitlines()[0].split(",")
    table = np.loadtxt(source / file, delimiter=",", skiprows=1)
    write(
        name,
        features=table[:, :-1].astype(np.float32),
        label=table[:, -1].astype(np.int64),
        label_names=np.array(header[2:]),
        feature_names=np.array(columns),
    )


def diabetes(source: Path) -> None:
    """442 patients, in the units they were measured in: scaling is a transform, fitted on the training part only."""
    write(
        "diabetes",
        features=np.loadtxt(source / "diabetes_data_raw.csv.gz").astype(np.float32),
        target=np.loadtxt(source / "diabetes_target.csv.gz").astype(np.float32)[:, None],
        feature_names=np.array(["age", "sex", "bmi", "bp", "s1", "s2", "s3", "s4", "s5", "s6"]),
    )


def fashion(source: Path) -> None:
    """The first 600 training images of each class of Fashion-MNIST, in the order of the original."""
    pixels = gzip.decompress((source / "train-images-idx3-ubyte.gz").read_bytes())[16:]
    labels = np.frombuffer(gzip.decompress((source / "train-labels-idx1-ubyte.gz").read_bytes())[8:], np.uint8)
    images = np.frombuffer(pixels, np.uint8).reshape(-1, 28, 28)
    selection = np.sort(np.concatenate([np.flatnonzero(labels == kind)[:FASHION_PER_CLASS] for kind in range(10)]))
    write(
        "fashion",
        image=images[selection],
        label=labels[selection].astype(np.int64),
        image_peak=np.array(255),
        label_names=np.array(CLOTHES),
    )


def penguins(file: Path) -> None:
    """342 penguins with all four measurements; two others have none."""
    with file.open(newline="", encoding="utf-8") as stream:
        rows = [row for row in csv.DictReader(stream) if row["bill_length_mm"] != "NA"]
    species = sorted({row["species"] for row in rows})
    write(
        "penguins",
        features=np.array([[float(row[name]) for name in PENGUIN_MEASURES] for row in rows], dtype=np.float32),
        label=np.array([species.index(row["species"]) for row in rows], dtype=np.int64),
        label_names=np.array(species),
        feature_names=np.array([name.rpartition("_")[0].replace("_", " ") for name in PENGUIN_MEASURES]),
    )


def motion(source: Path) -> None:
    """80 recordings of a smart watch, ten seconds of six channels each: both parts of BasicMotions, training first."""
    parts = [read_ts(source / "BasicMotions" / f"BasicMotions_{part}.ts") for part in ("TRAIN", "TEST")]
    classes = [name.lower() for name in parts[0][2]]
    write(
        "motion",
        series=np.concatenate([np.stack(series) for series, _, _ in parts]).astype(np.float32),
        label=np.array([label for _, labels, _ in parts for label in labels], dtype=np.int64),
        label_names=np.array(classes),
        channel_names=np.array(MOTION_CHANNELS),
    )


def read_ts(file: Path) -> tuple[list[np.ndarray], list[int], list[str]]:
    """The series (steps, channels) of a ``.ts`` file, the class number of each, and the class names."""
    header, _, body = file.read_text(encoding="utf-8").partition("@data\n")
    line = next(line for line in header.splitlines() if line.lower().startswith("@classlabel"))
    classes = line.split()[2:]
    rows = [row.split(":") for row in body.splitlines() if row]
    series = [np.array([channel.split(",") for channel in row[:-1]], dtype=np.float64).T for row in rows]
    return series, [classes.index(row[-1]) for row in rows], classes


def main(sklearn_data: Path, fashion_source: Path, penguin_file: Path, series_source: Path) -> None:
    """Write all sets beside this file."""
    digits(sklearn_data)
    lengths = ("sepal length (cm)", "sepal width (cm)", "petal length (cm)", "petal width (cm)")
    table_with_classes(sklearn_data, "iris", "iris.csv", lengths)
    cancer = tuple(f"{kind} {measure}" for kind in ("mean", "error of", "worst") for measure in CANCER_MEASURES)
    table_with_classes(sklearn_data, "breast_cancer", "breast_cancer.csv", cancer)
    diabetes(sklearn_data)
    fashion(fashion_source)
    penguins(penguin_file)
    motion(series_source)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:5]))
