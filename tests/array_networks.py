"""Small networks with a loss that compares with arrays of a file."""

from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

import numpy as np

from engine.check.diagnostics import Diagnostic
from engine.graph.model import Data, Node, Part, Project
from engine.runtime.analysis.analyse import check_project
from tests.small_projects import node, project

ROWS = 40


def saved(folder: Path, arrays: Mapping[str, np.ndarray], transforms: tuple[Part, ...] = ()) -> Data:
    np.savez(folder / "data.npz", **arrays)
    return Data("Npz", {"path": "data.npz"}, transforms=transforms)


def spread(low: float, high: float, *shape: int) -> np.ndarray:
    values = np.random.default_rng(0).uniform(low, high, (ROWS, *shape)).astype(np.float32)
    values[0], values[1] = low, high
    return values


def numbered(classes: int) -> np.ndarray:
    return np.arange(ROWS) % classes


def network(loss: Node | str, target: str, *layers: Node | str, field: str = "x") -> Project:
    """A field through layers, called n1, n2 ..., to a loss that compares with another field."""
    names = [f"n{place}" for place in range(1, len(layers) + 1)]
    row = [field, *names, "loss"]
    nodes = {field: "Input", **dict(zip(names, layers, strict=True)), "answer": node("Input", field=target)}
    wires = (f"{a} > {b}" for a, b in pairwise(row))
    return project({**nodes, "loss": loss}, *wires, "answer > loss.target")


def problems_of(network: Project, folder: Path) -> list[Diagnostic]:
    """The problems, without those about large numbers."""
    return [problem for problem in check_project(network, folder).problems if problem.code != "D111"]


def codes(network: Project, folder: Path) -> list[str]:
    return [problem.code for problem in problems_of(network, folder)]


def linear(size: int) -> Node:
    return node("Linear", out_features=size)
