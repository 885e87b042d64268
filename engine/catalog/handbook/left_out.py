"""What torch offers and the catalogue does not, each with the reason; a test finds whatever is in neither."""

from collections.abc import Mapping
from types import MappingProxyType


def _reasons(groups: Mapping[str, str]) -> Mapping[str, str]:
    return MappingProxyType({name: reason for reason, names in groups.items() for name in names.split()})


LATER = "a layer of its own; comes with the full catalogue"

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
        "sizes are read off the wires, so every layer here is what the lazy one wants to be": (
            "LazyBatchNorm1d LazyBatchNorm2d LazyBatchNorm3d LazyConv1d LazyConv2d LazyConv3d LazyConvTranspose1d "
            "LazyConvTranspose2d LazyConvTranspose3d LazyInstanceNorm1d LazyInstanceNorm2d LazyInstanceNorm3d "
            "LazyLinear"
        ),
        "how a network is spread over devices, which the run decides": "DataParallel SyncBatchNorm",
        "deprecated; Upsample says the same": "UpsamplingBilinear2d UpsamplingNearest2d",
        "deprecated; NLLLoss says the same": "NLLLoss2d",
        "an old form of LocalResponseNorm; comes with it": "CrossMapLRN2d",
        "a stack of layers: a repeated block says the same": "Transformer TransformerDecoder TransformerEncoder",
        "takes a Python function as an argument, which a graph cannot hold": "TripletMarginWithDistanceLoss",
        "one step of a recurrent layer, which needs a loop in the graph": "GRUCell LSTMCell RNNCell",
        "needs the indices that pooling leaves out; comes with it": "MaxUnpool1d MaxUnpool2d MaxUnpool3d",
        LATER: (
            "AdaptiveLogSoftmaxWithLoss CTCLoss ChannelShuffle CircularPad1d CircularPad2d CircularPad3d "
            "ConstantPad1d ConstantPad2d ConstantPad3d CosineEmbeddingLoss CosineSimilarity EmbeddingBag "
            "FeatureAlphaDropout Fold FractionalMaxPool2d FractionalMaxPool3d GaussianNLLLoss Hardshrink Hardtanh "
            "HingeEmbeddingLoss LPPool1d LPPool2d LPPool3d LinearCrossEntropyLoss LocalResponseNorm "
            "MarginRankingLoss MultiLabelMarginLoss MultiLabelSoftMarginLoss MultiMarginLoss PairwiseDistance "
            "PixelShuffle PixelUnshuffle PoissonNLLLoss RReLU ReflectionPad1d ReflectionPad2d ReflectionPad3d "
            "ReplicationPad1d ReplicationPad2d ReplicationPad3d SoftMarginLoss Softmax2d Softmin Softshrink "
            "Tanhshrink Threshold TransformerDecoderLayer TripletMarginLoss Unfold ZeroPad1d ZeroPad2d ZeroPad3d"
        ),
    },
)
"""By the name of a class in ``torch.nn``."""

OPTIMIZERS = _reasons(
    {
        "not an optimizer but the base of all": "Optimizer",
        "calls the network several times a step, which a run does not": "LBFGS",
        "for sparse gradients, which no layer here gives": "SparseAdam",
        "for matrices alone, so a network needs a second optimizer beside it": "Muon",
        "comes with the full catalogue": "ASGD Adadelta Adafactor Adamax NAdam RAdam Rprop",
    },
)
"""By the name of a class in ``torch.optim``."""

SCHEDULES = _reasons(
    {
        "not a schedule but the base of all": "LRScheduler",
        "takes a Python function as an argument, which a project file cannot hold": "LambdaLR MultiplicativeLR",
        "joins other schedules; comes with the full catalogue": "ChainedScheduler SequentialLR",
        "comes with the full catalogue": (
            "ConstantLR CosineAnnealingWarmRestarts CyclicLR LinearLR MultiStepLR PolynomialLR"
        ),
    },
)
"""By the name of a class in ``torch.optim.lr_scheduler``."""
