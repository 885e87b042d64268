"""Avoids useless garbage collection and import hooks while the window starts or changes much."""

import builtins
import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collection_paused() -> Iterator[None]:
    """Pause garbage collection: it would search thousands of new objects, all in use, again and again."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def begin() -> None:
    """Pause garbage collection until `keep`: objects made while the window starts stay in use."""
    gc.disable()


def keep() -> None:
    """Resume garbage collection, and exclude all objects of now: those of the filled window stay in use."""
    gc.freeze()
    gc.enable()


def remove_import_hook() -> None:
    """Remove the import hook of PySide6.

    The hook reads the source of each imported module, and keeps it in memory, to find out whether to apply the optional
    features of PySide6 there. We use none of them.
    """
    plain = getattr(builtins, "__orig_import__", None)  # another version may not have it: then imports only take longer
    if plain is not None:
        builtins.__import__ = plain
