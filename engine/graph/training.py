"""How a network is trained, as plain data: optimizers, LR schedules, phases, early stopping."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from engine.catalog.params import Value
from engine.graph.off import Off

MATRICES: Literal["matrices"] = "matrices"
Raw = dict[str, object]
"""Fields of a newer version: kept unchanged, never read."""


@dataclass(frozen=True, slots=True)
class Part:
    """A kind with the values of its parameters: an optimizer, a schedule, a transform."""

    kind: str
    params: dict[str, Value] = field(default_factory=dict)
    extra: Raw = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OtherOptimizer(Part):
    """An optimizer beside the first one, for some of its weights.

    ``of``: the nodes of the main graph that own them, or the matrices, which are the weights of two axes that no other
    entry names.
    """

    of: tuple[str, ...] | Literal["matrices"] = MATRICES

    def alone(self) -> Part:
        """The same optimizer, as the first of a list."""
        return Part(self.kind, self.params, self.extra)


@dataclass(frozen=True, slots=True)
class SchedulePart(Part):
    """An LR schedule, and those after it; ``every`` is ``None`` for the one that its declaration has.

    ``steps`` or ``epochs``: how long it lasts, where others come ``then``.
    """

    every: Literal["step", "epoch"] | None = None
    steps: int | None = None
    epochs: int | None = None
    then: tuple["SchedulePart", ...] = ()

    @property
    def parts(self) -> tuple["SchedulePart", ...]:
        """All of the list, each by itself."""
        return (replace(self, then=()), *self.then)

    @classmethod
    def of_parts(cls, parts: Sequence["SchedulePart"]) -> "SchedulePart":
        """The list of these, at least one."""
        return replace(parts[0], then=tuple(parts[1:]))


@dataclass(frozen=True, slots=True)
class Clip:
    """Gradient clipping: by total ``norm``, or each ``value``, at a positive bound."""

    by: Literal["norm", "value"] = "norm"
    at: float = 1.0
    extra: Raw = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EarlyStop:
    """Stop after ``patience`` epochs in which the watched metric did not improve by ``min_delta``."""

    watch: str = "val_loss"
    patience: int = 5
    min_delta: float = 0.0
    extra: Raw = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Best:
    """Which metric decides the best weights; ``None``: the default metric."""

    watch: str | None = None
    extra: Raw = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Phase:
    """One part of a training step, with its own optimizer; `engine.graph.phases` fills in what it leaves out.

    ``losses``, ``learns``: nodes of the main graph. ``learns`` is ``None`` for all weights that the losses reach and
    no other phase names. ``optimizer``, ``schedule``, ``clip``, ``l1``, ``l2``: ``None`` for those of the training,
    `OFF` for none. ``other_optimizers``: those beside its own. ``times``: updates on each batch. ``every``: it runs in
    the steps, from 1, that are multiples of this. ``epochs``: the first and the last epoch, from 1, in which it runs.
    ``accumulate``: batches for each update.
    """

    name: str
    losses: tuple[str, ...] = ()
    learns: tuple[str, ...] | None = None
    optimizer: Part | None = None
    other_optimizers: tuple[OtherOptimizer, ...] = ()
    schedule: SchedulePart | Off | None = None
    clip: Clip | Off | None = None
    l1: float | None = None
    l2: float | None = None
    times: int = 1
    every: int = 1
    epochs: tuple[int, int] | None = None
    accumulate: int = 1
    extra: Raw = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Training:
    """Everything that decides a run, given the graph and the data.

    ``phases`` run in order within each batch; none: one phase with every loss and every weight. ``optimizer`` learns
    the weights that none of the ``other_optimizers`` does. ``average``: of the weights, which validation, the best
    epoch and exports use in place of the weights themselves.
    """

    epochs: int = 20
    batch_size: int = 64
    drop_last: bool = False
    seed: int = 0
    device: str = "auto"
    threads: int | Literal["auto"] = "auto"
    optimizer: Part = field(default_factory=lambda: Part("AdamW"))
    other_optimizers: tuple[OtherOptimizer, ...] = ()
    schedule: SchedulePart | None = None
    l1: float = 0.0
    l2: float = 0.0
    clip: Clip | None = None
    early_stop: EarlyStop | None = None
    best: Best = field(default_factory=Best)
    average: Part | None = None
    phases: tuple[Phase, ...] = ()
    extra: Raw = field(default_factory=dict)

    def with_optimizer(self, before: Part, after: Part) -> "Training":
        """The training with another optimizer in place of one."""
        others = tuple(after if each is before else each for each in self.other_optimizers)
        first = after if self.optimizer is before else self.optimizer
        return replace(self, optimizer=first, other_optimizers=others)  # type: ignore[arg-type] # of one class
