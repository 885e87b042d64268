"""What training schemes reach: digits of the GANs as a digits CNN sees them, a student with and without a teacher.

Run from the project's folder:  .venv/bin/python -m bench.schemes [NAME ...] [--seeds 5] [--epochs N] [--samples 500]

The CNN is the template digits-cnn, trained without label smoothing: with it even real digits seldom get a probability
of 0.9, as the target is 0.955. Noise and the digits that no network has trained on are judged beside the samples. The
student alone is the same project with the scale of the teacher's loss at 0; its data are also tried without erased
patches, so that it is not held back by what helps the other. The exit status is 1 when a goal is missed.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import mean
from typing import Any, NamedTuple

import numpy as np

from bench.accuracy import torchloom
from resources.snippets.splits import split_samples

DIGITS = Path(__file__).parents[1] / "resources" / "datasets" / "digits.npz"
GANS = ("digits-gan", "digits-wgan-gp")
DISTILLED = "digits-distill"
PLAIN_TARGETS = "graphs.Net.nodes.loss.params.label_smoothing=0"
WITHOUT_TEACHER = "graphs.Net.nodes.soft_loss.params.scale=0"
UNCHANGED_DATA = "data.transforms=[]"
SHARE, CLASSES, SURE = 0.04, 8, 0.65  # of a class that counts, classes that must, samples with a clear answer
CLEAR = 0.9
GAIN, SMALLER = 0.01, 20


Event = dict[str, Any]


class Judgement(NamedTuple):
    """How a classifier sees images.

    ``classes``: those that hold at least `SHARE` of them. ``least``: the share of the rarest class. ``sure``: the share
    of images of which one class gets a probability of at least `CLEAR`.
    """

    classes: int
    least: float
    sure: float

    @property
    def is_good(self) -> bool:
        """Whether samples like these meet the goal."""
        return self.classes >= CLASSES and self.sure >= SURE


def trained(name: str, run: Path, *, seed: int = 0, epochs: int | None = None, changes: Sequence[str] = ()) -> Event:
    """Train a template on one thread; gives what its last event says."""
    file = run.parent / f"{run.name}.loom"
    torchloom("new", name, "-o", str(file))
    options = [option for change in changes for option in ("--set", change)]
    options += ["--epochs", str(epochs)] if epochs else []
    arguments = ("train", str(file), "--run", str(run), "--seed", str(seed), "--threads", "1", "--json")
    lines = torchloom(*arguments, *options).splitlines()
    finished: Event = next(event for event in map(json.loads, reversed(lines)) if event["event"] == "Finished")
    return finished


def judged(judge: Path, images: np.ndarray) -> Judgement:
    """What the CNN of a run says of images (samples, 1, 8, 8) from 0 to 1."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "images.npz"
        np.savez(file, image=images.astype(np.float32))
        answers = json.loads(torchloom("predict", str(judge), "--input", str(file), "--json"))
    scores = np.array([list(answer["scores"].values()) for answer in answers])
    shares = np.bincount(scores.argmax(1), minlength=scores.shape[1]) / len(scores)
    return Judgement(int((shares >= SHARE).sum()), float(shares.min()), float((scores.max(1) >= CLEAR).mean()))


def unseen_digits() -> np.ndarray:
    """The validation part of the digits, (samples, 1, 8, 8) from 0 to 1."""
    with np.load(DIGITS) as stored:
        images, labels = stored["image"] / stored["image_peak"], stored["label"]
    _, validation, _ = split_samples(len(labels), labels, validation=0.2, test=0.0, seed=0)
    return np.asarray(images[validation][:, None])


def samples_of(run: Path, count: int) -> np.ndarray:
    """Images that the network of a run makes from noise."""
    file = run / "judged.npz"
    torchloom("generate", str(run), "--count", str(count), "--seed", "0", "-o", str(file))
    with np.load(file) as stored:
        return np.asarray(stored[stored.files[0]])


