"""Metrics of numbers: how far predictions are from targets."""

from engine.catalog.emit import Function
from engine.catalog.layers.metrics.declaration import SAME, metric
from engine.catalog.params import Float

LAYERS = (
    metric(
        "MeanAbsoluteError",
        Function("mean_absolute_error", snippet="metrics.errors"),
        "Mean absolute error, in the unit of the target.",
        "mean |input - target|",
        SAME,
        "Laplace 1793",
        target="float",
        in_unit=True,
        lower_is_better=True,
    ).known_as(stem="mae", prominence=1),
    metric(
        "RootMeanSquaredError",
        Function("root_mean_squared_error", snippet="metrics.errors"),
        "Root mean squared error, in the unit of the target.",
        "sqrt(mean (input - target)^2)",
        SAME,
        "Gauss 1809",
        target="float",
        in_unit=True,
        lower_is_better=True,
    ),
    metric(
        "PeakSignalNoiseRatio",
        Function("peak_signal_noise_ratio", snippet="metrics.errors"),
        "Ratio of the range of values to the error, in decibels.",
        "10 log10(data_range^2 / mean (input - target)^2)",
        SAME,
        "Huynh-Thu and Ghanbari 2008",
        Float("data_range", 1.0, above=0.0, help="Largest value minus smallest, such as 1 or 255 for pictures."),
        target="float",
    ).known_as("psnr", "image quality", "denoising", "super-resolution", "reconstruction", stem="psnr"),
    metric(
        "R2Score",
        Function("r2_score", snippet="metrics.errors"),
        "Share of the target's variance that is explained: 1 is perfect, 0 is as good as the mean.",
        "1 - sum (target - input)^2 / sum (target - mean target)^2",
        SAME,
        "Wright 1921",
        target="float",
    ),
    metric(
        "MeanSquaredError",
        Function("mean_squared_error", snippet="metrics.errors"),
        "Mean squared error, in the square of the target's unit.",
        "mean (input - target)^2",
        SAME,
        "Gauss 1809",
        target="float",
        in_unit=True,
        unit_power=2,
        lower_is_better=True,
    ).known_as("regression", stem="mse"),
    metric(
        "MeanAbsolutePercentageError",
        Function("mean_absolute_percentage_error", snippet="metrics.errors"),
        "Mean absolute error as a share of the target, where that is not 0; 0.1 is 10 %.",
        "mean |input - target| / |target|",
        SAME,
        "de Myttenaere et al. 2016",
        target="float",
        in_unit=True,
        unit_power=0,
        lower_is_better=True,
    ).known_as("relative error", "percent", "forecast", stem="mape"),
)
