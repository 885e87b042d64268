"""Multiply-adds of matrix products and convolutions, counted while a layer runs."""

from collections.abc import Callable, Mapping, Sequence
from math import prod
from typing import Any, cast

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.flop_counter import flop_registry

_FORMULAS = cast("Mapping[Any, Callable[..., int]]", flop_registry)


class MultiplyAdds(TorchDispatchMode):
    """While this is on, ``total`` grows by every product that is computed, for the whole batch."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call] # torch's own is not annotated
        self.total = 0

    def __torch_dispatch__(  # any operator comes here, with any arguments
        self,
        func: Any,  # noqa: ANN401
        types: Sequence[type],
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:  # noqa: ANN401
        """Compute what is asked for, and count it; what is made of smaller operators is taken apart first."""
        kwargs = kwargs or {}
        formula = _FORMULAS.get(func._overloadpacket)  # noqa: SLF001 (torch's name for all overloads of an operator)
        if formula is None and func is not torch.ops.aten._trilinear.default:  # noqa: SLF001
            with self:
                result = func.decompose(*args, **kwargs)
            return func(*args, **kwargs) if result is NotImplemented else result
        result = func(*args, **kwargs)
        self.total += formula(*args, **kwargs, out_val=result) // 2 if formula else _trilinear(*args)
        return result


def _trilinear(first: Tensor, second: Tensor, third: Tensor, *axes: Sequence[int]) -> int:
    """Products of a bilinear form: one for each entry of the three tensors laid over each other."""
    shapes = []
    for tensor, added in zip((first, second, third), axes[:3], strict=True):
        shape = list(tensor.shape)
        for axis in added:
            shape.insert(axis, 1)
        shapes.append(shape)
    return prod(max(sizes) for sizes in zip(*shapes, strict=True))
