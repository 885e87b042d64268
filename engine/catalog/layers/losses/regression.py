"""The losses of numbers."""

from engine.catalog.layers.losses.declaration import REDUCTION, SAME, torch_loss
from engine.catalog.no_effect import Idle
from engine.catalog.params import Flag, Float
from engine.catalog.port_values import Takes
from engine.catalog.shapes import Shapes, of
from engine.catalog.spec import Compares, Port, Range

VALUES = Compares()

LAYERS = (
    torch_loss(
        "MSELoss",
        "mse_loss",
        "Mean squared error.",
        "(input - target)^2",
        SAME,
        "Legendre 1805; Gauss 1809",
        REDUCTION,
        compares=VALUES,
    ).known_as("mean squared error", "l2", "regression", prominence=1),
    torch_loss(
        "L1Loss",
        "l1_loss",
        "Mean absolute error; less sensitive to outliers than the squared error.",
        "|input - target|",
        SAME,
        "Laplace 1793",
        REDUCTION,
        compares=VALUES,
    ).known_as("mean absolute error", "mae", "regression"),
    torch_loss(
        "SmoothL1Loss",
        "smooth_l1_loss",
        "Squared error for small differences, absolute error for large ones.",
        "d^2 / (2 beta) where d < beta, else d - beta / 2, d = |input - target|",
        SAME,
        "Girshick 2015",
        REDUCTION,
        Float("beta", 1.0, min=0.0, help="Difference at which the squared error changes to the absolute error."),
        compares=VALUES,
    ),
    torch_loss(
        "HuberLoss",
        "huber_loss",
        "Half the squared error for small differences, delta times the absolute error for large ones.",
        "d^2 / 2 where d < delta, else delta (d - delta / 2), d = |input - target|",
        SAME,
        "Huber 1964",
        REDUCTION,
        Float("delta", 1.0, above=0.0, help="Difference at which the squared error changes to the absolute error."),
        left_out={},
        compares=VALUES,
    ),
    torch_loss(
        "GaussianNLLLoss",
        "gaussian_nll_loss",
        "Negative log likelihood of a normal distribution whose mean and variance the network gives.",
        "(log var + (input - target)^2 / var) / 2, var at least eps",
        Shapes((of("B", "*"), of("B", "*"), (of("B", "*", port="var"), of("B", "*", "1"))), (of(),)),
        "Nix and Weigend 1994",
        Flag("full", False, help="Add the constant term of the likelihood."),
        Float("eps", 1e-6, above=0.0, help="Least variance."),
        REDUCTION,
        left_out={},
        more=(
            Port(
                "var",
                help="The variance of each number, above 0, as Softplus gives it, or one for all numbers of an axis.",
                takes=Takes(low=0.0, usual="Softplus", is_refused=True),
            ),
        ),
        compares=VALUES,
    ).known_as("uncertainty", "variance"),
    torch_loss(
        "PoissonNLLLoss",
        "poisson_nll_loss",
        "Negative log likelihood of counts, whose mean the network gives.",
        "exp(input) - target input, or input - target log(input + eps)",
        SAME,
        "Nelder and Wedderburn 1972",
        Flag("log_input", True, help="The network gives the logarithm of the mean."),
        Flag("full", False, help="Add an approximation of the constant term."),
        Float(
            "eps",
            1e-8,
            above=0.0,
            help="Added to the mean, to avoid the logarithm of 0.",
            idle=(Idle("log_input", "the network gives the logarithm", (True,)),),
        ),
        REDUCTION,
        takes=Takes(low=0.0, usual="Softplus", unless="log_input"),
        metric="",
        compares=Compares(targets=Range(low=0.0)),
    ).known_as("counts", "poisson regression"),
)
