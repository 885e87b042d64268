"""Keeps the process from work that helps nobody while the window starts or changes much."""

import builtins
import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collection_paused() -> Iterator[None]:
    """Look for no garbage meanwhile: thousands of new items, none of it garbage, would be searched again and again."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def begin() -> None:
    """Search for no garbage until `keep`: what is made while the window starts is there to stay."""
    gc.disable()


def keep() -> None:
    """Never search again what is there now. Once the window is filled, that is all it is made of, and no garbage."""
    gc.freeze()
    gc.enable()


def remove_import_hook() -> None:
    """Take Qt for Python out of every import from now on.

    It looks at each module that is imported, and keeps its source in memory, to learn whether it uses Qt, which decides
    whether to apply its optional features there. We use none of them, so the answer makes no difference.
    """
    plain = getattr(builtins, "__orig_import__", None)  # in another version it may be elsewhere: importing takes longer
    if plain is not None:
        builtins.__import__ = plain
