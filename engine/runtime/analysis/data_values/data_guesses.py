"""What a reader guessed about the data, as warnings that name the setting which decides it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import cast

from engine.catalog.params import Value
from engine.check.diagnostics import Diagnostic, Fix
from engine.errors import DataProblem
from engine.graph.edits import SetData
from engine.graph.model import Data
from engine.runtime.data.read_report import Reading
from resources.snippets.load_result import Guess, SettingFix

MAX_WARNED = 20  # a table can have thousands of columns, each with a guess


def problems(data: Data, reading: Reading) -> Iterator[Diagnostic]:
    """One warning per guess, at most `MAX_WARNED` and then one with the number of the others."""
    for guess in reading.guesses[:MAX_WARNED]:
        yield Diagnostic("D112", "warning", guess.message, _hint(guess), fix=fix(data, guess))
    left = len(reading.guesses) - MAX_WARNED
    if left > 0:
        message = f"{left:,} more guesses were made about the data."
        yield Diagnostic("D112", "warning", message, "Decide those above first; check --json lists them all.")


def _hint(guess: Guess) -> str:
    if not guess.param or guess.param in guess.hint:
        return guess.hint
    return f"{guess.hint} The setting {guess.param} decides it.".strip()


def refusal(data: Data, wrong: DataProblem, base: Path) -> Diagnostic:
    """The problem of data that cannot be read, with the setting that would fix it, if there is one."""
    data_fix = fix(data, wrong.remedy, base) if isinstance(wrong.remedy, SettingFix) else None
    hint = _as_in_project(wrong.hint, wrong.remedy, base)
    return Diagnostic(wrong.code, "error", wrong.message, hint, node=wrong.node, fix=data_fix)


def _as_in_project(hint: str, remedy: object, base: Path) -> str:
    """The hint with the path of the remedy as the project writes it."""
    if not isinstance(remedy, SettingFix) or not isinstance(remedy.value, str):
        return hint
    return hint.replace(remedy.value, _project_path(remedy.value, base))


def _project_path(value: str, base: Path) -> str:
    return Path(value).relative_to(base).as_posix() if Path(value).is_relative_to(base) else value


def fix(data: Data, guess: Guess | SettingFix, base: Path | None = None) -> Fix | None:
    """The edit that sets the parameter; ``base``: what a path begins with that the project leaves out."""
    if not guess.param or guess.value is None:
        return None
    label = guess.label or f"Set {guess.param}"
    value = cast("Value", guess.value)
    if base is not None and isinstance(value, str):
        value = _project_path(value, base)
    params = {**data.params, guess.param: value}
    return Fix(label, SetData(replace(data, params=params), label))
