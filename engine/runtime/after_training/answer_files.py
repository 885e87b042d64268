"""Files of answers: a table, JSON, text, or a picture of answers that are images; the ending decides."""

from collections.abc import Sequence
from pathlib import Path

from engine.errors import RunProblem
from engine.project import disk_errors, durable
from resources.snippets.answers.picture import answers_picture
from resources.snippets.answers.predictions import ANSWER_FILES, Prediction, Writers

WRITERS: Writers = {**ANSWER_FILES, ".png": answers_picture}


def check_ending(path: Path) -> None:
    """Raises: `RunProblem` for a file whose ending no format has."""
    if path.suffix.lower() not in WRITERS:
        raise RunProblem(
            f"{path} cannot be written.", hint=f"Let its name end in {_enumeration(tuple(WRITERS))}.", code="R061"
        )


def write_answers(answers: Sequence[Prediction], path: Path) -> None:
    """Write answers to a file. Raises: `RunProblem`, `FileProblem`; nothing is then written."""
    check_ending(path)
    content = answers_file(answers, path)
    try:
        durable.replace(path, content)
    except OSError as error:
        raise disk_errors.problem("write", path, error) from error


def answers_file(answers: Sequence[Prediction], path: Path) -> bytes:
    """The bytes of a file of answers. Raises: `RunProblem` when they cannot be drawn."""
    try:
        return WRITERS[path.suffix.lower()](answers)
    except ValueError as error:
        hint = f"Let its name end in {_enumeration(tuple(ANSWER_FILES))}."
        raise RunProblem(f"{path} cannot be written: {error}.", hint=hint, code="R061") from error


def _enumeration(endings: Sequence[str]) -> str:
    return f"{', '.join(endings[:-1])} or {endings[-1]}"
