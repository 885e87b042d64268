"""How long the known networks take to check and to open.

Run from the project's folder:  .venv/bin/python -m bench.known_networks [--rounds 7]
Asked: checking any template but the language models <= 1 s, warm: in a process that has checked it before, which
remembers no layer of it. Opening GPT-2 or GoogLeNet <= 0.3 s, from the command until its nodes are painted.
"""

import argparse
import tempfile
from pathlib import Path

import torch

from bench.measure import Times, line, load, timed
from bench.opened import open_app
from bench.opening import once
from bench.projects import deep
from engine.project import file
from engine.project.templates import templates
from engine.runtime.analysis.analyse import check_project
from engine.runtime.analysis.layer_cache import LayerCache

CHECK_MS = 1000.0
OPEN_MS = 300.0
TO_OPEN = ("gpt2", "googlenet", "resnet50", "unet")


def checks(rounds: int) -> Times:
    """The checks of every template."""
    times: Times = {}
    for template in templates():
        project = file.parse(template.text(), template.name)
        what = f"{template.name}, check" + (" (language)" if template.topic == "language" else "")
        check_project(project, Path())
        for _ in range(rounds):
            with timed(times, what):
                check_project(project, Path(), cache=LayerCache())
    return times


def openings(rounds: int) -> Times:
    """The openings in a window that is there already."""
    times: Times = {}
    with tempfile.TemporaryDirectory() as folder:
        few = Path(folder) / "few.loom"
        file.write(few, deep(8))
        paths = {name: Path(folder) / f"{name}.loom" for name in TO_OPEN}
        for name, path in paths.items():
            path.write_text(next(each.text() for each in templates() if each.name == name), encoding="utf-8")
        with open_app(few) as app:
            for turn in range(rounds + 1):
                for name, path in paths.items():
                    once(app, path, times if turn else {}, f"{name}")
                    once(app, few, {}, "")
    return times


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    rounds = parser.parse_args().rounds
    torch.set_num_threads(1)
    before = load()
    check_times, open_times = checks(rounds), openings(rounds)
    print(f"Known networks; {before} before, {load()} after")
    for what, each in check_times.items():
        print(line(what, each, CHECK_MS))
    for what, each in open_times.items():
        print(line(what, each, OPEN_MS, "ms     " if what.endswith("(wall)") else "ms CPU"))


if __name__ == "__main__":
    main()
