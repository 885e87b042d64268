"""The verb that exports a network: export."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from engine.catalog.exports import EXPORTS, Export
from engine.catalog.params import Value, freeze
from engine.cli.options import Which
from engine.cli.report import refuse, say, warn


def register(app: typer.Typer) -> None:
    """Add these verbs to the application."""
    app.command()(export)


def _list(is_set: bool) -> None:
    """Print each export on a line, its name first, and exit."""
    if is_set:
        for each in EXPORTS.values():
            needs = " Needs a run." if each.needs_run else ""
            typer.echo(f"{each.name}  {each.tip}.{needs}")
        raise typer.Exit


def _export_name(name: str) -> str:
    if name not in EXPORTS:
        raise typer.BadParameter(f"{name!r} is not one of {', '.join(EXPORTS)}.")
    return name


def export(
    source: Annotated[
        Path, typer.Argument(metavar="FILE_OR_RUN", help="A project file or a run folder.", show_default=False)
    ],
    *,
    to: Annotated[
        str,
        typer.Option(
            metavar=f"[{'|'.join(EXPORTS)}]", callback=_export_name, help="What to write.", show_default=False
        ),
    ],
    output: Annotated[
        Path,
        typer.Option("-o", "--output", help="A new folder for code, a new file for weights.", show_default=False),
    ],
    which: Which = "best",
    option: Annotated[
        list[str] | None, typer.Option(metavar="NAME=VALUE", help="An option of the export.", show_default=False)
    ] = None,
    show_list: Annotated[  # noqa: ARG001 (its callback ends the verb)
        bool, typer.Option("--list", callback=_list, is_eager=True, help="Print what can be written, and exit.")
    ] = False,
) -> None:
    """Write a stand-alone training program, or a run's weights."""
    from engine.runtime.after_training.export import export_run

    options = _options(EXPORTS[to], option or ())
    if source.is_dir():
        export_run(source, to, output, which=which, warn=warn, options=options)
    else:
        _export_file(source, EXPORTS[to], output, options)
    readme = output / "README.md"
    say(f"Wrote {output}." + (f" {readme} explains how to use it." if readme.is_file() else ""))


def _options(to: Export, texts: Sequence[str]) -> dict[str, Value]:
    """The options by name, each value JSON, else text. Raises: ``ExportProblem`` for an option without a value."""
    from engine.cli.overrides import value_of
    from engine.errors import ExportProblem

    options: dict[str, Value] = {}
    for each in texts:
        name, is_set, text = each.partition("=")
        if not is_set:
            names = ", ".join(param.name for param in to.options) or "none"
            raise ExportProblem(f"--option {each} has no value.", hint=f"Options of {to.name}: {names}.", code="E014")
        options[name] = freeze(value_of(text))
    return options


def _export_file(source: Path, to: Export, output: Path, options: dict[str, Value]) -> None:
    from engine.errors import ExportProblem
    from engine.project import file as files

    project = files.read(source)
    if to.needs_run:
        raise ExportProblem(
            f"{source} is a project and has no weights yet.", hint="Train it, then export the run.", code="E010"
        )
    from engine.runtime.after_training.export import export_project
    from engine.runtime.analysis.analyse import check_project

    report = check_project(project, source.parent, training=not project.data.is_absent)
    if not report.ok:
        refuse(report.errors, as_json=False)
    export_project(project, source.parent, output, to.name, options)
