"""Verbs about projects, templates and the catalogue: templates, new, layers, check, code."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from engine.cli.options import File, Json
from engine.cli.report import console, problem_line, put_json, refuse, say

if TYPE_CHECKING:
    from engine.catalog.params import Param
    from engine.catalog.spec import Layer


def register(app: typer.Typer) -> None:
    """Add these verbs to the application."""
    for verb in (templates, new, layers, check, code):
        app.command()(verb)


def templates(*, json: Json = False) -> None:
    """List the networks that ship with the app."""
    from engine.project.templates import templates as all_templates

    if json:
        fields = ("name", "summary", "topic", "data", "minutes")
        put_json([{field: getattr(each, field) for field in fields} for each in all_templates()])
        return
    width = max(len(each.name) for each in all_templates())
    for each in all_templates():
        print(f"{each.name:<{width}}  {each.summary}")


def new(
    template: Annotated[str, typer.Argument(help="A name from `torchloom templates`.", show_default=False)],
    output: Annotated[Path, typer.Option("-o", "--output", help="The project file to write.", show_default=False)],
) -> None:
    """Write a new project from a template."""
    from engine.errors import FileProblem
    from engine.project import file
    from engine.project.templates import template as find

    source = find(template)
    if output.suffix != ".loom":
        raise FileProblem(
            f"{output} does not end with .loom.", hint=f"Write {output.with_suffix('.loom')}.", code="F031"
        )
    if output.exists():
        raise FileProblem(f"{output} exists already.", hint="Choose another name, or remove it first.", code="F032")
    project = file.parse(source.text(), source.name)
    project.name = output.stem
    file.write(output, project)
    say(f"Wrote {output}. Train it with: torchloom train {output}")


def layers(*, json: Json = False) -> None:
    """Print the catalogue: kinds, ports, parameters with types, defaults, ranges and help."""
    from engine.catalog.index import layers as all_layers

    if json:
        put_json([_layer_json(layer) for layer in all_layers().values()])
        return
    for layer in all_layers().values():
        ports = ", ".join(port.name for port in layer.inputs) or "-"
        results = ", ".join(port.name for port in layer.outputs) or "-"
        print(f"{layer.kind}  ({layer.family})  {ports} -> {results}  {layer.summary}")
        for param in layer.params:
            print(f"    {_param_text(param)}")


def _param_text(param: "Param") -> str:
    from engine.catalog.params import FromInput

    default = "" if param.required or isinstance(param, FromInput) else f" = {param.default!r}"
    legal = f"  [{param.range_text()}]" if param.range_text() else ""
    return f"{param.name}: {param.type_name}{default}{legal}  {param.help}".rstrip()


def _layer_json(layer: "Layer") -> dict[str, object]:
    from engine.catalog.params import thaw

    return {
        "kind": layer.kind,
        "family": layer.family,
        "role": layer.role,
        "summary": layer.summary,
        "shape": layer.shape.text,
        "source": layer.source,
        "inputs": [
            {"name": port.name, "element": port.element, "optional": port.optional, "variadic": port.variadic}
            for port in layer.inputs
        ],
        "outputs": [{"name": port.name, "element": port.element} for port in layer.outputs],
        "params": [
            {
                "name": param.name,
                "type": param.type_name,
                "default": thaw(param.default),
                "required": param.required,
                "range": param.range_text(),
                "unit": param.unit,
                "help": param.help,
            }
            for param in layer.params
        ],
        "preset": {name: thaw(value) for name, value in layer.preset.items()},
    }


def check(file: File, *, json: Json = False) -> None:
    """Check a project: shapes, parameters, problems. Exit code 1 when there are errors."""
    from engine.project import file as files

    project = files.read(file)
    from engine.runtime.analysis.analyse import check_project  # loads torch, for which an unreadable file need not wait

    report = check_project(project, file.parent)
    answer = report.as_json()
    if json:
        put_json(answer)
    else:
        _print_shapes(answer)
    for axis in report.axes:
        say(axis.text, as_json=json)
    for line in report.reading.lines() if report.reading else ():
        say(line, as_json=json)
    for problem in report.problems:
        say(problem_line(problem), as_json=json)
    if not json:
        print(f"{report.parameters:,} parameters. {'No errors.' if report.ok else 'Not ready to train.'}")
    if not report.ok:
        raise typer.Exit(1)


def _print_shapes(answer: dict[str, object]) -> None:
    from rich.table import Table

    nodes = answer["nodes"]
    if not isinstance(nodes, dict) or not nodes:
        return
    table = Table("node", "output", "parameters", "multiply-adds", box=None, pad_edge=False)
    for name, node in nodes.items():
        shapes = ", ".join(" x ".join(str(size) for size in shape) or "scalar" for shape in node["outputs"].values())
        table.add_row(name, shapes, f"{node['parameters']:,}", f"{node['macs']:,}")
    console().print(table)


def code(file: File) -> None:
    """Print the model's PyTorch source."""
    from engine.codegen.model import generate
    from engine.project import file as files

    project = files.read(file)
    from engine.runtime.analysis.analyse import check_project  # loads torch, for which an unreadable file need not wait

    report = check_project(project, file.parent)
    if not report.ok:
        refuse(report.errors, as_json=False)
    print((report.source or generate(project, report.derived)).text, end="")
