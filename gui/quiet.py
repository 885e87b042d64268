"""Keeping the search for garbage from holding up the window."""

import gc
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


def keep() -> None:
    """Never search again what is there now. Once the window is filled, that is all it is made of, and no garbage."""
    gc.freeze()