def tell_judged(title: str, judgement: Judgement, *, is_goal: bool = False) -> bool:
    """Print a line; gives whether a goal was missed."""
    word = ("met" if judgement.is_good else "MISSED") if is_goal else ""
    line = f"classes {judgement.classes:2} of 10   rarest {judgement.least:6.1%}   clear {judgement.sure:6.1%}"
    print(f"{title:30} {line}  {word}".rstrip(), flush=True)
    return is_goal and not judgement.is_good


def gans(names: Sequence[str], folder: Path, seeds: int, epochs: int | None, count: int) -> bool:
    """Judge what the networks make; gives whether a goal was missed."""
    judge = folder / "judge"
    finished = trained("digits-cnn", judge, changes=[PLAIN_TARGETS])
    print(f"judge: digits-cnn without label smoothing, accuracy {finished['best']['val_accuracy']:.2%}")
    print(f"goal: {CLASSES} classes with {SHARE:.0%} or more, {SURE:.0%} of the samples with p >= {CLEAR}", flush=True)
    tell_judged("uniform noise", judged(judge, np.random.default_rng(0).random((count, 1, 8, 8))))
    tell_judged("real digits, not trained on", judged(judge, unseen_digits()))
    missed = False
    for name in names:
        for seed in range(seeds):
            run = folder / f"{name}-{seed}"
            seconds = trained(name, run, seed=seed, epochs=epochs)["seconds"]
            title = f"{name}, seed {seed}, {seconds:.0f} s"
            missed |= tell_judged(title, judged(judge, samples_of(run, count)), is_goal=True)
    return missed


def accuracies(folder: Path, title: str, seeds: int, epochs: int | None, *changes: str) -> float:
    """Print and give the mean of the best accuracies of trainings that differ in their seed alone."""
    runs = [folder / f"{title.replace(' ', '-')}-{seed}" for seed in range(seeds)]
    ends = [trained(DISTILLED, run, seed=place, epochs=epochs, changes=changes) for place, run in enumerate(runs)]
    values = [end["best"]["val_accuracy"] for end in ends]
    print(f"{title:40} {mean(values):.2%}   {' '.join(f'{each:.2%}' for each in values)}", flush=True)
    return mean(values)


def distilled(folder: Path, seeds: int, epochs: int | None) -> bool:
    """Compare the student with itself alone; gives whether a goal was missed."""
    file = folder / f"{DISTILLED}.loom"
    torchloom("new", DISTILLED, "-o", str(file))
    nodes = json.loads(torchloom("check", str(file), "--json"))["nodes"]
    teacher, student = (nodes[name]["parameters"] for name in ("teacher", "student"))
    print(f"{DISTILLED}: teacher {teacher:,} parameters, student {student:,}: 1/{teacher / student:.1f}", flush=True)
    taught = accuracies(folder, "with its teacher", seeds, epochs)
    alone = accuracies(folder, "alone", seeds, epochs, WITHOUT_TEACHER)
    plainly = accuracies(folder, "alone, no erased patches", seeds, epochs, WITHOUT_TEACHER, UNCHANGED_DATA)
    gain = taught - max(alone, plainly)
    is_met = gain >= GAIN and teacher >= SMALLER * student
    word = "met" if is_met else "MISSED"
    print(f"gain over the better one alone: {100 * gain:.2f} points, goal {100 * GAIN:.0f}  {word}")
    return not is_met


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a line a training; 1 when a goal was missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", choices=[*GANS, DISTILLED, []])
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--epochs", type=int, default=None)
    parser.add_argument("--samples", type=int, default=500)
    options = parser.parse_args(arguments)
    names = options.names or [*GANS, DISTILLED]
    missed = False
    with tempfile.TemporaryDirectory() as home:
        if gan_names := [name for name in names if name in GANS]:
            missed |= gans(gan_names, Path(home), options.seeds, options.epochs, options.samples)
        if DISTILLED in names:
            missed |= distilled(Path(home), options.seeds, options.epochs)
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
