"""What the templates of each kind of data reach at seed 0, on one thread, with their best weights.

Run from the project's folder:  .venv/bin/python -m bench.data [NAME ...]

Forecasts and steering angles are compared with answers that need no network: the last known value and the value of the
same hour of the day before, and the mean of the training part. The exit status is 1 when a goal is missed.
"""

import sys
import time
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from bench.accuracy import best_metrics
from resources.snippets.generated.driving import driving
from resources.snippets.generated.seasons import DAY, seasonal_series
from resources.snippets.splits import split_samples


class Goal(NamedTuple):
    """A metric and its bound; ``is_floor``: whether the bound is the least value, else it is the largest."""

    metric: str
    bound: float
    is_floor: bool = True


def parts(samples: int) -> tuple[np.ndarray, np.ndarray]:
    """The numbers of the training and validation samples, as the templates split them."""
    training, validation, _ = split_samples(samples, None, validation=0.2, test=0.0, seed=0)
    return training, validation


def constant_error() -> float:
    """The mean absolute error in degrees of always steering by the mean angle of the training part."""
    angles = driving().fields["target"]
    training, validation = parts(len(angles))
    return float(np.abs(angles[validation] - angles[training].mean()).mean())


def naive_error() -> float:
    """The mean absolute error of the better of two naive forecasts: the last value, and the same hour a day before."""
    rows = seasonal_series()
    _, validation = parts(len(rows))
    past, future = rows.fields["series"][validation, :, 0], rows.fields["target"][validation]
    return min(float(np.abs(future - guess).mean()) for guess in (past[:, -1:], past[:, -DAY:]))


GOALS: dict[str, Callable[[], Goal]] = {
    "penguins-mlp": lambda: Goal("val_accuracy", 0.97),
    "motion-tcn": lambda: Goal("val_accuracy", 0.85),
    "digits-spoken": lambda: Goal("val_accuracy", 0.90),  # of voices that the network has not heard
    "lesions-unet": lambda: Goal("val_dice", 0.80),
    "pilotnet": lambda: Goal("val_mae", 0.5 * constant_error(), is_floor=False),
    "series-forecast": lambda: Goal("val_mae", 0.7 * naive_error(), is_floor=False),
}


def main(names: list[str]) -> int:
    """Print a line for each template; gives the exit status."""
    missed = 0
    for name in names or list(GOALS):
        goal, start = GOALS[name](), time.perf_counter()
        reached = best_metrics(name, 0)[goal.metric]
        is_met = reached >= goal.bound if goal.is_floor else reached <= goal.bound
        missed += not is_met
        sign, word = ">=" if goal.is_floor else "<=", "met" if is_met else "MISSED"
        seconds = time.perf_counter() - start
        print(f"{name:16} {goal.metric:13} {reached:.4f} {sign} {goal.bound:.4f} {word:7} {seconds:6.1f} s", flush=True)
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
