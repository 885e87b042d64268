"""Multiply-adds of matrix products and convolutions, counted while a layer runs."""

from collections.abc import Callable, Mapping, Sequence
from math import prod
from typing import Any, cast

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.flop_counter import flop_registry

from engine.runtime.analysis.pointwise import ADDED_PRODUCT, meta_result, product

_FORMULAS = cast("Mapping[Any, Callable[..., int]]", flop_registry)
_AS_NUMBER = torch.ops.aten._local_scalar_dense.default  # noqa: SLF001 (what `bool(tensor)` calls)


class MultiplyAdds(TorchDispatchMode):
    """While this is on, ``total`` grows by every product that is computed, for the whole batch."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call] # torch's own is not annotated
        self.total = 0

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        """Nothing is compiled here, so torch need not guard each call against its compiler."""
        return False

    def __torch_dispatch__(  # any operator comes here, with any arguments
        self,
        func: Any,  # noqa: ANN401
        types: Sequence[type],
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:  # noqa: ANN401
        """Compute an operator, and count it; a composite one arrives as its smaller operators."""
        kwargs = kwargs or {}
        if func is _AS_NUMBER and args[0].is_meta and args[0].dtype == torch.bool:
            return False  # such as whether a mask is causal, which only decides how fast it is
        if func is torch.ops.aten._trilinear.default:  # noqa: SLF001 (as above)
            shape = _spread(*args)
            self.total += prod(shape)
            return func(*args[:7], shape.index(min(shape)))  # torch loops over this axis, whatever the argument
        formula = _FORMULAS.get(func._overloadpacket)  # noqa: SLF001 (torch's name for all overloads of an operator)
        if formula is None:
            pointwise_result = meta_result(func, args, kwargs)
            return func(*args, **kwargs) if pointwise_result is None else pointwise_result
        result = product(args) if func is ADDED_PRODUCT and not kwargs else func(*args, **kwargs)
        self.total += _operations(formula, args, kwargs, result) // 2
        return result


def _operations(formula: Callable[..., int], args: Sequence[Any], kwargs: Mapping[str, Any], result: Any) -> int:  # noqa: ANN401 (as above)
    """Multiplications and additions of one operator by torch's formula for it.

    The formula proper takes shapes for tensors; what torch wraps around it looks for tensors in all that is nested.
    """
    bare = getattr(formula, "__wrapped__", None)
    if bare is None or not isinstance(result, Tensor):
        return formula(*args, **kwargs, out_val=result)
    count: int = bare(
        *map(_form, args), **{name: _form(value) for name, value in kwargs.items()}, out_shape=result.shape
    )
    return count


def _form(value: Any) -> Any:  # noqa: ANN401 (as above)
    if isinstance(value, Tensor):
        return value.shape
    return type(value)(map(_form, value)) if isinstance(value, list | tuple) else value


def _spread(first: Tensor, second: Tensor, third: Tensor, *axes: Sequence[int]) -> list[int]:
    """The shape of a bilinear form's products: the three tensors broadcast together."""
    shapes = []
    for tensor, added in zip((first, second, third), axes[:3], strict=True):
        shape = list(tensor.shape)
        for axis in added:
            shape.insert(axis, 1)
        shapes.append(shape)
    return [max(sizes) for sizes in zip(*shapes, strict=True)]
