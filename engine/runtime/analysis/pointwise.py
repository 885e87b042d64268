"""Pointwise operators: the result has the shape of the argument, so only its type is computed, and only once.

On the meta device torch decomposes such an operator in Python, into ten others for one batch norm. For those that
torch itself tags as pointwise, the shape is known: only the type is computed, from one number on the CPU.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

_BATCH_NORM = torch.ops.aten.native_batch_norm.default
"""Not tagged, but what is left of a batch norm after ``torch.batch_norm`` has compared all sizes."""

_NOTHING = torch.empty(0, device="meta")

ADDED_PRODUCT = torch.ops.aten.addmm.default
"""What a dense layer computes; on meta torch adds in Python, which takes five times as long as the product."""

_types: dict[tuple[object, ...], torch.dtype | None] = {}


def meta_result(func: Any, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Tensor | tuple[Tensor, ...] | None:  # noqa: ANN401 (any operator)
    """The result of the operator without numbers, ``None`` for an operator that is not pointwise.

    Raises: the errors that torch raises for such arguments.
    """
    if func is _BATCH_NORM:
        return _empty(args[0], args[0].dtype), _NOTHING, _NOTHING  # those are for the gradient
    if torch.Tag.pointwise not in func.tags or not args or not isinstance(args[0], Tensor):
        return None
    dtype = _type(func, args, kwargs)
    return None if dtype is None else _empty(args[0], dtype)


def product(args: Sequence[Any]) -> Tensor:
    """The result of `ADDED_PRODUCT`: the product, to whose shape the first argument must broadcast."""
    result = torch.mm(args[1], args[2])
    args[0].expand(result.shape)
    return result


def _type(func: Any, args: Sequence[Any], kwargs: Mapping[str, Any]) -> torch.dtype | None:  # noqa: ANN401 (as above)
    """The type of the result; ``None`` for an operator that changes a tensor, or that has several of them."""
    settings = (*args[1:], *kwargs.values())
    if not all(isinstance(value, bool | int | float | str | torch.dtype | None) for value in settings):
        return None
    first: Tensor = args[0]
    kinds = tuple(map(type, settings))  # 1, 1.0 and True are equal, but give other types
    key = (func, first.dtype, first.dim(), settings, kinds, *kwargs)
    if key not in _types:
        result = None if func._schema.is_mutable else func(_single(first), *args[1:], **kwargs)  # noqa: SLF001 (as above)
        _types[key] = result.dtype if isinstance(result, Tensor) else None
    return _types[key]


def _empty(like: Tensor, dtype: torch.dtype) -> Tensor:
    if like.is_contiguous():
        return torch.empty(like.shape, dtype=dtype, device=like.device)  # a tenth of the time
    return torch.empty_like(like, dtype=dtype)


def _single(tensor: Tensor) -> Tensor:
    return torch.ones((1,) * tensor.dim(), dtype=tensor.dtype, device="cpu")  # which also refuses what meta lets pass
