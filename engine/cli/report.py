"""The output of the command line: text for people, JSON for programs, one line for an error."""

import json
import math
import sys
from collections.abc import Iterable, Mapping
from typing import NoReturn

import typer
from rich.console import Console

from engine.check.diagnostics import Diagnostic
from engine.errors import EngineError

WIDE = 10_000  # columns; lines in a pipe must not wrap


def console(*, stderr: bool = False) -> Console:
    """A console that wraps only on a real terminal."""
    stream = sys.stderr if stderr else sys.stdout
    return Console(stderr=stderr, highlight=False, width=None if stream.isatty() else WIDE, emoji=False)


def say(text: str, *, as_json: bool = False) -> None:
    """Print a line for people: to stderr when stdout has JSON."""
    print(text, file=sys.stderr if as_json else sys.stdout, flush=True)


def put_json(value: object) -> None:
    """Print one JSON value as one line of stdout. Raises: ``ValueError`` for a non-finite number."""
    print(json.dumps(value, ensure_ascii=False, allow_nan=False), flush=True)


def plain(metrics: Mapping[str, float]) -> dict[str, float | str]:
    """Metrics for JSON, with inf and nan as strings."""
    return {name: value if math.isfinite(value) else str(value) for name, value in metrics.items()}


def json_of(value: object) -> object:
    """A value for JSON, with inf and nan as strings at any depth."""
    if isinstance(value, Mapping):
        return {str(name): json_of(each) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [json_of(each) for each in value]
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value


def fail(error: EngineError, *, as_json: bool) -> NoReturn:
    """Print what is wrong in one line, and exit with code 1."""
    if as_json:
        put_json(_problem(error))
    where = f"{error.node}: " if error.node else ""
    print(_one_line(f"torchloom: {where}{error}"), file=sys.stderr, flush=True)
    raise typer.Exit(1)


def _problem(error: EngineError) -> Mapping[str, object]:
    return {
        "code": error.code,
        "severity": "error",
        "node": error.node,
        "port": None,
        "message": error.message,
        "hint": error.hint,
    }


def problem_line(problem: Diagnostic) -> str:
    """A diagnostic as one line: severity, code, place, message, hint."""
    place = ".".join(part for part in (problem.node, problem.port) if part)
    return _one_line(
        f"{problem.severity} {problem.code} {place + ': ' if place else ''}{problem.message} {problem.hint}"
    )


def warn(problem: Diagnostic) -> None:
    """Print a warning; the verb continues."""
    print(problem_line(problem), file=sys.stderr, flush=True)


def refuse(problems: Iterable[Diagnostic], *, as_json: bool) -> NoReturn:
    """Print why a project cannot be used, one line for each problem, and exit with code 1."""
    for problem in problems:
        if as_json:
            put_json(problem.as_json())
        print(problem_line(problem), file=sys.stderr, flush=True)
    raise typer.Exit(1)


def _one_line(text: str) -> str:
    return " ".join(text.split())
