"""How well every template learns: best figures at seed 0, and iris over seeds 0 to 9.

Run from the project's folder:  .venv/bin/python bench/accuracy.py [NAME ...]
"""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import mean

GOALS = {  # template: (figure, bound, whether the bound is a floor)
    "gate-and": ("train_accuracy", 1.0, True),
    "gate-xor": ("train_accuracy", 0.75, False),
    "iris-mlp": ("val_accuracy", 0.95, True),
    "diabetes-mlp": ("val_r2", 0.0, True),
    "digits-mlp": ("val_accuracy", 0.96, True),
    "digits-cnn": ("val_accuracy", 0.98, True),
    "digits-lstm": ("val_accuracy", 0.96, True),
    "digits-transformer": ("val_accuracy", 0.95, True),
    "digits-autoencoder": ("val_loss", 0.05, False),
    "fashion-cnn": ("val_accuracy", 0.85, True),
}


def torchloom(*arguments: str) -> str:
    """What the command line prints to stdout."""
    done = subprocess.run([sys.executable, "-m", "engine", *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"torchloom {' '.join(arguments)}: exit {done.returncode}\n{done.stderr}")
    return done.stdout


def best_metrics(name: str, seed: int) -> dict[str, float]:
    """The best epoch's figures of one training of a template, one thread."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"{name}.loom"
        torchloom("new", name, "-o", str(file))
        lines = torchloom("train", str(file), "--seed", str(seed), "--threads", "1", "--json").splitlines()
    finished = next(event for event in map(json.loads, reversed(lines)) if event["event"] == "Finished")
    metrics: dict[str, float] = finished["best"]
    return metrics


def main(names: list[str]) -> None:
    """Print a line a template: the figure, its goal, and how long the command took."""
    for name in names or list(GOALS):
        figure, bound, floor = GOALS[name]
        seeds = range(10) if name == "iris-mlp" else range(1)
        start = time.perf_counter()
        reached = mean(best_metrics(name, seed)[figure] for seed in seeds)
        met = reached >= bound if floor else reached <= bound
        over = f" (mean of {len(seeds)} seeds)" if len(seeds) > 1 else ""
        sign = ">=" if floor else "<="
        word = "met" if met else "MISSED"
        print(
            f"{name:20} {figure:15} {reached:.4f} {sign} {bound:<5} {word}  {time.perf_counter() - start:5.1f} s{over}",
            flush=True,
        )


if __name__ == "__main__":
    main(sys.argv[1:])
