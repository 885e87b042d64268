"""The rules that turn gradients into steps."""

from collections.abc import Mapping
from types import MappingProxyType

from engine.catalog.idle import Idle
from engine.catalog.params import Flag, Float, Floats
from engine.catalog.training_spec import Optimizer

LEFT_OUT = {
    "params": "the network's own",
    "foreach": "how it is computed, not what: training takes the fused kernel where there is one",
    "fused": "how it is computed, not what: training takes the fused kernel where there is one",
    "capturable": "how it is computed, not what: for captured CUDA graphs",
    "differentiable": "for gradients through a training step, which a run does not take",
}
EVERYWHERE = ("cpu", "cuda")
MAXIMIZE = Flag("maximize", False, help="Make the loss large instead of small.")
EPS = Float("eps", 1e-8, min=0.0, help="Added to the divisor, so that nothing is divided by 0.")
BETAS = Floats(
    "betas",
    (0.9, 0.999),
    n=2,
    min=0.0,
    below=1.0,
    help="How much of the past stays in the mean gradient, and in the mean squared one.",
)
AMSGRAD = Flag("amsgrad", False, help="Divide by the largest mean squared gradient so far (Reddi et al. 2018).")


def _lr(default: float) -> Float:
    return Float("lr", default, min=0.0, help="Learning rate: the length of a step.")


def _weight_decay(default: float = 0.0, help: str = "L2 penalty: this times the weights joins the gradient.") -> Float:
    return Float("weight_decay", default, min=0.0, help=help)


def _left_out(*names: str) -> Mapping[str, str]:
    return MappingProxyType({name: LEFT_OUT[name] for name in ("params", *names)})


SGD = Optimizer(
    kind="SGD",
    target="torch.optim.SGD",
    summary="Step against the gradient, with momentum if asked.",
    source="Robbins and Monro 1951; Polyak 1964; Nesterov 1983; Sutskever et al. 2013",
    params=(
        _lr(1e-3),
        Float("momentum", 0.0, min=0.0, help="Share of the last step that is kept."),
        Float(
            "dampening",
            0.0,
            help="Share of the gradient that does not enter the momentum.",
            idle=(Idle("momentum", "there is no momentum that it could hold back", (0,)),),
        ),
        _weight_decay(),
        Flag("nesterov", False, help="Look ahead along the momentum; needs momentum above 0 and dampening 0."),
        MAXIMIZE,
    ),
    keeps_with=("momentum",),
    fused=EVERYWHERE,
    left_out=_left_out("foreach", "differentiable", "fused"),
)
ADAM = Optimizer(
    kind="Adam",
    target="torch.optim.Adam",
    summary="Step along the mean gradient, in each weight's own measure.",
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
            help="Shrink the weights directly, as AdamW does.",
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
    summary="Adam that shrinks the weights apart from the gradient.",
    source="Loshchilov and Hutter 2019",
    params=(
        _lr(1e-3),
        BETAS,
        EPS,
        _weight_decay(1e-2, "Each step shrinks the weights by lr times this."),
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
    summary="Divide each gradient by its recent root mean square.",
    source="Tieleman and Hinton 2012; Graves 2013 for centered",
    params=(
        _lr(1e-2),
        Float("alpha", 0.99, min=0.0, max=1.0, help="How much of the past stays in the mean square."),
        EPS,
        _weight_decay(),
        Float("momentum", 0.0, min=0.0, help="Share of the last step that is kept."),
        Flag("centered", False, help="Divide by the spread about the mean gradient, not about 0."),
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
    summary="Divide each gradient by the root of all its squares so far.",
    source="Duchi et al. 2011",
    params=(
        _lr(1e-2),
        Float("lr_decay", 0.0, min=0.0, help="The learning rate is divided by 1 + this times the steps done."),
        _weight_decay(),
        Float("initial_accumulator_value", 0.0, min=0.0, help="What the sum of squares starts from."),
        Float("eps", 1e-10, min=0.0, help=EPS.help),
        MAXIMIZE,
    ),
    keeps=1,
    fused=("cpu",),  # the oldest torch that is allowed has none for CUDA
    left_out=_left_out("foreach", "differentiable", "fused"),
)

OPTIMIZERS: Mapping[str, Optimizer] = MappingProxyType(
    {one.kind: one for one in (SGD, ADAM, ADAMW, RMSPROP, ADAGRAD)},
)
"""Every optimizer by its kind."""
