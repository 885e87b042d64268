"""The lines of a journal, each one JSON object: edits with their direction, and steps from before the last save."""

import json
from pathlib import Path
from typing import get_args

from engine.errors import FileProblem
from engine.graph.edits import Edit
from engine.graph.json_form import edit_from_json, edit_to_json
from engine.graph.json_form.prescan import load
from engine.graph.model import Project
from engine.project.undo_steps import Direction, Past, Step

LONGEST = 16 << 20  # bytes; a longer journal is replaced by a new one, which begins with the current project
_STEP = b'{"step"'
_DIRECTION = "direction"  # of an edit that is not a new step
_CAP = 4 * LONGEST


def edit_line(edit: Edit, direction: Direction = "do") -> bytes:
    """The line of an edit."""
    raw = edit_to_json(edit)
    return json_line(raw if direction == "do" else raw | {_DIRECTION: direction})


def is_step(line: bytes) -> bool:
    """Whether a line is a step from before the last save."""
    return line.startswith(_STEP)


def replay(project: Project, line: bytes, where: str, past: Past) -> None:
    """Apply the edit of a line to the project and its past. Raises: ``FileProblem``, ``EditError``."""
    raw = read_line(line, where)
    word = raw.pop(_DIRECTION, "do")
    directions: tuple[Direction, ...] = get_args(Direction)
    direction = next((each for each in directions if each == word), None)
    if direction is None:
        raise FileProblem(f"{where} has the direction {word!r}, which is unknown.")
    past.apply(project, edit_from_json(raw, where), direction)


def step_line(step: Step) -> bytes:
    """The line of a step from before the last save."""
    return json_line({"step": edit_to_json(step.edit), "inverse": edit_to_json(step.inverse)})


def read_step(line: bytes, where: str) -> Step:
    """The step that `step_line` wrote. Raises: ``FileProblem``."""
    raw = read_line(line, where)
    if raw.keys() != {"step", "inverse"}:
        raise FileProblem(f"{where} is not a step.")
    return Step(edit_from_json(raw["step"], where), edit_from_json(raw["inverse"], where))


def read_line(line: bytes, where: str) -> dict[str, object]:
    """The JSON object of a line. Raises: ``FileProblem``."""
    raw = load(line, where)
    if not isinstance(raw, dict):
        raise FileProblem(f"{where} is not an object.")
    return raw


def read_lines(path: Path) -> list[bytes]:
    """The whole lines of a file, without a partial last one, left by a crash. Raises: ``FileProblem``, ``OSError``."""
    try:
        with path.open("rb") as journal:
            data = journal.read(_CAP + 1)
    except FileNotFoundError:
        return []
    if len(data) > _CAP:
        raise FileProblem(f"it is larger than {_CAP >> 20} MiB.")
    return data.split(b"\n")[:-1]


def json_line(raw: dict[str, object]) -> bytes:
    """A JSON object as a line."""
    return json.dumps(raw, ensure_ascii=False, allow_nan=False).encode(errors="replace") + b"\n"
