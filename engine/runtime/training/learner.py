"""A network and everything that changes while it learns: one step, and the whole state to save and to go on from."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field

import torch
from torch import Tensor, optim

from engine.codegen.scripts.legs import Leg
from engine.codegen.scripts.step import StepCode
from engine.errors import RunProblem
from engine.graph.model import Project
from engine.graph.watched import watched_for_best, watched_for_stop
from engine.runtime.checkpoints import random_state
from engine.runtime.checkpoints.checkpoint import Checkpoint
from engine.runtime.checkpoints.manifest import Facts, PositionFacts, RunFacts
from engine.runtime.load import Model, Outputs, Training, load_step
from engine.runtime.training.optimization import (
    Scheduler,
    optimizer_state,
    restore_optimizer,
    restore_schedule,
    schedule_state,
)
from resources.snippets.early_stop import EarlyStop
from resources.snippets.metrics import Metrics, join
from resources.snippets.units import Units, in_unit

Fields = dict[str, Tensor]


@dataclass(slots=True)
class Position:
    """Where training stands; ``epoch`` and ``batch`` count what is over."""

    step: int = 0
    epoch: int = 0
    batch: int = 0  # of the epoch that has begun
    metrics: dict[str, float] = field(default_factory=dict)  # of the last epoch
    best: dict[str, float] = field(default_factory=dict)
    best_epoch: int | None = None
    best_step: int | None = None
    is_over: bool = False  # early stopping ended it
    seconds: float = 0.0  # of training

    def facts(self) -> PositionFacts:
        """What a checkpoint keeps of it: everything."""
        kept: PositionFacts = asdict(self)  # type: ignore[assignment]  # the schema has these very fields
        return kept


class Learner:
    """The network of a project in training; the seed is used here, and nowhere before.

    ``units``: how metrics are taken in the unit of the data.
    """

    def __init__(
        self,
        model: Model,
        project: Project,
        device: torch.device,
        steps_per_epoch: int,
        legs: Sequence[Leg] = (),
        units: Units | None = None,
    ) -> None:
        training = project.training
        self.metrics = in_unit(model.metrics, units) if units and units.metrics else model.metrics
        self.model, self.project, self.device = model, project, device
        torch.manual_seed(training.seed)
        self.network = model.network().to(device)
        self.network.train()
        learnt = list(self.network.named_parameters())
        self.names = [name for name, _ in learnt]
        self.parameters = [parameter for _, parameter in learnt]
        self.training = self._made(steps_per_epoch, legs or (Leg(training.epochs),))
        self.watched = watched_for_best(project)
        self.early_stop: EarlyStop | None = None
        stop = watched_for_stop(project)
        if stop and training.early_stop:
            asked = training.early_stop
            self.early_stop = EarlyStop(asked.patience, asked.min_delta, lower_is_better=stop.lower_is_better)
        self.position = Position()
        self.scores = self.new_metrics()
        self.may_be_infinite = {name for name, value in self.network.named_buffers() if not _is_finite([value])}

    def new_metrics(self) -> Metrics:
        """The metrics of a part of which nothing has been seen yet."""
        return Metrics(self.model.losses, self.metrics, self.model.reads.answers)

    def forward(self, batch: Fields) -> Outputs:
        """The network's outputs for a batch, whose further fields only losses and metrics read."""
        outputs: Outputs = self.network(**{name: batch[name] for name in self.model.reads.inputs})
        return outputs

    def _made(self, steps_per_epoch: int, legs: Sequence[Leg]) -> Training:
        """The ``Training`` of the generated ``step.py``."""
        if not self.parameters:
            raise RunProblem(
                "The network has no weights, so there is nothing to train.", hint="Add a layer that learns."
            )
        code = StepCode(self.project, self.model.reads.inputs)
        known = {
            "legs": {(leg.epoch, leg.batch): (leg.first, leg.end) for leg in legs},
            "steps_per_epoch": steps_per_epoch,
        }
        return load_step(code.text(), self.model)(self.network, *(known[name] for name in code.arguments))

    def learn(self, batch: Fields) -> tuple[Tensor, Outputs]:
        """One training step; its loss, penalties included, and the outputs before it."""
        return self.training.step(batch, self.position.epoch, self.position.batch)

    def end_epoch(self, report: dict[str, float]) -> None:
        """Move an LR schedule that moves once an epoch; ``report``: the losses and metrics of the epoch."""
        if hasattr(self.training, "end_epoch"):
            self.training.end_epoch(report)

    @property
    def optimizer(self) -> optim.Optimizer:
        """The optimizer of all weights."""
        return self.training.optimizer

    @property
    def schedule(self) -> Scheduler | None:
        """The LR schedule, if there is one."""
        return getattr(self.training, "schedule", None)

    @property
    def lr(self) -> float:
        """The learning rate of the next step."""
        return float(self.optimizer.param_groups[0]["lr"])

    def is_finite(self) -> bool:
        """Whether every weight, and every running sum that began finite, still is."""
        running = [value for name, value in self.network.named_buffers() if name not in self.may_be_infinite]
        return _is_finite([*self.parameters, *running])

    def capture(self, facts: RunFacts) -> Checkpoint:
        """Everything, copied to the CPU; ``facts`` are kept with it."""
        tensors, rest = optimizer_state(self.optimizer, self.names)
        training = {f"optimizer/{name}": value for name, value in tensors.items()}
        training |= {f"random/{name}": value for name, value in random_state.capture(self.device).items()}
        scores = self.scores
        for kind, kept in (("outputs", scores.outputs), ("batches", scores.batches)):
            training |= {f"{kind}/{name}": _copy(join(pieces)) for name, pieces in kept.items() if pieces}
        weights = {name: _copy(value) for name, value in self.network.state_dict().items()}
        stop = self.early_stop
        own: Facts = {
            **facts,
            "optimizer": rest,
            "pace": schedule_state(self.schedule) if self.schedule else None,
            "early_stop": {"best": stop.best, "waited": stop.waited} if stop else None,
            "position": self.position.facts(),
            "figures": {
                "bare": scores.bare,
                "rows": scores.samples,
                "kept": scores.kept,
                "measured": scores.measured,
                "sums": dict(scores.sums),
            },
        }
        return Checkpoint(self.position.step, weights, training, own)

    def restore(self, checkpoint: Checkpoint) -> None:
        """Become the learner that was captured. Raises: `RunProblem` when the values are another network's."""
        facts = checkpoint.facts
        try:
            self.network.load_state_dict(checkpoint.weights)
            restore_optimizer(self.optimizer, self.names, checkpoint.part("optimizer"), facts["optimizer"])
            if self.schedule and facts["pace"]:
                restore_schedule(self.schedule, facts["pace"])
            random_state.restore(checkpoint.part("random"), self.device)
            if facts["position"]["best"]:
                facts["position"]["best"][self.watched.figure]  # what later epochs are compared with
        except (RuntimeError, KeyError, ValueError, TypeError) as error:
            why = f"there is no {error.args[0]} in both" if isinstance(error, KeyError) else str(error)
            message = f"The checkpoint of step {checkpoint.step} does not fit the network: {why}"
            raise RunProblem(" ".join(message.split()), hint="It was changed; train again.", code="R013") from error
        if self.early_stop and facts["early_stop"]:
            self.early_stop.best, self.early_stop.waited = facts["early_stop"]["best"], facts["early_stop"]["waited"]
        self.position = Position(**facts["position"])
        self.scores = self.new_metrics()
        kept = facts["figures"]
        self.scores.bare, self.scores.samples, self.scores.kept = kept["bare"], kept["rows"], kept["kept"]
        self.scores.measured, self.scores.sums = kept["measured"], kept["sums"]
        self.scores.outputs = {name: [value.to(self.device)] for name, value in checkpoint.part("outputs").items()}
        for name, value in checkpoint.part("batches").items():
            self.scores.batches[name] = [value.to(self.device)]


def _copy(value: Tensor) -> Tensor:
    return value.detach().cpu().clone(memory_format=torch.contiguous_format)


def _is_finite(values: list[Tensor]) -> bool:
    found = [torch.isfinite(value).all() for value in values if value.is_floating_point()]
    return not found or bool(torch.stack(found).all())
