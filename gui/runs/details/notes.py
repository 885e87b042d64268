"""The user's notes on a run, stored in its folder."""

from pathlib import Path

from engine.errors import FileProblem
from engine.project import disk_errors, durable
from engine.project.existence import is_folder

NAME = "notes.txt"
MAX_CHARACTERS = 100_000


def read_notes(run: Path) -> str:
    """The notes; empty without any."""
    try:
        with (run / NAME).open("rb") as file:
            return file.read(MAX_CHARACTERS).decode(errors="replace")
    except OSError:
        return ""


def write_notes(run: Path, text: str) -> None:
    """Replace the notes. Raises: `FileProblem`."""
    path = run / NAME
    if not is_folder(run):
        raise FileProblem(f"There is no run in {run} any more.")
    try:
        if text:
            durable.replace(path, text[:MAX_CHARACTERS].encode())
        else:
            path.unlink(missing_ok=True)
    except OSError as error:
        raise disk_errors.problem("write", path, error) from error
