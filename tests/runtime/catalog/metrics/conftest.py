"""The libraries that metrics are compared with, loaded once they are needed: that takes seconds."""

from types import ModuleType

import pytest


@pytest.fixture(scope="module")
def tm() -> ModuleType:
    import torchmetrics.functional.segmentation

    return torchmetrics.functional


@pytest.fixture(scope="module")
def sk() -> ModuleType:
    import sklearn.metrics

    return sklearn.metrics
