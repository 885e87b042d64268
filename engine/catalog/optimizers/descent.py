"""Steps along the gradient: plain, averaged, by its sign, orthogonal, or along an estimated curvature."""

from engine.catalog.no_effect import Idle
from engine.catalog.optimizers.shared_params import (
    DECAY,
    EVERYWHERE,
    MAXIMIZE,
    learning_rate,
    left_out,
    weight_decay,
)
from engine.catalog.params import Choice, Flag, Float, Floats, Int
from engine.catalog.training_spec import Optimizer

SGD = Optimizer(
    kind="SGD",
    target="torch.optim.SGD",
    summary="Stochastic gradient descent, with optional momentum.",
    source="Robbins and Monro 1951; Polyak 1964; Nesterov 1983; Sutskever et al. 2013",
    params=(
        learning_rate(1e-3),
        Float("momentum", 0.0, min=0.0, help="Factor of the momentum of the step before."),
        Float(
            "dampening",
            0.0,
            help="Dampening of the gradient in the momentum.",
            idle=(Idle("momentum", "there is no momentum to dampen", (0,)),),
        ),
        weight_decay(),
        Flag("nesterov", False, help="Nesterov momentum; needs momentum above 0 and dampening 0."),
        MAXIMIZE,
    ),
    keeps_with=("momentum",),
    fused=EVERYWHERE,
    sparse="yes",
    dense_with=("momentum", "weight_decay"),
    left_out=left_out("foreach", "differentiable", "fused"),
)
ASGD = Optimizer(
    kind="ASGD",
    target="torch.optim.ASGD",
    summary="Stochastic gradient descent whose learning rate falls; torch only stores the mean of the weights.",
    source="Polyak and Juditsky 1992",
    params=(
        learning_rate(1e-2),
        Float("lambd", 1e-4, min=0.0, help="How fast the learning rate falls, and the weights shrink."),
        Float("alpha", 0.75, min=0.0, help="Exponent of the fall of the learning rate."),
        Float("t0", 1e6, min=0.0, unit="steps", help="Step at which the mean of the weights begins."),
        weight_decay(),
        MAXIMIZE,
    ),
    keeps=1,
    left_out=left_out("foreach", "differentiable", "capturable"),
)
RPROP = Optimizer(
    kind="Rprop",
    target="torch.optim.Rprop",
    summary="A step size for each weight, which only the sign of the gradient changes; meant for full batches.",
    source="Riedmiller and Braun 1993",
    params=(
        Float("lr", 1e-2, min=0.0, help="Initial step size; later ones do not depend on it."),
        Floats(
            "etas",
            (0.5, 1.2),
            n=2,
            above=0.0,
            must_enclose=1.0,
            help="Factors of a step size: where the sign of the gradient changes, and where it stays.",
        ),
        Floats("step_sizes", (1e-6, 50), n=2, above=0.0, help="Smallest and largest step size."),
        MAXIMIZE,
    ),
    keeps=2,
    left_out=left_out("capturable", "foreach", "differentiable"),
)
MUON = Optimizer(
    kind="Muon",
    target="torch.optim.Muon",
    summary="Momentum made orthogonal, for matrices only; another optimizer learns the other weights.",
    source="Jordan et al. 2024; Liu et al. 2025 for match_rms_adamw",
    params=(
        learning_rate(1e-3),
        weight_decay(0.1, DECAY),
        Float("momentum", 0.95, min=0.0, max=1.0, help="Share of the step before in the momentum."),
        Flag("nesterov", True, help="Nesterov momentum."),
        Floats(
            "ns_coefficients",
            (3.4445, -4.775, 2.0315),
            n=3,
            help="Coefficients of the polynomial of each Newton-Schulz step.",
        ),
        Float("eps", 1e-7, min=0.0, help="Least norm that the momentum is divided by."),
        Int("ns_steps", 5, min=1, max=99, help="Newton-Schulz steps that make the momentum orthogonal."),
        Choice(
            "adjust_lr_fn",
            None,
            options=("original", "match_rms_adamw"),
            none="original",
            help="How the learning rate follows the shape of a matrix; match_rms_adamw: updates as large as AdamW's.",
        ),
    ),
    keeps=1,
    matrices_only=True,
    left_out=left_out(),
)
LBFGS = Optimizer(
    kind="LBFGS",
    target="torch.optim.LBFGS",
    summary="Quasi-Newton steps from the changes of the gradient; each step computes the loss several times.",
    source="Liu and Nocedal 1989",
    params=(
        learning_rate(1.0),
        Int("max_iter", 20, min=1, help="Most updates of the weights in a step."),
        Int("max_eval", None, min=1, none="max_iter * 5 / 4", help="Most computations of the loss in a step."),
        Float("tolerance_grad", 1e-7, min=0.0, help="A step ends when no gradient is larger than this."),
        Float("tolerance_change", 1e-9, min=0.0, help="A step ends when weights and loss change by less than this."),
        Int("history_size", 100, min=1, help="Number of earlier updates from which the curvature is estimated."),
        Choice(
            "line_search_fn",
            None,
            options=("strong_wolfe",),
            none="none",
            help="Search for a good length of each update; none: lr.",
        ),
    ),
    keeps=2,
    keeps_twice="history_size",
    evaluates=True,
    left_out=left_out(),
)
