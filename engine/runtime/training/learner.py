"""A network and everything that changes while it learns: one step, and the whole state to save and to continue from."""

import warnings
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import torch
from torch import Tensor, nn

from engine.codegen.scripts.run_length import Leg
from engine.codegen.scripts.step_code import step_code
from engine.errors import RunProblem
from engine.graph.model import Project
from engine.graph.watched_metrics import best_metric, stop_metric
from engine.runtime.checkpoints import random_state
from engine.runtime.checkpoints.checkpoint import Checkpoint
from engine.runtime.checkpoints.manifest import CheckpointMetadata, PositionState, RunMetadata
from engine.runtime.load import Model, Outputs, PhasedStep, Training, load_step
from engine.runtime.measure import Scores, forward, new_scores
from engine.runtime.training.state import cpu_copy, optimizers, restore_scores, restore_step, score_state, step_state
from resources.snippets.training.early_stop import EarlyStop
from resources.snippets.training.shared_weights import complete_state, own_state
from resources.snippets.units import Units, in_unit

Fields = dict[str, Tensor]


@dataclass(slots=True)
class Position:
    """The position of training; ``epoch`` and ``batch`` count what is complete."""

    step: int = 0
    epoch: int = 0
    batch: int = 0  # of the epoch that has begun
    metrics: dict[str, float] = field(default_factory=dict)  # of the last epoch
    best: dict[str, float] = field(default_factory=dict)
    best_epoch: int | None = None
    best_step: int | None = None
    is_over: bool = False  # early stopping ended it
    seconds: float = 0.0  # of training

    def state(self) -> PositionState:
        """All of it, as a checkpoint stores it."""
        state: PositionState = asdict(self)  # type: ignore[assignment]  # the schema has these very fields
        return state


