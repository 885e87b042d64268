"""What torch offers and the catalogue does not, each with the reason; a test finds everything that is in neither."""

from collections.abc import Mapping
from types import MappingProxyType


def _reasons(groups: Mapping[str, str]) -> Mapping[str, str]:
    """The reasons by name."""
    return MappingProxyType({name: reason for reason, names in groups.items() for name in names.split()})


MODULES = _reasons(
    {
        "not a layer but a container: a graph is one": (
            "Container Module ModuleDict ModuleList ParameterDict ParameterList Sequential"
        ),
        "not a layer but a tensor without a size, which is read off the wires here": (
            "UninitializedBuffer UninitializedParameter"
        ),
        "not a layer but the base of some": "RNNBase RNNCellBase",
        "not a layer but settings of one": "LinearCrossEntropyOptions",
        "sizes are read off the wires, so every layer here does what the lazy one does": (
            "LazyBatchNorm1d LazyBatchNorm2d LazyBatchNorm3d LazyConv1d LazyConv2d LazyConv3d LazyConvTranspose1d "
            "LazyConvTranspose2d LazyConvTranspose3d LazyInstanceNorm1d LazyInstanceNorm2d LazyInstanceNorm3d "
            "LazyLinear"
        ),
        "how a network is spread over devices, which the run decides": "DataParallel SyncBatchNorm",
        "deprecated; Upsample does the same": "UpsamplingBilinear2d UpsamplingNearest2d",
        "deprecated; NLLLoss does the same": "NLLLoss2d",
        "the LocalResponseNorm of Lua Torch, which torch keeps for old models": "CrossMapLRN2d",
        "a stack of layers: a repeated block does the same": "TransformerDecoder TransformerEncoder",
        "takes a Python function as an argument, which a graph cannot hold": "TripletMarginWithDistanceLoss",
        "a dense layer and CrossEntropyLoss compute the same": "LinearCrossEntropyLoss",
    }
)
"""By the name of a class in ``torch.nn``."""

OPTIMIZERS = _reasons(
    {
        "not an optimizer but the base of all": "Optimizer",
    }
)
"""By the name of a class in ``torch.optim``."""

SCHEDULES = _reasons(
    {
        "not a schedule but the base of all": "LRScheduler",
        "takes a Python function as an argument, which a project file cannot hold": "LambdaLR MultiplicativeLR",
        "a list of schedules, each with its steps or epochs, is written as a list": "SequentialLR",
        "several schedules at a time, of which each changes what another has set; a list has one after another": (
            "ChainedScheduler"
        ),
    }
)
"""By the name of a class in ``torch.optim.lr_scheduler``."""
