"""Metrics of sequences of token ids."""

from engine.catalog.emit import Function
from engine.catalog.layers.metrics.declaration import metric
from engine.catalog.params import Choice, Int, Param
from engine.catalog.port_values import WholeNumbers
from engine.catalog.shapes import Shapes, of
from engine.catalog.spec import Layer, Port

LENGTH = of("B", what="int")
IDS = Shapes((of("B", "T", what="int ids"), of("B", "S", what="int ids"), LENGTH, LENGTH), (of(),))
PREDICTED = Port("input", "int", help="The predicted token ids: of scores, those that argmax gives.")
LENGTHS = (
    Port(
        "input_length",
        "int",
        optional=True,
        help="The number of tokens of each prediction.",
        numbers=WholeNumbers("T", is_length=True),
    ),
    Port(
        "target_length",
        "int",
        optional=True,
        help="The number of tokens of each true sequence.",
        numbers=WholeNumbers("S", is_length=True),
    ),
)
PADDING_IDX = Int("padding_idx", None, help="The id that is left out wherever it is; None: none.")
END = Int("end", None, help="The id that ends a sequence: it and all after it are left out; None: none.")
BLANK = Int(
    "blank",
    None,
    help="For predictions of CTCLoss: equal neighbours count once, and this id is left out; None: as they are.",
)


def _errors(kind: str, function: str, summary: str, formula: str, *params: Param) -> Layer:
    return metric(
        kind,
        Function(function, snippet="metrics.sequences"),
        summary,
        formula,
        IDS,
        "Levenshtein 1966; Morris et al. 2004",
        *params,
        target="int",
        target_help="The true token ids.",
        input=PREDICTED,
        more=LENGTHS,
        lower_is_better=True,
    )


LAYERS = (
    _errors(
        "CharErrorRate",
        "char_error_rate",
        "Tokens to insert, delete or replace until predictions are right, as a share of all true tokens.",
        "(insertions + deletions + replacements) / true tokens",
        PADDING_IDX,
        END,
        BLANK,
    ).known_as("cer", "token error rate", "edit distance", "speech recognition", "handwriting", stem="cer"),
    _errors(
        "WordErrorRate",
        "word_error_rate",
        "Words to insert, delete or replace until predictions are right, as a share of all true words.",
        "(insertions + deletions + replacements) / true words",
        Int("separator", None, help="The id between words, where tokens are characters; None: each token is a word."),
        PADDING_IDX,
        END,
        BLANK,
    ).known_as("wer", "edit distance", "speech recognition", "translation", stem="wer"),
    metric(
        "BLEUScore",
        Function("bleu_score", snippet="metrics.sequences"),
        "Share of the predicted pieces of 1 to max_n tokens that are in the true sequence, over all samples.",
        "min(1, exp(1 - true length / length)) (p_1 ... p_n)^(1/n)",
        IDS,
        "Papineni et al. 2002; Post 2018 for smoothing",
        Int("max_n", 4, min=1, max=16, help="The length of the longest pieces."),
        Choice(
            "smoothing",
            "exp",
            options=("exp", "none"),
            help="What a share of 0 counts as: the k-th of them 1 / 2^k of one piece (exp), or 0.",
        ),
        PADDING_IDX,
        END,
        target="int",
        target_help="The true token ids, one sequence for each prediction.",
        input=PREDICTED,
        more=LENGTHS,
    ).known_as("translation", "n-gram", "summary", stem="bleu"),
)
