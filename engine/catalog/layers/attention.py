"""Layers in which every position of a sequence looks at every other."""

from engine.catalog.idle import Idle
from engine.catalog.layers.linear import LEFT_OUT
from engine.catalog.params import Choice, Flag, Float, FromInput, Int
from engine.catalog.shapes import Shapes, of
from engine.catalog.spec import ANY_NUMBER, Function, Layer, Module, Port

BATCH_FIRST = Flag("batch_first", False, help="Sequences come as (batch, step, feature), not (step, batch, feature).")

MULTIHEAD_ATTENTION = Layer(
    kind="MultiheadAttention",
    family="attention",
    within=ANY_NUMBER,
    emit=Module(
        "nn.MultiheadAttention",
        gives=("attn_output", "attn_output_weights"),
        call=("need_weights", "average_attn_weights", "is_causal"),
    ),
    summary="Each query takes a mixture of the values whose keys are like it, in several ways at once.",
    shape=Shapes(
        (of("B", "T", "E", port="query"), of("B", "S", "kdim", port="key"), of("B", "S", "vdim", port="value")),
        (of("B", "T", "E", port="attn_output"), of("B", "T", "S", port="attn_output_weights")),
    ),
    source="Vaswani et al. 2017",
    params=(
        FromInput("embed_dim", axis=-1, port="query", help="Features of each query and of the result."),
        Int("num_heads", 4, min=1, required=True, help="Ways of looking, side by side; must divide embed_dim."),
        Float("dropout", 0.0, min=0.0, max=1.0, help="Share of attention weights set to 0 while training."),
        Flag("bias", True, help="Add learned offsets to the projections."),
        Flag("add_bias_kv", False, help="Add one learned key and value to every sequence."),
        Flag("add_zero_attn", False, help="Add a key and value of zeros, so that a query may look at nothing."),
        FromInput("kdim", axis=-1, port="key", unless="embed_dim", help="Features of each key."),
        FromInput("vdim", axis=-1, port="value", unless="embed_dim", help="Features of each value."),
        BATCH_FIRST,
        Flag("need_weights", True, help="Give the attention weights too; without them a faster kernel can be used."),
        Flag(
            "average_attn_weights",
            True,
            help="Give the mean of the weights over all heads, not one map a head.",
            idle=(Idle("need_weights", "need_weights is off", (False,)),),
        ),
        Flag("is_causal", False, help="Promise that attn_mask hides the future; needs attn_mask."),
    ),
    inputs=(
        Port("query"),
        Port("key"),
        Port("value"),
        Port("key_padding_mask", "any", optional=True, help="(B, S), true where a key is padding, not to be seen."),
        Port("attn_mask", "any", optional=True, help="(T, S), true where a query must not see a key."),
    ),
    outputs=(
        Port("attn_output", help="The mixtures, (B, T, E)."),
        Port("attn_output_weights", help="How much each query took of each value; only with need_weights."),
    ),
    left_out=LEFT_OUT,
    preset={"batch_first": True},
).known_as("self attention", "mha", "transformer", prominence=1, stem="attention")
TRANSFORMER_ENCODER_LAYER = Layer(
    kind="TransformerEncoderLayer",
    family="attention",
    within=ANY_NUMBER,
    emit=Module("nn.TransformerEncoderLayer", call=("is_causal",)),
    summary="Self-attention and a small feed-forward network, each with a shortcut and a LayerNorm.",
    shape=Shapes((of("B", "T", "d_model"),), keeps=True),
    source="Vaswani et al. 2017; Xiong et al. 2020 for norm_first",
    params=(
        FromInput("d_model", axis=-1, port="src", help="Features of each position."),
        Int("nhead", 4, min=1, required=True, help="Ways of looking, side by side; must divide d_model."),
        Int("dim_feedforward", 2048, min=1, help="Features inside the feed-forward network."),
        Float("dropout", 0.1, min=0.0, max=1.0, help="Share of numbers set to 0 while training."),
        Choice("activation", "relu", options=("relu", "gelu"), help="Activation inside the feed-forward network."),
        Float("layer_norm_eps", 1e-5, min=0.0, help="Added to the variance in both LayerNorms."),
        BATCH_FIRST,
        Flag("norm_first", False, help="Normalize before attention and feed-forward, not after; trains more steadily."),
        Flag("bias", True, help="Add learned offsets everywhere."),
        Flag("is_causal", False, help="Promise that src_mask hides the future; needs src_mask."),
    ),
    inputs=(
        Port("src", help="The sequences."),
        Port("src_mask", "any", optional=True, help="(T, T), true where a position must not see another."),
        Port("src_key_padding_mask", "any", optional=True, help="(B, T), true where a position is padding."),
    ),
    left_out=LEFT_OUT,
    preset={"batch_first": True},
).known_as("transformer", "attention block", prominence=1, stem="encoder")

CAUSAL_MASK = Layer(
    kind="causal_mask",
    family="attention",
    within=ANY_NUMBER,
    emit=Function("causal_mask", snippet="masks"),
    summary="A mask that hides the future of a sequence from each of its positions.",
    shape=Shapes((of("B", "T", "*"),), (of("T", "T"),), ", true above the diagonal"),
    source="Vaswani et al. 2017",
    inputs=(Port("input", "any", help="The sequence, read for its length alone."),),
    outputs=(Port("output", "bool", help="For attn_mask or src_mask."),),
)

LAYERS = (MULTIHEAD_ATTENTION, TRANSFORMER_ENCODER_LAYER, CAUSAL_MASK)
