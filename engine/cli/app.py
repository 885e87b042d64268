"""The typer application: the verbs, and the exit code of every outcome."""

import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from engine import __version__
from engine.cli import doctor, export, project_verbs, result_verbs, run_verbs
from engine.cli.report import WIDE, fail
from engine.errors import EngineError, MachineProblem
from engine.project import disk_errors

app = typer.Typer(
    name="torchloom",
    help="Draw a neural network, train exactly what you drew, and take the PyTorch code with you.",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=False,
)
UsageError: type[typer.BadParameter] = typer.BadParameter.__mro__[
    1
]  # click's, or that of the copy in newer versions of typer

for verbs in (project_verbs, run_verbs, result_verbs, export, doctor):
    verbs.register(app)


def _version(is_set: bool) -> None:
    if is_set:
        print(f"torchloom {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    *,
    version: Annotated[
        bool,
        typer.Option(
            "--version", help="Print the version.", callback=lambda is_set: _version(is_set=is_set), is_eager=True
        ),
    ] = False,
) -> None:
    """Draw a neural network, train exactly what you drew, and take the PyTorch code with you."""


class Nowhere(io.TextIOBase):
    """An output in place of one that was closed before the start: it discards what is written."""

    def write(self, text: str) -> int:
        return len(text)


def run(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit code; only a bug raises."""
    command = typer.main.get_command(app)
    command.context_settings = {"help_option_names": ["-h", "--help"]}
    sys.stdout = sys.stdout or Nowhere()
    if not sys.stdout.isatty():
        command.context_settings |= {"terminal_width": WIDE, "max_content_width": WIDE}
    try:
        return _code(command.main(list(arguments), prog_name="torchloom", standalone_mode=False))
    except UsageError as error:
        error.show()
        return 2
    except (KeyboardInterrupt, typer.Abort):
        return 130
    except BrokenPipeError:
        sys.stdout = None  # the reader has closed the pipe, which is not an error
        return 0
    except (OSError, UnicodeError) as error:
        return _failed(_as_engine_error(error), as_json="--json" in arguments)
    except (EngineError, MemoryError) as error:
        return _failed(error, as_json="--json" in arguments)


def _as_engine_error(error: OSError | UnicodeError) -> EngineError:
    """An error of a file that no verb handles; without a file name it is an error of the output."""
    if isinstance(error, OSError) and isinstance(error.filename, str | bytes):
        return disk_errors.problem("use", Path(os.fsdecode(error.filename)), error)
    return MachineProblem(f"The output cannot be written: {error}.", code="M020")


def _failed(error: EngineError | MemoryError, *, as_json: bool) -> int:
    problem = (
        error if isinstance(error, EngineError) else MachineProblem("This machine has not enough memory for that.")
    )
    try:
        fail(problem, as_json=as_json)
    except typer.Exit as exit_:
        return exit_.exit_code


def _code(result: object) -> int:
    return result if isinstance(result, int) else 0
