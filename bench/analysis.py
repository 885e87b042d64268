"""How long an analysis takes, and how long its source does: ``python -m bench.analysis`` (``--rounds N``).

Figures to hold: 100 layers, nothing remembered, <= 50 ms; an edit that keeps shapes <= 10 ms; source of 1,000 layers
<= 40 ms; rules for 1,000 nodes < 20 ms. All in one process that has analysed before, one thread, best and median.
"""

import argparse
import os
import statistics
import time
from collections.abc import Callable
from itertools import pairwise

import torch

from engine.check.rules import structural
from engine.codegen.model import generate
from engine.graph.model import End, Graph, Node, Project, Wire
from engine.runtime.analysis.analyse import analyse
from engine.runtime.analysis.shapes import Shapes
from engine.runtime.data.fields import FieldSpec

FIELDS = {"image": FieldSpec((3, 32, 32), "float32")}


def deep(layers: int, *, alike: bool) -> Project:
    """Convolution, normalization, activation in turn; ``alike``: in five widths, else every one in its own."""
    kinds: list[tuple[str, dict[str, int]]] = []
    for place in range(layers - 2):
        width = 8 + place // 3 % 5 if alike else 8 + place // 3
        conv = {"out_channels": width, "kernel_size": 3, "padding": 1}
        kinds.append([("Conv2d", conv), ("BatchNorm2d", {}), ("ReLU", {})][place % 3])
    kinds += [("Flatten", {}), ("Linear", {"out_features": 10})]
    nodes = {"image": Node("Input")} | {f"layer{n}": Node(kind, dict(values)) for n, (kind, values) in enumerate(kinds)}
    nodes["scores"] = Node("Output")
    names = list(nodes)
    wires = [Wire(End(a, "output"), End(b, "input")) for a, b in pairwise(names)]
    return Project(graphs={"Net": Graph(nodes, wires)})


def timed(what: str, limit_ms: float, work: Callable[[], object], rounds: int) -> None:
    """Print the best and the median of some rounds, by the clock and by processor time."""
    took, worked = [], []
    for _ in range(rounds):
        began, busy = time.perf_counter(), time.process_time()
        work()
        worked.append((time.process_time() - busy) * 1e3)
        took.append((time.perf_counter() - began) * 1e3)
    columns = (f"best {min(each):5.1f} median {statistics.median(each):5.1f} ms" for each in (took, worked))
    print(f"{what:<44} {'   processor '.join(columns)}   limit {limit_ms:g} ms")


def main() -> None:
    """Measure and print."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--rounds", type=int, default=9)
    rounds = asked.parse_args().rounds
    torch.set_num_threads(1)
    hundred, distinct, thousand = deep(100, alike=True), deep(100, alike=False), deep(1000, alike=True)
    analyse(hundred, FIELDS, Shapes())

    print(f"load of the machine in the last minutes: {' '.join(f'{load:.1f}' for load in os.getloadavg())}")
    timed("100 layers, nothing remembered", 50, lambda: analyse(hundred, FIELDS, Shapes()), rounds)
    timed("100 layers, all different", 50, lambda: analyse(distinct, FIELDS, Shapes()), rounds)

    known = Shapes()
    analyse(hundred, FIELDS, known)
    middle = hundred.graphs["Net"].nodes["layer48"].params
    paddings = iter(range(10_000))

    def edit() -> None:
        middle["padding_mode"] = ("zeros", "reflect", "replicate", "circular")[next(paddings) % 4]
        analyse(hundred, FIELDS, known)

    timed("100 layers, after an edit that keeps shapes", 10, edit, rounds)
    found = analyse(thousand, FIELDS, known)
    timed("1,000 nodes, rules alone", 20, lambda: structural(thousand), rounds)
    timed("1,000 layers, source", 40, lambda: generate(thousand, found.derived), rounds)
    timed("1,000 layers, nothing changed", 50, lambda: analyse(thousand, FIELDS, known), rounds)


if __name__ == "__main__":
    main()
