"""Data of a few samples: shipped data sets, and files of arrays and tables with names that collide."""

import csv
import hashlib
from pathlib import Path

import numpy as np
from hypothesis import strategies as st

from engine.graph.model import Data

ROWS = 24
CLASSES = 3
RESERVED = """
    x h z h_ x_ self torch nn F Tensor math losses metrics outputs batch block total total_ range super float max len
    loss accuracy mae val train_loss val_loss train val lr seconds step epoch epochs steps rows device model options
    report best training validation main predict evaluate load_data order Metrics FIELDS TARGETS BATCH_SIZE
    optimizer schedule early_stop weights Net Model Module Body value values output outputs_ input inputs label target
    features image None_ list dict tuple print __name value_ figures penalty penalized causal_mask class_accuracy
    LearnedPositionEncoding conv1 fc add cat mean relu ReLU Linear name names shape data path np os sys json
    Path argparse OrderedDict field fields table read_table forward_ training_batches part_batches Change is_best join
    save_file load_file EarlyStop epoch_order change augmentation measure bare sums outputs_of
"""
NAMES = tuple(RESERVED.split())
"""Names that generated source, scripts, runs and torch use themselves."""

SIZES: dict[str, tuple[tuple[int, ...], str]] = {
    "features": ((4,), "float"),
    "image": ((2, 6, 6), "float"),
    "series": ((5, 4), "float"),
    "volume": ((1, 4, 4, 4), "float"),
    "share": ((CLASSES,), "share"),
    "chance": ((1,), "chance"),
    "tokens": ((5,), "int"),
    "label": ((), "label"),
}
COMPUTED = ("TwoSpirals", "NoisySine", "SequenceCopy")
SHIPPED = ("Iris", "BreastCancer", "Diabetes", "LogicGate", *COMPUTED)
HOSTILE_COLUMNS = ("'", '"', "a,b", "{x}", "a%s", "\\", "#", "</b>", "x\ny", "é", "None", "class")


def write_arrays(folder: Path, names: dict[str, str]) -> str:
    """Write a file of a few samples with a field of every sort, and return its name; ``names``: of the fields."""
    stem = "-".join(names[role] for role in SIZES)
    path = folder / f"{stem}.npz"
    if not path.exists():
        random = np.random.default_rng(0)
        arrays = {names[role]: _array(random, *SIZES[role]) for role in SIZES}
        np.savez(path, **arrays)
    return path.name


def write_table(folder: Path, header: list[str]) -> str:
    """Write a small table with these columns, and return its name."""
    path = folder / f"table-{hashlib.sha256(repr(header).encode()).hexdigest()[:12]}.csv"
    random = np.random.default_rng(len(header))
    with path.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(header)
        lines.writerows([f"{value:.3f}" for value in row] for row in random.standard_normal((ROWS, len(header))))
    return path.name


def _array(random: np.random.Generator, shape: tuple[int, ...], sort: str) -> np.ndarray:
    if sort == "label":
        return np.arange(ROWS) % CLASSES
    if sort == "int":
        return random.integers(0, 8, (ROWS, *shape))
    values = random.random((ROWS, *shape), dtype=np.float32) if sort in ("share", "chance") else None
    if values is None:
        values = random.standard_normal((ROWS, *shape), dtype=np.float32)
    return values / values.sum(1, keepdims=True) if sort == "share" else values


@st.composite
def small_data(draw: st.DrawFn, folder: Path) -> Data:
    kind = draw(st.sampled_from(("Npz", "Npz", "Npz", "Csv", *SHIPPED)))
    if kind == "Csv":
        header = draw(st.lists(st.sampled_from((*NAMES, *HOSTILE_COLUMNS)), min_size=3, max_size=4, unique=True))
        target = draw(st.sampled_from(header))
        return Data("Csv", {"path": write_table(folder, header), "target": target})
    if kind != "Npz":
        rows = {"rows": ROWS} if kind in COMPUTED else {}
        return Data(kind, rows)
    names = {role: role for role in SIZES}
    for role in draw(st.lists(st.sampled_from(list(SIZES)), max_size=2)):
        names[role] = draw(st.sampled_from([name for name in NAMES if name not in names.values()]))
    return Data("Npz", {"path": write_arrays(folder, names), "label": names["label"]})
