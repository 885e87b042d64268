"""Metrics of boxes around objects."""

from engine.catalog.emit import Function
from engine.catalog.layers.metrics.declaration import metric
from engine.catalog.params import Floats
from engine.catalog.shapes import Shapes, of
from engine.catalog.spec import Port

LAYERS = (
    metric(
        "MeanAveragePrecision",
        Function("mean_average_precision", snippet="metrics.detection"),
        "Area below precision over recall of boxes, the mean over the classes that occur and the thresholds.",
        "mean of sum of (R_n - R_(n-1)) max(P_n, P_(n+1), ...)",
        Shapes((of("B", "P", "6"), of("B", "M", "5")), (of(),)),
        "Everingham et al. 2010; Lin et al. 2014 for the thresholds",
        Floats(
            "thresholds",
            (0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95),
            n=0,
            above=0.0,
            max=1.0,
            help="Least intersection over union of a right box with the true one; (0.5,) alone is mAP at 50 %.",
        ),
        target="float",
        target_help="The true boxes: left, top, right, bottom, class; a class below 0 is padding.",
        input=Port(
            "input", help="The boxes found: left, top, right, bottom, score, class; a class below 0 is padding."
        ),
    ).known_as("map", "coco", "object detection", "bounding boxes", "voc", stem="map"),
)
