"""The averages of weights that validation, the best epoch and exports use."""

from collections.abc import Mapping
from types import MappingProxyType

from engine.catalog.params import Float, Int
from engine.catalog.training_spec import Average

EMA = Average(
    kind="EMA",
    function="torch.optim.swa_utils.get_ema_multi_avg_fn",
    summary="Exponential moving average of the weights, updated after each step.",
    source="Polyak and Juditsky 1992; Tarvainen and Valpola 2017",
    params=(Float("decay", 0.999, min=0.0, max=1.0, help="Share of the average that each step keeps."),),
    every="step",
)
SWA = Average(
    kind="SWA",
    summary="Mean of the weights at the ends of epochs; batch norm measures its statistics again.",
    source="Izmailov et al. 2018",
    params=(
        Int(
            "first",
            10,
            min=1,
            required=True,
            unit="epochs",
            help="First epoch whose weights are in the mean; before it the weights are used as they are.",
        ),
    ),
    every="epoch",
    first="first",
)
AVERAGES: Mapping[str, Average] = MappingProxyType({one.kind: one for one in (EMA, SWA)})
"""Every average by its kind."""
