"""Layers that mix all features of a sample."""

from engine.catalog.emit import Module
from engine.catalog.params import Choice, Flag, Float, FromInput, Int, Sizes
from engine.catalog.shapes import Shapes, of
from engine.catalog.spec import ANY_NUMBER, Layer, Port, Range

LEFT_OUT = {"device": "the run chooses the device", "dtype": "weights are float32"}
"""Arguments that every torch layer with weights has, and that no node has."""

LINEAR = Layer(
    kind="Linear",
    family="linear",
    within=ANY_NUMBER,
    emit=Module("nn.Linear"),
    summary="Fully connected layer: each output feature is a weighted sum of all input features.",
    shape=Shapes((of("B", "*", "in_features"),), (of("B", "*", "out_features"),)),
    source="Rosenblatt 1958",
    params=(
        FromInput("in_features", noun="features", axis=-1, help="Size of the last axis of the input."),
        Int("out_features", 64, min=1, required=True, help="Size of the last axis of the output."),
        Flag("bias", True, help="Add a learned bias to each output feature."),
    ),
    left_out=LEFT_OUT,
).known_as("dense", "fully connected", "fc", "affine", "perceptron", prominence=4)
BILINEAR = Layer(
    kind="Bilinear",
    family="linear",
    within=ANY_NUMBER,
    emit=Module("nn.Bilinear"),
    summary="Bilinear form: a weighted sum of all products of a feature of each input.",
    shape=Shapes((of("B", "*", "in1_features"), of("B", "*", "in2_features")), (of("B", "*", "out_features"),)),
    source="Tenenbaum and Freeman 2000",
    params=(
        FromInput("in1_features", axis=-1, port="input1", help="Features of the first input."),
        FromInput("in2_features", axis=-1, port="input2", help="Features of the second input."),
        Int("out_features", 64, min=1, required=True, help="Size of the last axis of the output."),
        Flag("bias", True, help="Add a learned bias to each output feature."),
    ),
    inputs=(Port("input1"), Port("input2")),
    left_out=LEFT_OUT,
).known_as("two inputs", "dense")
ADAPTIVE_SOFTMAX = Layer(
    kind="AdaptiveLogSoftmaxWithLoss",
    family="linear",
    within=Range(high=0.0),
    gives="log-probabilities",
    emit=Module("AdaptiveLogSoftmax", snippet="adaptive_softmax"),
    signature="nn.AdaptiveLogSoftmaxWithLoss",
    summary="Log-probabilities of very many classes: rare ones share small clusters, which cost little.",
    formula="log P(cluster) + log P(class in cluster)",
    shape=Shapes(
        (of("B", "*", "in_features"),), (of("B", "*", "n_classes"),), "; with target (B, *) of int classes -> (B, *)"
    ),
    source="Grave et al. 2017",
    params=(
        FromInput("in_features", noun="features", axis=-1, help="Size of the last axis of the input."),
        Int("n_classes", 1000, min=2, required=True, help="Number of classes, the most frequent first."),
        Sizes(
            "cutoffs",
            (100, 500),
            min=1,
            single=False,
            required=True,
            help="The first class of each cluster of rare classes, rising, below n_classes.",
        ),
        Float("div_value", 4.0, above=0.0, help="How much fewer features each cluster has than the one before it."),
        Flag("head_bias", False, help="Add a learned bias to the scores of frequent classes and clusters."),
    ),
    inputs=(
        Port("input"),
        Port(
            "target",
            "int",
            optional=True,
            below="n_classes",
            help="The true classes: the result is then their log-probability alone, for MeanLoss with scale -1, and "
            "training is fast. Without it, all log-probabilities, for NLLLoss and for answers; use the same weights.",
        ),
    ),
).known_as("adaptive softmax", "large vocabulary", "language model", "word classes")
IDENTITY = Layer(
    kind="Identity",
    family="linear",
    within="input",
    layout="in order",
    emit=Module("nn.Identity"),
    summary="Return the input unchanged; gives a value a name.",
    shape=Shapes((of("*"),), keeps=True),
    inputs=(Port("input", "any"),),
    outputs=(Port("output", "any"),),
    passes_on="always",
).known_as(prominence=1)
MIXTURE_OF_EXPERTS = Layer(
    kind="MixtureOfExperts",
    family="linear",
    within=ANY_NUMBER,
    emit=Module("MixtureOfExperts", gives=("output", "balance"), snippet="transformer.experts"),
    summary="Several feed-forward networks, of which a router gives each vector to a few.",
    formula="sum of w_e * expert_e(x) over the top_k experts e; w: their p = softmax(router(x)), which top_k above 1 "
    "divides by their sum",
    shape=Shapes((of("B", "*", "E"),), (of("B", "*", "E", port="output"), of(port="balance"))),
    source="Shazeer et al. 2017; Fedus et al. 2022 for the balance",
    params=(
        FromInput("embed_dim", axis=-1, noun="features", help="Size of the last axis of the input."),
        Int("hidden_dim", 256, min=1, required=True, help="Features inside each expert."),
        Int("num_experts", 8, min=1, max=512, required=True, help="Number of experts."),
        Int("top_k", 2, min=1, help="How many experts each vector is given to; at most num_experts."),
        Choice(
            "activation",
            "gelu",
            options=("relu", "gelu", "silu"),
            help="Activation inside the experts, by its torch name.",
        ),
    ),
    outputs=(
        Port("output", help="The weighted sums of what the chosen experts give."),
        Port(
            "balance",
            help="1 where all experts are used alike, and larger elsewhere: one number for MeanLoss.",
        ),
    ),
).known_as("moe", "switch", "router", "sparse", stem="experts")

LAYERS = (LINEAR, BILINEAR, ADAPTIVE_SOFTMAX, MIXTURE_OF_EXPERTS, IDENTITY)
