"""The verb that takes the network out of the app: export."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from engine.cli.options import Which
from engine.cli.report import refuse, say, warn


def register(app: typer.Typer) -> None:
    """Add these verbs to the application."""
    app.command()(export)


def export(
    source: Annotated[
        Path, typer.Argument(metavar="FILE_OR_RUN", help="A project file or a run folder.", show_default=False)
    ],
    *,
    to: Annotated[Literal["code", "safetensors"], typer.Option(help="What to write.", show_default=False)],
    output: Annotated[
        Path, typer.Option("-o", "--output", help="A new folder for code, a new file for weights.", show_default=False)
    ],
    which: Which = "best",
) -> None:
    """Write code that trains by itself, or a run's weights."""
    from engine.runtime.results.export import export_run

    if source.is_dir():
        export_run(source, to, output, which=which, warn=warn)
    else:
        _export_file(source, to, output)
    say(f"Wrote {output}." + (f" {output / 'README.md'} tells how to use it." if to == "code" else ""))


def _export_file(source: Path, to: Literal["code", "safetensors"], output: Path) -> None:
    from engine.errors import ExportProblem
    from engine.project import file as files

    project = files.read(source)
    if to == "safetensors":
        raise ExportProblem(
            f"{source} is a drawing and has no weights yet.", hint="Train it, then export the run.", code="E010"
        )
    from engine.runtime.analysis.analyse import check_project
    from engine.runtime.results.export import export_project

    report = check_project(project, source.parent, training=True)
    if not report.ok:
        refuse(report.errors, as_json=False)
    export_project(project, source.parent, output)
