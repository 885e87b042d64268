"""How long an analysis takes, and how long its source does: ``python -m bench.analysis`` (``--rounds N``).

Asked: 100 layers, nothing remembered, <= 50 ms; an edit that keeps shapes <= 10 ms; source of 1,000 layers <= 40 ms;
rules for 1,000 nodes < 20 ms. All in one process that has analysed before, one thread, in turns: CPU time, median and
spread. A fixed loop runs before each, and each time is also given in loops, which holds on any machine.
"""

import argparse
from collections.abc import Callable
from itertools import pairwise

import torch

from bench.measure import Times, line, load, loop_line, loop_ms, timed
from engine.check.rules import graph_problems
from engine.codegen.model import generate
from engine.graph.model import End, Graph, Node, Project, Wire
from engine.runtime.analysis.analyse import analyse
from engine.runtime.analysis.layer_cache import LayerCache
from engine.runtime.data.field_spec import FieldSpec

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


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=21)
    rounds = parser.parse_args().rounds
    torch.set_num_threads(1)
    hundred, distinct, thousand = deep(100, alike=True), deep(100, alike=False), deep(1000, alike=True)
    cache = LayerCache()
    middle = hundred.graphs["Net"].nodes["layer48"].params
    paddings = iter(range(10_000))

    def edit() -> None:
        middle["padding_mode"] = ("zeros", "reflect", "replicate", "circular")[next(paddings) % 4]
        analyse(hundred, FIELDS, cache)

    for _ in range(5):
        edit()
    analysis = analyse(thousand, FIELDS, cache)
    works: dict[str, tuple[float, Callable[[], object]]] = {
        "100 layers, nothing remembered": (50, lambda: analyse(hundred, FIELDS, LayerCache())),
        "100 layers, all different": (50, lambda: analyse(distinct, FIELDS, LayerCache())),
        "100 layers, an edit keeps shapes": (10, edit),
        "1,000 nodes, rules alone": (20, lambda: graph_problems(thousand)),
        "1,000 layers, source": (40, lambda: generate(thousand, analysis.derived)),
        "1,000 layers, nothing changed": (50, lambda: analyse(thousand, FIELDS, cache)),
    }
    times: Times = {}
    loops: Times = {}
    before = load()
    for _ in range(rounds):
        for what, (_, work) in works.items():
            loops.setdefault(what, []).append(loop_ms())
            with timed(times, what):
                work()
    print(f"The analysis; {before} before, {load()} after")
    print(loop_line([each for rounds in loops.values() for each in rounds]))
    for what, (goal, _) in works.items():
        print(line(what, times[what], goal, loops=loops[what]))


if __name__ == "__main__":
    main()
