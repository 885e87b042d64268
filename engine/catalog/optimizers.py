"""The optimizers."""

from collections.abc import Mapping
from types import MappingProxyType

from engine.catalog.no_effect import Idle
from engine.catalog.params import Flag, Float, Floats
from engine.catalog.training_spec import Optimizer

LEFT_OUT = {
    "params": "the weights of the network",
    "foreach": "how it is computed, not what: training takes the fused kernel where there is one",
    "fused": "how it is computed, not what: training takes the fused kernel where there is one",
    "capturable": "how it is computed, not what: for captured CUDA graphs",
    "differentiable": "for gradients through a training step, which a run does not take",
}
EVERYWHERE = ("cpu", "cuda")
MAXIMIZE = Flag("maximize", False, help="Maximize the loss instead of minimizing it.")
EPS = Float("eps", 1e-8, min=0.0, help="Added to the denominator, to avoid a division by 0.")
BETAS = Floats(
    "betas",
    (0.9, 0.999),
    n=2,
    min=0.0,
    below=1.0,
    help="Decay of the running means of the gradient and of its square.",
)
AMSGRAD = Flag(
    "amsgrad", False, help="Use the maximum of the running means of the squared gradient (Reddi et al. 2018)."
)


DECAY = "Each step reduces the weights by lr times this times their value."


def _lr(default: float) -> Float:
    return Float("lr", default, min=0.0, help="Learning rate.")


def _weight_decay(
    default: float = 0.0, help: str = "L2 penalty: this times the weights is added to the gradient."
) -> Float:
    return Float("weight_decay", default, min=0.0, help=help)


def _left_out(*names: str) -> Mapping[str, str]:
    return MappingProxyType({name: LEFT_OUT[name] for name in ("params", *names)})


