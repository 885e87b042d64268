"""Values that others can be differentiated by."""

from torch import Tensor


def differentiable(value: Tensor) -> Tensor:
    """The same numbers, with a gradient: the value itself where it has one, as where weights before it learn."""
    return value if value.requires_grad else value.detach().requires_grad_()
