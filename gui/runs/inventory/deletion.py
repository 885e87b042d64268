"""Throwing runs away: to the trash where there is one."""

import shutil
import threading
from pathlib import Path

from PySide6.QtCore import QFile

from engine.project.existence import is_there


def to_trash(run: Path) -> bool:
    """Move a run's folder to the system's trash; tells whether that was done."""
    QFile.moveToTrash(str(run))
    return not is_there(run)


def delete(run: Path) -> bool:
    """Delete a run's folder for good: it is gone at once, its content soon; tells whether it is gone."""
    hidden = run.with_name(f".{run.name}.deleted")
    try:
        run.rename(hidden)
    except OSError:
        return False
    threading.Thread(target=shutil.rmtree, args=(hidden,), kwargs={"ignore_errors": True}, name="deleting").start()
    return True
