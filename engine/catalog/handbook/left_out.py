"""What torch offers and the catalogue does not, each with the reason; a test finds everything that is in neither."""

from collections.abc import Collection, Mapping
from types import MappingProxyType

from engine.catalog.index import layers
from engine.catalog.optimizers import OPTIMIZERS as OWN_OPTIMIZERS
from engine.catalog.schedules import SCHEDULES as OWN_SCHEDULES

TO_COME = "comes with the full catalogue"


def _reasons(groups: Mapping[str, str], declared: Collection[str]) -> Mapping[str, str]:
    """The reasons by name, without those `TO_COME` that are declared by now."""
    pairs = ((name, reason) for reason, names in groups.items() for name in names.split())
    return MappingProxyType({name: reason for name, reason in pairs if reason != TO_COME or name not in declared})


MODULES = _reasons(
    {
        "not a layer but a container: a graph is one": (
            "Container Module ModuleDict ModuleList ParameterDict ParameterList Sequential"
        ),
        "not a layer but a tensor that trains or is kept": (
            "Buffer Parameter UninitializedBuffer UninitializedParameter"
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
        "one step of a recurrent layer, which needs a loop in the graph": "GRUCell LSTMCell RNNCell",
        "a dense layer and CrossEntropyLoss compute the same": "LinearCrossEntropyLoss",
        "a loss whose weights the network needs for its answers, and a graph keeps the two apart": (
            "AdaptiveLogSoftmaxWithLoss"
        ),
        TO_COME: (
            "CTCLoss ChannelShuffle CircularPad1d CircularPad2d CircularPad3d "
            "ConstantPad1d ConstantPad2d ConstantPad3d CosineEmbeddingLoss CosineSimilarity EmbeddingBag "
            "FeatureAlphaDropout Fold FractionalMaxPool2d FractionalMaxPool3d GaussianNLLLoss Hardshrink Hardtanh "
            "HingeEmbeddingLoss LPPool1d LPPool2d LPPool3d LocalResponseNorm "
            "MarginRankingLoss MultiLabelMarginLoss MultiLabelSoftMarginLoss MultiMarginLoss PairwiseDistance "
            "PixelShuffle PixelUnshuffle PoissonNLLLoss RReLU ReflectionPad1d ReflectionPad2d ReflectionPad3d "
            "ReplicationPad1d ReplicationPad2d ReplicationPad3d SoftMarginLoss Softmax2d Softmin Softshrink "
            "Tanhshrink Threshold TransformerDecoderLayer TripletMarginLoss Unfold ZeroPad1d ZeroPad2d ZeroPad3d"
        ),
    },
    layers(),
)
"""By the name of a class in ``torch.nn``."""

OPTIMIZERS = _reasons(
    {
        "not an optimizer but the base of all": "Optimizer",
        "calls the network several times a step, which a run does not": "LBFGS",
        "for sparse gradients, which no layer here gives": "SparseAdam",
        "for matrices alone, so a network needs a second optimizer beside it": "Muon",
        TO_COME: "ASGD Adadelta Adafactor Adamax NAdam RAdam Rprop",
    },
    OWN_OPTIMIZERS,
)
"""By the name of a class in ``torch.optim``."""

SCHEDULES = _reasons(
    {
        "not a schedule but the base of all": "LRScheduler",
        "takes a Python function as an argument, which a project file cannot hold": "LambdaLR MultiplicativeLR",
        "joins other schedules; comes with the full catalogue": "ChainedScheduler SequentialLR",
        TO_COME: ("ConstantLR CosineAnnealingWarmRestarts CyclicLR LinearLR MultiStepLR PolynomialLR"),
    },
    OWN_SCHEDULES,
)
"""By the name of a class in ``torch.optim.lr_scheduler``."""
