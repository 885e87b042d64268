"""The layers of torch in which every position of a sequence looks at every other."""

from engine.catalog.emit import Module
from engine.catalog.layers.linear import LEFT_OUT
from engine.catalog.no_effect import Idle
from engine.catalog.params import Choice, Flag, Float, FromInput, Int
from engine.catalog.shapes import Shapes, of
from engine.catalog.spec import ANY_NUMBER, Layer, Port

BATCH_FIRST = Flag(
    "batch_first", False, help="Sequences have the shape (batch, step, feature) instead of (step, batch, feature)."
)
HEADS = Int("nhead", 4, min=1, required=True, help="Number of attention heads; must divide d_model.")
FEED_FORWARD = (
    Int("dim_feedforward", 2048, min=1, help="Features inside the feed-forward network."),
    Float("dropout", 0.1, min=0.0, max=1.0, help="Dropout probability."),
    Choice("activation", "relu", options=("relu", "gelu"), help="Activation inside the feed-forward network."),
)
NORMS = (
    Float("layer_norm_eps", 1e-5, min=0.0, help="Added to the variance in each LayerNorm."),
    BATCH_FIRST,
    Flag(
        "norm_first",
        False,
        help="Normalize before attention and feed-forward instead of after; training is more stable.",
    ),
    Flag("bias", True, help="Add learned biases to all linear layers and norms."),
)

