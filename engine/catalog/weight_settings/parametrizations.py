"""The parametrizations, which compute a layer's weight from other tensors."""

from collections.abc import Mapping
from types import MappingProxyType

from engine.catalog.params import Choice, Flag, Float, Int
from engine.catalog.weight_settings.spec import Axes, Parametrization

LEFT_OUT: Mapping[str, str] = MappingProxyType({"module": "the layer itself", "name": "the weight itself"})

_ALL = (
    Parametrization(
        kind="spectral_norm",
        target="nn.utils.parametrizations.spectral_norm",
        summary=(
            "Divides the weight by its largest singular value, so that the layer cannot increase the norm of its input."
        ),
        source="Miyato et al. 2018",
        params=(
            Int("n_power_iterations", 1, min=1, help="Steps of the power method in each step of training."),
            Float("eps", 1e-12, min=0.0, help="Added to norms, so that nothing is divided by 0."),
            Int(
                "dim",
                None,
                none="the axis of the outputs",
                help="The axis that becomes the rows when the weight is reshaped to a matrix.",
            ),
        ),
        left_out=LEFT_OUT,
    ),
    Parametrization(
        kind="weight_norm",
        target="nn.utils.parametrizations.weight_norm",
        summary="Learns the norm of each output's weights apart from their direction.",
        source="Salimans and Kingma 2016",
        params=(
            Int(
                "dim", 0, none="one norm for the whole weight", help="The axis along which each entry has its own norm."
            ),
        ),
        originals=("original0", "original1"),
        along="dim",
        left_out=LEFT_OUT,
    ),
    Parametrization(
        kind="orthogonal",
        target="nn.utils.parametrizations.orthogonal",
        summary="Keeps rows or columns of the weight at right angles and of length 1.",
        source="Lezcano-Casado 2019",
        params=(
            Choice(
                "orthogonal_map",
                None,
                options=("matrix_exp", "cayley", "householder"),
                none="matrix_exp where the matrix is square, else householder",
                help="How the learned numbers become such a matrix.",
            ),
            Flag("use_trivialization", True, help="Start from the initial matrix instead of the identity."),
        ),
        axes=Axes(2),
        left_out=LEFT_OUT,
    ),
)

PARAMETRIZATIONS: Mapping[str, Parametrization] = MappingProxyType({one.kind: one for one in _ALL})
"""Every parametrization by its kind."""
