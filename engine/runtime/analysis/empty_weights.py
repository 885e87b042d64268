"""Makes layers whose weights have a shape but no numbers, which takes half the time of making them on meta."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from torch import Tensor, nn
from torch.nn.modules import batchnorm, conv
from torch.utils._device import DeviceContext  # what `with torch.device(...)` uses

_FILL = frozenset(
    {
        Tensor.fill_,
        Tensor.normal_,
        Tensor.uniform_,
        Tensor.zero_,
        nn.init.constant_,
        nn.init.kaiming_normal_,
        nn.init.kaiming_uniform_,
        nn.init.normal_,
        nn.init.trunc_normal_,
        nn.init.uniform_,
        nn.init.xavier_normal_,
        nn.init.xavier_uniform_,
    }
)
"""What layers call to initialize a weight; each gives the tensor that it is called with."""

_ONLY_FILL = (
    conv._ConvNd,  # noqa: SLF001 (torch's name for all convolutions)
    batchnorm._NormBase,  # noqa: SLF001 (as above, for layers with running means)
    nn.Embedding, nn.GroupNorm, nn.LayerNorm, nn.Linear, nn.PReLU, nn.RNNBase,
)  # fmt: skip
"""Layers whose ``reset_parameters`` fills what they have made, and refuses nothing."""


class Unfilled(DeviceContext):
    """While this is on, new tensors are on the meta device, and nothing computes initial values for them."""

    def __init__(self) -> None:
        super().__init__("meta")

    def __torch_function__(  # any function comes here, with any arguments
        self,
        func: Any,  # noqa: ANN401
        types: Sequence[type],
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:  # noqa: ANN401
        """Leave tensors on meta unfilled; everything else is computed as on `torch.device`."""
        if func in _FILL:
            tensor = args[0] if args else (kwargs or {}).get("tensor")
            if isinstance(tensor, Tensor) and tensor.device == self.device:
                return tensor
        return super().__torch_function__(func, types, args, kwargs)  # type: ignore[no-untyped-call]


class Layers:
    """``nn`` as far as its layers need no such mode: each attribute makes one on meta, unfilled, in half the time."""

    def has(self, name: str) -> bool:
        """Whether the layer of that name is among them."""
        layer = getattr(nn, name, None)
        return isinstance(layer, type) and issubclass(layer, _ONLY_FILL)

    def __getattr__(self, name: str) -> Callable[..., nn.Module]:
        """The constructor of a layer, cached."""
        unfilled = type(name, (getattr(nn, name),), {"reset_parameters": _fill_nothing})
        constructor = partial(unfilled, device="meta")
        setattr(self, name, constructor)
        return constructor


def _fill_nothing(layer: nn.Module) -> None:
    """Leave the weights as they are."""
