"""Writes the shipped data sets from their sources; only needed to check or renew them, never at run time.

Usage: ``python resources/datasets/make.py SKLEARN_DATA FASHION`` where SKLEARN_DATA is ``sklearn/datasets/data`` of
scikit-learn 1.9.1 and FASHION holds the four IDX files (Debian: ``dataset-fashion-mnist``, in
``/usr/share/datasets/fashion-mnist``).

Every set is one ``.npz`` that numpy reads without pickle. An array named ``image``, ``features``, ``label`` or
``target`` is a field; ``label_names`` are the classes by number, ``feature_names`` the columns, ``image_peak`` the
value of a white pixel.
"""

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


def main(sklearn_data: Path, fashion_source: Path) -> None:
    """Write all five sets beside this file."""
    digits(sklearn_data)
    lengths = ("sepal length (cm)", "sepal width (cm)", "petal length (cm)", "petal width (cm)")
    table_with_classes(sklearn_data, "iris", "iris.csv", lengths)
    cancer = tuple(f"{kind} {measure}" for kind in ("mean", "error of", "worst") for measure in CANCER_MEASURES)
    table_with_classes(sklearn_data, "breast_cancer", "breast_cancer.csv", cancer)
    diabetes(sklearn_data)
    fashion(fashion_source)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
