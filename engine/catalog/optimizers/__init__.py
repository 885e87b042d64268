"""The optimizers."""

from collections.abc import Mapping
from types import MappingProxyType

from engine.catalog.optimizers.adam import ADAM, ADAMAX, ADAMW, NADAM, RADAM, SPARSE_ADAM
from engine.catalog.optimizers.adaptive import ADADELTA, ADAFACTOR, ADAGRAD, RMSPROP
from engine.catalog.optimizers.descent import ASGD, LBFGS, MUON, RPROP, SGD
from engine.catalog.training_spec import Optimizer

_ALL = (
    SGD, ADAM, ADAMW, RMSPROP, ADAGRAD, NADAM, RADAM, ADAMAX, ADADELTA, ADAFACTOR, ASGD, RPROP, MUON, SPARSE_ADAM,
    LBFGS,
)  # fmt: skip
OPTIMIZERS: Mapping[str, Optimizer] = MappingProxyType({one.kind: one for one in _ALL})
"""Every optimizer by its kind."""