MULTIHEAD_ATTENTION = Layer(
    kind="MultiheadAttention",
    family="attention",
    within=ANY_NUMBER,
    emit=Module(
        "nn.MultiheadAttention",
        gives=("attn_output", "attn_output_weights"),
        call=("need_weights", "average_attn_weights", "is_causal"),
    ),
    summary="Scaled dot-product attention in several heads: a mean of the values, weighted by query and key.",
    shape=Shapes(
        (of("B", "T", "E", port="query"), of("B", "S", "kdim", port="key"), of("B", "S", "vdim", port="value")),
        (of("B", "T", "E", port="attn_output"), of("B", "T", "S", port="attn_output_weights")),
    ),
    source="Vaswani et al. 2017",
    params=(
        FromInput("embed_dim", axis=-1, port="query", help="Features of each query and of the output."),
        Int("num_heads", 4, min=1, required=True, help="Number of attention heads; must divide embed_dim."),
        Float("dropout", 0.0, min=0.0, max=1.0, help="Dropout probability of the attention weights."),
        Flag("bias", True, help="Add learned biases to the projections."),
        Flag("add_bias_kv", False, help="Append a learned key and value to every sequence."),
        Flag("add_zero_attn", False, help="Append a key and value of zeros, so that a query can attend to nothing."),
        FromInput("kdim", axis=-1, port="key", unless="embed_dim", help="Features of each key."),
        FromInput("vdim", axis=-1, port="value", unless="embed_dim", help="Features of each value."),
        BATCH_FIRST,
        Flag(
            "need_weights", True, help="Also return the attention weights; without them torch can use a faster kernel."
        ),
        Flag(
            "average_attn_weights",
            True,
            help="Return the mean of the weights over all heads instead of one matrix for each head.",
            idle=(Idle("need_weights", "need_weights is off", (False,)),),
        ),
        Flag("is_causal", False, help="States that attn_mask is a causal mask; needs attn_mask."),
    ),
    inputs=(
        Port("query"),
        Port("key"),
        Port("value"),
        Port("key_padding_mask", "any", optional=True, help="(B, S), true where a key is padding and is ignored."),
        Port("attn_mask", "any", optional=True, help="(T, S), true where a query must not see a key."),
    ),
    outputs=(
        Port("attn_output", help="The weighted means, (B, T, E)."),
        Port(
            "attn_output_weights",
            help="The weight of each value for each query; only with need_weights.",
            flag="need_weights",
        ),
    ),
    left_out=LEFT_OUT,
    preset={"batch_first": True},
).known_as("attention", "self attention", "mha", "transformer", prominence=1, stem="attention")
TRANSFORMER_ENCODER_LAYER = Layer(
    kind="TransformerEncoderLayer",
    family="attention",
    within=ANY_NUMBER,
    emit=Module("nn.TransformerEncoderLayer", call=("is_causal",)),
    summary="Self-attention and a feed-forward network, each with a residual connection and a LayerNorm.",
    shape=Shapes((of("B", "T", "d_model"),), keeps=True),
    source="Vaswani et al. 2017; Xiong et al. 2020 for norm_first",
    params=(
        FromInput("d_model", axis=-1, port="src", help="Features of each position."),
        HEADS,
        *FEED_FORWARD,
        *NORMS,
        Flag("is_causal", False, help="States that src_mask is a causal mask; needs src_mask."),
    ),
    inputs=(
        Port("src", help="The sequences."),
        Port("src_mask", "any", optional=True, help="(T, T), true where a position must not see another."),
        Port("src_key_padding_mask", "any", optional=True, help="(B, T), true where a position is padding."),
    ),
    left_out=LEFT_OUT,
    preset={"batch_first": True},
).known_as("transformer", "attention block", prominence=1, stem="encoder")
TRANSFORMER_DECODER_LAYER = Layer(
    kind="TransformerDecoderLayer",
    family="attention",
    within=ANY_NUMBER,
    emit=Module("nn.TransformerDecoderLayer", call=("tgt_is_causal", "memory_is_causal")),
    summary="Self-attention, attention to the result of an encoder, and a feed-forward network.",
    shape=Shapes((of("B", "T", "d_model", port="tgt"), of("B", "S", "d_model", port="memory")), keeps=True),
    source="Vaswani et al. 2017; Xiong et al. 2020 for norm_first",
    params=(
        FromInput("d_model", axis=-1, port="tgt", help="Features of each position, in both sequences."),
        HEADS,
        *FEED_FORWARD,
        *NORMS,
        Flag("tgt_is_causal", False, help="States that tgt_mask is a causal mask; needs tgt_mask."),
        Flag("memory_is_causal", False, help="States that memory_mask is a causal mask; needs memory_mask."),
    ),
    inputs=(
        Port("tgt", help="The sequences that are decoded."),
        Port("memory", help="The output of an encoder for the other sequences."),
        Port("tgt_mask", "any", optional=True, help="(T, T), true where a position must not see another."),
        Port("memory_mask", "any", optional=True, help="(T, S), true where a position must not see the memory."),
        Port("tgt_key_padding_mask", "any", optional=True, help="(B, T), true where a position is padding."),
        Port("memory_key_padding_mask", "any", optional=True, help="(B, S), true where the memory is padding."),
    ),
    left_out=LEFT_OUT,
    preset={"batch_first": True},
).known_as("cross attention", "transformer decoder", stem="decoder")
TRANSFORMER = Layer(
    kind="Transformer",
    family="attention",
    within=ANY_NUMBER,
    emit=Module("nn.Transformer"),
    summary="A whole encoder and decoder: stacks of their layers, each with a last LayerNorm.",
    shape=Shapes(
        (of("B", "S", "d_model", port="src"), of("B", "T", "d_model", port="tgt")), (of("B", "T", "d_model"),)
    ),
    source="Vaswani et al. 2017",
    params=(
        FromInput("d_model", 512, axis=-1, port="src", help="Features of each position, in both sequences."),
        Int("nhead", 8, min=1, help="Number of attention heads; must divide d_model."),
        Int("num_encoder_layers", 6, min=1, max=48, help="Layers of the encoder."),
        Int("num_decoder_layers", 6, min=1, max=48, help="Layers of the decoder."),
        *FEED_FORWARD,
        *NORMS,
    ),
    inputs=(
        Port("src", help="The sequences that the encoder reads."),
        Port("tgt", help="The sequences that are decoded."),
        Port("src_mask", "any", optional=True, help="(S, S), true where a position must not see another."),
        Port("tgt_mask", "any", optional=True, help="(T, T), true where a position must not see another."),
        Port(
            "memory_mask", "any", optional=True, help="(T, S), true where a position must not see the encoder's output."
        ),
        Port("src_key_padding_mask", "any", optional=True, help="(B, S), true where a position is padding."),
        Port("tgt_key_padding_mask", "any", optional=True, help="(B, T), true where a position is padding."),
        Port(
            "memory_key_padding_mask", "any", optional=True, help="(B, S), true where the encoder's output is padding."
        ),
    ),
    left_out=LEFT_OUT
    | {
        "custom_encoder": "a module as an argument: wire one before a decoder instead",
        "custom_decoder": "a module as an argument: wire one after an encoder instead",
        "src_is_causal": "torch finds out by itself",
        "tgt_is_causal": "torch finds out by itself",
        "memory_is_causal": "a hint about memory_mask for speed alone",
    },
    preset={"batch_first": True},
).known_as("encoder decoder", "translation", stem="transformer")

LAYERS = (MULTIHEAD_ATTENTION, TRANSFORMER_ENCODER_LAYER, TRANSFORMER_DECODER_LAYER, TRANSFORMER)
