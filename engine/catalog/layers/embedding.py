"""Vectors for things that are not numbers: words, classes, places in a sequence."""

from engine.catalog.emit import Module
from engine.catalog.layers.linear import LEFT_OUT
from engine.catalog.no_effect import Idle
from engine.catalog.params import Choice, Flag, Float, FromInput, Int
from engine.catalog.shapes import Shapes, of
from engine.catalog.spec import ANY_NUMBER, Layer, Port

TABLE = (
    Int(
        "num_embeddings",
        1000,
        min=1,
        required=True,
        help="Number of vectors; indices run from 0 to num_embeddings - 1.",
    ),
    Int("embedding_dim", 64, min=1, required=True, help="Length of each vector."),
)
LIMITS = (
    Float(
        "max_norm",
        None,
        above=0.0,
        help="Vectors with a larger norm are scaled down to it when they are looked up.",
    ),
    Float(
        "norm_type",
        2.0,
        above=0.0,
        finite=False,
        help="The p of the p-norm that max_norm limits; inf: the largest absolute value.",
        idle=(Idle("max_norm", "max_norm is not set", (None,)),),
    ),
    Flag(
        "scale_grad_by_freq",
        False,
        help="Divide each gradient by the number of times that its index occurs in the batch.",
    ),
)
SPARSE = Flag(
    "sparse",
    False,
    help="Give a sparse gradient, of the looked-up vectors alone; SparseAdam, SGD and Adagrad learn from it.",
)
WEIGHT = {"_weight": "private to torch: weights are loaded, not declared"}
EMBEDDING = Layer(
    kind="Embedding",
    family="embedding",
    within=ANY_NUMBER,
    emit=Module("nn.Embedding"),
    summary="Look up a learned vector for each index.",
    shape=Shapes((of("B", "*", what="int"),), (of("B", "*", "embedding_dim"),)),
    source="Bengio et al. 2003",
    params=(
        *TABLE,
        Int("padding_idx", None, help="Index whose vector is zero at the start and gets no gradient."),
        *LIMITS,
        SPARSE,
    ),
    inputs=(Port("input", "int", below="num_embeddings"),),
    sparse_flag="sparse",
    sparse_excludes=("scale_grad_by_freq",),
    left_out=LEFT_OUT
    | WEIGHT
    | {
        "_freeze": "private to torch",
    },
).known_as("lookup", "tokens", "words", prominence=1)
EMBEDDING_BAG = Layer(
    kind="EmbeddingBag",
    family="embedding",
    within=ANY_NUMBER,
    emit=Module("nn.EmbeddingBag", takes=("input",)),
    summary="Look up a learned vector for each index, and combine those of each sample.",
    shape=Shapes((of("B", "T", what="int"),), (of("B", "embedding_dim"),)),
    source="Joulin et al. 2017",
    params=(
        *TABLE,
        *LIMITS,
        Choice(
            "mode",
            "mean",
            options=("mean", "sum", "max"),
            help="How the vectors of a sample are combined; with max, scale_grad_by_freq and sparse must be off.",
        ),
        SPARSE,
        Int("padding_idx", None, help="Index that is left out and gets no gradient."),
    ),
    inputs=(
        Port("input", "int", below="num_embeddings"),
        Port("per_sample_weights", optional=True, help="(B, T), a factor for each vector; only with mode sum."),
    ),
    sparse_flag="sparse",
    sparse_excludes=("scale_grad_by_freq",),
    left_out=LEFT_OUT
    | WEIGHT
    | {
        "offsets": "each sample is one bag: several of unequal length are padded",
        "include_last_offset": "there are no offsets",
    },
).known_as("bag of words", "text classification")
POSITION_PARAMS = (
    FromInput("num_positions", axis=1, longest=512, help="Maximum length of a sequence."),
    FromInput("embedding_dim", axis=2, help="Features of each position."),
)
LEARNED_POSITION_ENCODING = Layer(
    kind="LearnedPositionEncoding",
    family="embedding",
    within=ANY_NUMBER,
    emit=Module("LearnedPositionEncoding", snippet="positions"),
    summary="Add a learned vector to each position of a sequence.",
    shape=Shapes((of("B", "T", "E"),), keeps=True),
    source="Gehring et al. 2017; Devlin et al. 2019",
    params=POSITION_PARAMS,
).known_as("positions", stem="positions")
SINUSOIDAL_POSITION_ENCODING = Layer(
    kind="SinusoidalPositionEncoding",
    family="embedding",
    within=ANY_NUMBER,
    emit=Module("SinusoidalPositionEncoding", snippet="positions"),
    summary="Add sines and cosines of the position to each element of a sequence; nothing is learned.",
    shape=Shapes((of("B", "T", "E"),), keeps=True),
    source="Vaswani et al. 2017",
    params=(
        *POSITION_PARAMS,
        Float("base", 10000.0, above=0.0, unit="positions", help="The longest wavelength is 2 pi times this."),
    ),
).known_as("positions", stem="positions")
CLASS_TOKEN = Layer(
    kind="ClassToken",
    family="embedding",
    within=ANY_NUMBER,
    emit=Module("ClassToken", snippet="transformer.tokens"),
    summary="Put a learned vector before each sequence, whose result describes the whole.",
    shape=Shapes((of("B", "T", "E"),), (of("B", "T+1", "E"),)),
    source="Devlin et al. 2019",
    params=(FromInput("embed_dim", axis=-1, help="Features of each position."),),
).known_as("cls", "vit", "bert", stem="class_token")

LAYERS = (
    EMBEDDING,
    EMBEDDING_BAG,
    LEARNED_POSITION_ENCODING,
    SINUSOIDAL_POSITION_ENCODING,
    CLASS_TOKEN,
)
