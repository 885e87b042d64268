"""Adam and its variants."""

from engine.catalog.no_effect import Idle
from engine.catalog.optimizers.shared_params import (
    AMSGRAD,
    BETAS,
    DECAY,
    DECOUPLED,
    EPS,
    EVERYWHERE,
    MAXIMIZE,
    learning_rate,
    left_out,
    weight_decay,
)
from engine.catalog.params import Flag, Float
from engine.catalog.training_spec import Optimizer

ADAM = Optimizer(
    kind="Adam",
    target="torch.optim.Adam",
    summary="Running mean of the gradient, divided by the root of the running mean of its square.",
    source="Kingma and Ba 2015",
    params=(
        learning_rate(1e-3),
        BETAS,
        EPS,
        weight_decay(),
        AMSGRAD,
        MAXIMIZE,
        Flag(
            "decoupled_weight_decay",
            False,
            help="Apply weight decay to the weights directly, as AdamW does.",
            idle=(Idle("weight_decay", "weight_decay is 0", (0,)),),
        ),
    ),
    keeps=2,
    keeps_with=("amsgrad",),
    fused=EVERYWHERE,
    left_out=left_out("foreach", "capturable", "differentiable", "fused"),
)
ADAMW = Optimizer(
    kind="AdamW",
    target="torch.optim.AdamW",
    summary="Adam with decoupled weight decay.",
    source="Loshchilov and Hutter 2019",
    params=(
        learning_rate(1e-3),
        BETAS,
        EPS,
        weight_decay(1e-2, DECAY),
        AMSGRAD,
        MAXIMIZE,
    ),
    keeps=2,
    keeps_with=("amsgrad",),
    fused=EVERYWHERE,
    left_out=left_out("foreach", "capturable", "differentiable", "fused"),
)
ADAMAX = Optimizer(
    kind="Adamax",
    target="torch.optim.Adamax",
    summary="Adam that divides by the largest recent gradient.",
    source="Kingma and Ba 2015",
    params=(learning_rate(2e-3), BETAS, EPS, weight_decay(), MAXIMIZE),
    keeps=2,
    left_out=left_out("foreach", "capturable", "differentiable"),
)
NADAM = Optimizer(
    kind="NAdam",
    target="torch.optim.NAdam",
    summary="Adam with Nesterov momentum.",
    source="Dozat 2016",
    params=(
        learning_rate(2e-3),
        BETAS,
        EPS,
        weight_decay(),
        Float("momentum_decay", 4e-3, min=0.0, help="How fast the momentum rises to the first of the betas."),
        DECOUPLED,
        MAXIMIZE,
    ),
    keeps=2,
    left_out=left_out("foreach", "capturable", "differentiable"),
)
RADAM = Optimizer(
    kind="RAdam",
    target="torch.optim.RAdam",
    summary="Adam that uses only momentum in the first steps, while the running mean of squares is unreliable.",
    source="Liu et al. 2020",
    params=(learning_rate(1e-3), BETAS, EPS, weight_decay(), DECOUPLED, MAXIMIZE),
    keeps=2,
    left_out=left_out("foreach", "capturable", "differentiable"),
)
SPARSE_ADAM = Optimizer(
    kind="SparseAdam",
    target="torch.optim.SparseAdam",
    summary="Adam for sparse gradients: only the vectors that a batch looks up are updated, and their running means.",
    source="Kingma and Ba 2015",
    params=(
        Float("lr", 1e-3, above=0.0, help="Learning rate."),
        BETAS,
        Float("eps", 1e-8, above=0.0, help=EPS.help),
        MAXIMIZE,
    ),
    keeps=2,
    sparse="only",
    left_out=left_out(),
)