class Learner:
    """The network of a project in training; sets the seed.

    ``units``: for metrics in the unit of the data. ``start``: fills the weights that start from a file.
    """

    def __init__(
        self,
        model: Model,
        project: Project,
        device: torch.device,
        steps_per_epoch: int,
        legs: Sequence[Leg] = (),
        units: Units | None = None,
        start: Callable[[nn.Module], None] | None = None,
    ) -> None:
        training = project.training
        self.metrics = in_unit(model.metrics, units) if units and units.metrics else model.metrics
        self.model, self.project, self.device = model, project, device
        torch.manual_seed(training.seed)
        self.network = model.network()
        if start:
            start(self.network)
        self.network.to(device).train()
        parameters = list(self.network.named_parameters())
        self.names = {parameter: name for name, parameter in parameters}
        self.parameters = [parameter for _, parameter in parameters]
        self.training = self._load_step(steps_per_epoch, legs or (Leg(training.epochs),))
        self.is_phased = isinstance(self.training, PhasedStep)
        self.best_metric = best_metric(project)
        self.early_stop: EarlyStop | None = None
        stop = stop_metric(project)
        if stop and training.early_stop:
            settings = training.early_stop
            self.early_stop = EarlyStop(settings.patience, settings.min_delta, lower_is_better=stop.lower_is_better)
        self.position = Position()
        self.scores = self.new_metrics()
        self.may_be_infinite = {name for name, value in self.network.named_buffers() if not _is_finite([value])}

    def new_metrics(self) -> Scores:
        """Losses and metrics of no samples yet."""
        return new_scores(self.model, self.metrics)

    @property
    def evaluated(self) -> nn.Module:
        """The network with the weights that validation, the best epoch and exports use: averaged ones, or its own."""
        average = getattr(self.training, "average", None)
        return average.module if average else self.network

    def forward(self, batch: Fields) -> Outputs:
        """The network's outputs for a batch, which may have more fields for losses and metrics."""
        return forward(self.model, self.evaluated, batch)

    def _load_step(self, steps_per_epoch: int, legs: Sequence[Leg]) -> Training:
        """The ``Training`` of the generated ``step.py``."""
        if not any(parameter.requires_grad for parameter in self.parameters):
            what = "weights that learn" if self.parameters else "weights"
            raise RunProblem(
                f"The network has no {what}, so there is nothing to train.", hint="Add a layer that learns."
            )
        code = step_code(self.project, self.model.reads)
        arguments = {
            "legs": {(leg.epoch, leg.batch): (leg.first, leg.end) for leg in legs},
            "steps_per_epoch": steps_per_epoch,
        }
        return load_step(code.files, self.model)(self.network, *(arguments[name] for name in code.arguments))

    @property
    def phase_names(self) -> tuple[str, ...]:
        """The names of the phases, where the training lists some."""
        return tuple(self.training.phases) if isinstance(self.training, PhasedStep) else ()

    def learn(self, batch: Fields) -> tuple[Tensor, Any]:
        """Take one training step; returns the loss, with penalties, and what `scores` takes, from before the update."""
        return self.training.step(batch, self.position.epoch, self.position.batch)

    def average_epoch(self, batches: Iterable[Fields], epoch: int) -> None:
        """Update averaged weights that are updated once an epoch. ``batches``: of the epoch, which counts from 0."""
        training: Any = self.training
        if hasattr(training, "average_epoch"):
            training.average_epoch(batches, self.project.training.seed, epoch)

    def end_epoch(self, report: dict[str, float], epoch: int) -> None:
        """Advance LR schedules that move once an epoch; ``report``: the losses and metrics of the epoch, from 0."""
        training: Any = self.training
        if hasattr(training, "end_epoch"):
            with warnings.catch_warnings():  # the update before may have been made by the process that was resumed
                warnings.filterwarnings("ignore", "Detected call of `lr_scheduler.step", UserWarning)
                training.end_epoch(*((report, epoch) if self.is_phased else (report,)))

    @property
    def lr(self) -> float:
        """The learning rate of the next step; of the first phase, where there are several."""
        optimizer = next(iter(optimizers(self.training).values()))
        return float(optimizer.param_groups[0]["lr"])

    def is_finite(self) -> bool:
        """Whether every weight, and every running sum that began finite, still is."""
        running = [value for name, value in self.network.named_buffers() if name not in self.may_be_infinite]
        averaged = self.evaluated.parameters() if self.evaluated is not self.network else ()
        return _is_finite([*self.parameters, *averaged, *running])

    def capture(self, metadata: RunMetadata) -> Checkpoint:
        """The whole state, copied to the CPU; ``metadata`` is stored with it."""
        step, step_entries = step_state(self.training, self.names)
        score_tensors, score_values = score_state(self.scores)
        random = {f"random/{name}": value for name, value in random_state.capture(self.device).items()}
        training = {**step, **random, **score_tensors}
        weights = {name: cpu_copy(value) for name, value in own_state(self.evaluated).items()}
        average = getattr(self.training, "average", None)
        if average:
            own = own_state(self.network).items()
            training |= {f"learning/{name}": cpu_copy(value) for name, value in own}
            training["average/count"] = cpu_copy(average.n_averaged)
        stop = self.early_stop
        all_metadata: CheckpointMetadata = {
            **metadata,
            **step_entries,
            **score_values,
            "early_stop": {"best": stop.best, "waited": stop.bad_epochs} if stop else None,
            "position": self.position.state(),
        }
        return Checkpoint(self.position.step, weights, training, all_metadata)

    def restore(self, checkpoint: Checkpoint) -> None:
        """Restore what `capture` gave. Raises: `RunProblem` when the values are of another network."""
        metadata = checkpoint.metadata
        try:
            self.evaluated.load_state_dict(complete_state(self.evaluated, checkpoint.weights))
            average = getattr(self.training, "average", None)
            if average:
                self.network.load_state_dict(complete_state(self.network, checkpoint.part("learning")))
                average.n_averaged.copy_(checkpoint.part("average")["count"])
            restore_step(self.training, self.names, checkpoint)
            random_state.restore(checkpoint.part("random"), self.device)
            if self.best_metric and metadata["position"]["best"]:
                metadata["position"]["best"][self.best_metric.name]  # what later epochs are compared with
            self.scores = self.new_metrics()
            restore_scores(self.scores, checkpoint, self.device)
        except (RuntimeError, KeyError, ValueError, TypeError) as error:
            why = f"there is no {error.args[0]} in both" if isinstance(error, KeyError) else str(error)
            message = f"The checkpoint of step {checkpoint.step} does not fit the network: {why}"
            raise RunProblem(" ".join(message.split()), hint="It was changed; train again.", code="R013") from error
        if self.early_stop and metadata["early_stop"]:
            self.early_stop.best, self.early_stop.bad_epochs = (
                metadata["early_stop"]["best"],
                metadata["early_stop"]["waited"],
            )
        self.position = Position(**metadata["position"])


def _is_finite(values: list[Tensor]) -> bool:
    checks = [torch.isfinite(value).all() for value in values if value.is_floating_point()]
    return not checks or bool(torch.stack(checks).all())
