"""Parameters that several optimizers have, and the arguments of torch that none has."""

from collections.abc import Mapping
from types import MappingProxyType

from engine.catalog.no_effect import Idle
from engine.catalog.params import Flag, Float, Floats

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
DECOUPLED = Flag(
    "decoupled_weight_decay",
    False,
    help="Apply weight decay to the weights directly, as AdamW does.",
    idle=(Idle("weight_decay", "weight_decay is 0", (0,)),),
)


def learning_rate(default: float) -> Float:
    """The parameter ``lr``."""
    return Float("lr", default, min=0.0, help="Learning rate.")


def weight_decay(
    default: float = 0.0, help: str = "L2 penalty: this times the weights is added to the gradient."
) -> Float:
    """The parameter ``weight_decay``."""
    return Float("weight_decay", default, min=0.0, help=help)


def left_out(*names: str) -> Mapping[str, str]:
    """The reasons for arguments that are no parameters; that for ``params`` always."""
    return MappingProxyType({name: LEFT_OUT[name] for name in ("params", *names)})
