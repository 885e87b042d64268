"""The LR schedulers; without one the learning rate is constant."""

from collections.abc import Mapping
from types import MappingProxyType

from engine.catalog.idle import Idle
from engine.catalog.params import Choice, Flag, Float, Int, Value
from engine.catalog.spec import effective
from engine.catalog.training_spec import Schedule, Sets

LEFT_OUT = MappingProxyType(
    {
        "optimizer": "that of the run",
        "last_epoch": "a resumed run restores the schedule's whole state",
    },
)

STEADY = (Idle("cycle_momentum", "cycle_momentum is off", (False,)),)
MOMENTUM = "from {max_momentum} to {base_momentum} and back"

STEP = Schedule(
    kind="StepLR",
    target="torch.optim.lr_scheduler.StepLR",
    summary="Multiply the learning rate by gamma every step_size updates.",
    source="Krizhevsky et al. 2012",
    params=(
        Int(
            "step_size",
            10,
            min=1,
            required=True,
            help="Updates of the schedule between two drops; one for each epoch or each step.",
        ),
        Float("gamma", 0.1, above=0.0, help="Factor of the learning rate."),
    ),
    left_out=LEFT_OUT,
)
EXPONENTIAL = Schedule(
    kind="ExponentialLR",
    target="torch.optim.lr_scheduler.ExponentialLR",
    summary="Multiply the learning rate by gamma at every update of the schedule.",
    source="Robbins and Monro 1951",
    params=(Float("gamma", 0.95, above=0.0, required=True, help="Factor of the learning rate."),),
    left_out=LEFT_OUT,
)
COSINE = Schedule(
    kind="CosineAnnealingLR",
    target="torch.optim.lr_scheduler.CosineAnnealingLR",
    summary="Lower the learning rate along half a period of a cosine.",
    source="Loshchilov and Hutter 2017",
    params=(
        Int(
            "T_max", None, min=1, required=True, help="Updates of the schedule until the minimum; None: the whole run."
        ),
        Float("eta_min", 0.0, min=0.0, help="Minimum learning rate."),
    ),
    run_length="T_max",
    left_out=LEFT_OUT,
)
ONE_CYCLE = Schedule(
    kind="OneCycleLR",
    target="torch.optim.lr_scheduler.OneCycleLR",
    summary="Raise the learning rate to max_lr, then lower it far below its start, once over the run.",
    source="Smith and Topin 2019",
    params=(
        Float("max_lr", 0.01, above=0.0, required=True, help="Maximum learning rate; replaces the optimizer's."),
        Int("total_steps", None, min=1, help="Updates of the schedule in the cycle; None: the whole run."),
        Float("pct_start", 0.3, min=0.0, below=1.0, help="Part of the cycle in which the learning rate rises."),
        Choice("anneal_strategy", "cos", options=("cos", "linear"), help="Shape of the change: cosine or linear."),
        Flag(
            "cycle_momentum",
            True,
            help="Lower the momentum while the learning rate rises; needs an optimizer with momentum.",
        ),
        Float("base_momentum", 0.85, min=0.0, below=1.0, help="Momentum at the maximum learning rate.", idle=STEADY),
        Float("max_momentum", 0.95, min=0.0, below=1.0, help="Momentum at the start and the end.", idle=STEADY),
        Float("div_factor", 25.0, min=1.0, help="max_lr divided by the initial learning rate."),
        Float("final_div_factor", 10000.0, min=1.0, help="Initial learning rate divided by the final one."),
        Flag(
            "three_phase",
            False,
            help="Fall for as long as it rose, then go far below the initial learning rate in a third phase.",
        ),
    ),
    every="step",
    run_length="total_steps",
    ends=True,
    sets=(
        Sets("lr", "it, up to max_lr = {max_lr}", "max_lr"),
        Sets("momentum", f"it, {MOMENTUM}", where="cycle_momentum"),
        Sets("betas", f"the first of them, {MOMENTUM}", where="cycle_momentum", entry=0),
    ),
    left_out=LEFT_OUT
    | {"epochs": "total_steps gives the whole length", "steps_per_epoch": "total_steps gives the whole length"},
)
PLATEAU = Schedule(
    kind="ReduceLROnPlateau",
    target="torch.optim.lr_scheduler.ReduceLROnPlateau",
    summary="Lower the learning rate when the watched metric stops improving.",
    source="Bengio 2012",
    params=(
        Choice("mode", "min", options=("min", "max"), help="Whether a lower (min) or a higher (max) metric is better."),
        Float("factor", 0.1, above=0.0, below=1.0, help="Factor of the learning rate."),
        Int(
            "patience", 10, min=0, unit="epochs", help="Epochs without improvement before the learning rate is lowered."
        ),
        Float("threshold", 1e-4, min=0.0, help="Smallest change that counts as an improvement."),
        Choice(
            "threshold_mode",
            "rel",
            options=("rel", "abs"),
            help="rel: threshold relative to the best; abs: absolute.",
            idle=(Idle("threshold", "threshold is 0", (0,)),),
        ),
        Int("cooldown", 0, min=0, unit="epochs", help="Epochs after a drop in which the metric is not watched."),
        Float("min_lr", 0.0, min=0.0, help="Lower bound of the learning rate."),
        Float("eps", 1e-8, min=0.0, help="Smallest change of the learning rate; smaller ones are skipped."),
    ),
    watches=True,
    left_out=MappingProxyType({"optimizer": LEFT_OUT["optimizer"]}),
)

SCHEDULES: Mapping[str, Schedule] = MappingProxyType(
    {one.kind: one for one in (STEP, EXPONENTIAL, COSINE, ONE_CYCLE, PLATEAU)},
)
"""Every schedule by its kind."""


def covers_run(kind: str, params: Mapping[str, Value]) -> bool:
    """Whether the length of a schedule with these values is that of the run."""
    declared = SCHEDULES[kind]
    return bool(declared.run_length) and effective(declared.params, params)[declared.run_length] is None
