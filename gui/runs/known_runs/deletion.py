"""Deletes runs, to the trash where there is one."""

import shutil
import threading
from pathlib import Path

from PySide6.QtCore import QFile

from engine.project.existence import is_there


def to_trash(run: Path) -> bool:
    """Move a run folder to the system's trash; returns whether it is gone."""
    QFile.moveToTrash(str(run))
    return not is_there(run)


def delete(run: Path) -> bool:
    """Delete a run folder for good: it is renamed at once and deleted in a thread; returns whether it is gone."""
    hidden = run.with_name(f".{run.name}.deleted")
    try:
        run.rename(hidden)
    except OSError:
        return False
    threading.Thread(target=shutil.rmtree, args=(hidden,), kwargs={"ignore_errors": True}, name="deleting").start()
    return True
