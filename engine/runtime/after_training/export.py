"""Writes the exports that `engine.catalog.exports` declares, as one file or one folder, complete or not at all."""

from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path

from engine.catalog.exports import CODE, EXPORTS, Export
from engine.catalog.index import did_you_mean
from engine.catalog.params import Value, find
from engine.catalog.spec import effective
from engine.errors import ExportProblem
from engine.graph.model import Project
from engine.project import disk_errors, durable
from engine.runtime.after_training.export_source import ExportSource
from engine.runtime.after_training.trained_network import Warn, Which, ignore

Options = Mapping[str, Value]
FileContent = bytes | dict[str, bytes]
NO_OPTIONS: Options = {}
TEXTS = {".json", ".md", ".py", ".txt"}


def export_project(
    project: Project, base: Path, output: Path, to: str = CODE.name, options: Options = NO_OPTIONS
) -> None:
    """Write a project to a new folder or file. Its relative paths start from ``base``.

    Raises: ``EngineError``; nothing is then left behind.
    """
    declaration = export_named(to)
    if declaration.needs_run:
        message = f"{project.name or 'The project'} has no weights yet."
        raise ExportProblem(message, hint="Train it, then export the run.", code="E010")
    _refuse_used(output, declaration)
    _write(output, declaration, ExportSource.of_project(project, base), options)


def export_run(
    run: Path,
    to: str,
    output: Path,
    *,
    which: Which = "best",
    warn: Warn = ignore,
    options: Options = NO_OPTIONS,
) -> None:
    """Write a run to a new folder or file. ``to``: the name of the export. ``which``: its best or its last weights.

    Raises: ``EngineError``; nothing is then left behind.
    """
    declaration, source = export_named(to), ExportSource.of_run(run, which, warn)
    _refuse_used(output, declaration)
    _write(output, declaration, source, options)


def preview(project: Project, base: Path, to: str = CODE.name) -> dict[str, str]:
    """The texts that `export_project` would write, by file name. Raises: ``EngineError``."""
    declaration = export_named(to)
    content = _content(declaration, ExportSource.of_project(project, base), NO_OPTIONS)
    files = content if isinstance(content, dict) else {f"{declaration.name}{declaration.suffix}": content}
    return {name: data.decode() for name, data in files.items() if Path(name).suffix in TEXTS and "/" not in name}


def export_named(name: str) -> Export:
    """The export of that name. Raises: ``ExportProblem``."""
    if name not in EXPORTS:
        hint = did_you_mean(name, EXPORTS) or f"Known are {', '.join(EXPORTS)}."
        raise ExportProblem(f"There is no export {name!r}.", hint=hint, code="E013")
    return EXPORTS[name]


def _content(declaration: Export, source: ExportSource, options: Options) -> FileContent:
    for name, value in options.items():
        param = find(declaration.options, name)
        wrong = "is not an option" if param is None else param.problem(value)
        if wrong:
            names = ", ".join(each.name for each in declaration.options) or "none"
            message = f"The export {declaration.name}: {name} {wrong}."
            raise ExportProblem(message, hint=param.help if param else f"Its options are: {names}.", code="E014")
    module, _, function = declaration.writer.partition(":")
    write: Callable[..., FileContent] = getattr(import_module(f"engine.runtime.after_training.{module}"), function)
    return write(source, **effective(declaration.options, options))


def _refuse_used(output: Path, declaration: Export) -> None:
    if declaration.suffix and output.exists():
        raise ExportProblem(f"{output} exists already.", hint="Name a new file, or remove it first.", code="E012")
    if output.exists() and not (output.is_dir() and not any(output.iterdir())):
        what = "is not empty" if output.is_dir() else "is a file"
        raise ExportProblem(f"{output} {what}.", hint="Name a new folder.", code="E011")


def _write(output: Path, declaration: Export, source: ExportSource, options: Options) -> None:
    content = _content(declaration, source, options)
    try:
        if isinstance(content, bytes):
            durable.replace(output, content)
        else:
            durable.new_folder(output.absolute(), lambda folder: _fill(folder, content))
    except FileExistsError as error:
        raise ExportProblem(f"{output} is not empty.", hint="Name a new folder.", code="E011") from error
    except OSError as error:
        raise disk_errors.problem("write" if declaration.suffix else "make", output, error) from error


def _fill(folder: Path, files: dict[str, bytes]) -> None:
    for name, data in files.items():
        place = folder / name
        if not place.parent.exists():
            place.parent.mkdir(parents=True)
        durable.replace(place, data)