SGD = Optimizer(
    kind="SGD",
    target="torch.optim.SGD",
    summary="Stochastic gradient descent, with optional momentum.",
    source="Robbins and Monro 1951; Polyak 1964; Nesterov 1983; Sutskever et al. 2013",
    params=(
        _lr(1e-3),
        Float("momentum", 0.0, min=0.0, help="Factor of the momentum of the step before."),
        Float(
            "dampening",
            0.0,
            help="Dampening of the gradient in the momentum.",
            idle=(Idle("momentum", "there is no momentum to dampen", (0,)),),
        ),
        _weight_decay(),
        Flag("nesterov", False, help="Nesterov momentum; needs momentum above 0 and dampening 0."),
        MAXIMIZE,
    ),
    keeps_with=("momentum",),
    fused=EVERYWHERE,
    left_out=_left_out("foreach", "differentiable", "fused"),
)
ADAM = Optimizer(
    kind="Adam",
    target="torch.optim.Adam",
    summary="Running mean of the gradient, divided by the root of the running mean of its square.",
    source="Kingma and Ba 2015",
    params=(
        _lr(1e-3),
        BETAS,
        EPS,
        _weight_decay(),
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
    left_out=_left_out("foreach", "capturable", "differentiable", "fused"),
)
ADAMW = Optimizer(
    kind="AdamW",
    target="torch.optim.AdamW",
    summary="Adam with decoupled weight decay.",
    source="Loshchilov and Hutter 2019",
    params=(
        _lr(1e-3),
        BETAS,
        EPS,
        _weight_decay(1e-2, DECAY),
        AMSGRAD,
        MAXIMIZE,
    ),
    keeps=2,
    keeps_with=("amsgrad",),
    fused=EVERYWHERE,
    left_out=_left_out("foreach", "capturable", "differentiable", "fused"),
)
RMSPROP = Optimizer(
    kind="RMSprop",
    target="torch.optim.RMSprop",
    summary="Divide the gradient by the root of the running mean of its square.",
    source="Tieleman and Hinton 2012; Graves 2013 for centered",
    params=(
        _lr(1e-2),
        Float("alpha", 0.99, min=0.0, max=1.0, help="Decay of the running mean of the squared gradient."),
        EPS,
        _weight_decay(),
        Float("momentum", 0.0, min=0.0, help="Factor of the momentum of the step before."),
        Flag(
            "centered", False, help="Divide by the standard deviation of the gradient instead of its root mean square."
        ),
        MAXIMIZE,
    ),
    keeps=1,
    keeps_with=("momentum", "centered"),
    fixes_momentum=True,
    left_out=_left_out("capturable", "foreach", "differentiable"),
)
ADAGRAD = Optimizer(
    kind="Adagrad",
    target="torch.optim.Adagrad",
    summary="Divide the gradient by the root of the sum of all its squares so far.",
    source="Duchi et al. 2011",
    params=(
        _lr(1e-2),
        Float(
            "lr_decay",
            0.0,
            min=0.0,
            help="Decay of the learning rate: it is divided by 1 + lr_decay times the number of steps.",
        ),
        _weight_decay(),
        Float("initial_accumulator_value", 0.0, min=0.0, help="Initial value of the sum of squares."),
        Float("eps", 1e-10, min=0.0, help=EPS.help),
        MAXIMIZE,
    ),
    keeps=1,
    fused=("cpu",),  # the oldest torch that is allowed has none for CUDA
    left_out=_left_out("foreach", "differentiable", "fused"),
)
DECOUPLED = Flag(
    "decoupled_weight_decay",
    False,
    help="Apply weight decay to the weights directly, as AdamW does.",
    idle=(Idle("weight_decay", "weight_decay is 0", (0,)),),
)
ADAMAX = Optimizer(
    kind="Adamax",
    target="torch.optim.Adamax",
    summary="Adam that divides by the largest recent gradient.",
    source="Kingma and Ba 2015",
    params=(_lr(2e-3), BETAS, EPS, _weight_decay(), MAXIMIZE),
    keeps=2,
    left_out=_left_out("foreach", "capturable", "differentiable"),
)
NADAM = Optimizer(
    kind="NAdam",
    target="torch.optim.NAdam",
    summary="Adam with Nesterov momentum.",
    source="Dozat 2016",
    params=(
        _lr(2e-3),
        BETAS,
        EPS,
        _weight_decay(),
        Float("momentum_decay", 4e-3, min=0.0, help="How fast the momentum rises to the first of the betas."),
        DECOUPLED,
        MAXIMIZE,
    ),
    keeps=2,
    left_out=_left_out("foreach", "capturable", "differentiable"),
)
RADAM = Optimizer(
    kind="RAdam",
    target="torch.optim.RAdam",
    summary="Adam that uses only momentum in the first steps, while the running mean of squares is unreliable.",
    source="Liu et al. 2020",
    params=(_lr(1e-3), BETAS, EPS, _weight_decay(), DECOUPLED, MAXIMIZE),
    keeps=2,
    left_out=_left_out("foreach", "capturable", "differentiable"),
)
ADADELTA = Optimizer(
    kind="Adadelta",
    target="torch.optim.Adadelta",
    summary="Scale the gradient by the root mean square of past updates, divided by that of past gradients.",
    source="Zeiler 2012",
    params=(
        _lr(1.0),
        Float("rho", 0.9, min=0.0, max=1.0, help="Decay of both running means of squares."),
        Float("eps", 1e-6, min=0.0, help="Added to both running means; it sets the size of the first updates."),
        _weight_decay(),
        MAXIMIZE,
    ),
    keeps=2,
    left_out=_left_out("foreach", "capturable", "differentiable"),
)
ADAFACTOR = Optimizer(
    kind="Adafactor",
    target="torch.optim.Adafactor",
    summary="Adam without momentum that stores a row and a column for a matrix of squared gradients, to save memory.",
    source="Shazeer and Stern 2018",
    params=(
        _lr(1e-2),
        Float(
            "beta2_decay",
            -0.8,
            max=0.0,
            help="Exponent of the step number in the decay of the running mean of squares.",
        ),
        Floats(
            "eps",
            (None, 1e-3),
            n=2,
            min=0.0,
            allows_none_entries=True,
            help="Added to the squared gradient (None: the machine epsilon), and the least size of the weights that "
            "scales the learning rate.",
        ),
        Float("d", 1.0, min=1.0, help="Largest root mean square of an update; larger updates are scaled down."),
        _weight_decay(0.0, DECAY),
        MAXIMIZE,
    ),
    left_out=_left_out("foreach"),
)
ASGD = Optimizer(
    kind="ASGD",
    target="torch.optim.ASGD",
    summary="Stochastic gradient descent whose learning rate falls; torch only stores the mean of the weights.",
    source="Polyak and Juditsky 1992",
    params=(
        _lr(1e-2),
        Float("lambd", 1e-4, min=0.0, help="How fast the learning rate falls, and the weights shrink."),
        Float("alpha", 0.75, min=0.0, help="Exponent of the fall of the learning rate."),
        Float("t0", 1e6, min=0.0, unit="steps", help="Step at which the mean of the weights begins."),
        _weight_decay(),
        MAXIMIZE,
    ),
    keeps=1,
    left_out=_left_out("foreach", "differentiable", "capturable"),
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
    left_out=_left_out("capturable", "foreach", "differentiable"),
)

_ALL = (SGD, ADAM, ADAMW, RMSPROP, ADAGRAD, NADAM, RADAM, ADAMAX, ADADELTA, ADAFACTOR, ASGD, RPROP)
OPTIMIZERS: Mapping[str, Optimizer] = MappingProxyType(
    {one.kind: one for one in _ALL},
)
"""Every optimizer by its kind."""
