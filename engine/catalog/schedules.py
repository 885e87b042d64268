"""The LR schedulers; without one the learning rate is constant."""

from collections.abc import Mapping
from types import MappingProxyType

from engine.catalog.no_effect import Idle
from engine.catalog.params import Choice, Flag, Float, Int, Sizes, Value
from engine.catalog.spec import effective
from engine.catalog.training_spec import Schedule, Sets

LEFT_OUT = MappingProxyType(
    {
        "optimizer": "that of the run",
        "last_epoch": "a resumed run restores the schedule's whole state",
    },
)

TINY = 1e-12
"""The least factor of a learning rate that is divided by the same factor later."""
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
            "T_max",
            None,
            min=1,
            required=True,
            help="Updates of the schedule until the minimum; None: the whole run, or its part.",
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
        Int("total_steps", None, min=1, help="Updates of the schedule in the cycle; None: the whole run, or its part."),
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
LINEAR = Schedule(
    kind="LinearLR",
    target="torch.optim.lr_scheduler.LinearLR",
    summary="Change the learning rate evenly from one factor of it to another, then keep it; a warm-up.",
    source="Goyal et al. 2017",
    params=(
        Float("start_factor", 1.0 / 3, min=TINY, max=1.0, help="Factor of the learning rate at the start."),
        Float("end_factor", 1.0, min=0.0, max=1.0, help="Factor of the learning rate at the end."),
        Int(
            "total_iters",
            5,
            min=1,
            none="the whole run",
            help="Updates of the schedule from start to end; None: the whole run, or its part of a list.",
        ),
    ),
    run_length="total_iters",
    left_out=LEFT_OUT,
)
CONSTANT = Schedule(
    kind="ConstantLR",
    target="torch.optim.lr_scheduler.ConstantLR",
    summary="Lower the learning rate by a factor for some updates of the schedule, then use it unchanged.",
    source="He et al. 2016",
    params=(
        Float("factor", 1.0 / 3, min=TINY, max=1.0, help="Factor of the learning rate at first."),
        Int("total_iters", 5, min=1, help="Updates of the schedule with the factor."),
    ),
    left_out=LEFT_OUT,
)
MULTI_STEP = Schedule(
    kind="MultiStepLR",
    target="torch.optim.lr_scheduler.MultiStepLR",
    summary="Multiply the learning rate by gamma at given updates.",
    source="He et al. 2016",
    params=(
        Sizes(
            "milestones",
            (30, 60),
            min=1,
            single=False,
            required=True,
            help="Updates of the schedule at which the learning rate drops.",
        ),
        Float("gamma", 0.1, above=0.0, help="Factor of the learning rate."),
    ),
    left_out=LEFT_OUT,
)
POLYNOMIAL = Schedule(
    kind="PolynomialLR",
    target="torch.optim.lr_scheduler.PolynomialLR",
    summary="Lower the learning rate to 0 along a power of the part of the run that is left.",
    source="Chen et al. 2017",
    params=(
        Int(
            "total_iters",
            5,
            min=1,
            none="the whole run",
            help="Updates of the schedule until the learning rate is 0; None: the whole run, or its part.",
        ),
        Float("power", 1.0, min=0.0, help="Exponent: 1 is a straight line, larger ones fall faster at first."),
    ),
    run_length="total_iters",
    left_out=LEFT_OUT,
)
WARM_RESTARTS = Schedule(
    kind="CosineAnnealingWarmRestarts",
    target="torch.optim.lr_scheduler.CosineAnnealingWarmRestarts",
    summary="Lower the learning rate along half a period of a cosine, then start again from the top.",
    source="Loshchilov and Hutter 2017",
    params=(
        Int("T_0", 10, min=1, required=True, help="Updates of the schedule until the first restart."),
        Int("T_mult", 1, min=1, help="Factor of the number of updates after each restart."),
        Float("eta_min", 0.0, min=0.0, help="Minimum learning rate."),
    ),
    left_out=LEFT_OUT,
)
CYCLIC = Schedule(
    kind="CyclicLR",
    target="torch.optim.lr_scheduler.CyclicLR",
    summary="Let the learning rate rise and fall between two values, again and again.",
    source="Smith 2017",
    params=(
        Float("base_lr", 1e-3, min=0.0, required=True, help="Minimum learning rate; replaces the optimizer's."),
        Float("max_lr", 1e-2, above=0.0, required=True, help="Maximum learning rate."),
        Int("step_size_up", 2000, min=1, help="Updates of the schedule in which the learning rate rises."),
        Int("step_size_down", None, min=1, help="Updates in which it falls; None: as many as it rises."),
        Choice(
            "mode",
            "triangular",
            options=("triangular", "triangular2", "exp_range"),
            help="triangular2: each cycle is half as high as the one before; exp_range: gamma lowers the height.",
        ),
        Float(
            "gamma",
            1.0,
            above=0.0,
            max=1.0,
            help="Factor of the height at each update.",
            idle=(Idle("mode", "mode is not exp_range", ("triangular", "triangular2")),),
        ),
        Flag(
            "cycle_momentum",
            True,
            help="Lower the momentum while the learning rate rises; needs an optimizer with momentum.",
        ),
        Float("base_momentum", 0.8, min=0.0, below=1.0, help="Momentum at the maximum learning rate.", idle=STEADY),
        Float("max_momentum", 0.9, min=0.0, below=1.0, help="Momentum at the minimum learning rate.", idle=STEADY),
    ),
    every="step",
    sets=(
        Sets("lr", "it, from base_lr = {base_lr} to {max_lr} and back", "base_lr"),
        Sets("momentum", f"it, {MOMENTUM}", where="cycle_momentum"),
        Sets("betas", f"the first of them, {MOMENTUM}", where="cycle_momentum", entry=0),
    ),
    left_out=LEFT_OUT
    | {
        "scale_fn": "a Python function, which a project file cannot hold",
        "scale_mode": "only matters to scale_fn",
    },
)

SWA_LR = Schedule(
    kind="SWALR",
    target="torch.optim.swa_utils.SWALR",
    summary="Go from the present learning rate to one that then stays; usual while weights are averaged.",
    source="Izmailov et al. 2018",
    params=(
        Float("swa_lr", 0.01, min=0.0, required=True, help="Learning rate that stays."),
        Int("anneal_epochs", 10, min=0, help="Updates of the schedule until then."),
        Choice("anneal_strategy", "cos", options=("cos", "linear"), help="Shape of the change: cosine or linear."),
    ),
    left_out=LEFT_OUT,
)

_ALL = (
    STEP, MULTI_STEP, EXPONENTIAL, LINEAR, CONSTANT, POLYNOMIAL, COSINE, WARM_RESTARTS, ONE_CYCLE, CYCLIC, PLATEAU,
    SWA_LR,
)  # fmt: skip
SCHEDULES: Mapping[str, Schedule] = MappingProxyType(
    {one.kind: one for one in _ALL},
)
"""Every schedule by its kind."""


def covers_run(kind: str, params: Mapping[str, Value]) -> bool:
    """Whether the length of a schedule with these values is that of the run."""
    declared = SCHEDULES[kind]
    return bool(declared.run_length) and effective(declared.params, params)[declared.run_length] is None
