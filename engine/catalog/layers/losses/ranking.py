"""Losses between several values of the network: what should be alike, apart, in order or aligned."""

from collections.abc import Mapping

from engine.catalog.emit import Function
from engine.catalog.layers.losses.declaration import LEFT_OUT, REDUCTION, SCALE
from engine.catalog.params import Choice, Flag, Float, Int, Param
from engine.catalog.port_values import Takes, WholeNumbers
from engine.catalog.shapes import Shapes, of
from engine.catalog.spec import Layer, Port

SIGN = Port("target", "any", help="1 or -1 for each sample.", is_sign=True)
NUMBER = (of(),)


def _loss(  # noqa: PLR0913 - a declaration has as many parts
    kind: str,
    function: str,
    summary: str,
    formula: str,
    shape: Shapes,
    source: str,
    *params: Param,
    inputs: tuple[Port, ...],
    left_out: Mapping[str, str] = LEFT_OUT,
) -> Layer:
    return Layer(
        kind=kind,
        family="loss",
        role="loss",
        emit=Function(f"F.{function}"),
        signature=f"nn.{kind}",
        summary=summary,
        formula=formula,
        shape=shape,
        source=source,
        params=(*params, SCALE),
        inputs=inputs,
        outputs=(),
        left_out=left_out,
    )


def _margin(default: float, help: str) -> Float:
    return Float("margin", default, help=help)


LAYERS = (
    _loss(
        "CosineEmbeddingLoss",
        "cosine_embedding_loss",
        "Bring two vectors into one direction where the target is 1, and apart where it is -1.",
        "1 - cos where target is 1, max(0, cos - margin) where -1, cos = cosine of both",
        Shapes((of("B", "D"), of("B", "D"), of("B")), NUMBER),
        "Salton et al. 1975; Hadsell et al. 2006",
        _margin(0.0, "Largest cosine without a loss for vectors that should be apart; from -1 to 1."),
        REDUCTION,
        inputs=(Port("input1", help="The first vectors."), Port("input2", help="The second vectors."), SIGN),
    ).known_as("similar pairs"),
    _loss(
        "HingeEmbeddingLoss",
        "hinge_embedding_loss",
        "Make distances small where the target is 1, and larger than a margin where it is -1.",
        "input where target is 1, max(0, margin - input) where -1",
        Shapes((of("B", "*"), of("B", "*")), NUMBER),
        "Hadsell et al. 2006",
        _margin(1.0, "Least distance without a loss for samples that should be apart."),
        REDUCTION,
        inputs=(Port("input", help="Distances, as PairwiseDistance gives them."), SIGN),
    ).known_as("contrastive loss"),
    _loss(
        "MarginRankingLoss",
        "margin_ranking_loss",
        "Make the first score larger where the target is 1, and the second where it is -1.",
        "max(0, -target (input1 - input2) + margin)",
        Shapes((of("B", "*"), of("B", "*"), of("B", "*")), NUMBER),
        "Herbrich et al. 2000",
        _margin(0.0, "By how much the right one should be larger."),
        REDUCTION,
        inputs=(Port("input1", help="The first scores."), Port("input2", help="The second scores."), SIGN),
    ).known_as("pairwise ranking"),
    _loss(
        "TripletMarginLoss",
        "triplet_margin_loss",
        "Bring an anchor closer to a sample of its kind than to one of another, by a margin.",
        "max(0, |anchor - positive| - |anchor - negative| + margin)",
        Shapes((of("B", "*", "D"), of("B", "*", "D"), of("B", "*", "D")), NUMBER),
        "Schroff et al. 2015; Balntas et al. 2016 for swap",
        _margin(1.0, "By how much the other sample should be farther away; above 0."),
        Float("p", 2.0, min=0.0, help="Which distance: 2 the Euclidean, 1 the sum of differences."),
        Float("eps", 1e-6, help="Added to each difference, so that there is a gradient at distance 0."),
        Flag("swap", False, help="Use the distance of positive and negative where it is smaller."),
        REDUCTION,
        inputs=(
            Port("anchor", help="The vectors of the samples."),
            Port("positive", help="Vectors of samples of the same kind."),
            Port("negative", help="Vectors of samples of another kind."),
        ),
    ).known_as("triplet", "metric learning"),
    _loss(
        "MultiLabelMarginLoss",
        "multilabel_margin_loss",
        "Make the score of each true class larger than that of every other, by 1.",
        "sum over true j and other i of max(0, 1 - input[j] + input[i]) / C",
        Shapes((of("B", "C"), of("B", "C", what="int classes, then -1")), NUMBER),
        "Weston and Watkins 1999",
        REDUCTION,
        inputs=(
            Port("input", help="The scores of the classes."),
            Port(
                "target",
                "int",
                help="The numbers of the true classes, then -1 up to the number of classes.",
                numbers=WholeNumbers("C", -1),
            ),
        ),
    ).known_as("several labels"),
    _loss(
        "CTCLoss",
        "ctc_loss",
        "Negative log likelihood of a sequence of labels under longer scores, over all alignments.",
        "-log of the sum of P(alignment) over all alignments of the targets",
        Shapes(
            (
                of("T", "B", "C", what="log-probabilities"),
                of("B", "S", what="int classes"),
                of("B", what="int"),
                of("B", what="int"),
            ),
            NUMBER,
        ),
        "Graves et al. 2006",
        Int("blank", 0, min=0, index_of="C", help="The class that means no label."),
        Choice(
            "reduction",
            "mean",
            options=("mean", "sum"),
            help="How the losses are combined; mean divides each by the length of its target.",
        ),
        Flag("zero_infinity", False, help="Count 0 where the labels do not fit into the length of the input."),
        inputs=(
            Port(
                "log_probs",
                help="Log-probabilities of the classes, steps first: add transpose.",
                takes=Takes(meaning="log-probabilities", usual="LogSoftmax"),
            ),
            Port(
                "targets",
                "int",
                help="The labels of each sequence, padded; never the blank.",
                numbers=WholeNumbers("C"),
            ),
            Port(
                "input_lengths",
                "int",
                help="The number of steps of each sequence.",
                numbers=WholeNumbers("T", is_length=True),
            ),
            Port(
                "target_lengths",
                "int",
                help="The number of labels of each sequence.",
                numbers=WholeNumbers("S", is_length=True),
            ),
        ),
        left_out={},
    ).known_as("speech recognition", "handwriting", "alignment", stem="ctc"),
)
