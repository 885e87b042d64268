"""The settings of a training and of its phases as parameters, from which their forms are made."""

from collections.abc import Callable, Container
from typing import Literal

from engine.catalog.params import Choice, Flag, Float, Int, Sizes, Value
from engine.catalog.text_params import Text
from engine.check.phases import COUNT
from engine.check.training import RANGES
from engine.graph.model import Training, is_name

USUAL = Training()
LAST_EPOCH = int(RANGES["epochs"][1])
ABOVE = "as above"
OFF_TEXT = "none"


def _whole(name: str, help: str) -> Int:
    low, high, _ = RANGES[name]
    return Int(name, getattr(USUAL, name), min=int(low), max=int(high), help=help)


def _count(name: str, help: str) -> Int:
    return Int(name, 1, min=int(COUNT[0]), max=int(COUNT[1]), help=help)


RUN = (
    _whole("epochs", "How often the training goes through all training samples."),
    _whole("batch_size", "Samples in one training step."),
    Choice(
        "device", "auto", options=("auto", "cpu"), help="Where to compute; auto: the first GPU, else the processor."
    ),
    _whole("seed", "Decides the initial weights, the order of samples and dropout."),
)
DETAILS = (
    Flag("drop_last", False, help="Leave out a last batch that is not full."),
    Sizes("threads", "auto", n=1, min=1, words=("auto",), help="Processor threads; auto: chosen by a short probe."),
    Float("l1", 0.0, min=0.0, help="Penalty: this times the sum of the absolute weights is added to the loss."),
    Float("l2", 0.0, min=0.0, help="Penalty: this times the sum of the squared weights is added to the loss."),
)
CLIP = (
    Choice("clip", None, options=("norm", "value"), none="off", help="Clip the norm of all gradients, or each value."),
    Float("at", 1.0, above=0.0, help="The bound of the norm or of each value."),
)
STOP = (
    Flag("early_stop", False, help="Stop when the watched metric no longer improves."),
    Choice("watch", "val_loss", options=(), help="The metric to watch."),
    Int("patience", 5, min=1, max=10_000_000, unit="epochs", help="Epochs to wait for an improvement."),
    Float("min_delta", 0.0, min=0.0, help="Smaller improvements do not count."),
)
BEST = (Choice("best", None, options=(), none="default", help="The metric that decides which weights are the best."),)
SCHEDULE_INTERVAL = (
    Choice(
        "every",
        None,
        options=("step", "epoch"),
        none="default",
        help="Whether the learning rate changes each step or each epoch.",
    ),
)


def interval_of(value: object) -> Literal["step", "epoch"] | None:
    """What a form of `SCHEDULE_INTERVAL` gives, as a schedule has it."""
    return "step" if value == "step" else "epoch" if value == "epoch" else None


class PhaseName(Text, frozen=True):
    """A name that no other phase of the training has. ``other_names`` returns theirs."""

    other_names: Callable[[], Container[str]] = tuple

    def problem(self, value: Value) -> str | None:
        if not isinstance(value, str) or not is_name(value):
            return "must be letters, digits and underscores, without a digit first, and no word of Python's"
        return "is the name of another phase" if value in self.other_names() else None


COUNTS = (
    _count("times", "Updates on each batch, each with new random numbers."),
    _count("every", "It runs in the steps that are multiples of this: 5 for every fifth step."),
    _count("accumulate", "Batches whose gradients are added up for one update."),
    Int("first_epoch", None, min=1, max=LAST_EPOCH, none="the first", help="The first epoch in which it runs."),
    Int("last_epoch", None, min=1, max=LAST_EPOCH, none="the last", help="The last epoch in which it runs."),
)
PHASE_PENALTIES = (
    Float(
        "l1",
        None,
        min=0.0,
        none=ABOVE,
        help="Penalty: this times the sum of the absolute weights is added to the loss.",
    ),
    Float(
        "l2", None, min=0.0, none=ABOVE, help="Penalty: this times the sum of the squared weights is added to the loss."
    ),
)
PHASE_CLIP = (
    Choice(
        "clip",
        None,
        options=("norm", "value", OFF_TEXT),
        none=ABOVE,
        help="Clip the norm of all gradients, or each value.",
    ),
    Float("at", 1.0, above=0.0, help="The bound of the norm or of each value."),
)
