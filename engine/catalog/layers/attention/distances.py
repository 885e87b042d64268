"""The positions of queries and keys, as masks, rotations and numbers added to the scores of attention."""

from engine.catalog.emit import Function, Module
from engine.catalog.params import Flag, Float, Int
from engine.catalog.shapes import Shapes, of
from engine.catalog.spec import ANY_NUMBER, Layer, Port

SEQUENCE = (Port("input", "any", shape_only=True, help="The sequence, read for its length alone."),)
BIAS = Port("output", help="For attn_mask: it is added to the scores.")
IS_CAUSAL = Flag("is_causal", False, help="Also hide later keys, by minus infinity.")

CAUSAL_MASK = Layer(
    kind="causal_mask",
    family="attention",
    within=ANY_NUMBER,
    emit=Function("causal_mask", snippet="masks"),
    summary="Causal attention mask: each position sees itself and the positions before it.",
    shape=Shapes((of("B", "T", "*"),), (of("T", "T"),), ", true above the diagonal"),
    source="Vaswani et al. 2017",
    inputs=(Port("input", "any", shape_only=True, help="The sequence, read for its length alone."),),
    outputs=(Port("output", "bool", mask="hides", help="For attn_mask or src_mask."),),
)

ROTARY_POSITION_EMBEDDING = Layer(
    kind="rotary_position_embedding",
    family="attention",
    emit=Function("rotary_position_embedding", snippet="transformer.rotation"),
    summary="Rotate pairs of features of queries or keys by angles that grow with their position.",
    formula="(x cos a - y sin a, x sin a + y cos a) with a = position * base^(-2 i / D) for the pair i",
    shape=Shapes((of("B", "*", "T", "D"),), keeps=True),
    source="Su et al. 2021",
    params=(
        Float("base", 10000.0, above=1.0, unit="positions", help="The longest wavelength is almost 2 pi times this."),
        Flag(
            "interleaved",
            False,
            help="Neighbours are a pair, as in the paper, instead of a feature of each half, as in most programs.",
        ),
    ),
).known_as("rope", "rotary", "position", stem="rotary")
ALIBI_BIAS = Layer(
    kind="alibi_bias",
    family="attention",
    within=ANY_NUMBER,
    emit=Function("alibi_bias", snippet="transformer.distances"),
    summary="Attention with linear biases: less weight for keys that are farther away; nothing is learned.",
    formula="-slope_h * |i - j|, with the slopes 2^(-8 h / H) for the heads h = 1 ... H",
    shape=Shapes((of("B", "T", "*"),), (of("num_heads", "T", "T"),)),
    source="Press et al. 2022",
    params=(Int("num_heads", 4, min=1, max=4096, required=True, help="Number of attention heads."), IS_CAUSAL),
    inputs=SEQUENCE,
    outputs=(BIAS,),
).known_as("position", "linear bias", stem="alibi")
RELATIVE_POSITION_BIAS = Layer(
    kind="RelativePositionBias",
    family="attention",
    within=ANY_NUMBER,
    emit=Module("RelativePositionBias", snippet="transformer.distances"),
    summary="A learned number for each head and each distance of query and key.",
    formula="weight[h, clip(j - i, -max_distance, max_distance)]",
    shape=Shapes((of("B", "T", "*"),), (of("num_heads", "T", "T"),)),
    source="Raffel et al. 2020; Shaw et al. 2018 for the clipped distances",
    params=(
        Int("num_heads", 4, min=1, required=True, help="Number of attention heads."),
        Int("max_distance", 128, min=1, required=True, help="From this many positions on, one number for all."),
        IS_CAUSAL,
    ),
    inputs=SEQUENCE,
    outputs=(BIAS,),
).known_as("position", "t5 bias", stem="bias")

LAYERS = (CAUSAL_MASK, ROTARY_POSITION_EMBEDDING, ALIBI_BIAS, RELATIVE_POSITION_BIAS)
