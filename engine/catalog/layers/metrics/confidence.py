"""Metrics of the scores themselves, at no threshold."""

from engine.catalog.emit import Function
from engine.catalog.layers.metrics.declaration import COLUMNS, FROM_LOGITS, IGNORE_INDEX, TASK, metric
from engine.catalog.params import Int
from engine.catalog.shapes import Shapes, of

LAYERS = (
    metric(
        "AUROC",
        Function("roc_auc_score", snippet="metrics.confidence"),
        "Chance that a positive sample gets a higher score than a negative one: the area below the ROC curve.",
        "P(score of a positive > score of a negative), equal ones half",
        COLUMNS,
        "Hanley and McNeil 1982; Provost and Domingos 2003 for several classes",
        FROM_LOGITS,
        TASK,
        IGNORE_INDEX,
        target="any",
    ).known_as("roc auc", "area under the curve", "ranking", stem="roc_auc"),
    metric(
        "AveragePrecision",
        Function("average_precision_score", snippet="metrics.confidence"),
        "Mean precision at the score of each positive sample: the area below the curve of precision over recall.",
        "sum of (R_n - R_(n-1)) P_n over all thresholds",
        COLUMNS,
        "Buckley and Voorhees 2000; Davis and Goadrich 2006",
        FROM_LOGITS,
        TASK,
        IGNORE_INDEX,
        target="any",
    ).known_as("pr auc", "area under the curve", "rare class", "ranking", stem="average_precision"),
    metric(
        "CalibrationError",
        Function("calibration_error", snippet="metrics.confidence"),
        "Expected distance of a prediction's probability from the share of such predictions that is right.",
        "sum of |B| / N |accuracy(B) - confidence(B)| over the bins B",
        COLUMNS,
        "Naeini et al. 2015; Guo et al. 2017",
        Int(
            "bins",
            15,
            min=1,
            max=10_000,
            help="Number of equally wide ranges of the probability; one at the edge of two is in the lower.",
        ),
        FROM_LOGITS,
        TASK,
        IGNORE_INDEX,
        target="any",
        lower_is_better=True,
    ).known_as("ece", "confidence", "reliability", "trust", stem="calibration_error"),
    metric(
        "Perplexity",
        Function("perplexity", snippet="metrics.confidence"),
        "Exponential of the mean cross entropy: as unsure as a choice among this many equally likely classes.",
        "exp(mean of -log softmax(input)[target])",
        Shapes((of("B", "C", "*", what="scores"), of("B", "*", what="int class")), (of(),)),
        "Jelinek et al. 1977",
        IGNORE_INDEX,
        target="int",
        lower_is_better=True,
    ).known_as("language model", "text"),
)
