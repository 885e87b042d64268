"""Keeps the process from work that helps nobody while the window starts or changes much."""

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
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


def import_without_sources() -> None:
    """Let Qt for Python no longer read the source of each module that is imported, and keep it in memory.

    It does so to learn whether the module uses Qt, which decides whether to apply its optional features there. We use
    none of them, so the answer makes no difference.
    """
    feature = sys.modules.get("shibokensupport.feature")
    if hasattr(feature, "_mod_uses_pyside"):  # in another version it may be elsewhere: then importing takes longer
        setattr(feature, "_mod_uses_pyside", lambda _: True)  # noqa: B010 (no module that mypy could look into)
