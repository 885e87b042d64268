"""Writes the traceback of a crash, of this code or of the interpreter, to the run's log."""

import contextlib
import faulthandler
import traceback
from collections.abc import Iterator
from pathlib import Path

from engine.errors import EngineError
from engine.project.durable import Appender


@contextlib.contextmanager
def log_crash(path: Path) -> Iterator[None]:
    """Log an unexpected end of the block to the file at ``path``; a missing log stops nothing."""
    try:
        log = Appender(path)
    except OSError:
        yield
        return
    with log, _faults_to(log):
        try:
            yield
        except EngineError:
            raise
        except Exception:
            with contextlib.suppress(OSError):
                log.write(traceback.format_exc().encode(errors="replace"))
            raise


@contextlib.contextmanager
def _faults_to(log: Appender) -> Iterator[None]:
    if faulthandler.is_enabled():  # by the caller, who then wants to see them
        yield
        return
    faulthandler.enable(log.fileno())
    try:
        yield
    finally:
        faulthandler.disable()
