"""Torch's kernels in Python, kept from loading its compiler, which takes 0.7 s in each process that tries a layer.

On meta most operators are such kernels. Many switch the compiler off while they run, and torch loads it to do that.
Nothing is compiled here, so those kernels are marked as if that had been done.
"""

from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from itertools import chain
from types import FunctionType

import torch._refs.nn.functional
from torch import _compile
from torch._decomp import global_decomposition_table

SWITCHED_OFF = "__dynamo_disable"
"""Where torch keeps what it runs in place of a kernel, once it has made it."""


@cache
def run_uncompiled() -> None:
    """Mark all kernels, once; one that torch wraps in a way that is not known here loads the compiler as before."""
    kernels = [*vars(torch._refs).values(), *vars(torch._refs.nn.functional).values()]  # noqa: SLF001 (no other home)
    visited: set[int] = set()
    for kernel in chain(kernels, *(table.values() for table in global_decomposition_table.values())):
        for each in _within(kernel, visited):
            if each.__code__.co_filename == _compile.__file__:
                for bare in _closure_functions(each):
                    vars(bare).setdefault(SWITCHED_OFF, bare)


def _within(kernel: object, visited: set[int]) -> Iterator[FunctionType]:
    """A kernel and all functions that are wrapped by it, each once."""
    todo = [kernel]
    while todo:
        each = todo.pop()
        if isinstance(each, FunctionType) and id(each) not in visited:
            visited.add(id(each))
            yield each
            todo += _closure_functions(each)


def _closure_functions(function: FunctionType) -> list[FunctionType]:
    """The functions that a function refers to from around it."""
    contents = []
    for cell in function.__closure__ or ():
        with suppress(ValueError):  # a name that has no value yet
            contents.append(cell.cell_contents)
    return [each for each in contents if isinstance(each, FunctionType)]
