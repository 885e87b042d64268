"""Metrics of pictures."""

from engine.catalog.emit import Function
from engine.catalog.layers.metrics.declaration import metric
from engine.catalog.params import Float, Int
from engine.catalog.shapes import Shapes, of

LAYERS = (
    metric(
        "StructuralSimilarity",
        Function("structural_similarity", snippet="metrics.pictures"),
        "Likeness of brightness, contrast and structure around each pixel; 1 for equal pictures.",
        "(2 m_x m_y + c1) (2 s_xy + c2) / ((m_x^2 + m_y^2 + c1) (s_x^2 + s_y^2 + c2)), c = (k data_range)^2",
        Shapes((of("B", "C", "H", "W"), of("B", "C", "H", "W")), (of(),)),
        "Wang et al. 2004",
        Float("data_range", 1.0, above=0.0, help="Largest value minus smallest, such as 1 or 255 for pictures."),
        Int(
            "kernel_size",
            11,
            min=1,
            fits_in=("H", "W"),
            help="Pixels of the window around each pixel, along each axis; only windows within the picture count.",
        ),
        Float("sigma", 1.5, above=0.0, help="Deviation of the window's normal weights, in pixels."),
        Float("k1", 0.01, above=0.0, help="Keeps the comparison of dark places stable."),
        Float("k2", 0.03, above=0.0, help="Keeps the comparison of flat places stable."),
        target="float",
    ).known_as("ssim", "image quality", "reconstruction", "super-resolution", "denoising", stem="ssim"),
)
