"""Attention in heads, computed by one function of torch."""

from engine.catalog.emit import Function, Module
from engine.catalog.params import Flag, Float, FromInput, Int
from engine.catalog.shapes import Shapes, of
from engine.catalog.spec import ANY_NUMBER, Layer, Port

SCALED_DOT_PRODUCT_ATTENTION = Layer(
    kind="scaled_dot_product_attention",
    family="attention",
    emit=Function("F.scaled_dot_product_attention"),
    summary="The mean of the values, weighted by how well their keys match each query.",
    formula="softmax(query @ key^T * scale + mask) @ value, with scale = 1 / sqrt(E)",
    shape=Shapes(
        (
            of("B", "*", "T", "E", port="query"),
            of("B", "*", "S", "E", port="key"),
            of("B", "*", "S", "V", port="value"),
        ),
        (of("B", "*", "T", "V"),),
        ", with the heads as axis 1",
    ),
    source="Vaswani et al. 2017; Ainslie et al. 2023 for enable_gqa",
    params=(
        Flag("is_causal", False, help="A query does not see keys at later positions."),
        Float("scale", None, none="1 / sqrt(E)", help="Factor of the scores."),
        Flag(
            "enable_gqa",
            False,
            help="Grouped queries: keys and values have fewer heads, each for several heads of queries.",
        ),
    ),
    inputs=(
        Port("query"),
        Port("key"),
        Port("value"),
        Port(
            "attn_mask",
            "any",
            optional=True,
            mask="shows",
            help="(T, S), also with axes for samples and heads: true where a query sees a key; numbers are added.",
        ),
    ),
    outputs=(Port("output", backward_use="always"),),
    left_out={"dropout_p": "it would drop in evaluation too: the layers of attention have dropout"},
    agreement="Queries and keys have equal features, keys and values an equal length and equal heads: as many as the "
    "queries or, with enable_gqa, a divisor of that. A mask is (T, S), with axes before it that are 1 or equal.",
).known_as("sdpa", "flash attention", "grouped query attention", "causal attention", stem="attention")
GROUPED_QUERY_ATTENTION = Layer(
    kind="GroupedQueryAttention",
    family="attention",
    within=ANY_NUMBER,
    emit=Module("GroupedQueryAttention", snippet="transformer.grouped_queries"),
    summary="Self-attention in which several heads of queries share one head of keys and values.",
    formula="o_proj(softmax(q k^T / sqrt(E / num_heads) + mask) v), with q, k, v = q_proj(x), k_proj(x), v_proj(x)",
    shape=Shapes((of("B", "T", "E"),), keeps=True),
    source="Ainslie et al. 2023; Shazeer 2019 for one head of keys and values",
    params=(
        FromInput("embed_dim", axis=-1, help="Features of each position."),
        Int("num_heads", 8, min=1, required=True, help="Heads of queries; must divide embed_dim."),
        Int(
            "num_kv_heads",
            2,
            min=1,
            required=True,
            help="Heads of keys and values; must divide num_heads. 1 is multi-query attention.",
        ),
        Float("dropout", 0.0, min=0.0, max=1.0, help="Dropout probability of the attention weights."),
        Flag("bias", False, help="Add learned biases to the projections."),
        Float(
            "rotary_base",
            None,
            above=1.0,
            none="no rotation",
            help="Rotate queries and keys by their positions, with this base; 10000 is usual.",
        ),
        Flag("is_causal", False, help="A position does not see later ones."),
    ),
    inputs=(
        Port("input"),
        Port(
            "attn_mask",
            "any",
            optional=True,
            mask="hides",
            help="(T, T), also with axes for samples and heads: true where a key is hidden; numbers are added.",
        ),
        Port(
            "key_padding_mask",
            "bool",
            optional=True,
            mask="hides",
            help="(B, T), true where a position is padding.",
        ),
    ),
    agreement="attn_mask is (T, T), with axes before it that are 1 or those of samples and heads; key_padding_mask is "
    "(B, T).",
).known_as("multi query attention", "mqa", "gqa", "llama attention", "rotary attention", stem="attention")

LAYERS = (SCALED_DOT_PRODUCT_ATTENTION, GROUPED_QUERY_ATTENTION)
