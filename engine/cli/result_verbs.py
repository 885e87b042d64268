"""Verbs about the results of runs: runs, evaluate, predict, serve, generate."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from engine.cli.options import Device, Json, Run, Which
from engine.cli.report import console, json_of, plain, put_json, warn

MAX_SAMPLES = 10_000_000

if TYPE_CHECKING:
    from engine.runs.summary import Summary


def register(app: typer.Typer) -> None:
    """Add these verbs to the application."""
    for verb in (runs, evaluate, predict, serve, generate):
        app.command()(verb)


def runs(
    folder: Annotated[
        Path | None, typer.Argument(help="Where to look; left out: every known run.", show_default=False)
    ] = None,
    *,
    json: Json = False,
) -> None:
    """List runs with their state and metrics."""
    from engine.runs.summary import list_runs

    summaries = list_runs(folder)
    for each in summaries:
        if each.ignored:
            print(each.ignored, file=sys.stderr)
        if each.damage:
            print(f"{each.name}: {each.damage}", file=sys.stderr)
    if json:
        put_json([_summary_json(each) for each in summaries])
        return
    if not summaries:
        print("There are no runs here. Make one: torchloom train FILE")
        return
    _print_runs(summaries)


def _summary_json(each: "Summary") -> dict[str, object]:
    return {
        "run": str(each.path),
        "name": each.name,
        "tags": each.label.tags,
        "state": each.state,
        "started_at": each.started_at,
        "epochs": each.epochs,
        "metrics": plain(each.metrics),
        "best": plain(each.best),
        "best_epoch": each.best_epoch,
        "data": each.setup.data,
        "optimizer": each.setup.optimizer,
        "schedule": each.setup.schedule,
        "lr": each.setup.lr,
        "batch_size": each.setup.batch_size,
        "parameters": each.parameters,
        "damage": each.damage,
    }


def _print_runs(summaries: "list[Summary]") -> None:
    from rich.markup import escape
    from rich.table import Table

    from engine.cli.progress import metric_text

    has_tags = any(each.label.tags for each in summaries)
    tags = ("tags",) if has_tags else ()
    table = Table("run", *tags, "state", "epochs", "metrics", "folder", box=None, pad_edge=False)
    for each in summaries:
        metrics = each.best or each.metrics
        names = [name for name in metrics if name.startswith("val_")] or list(metrics)
        text = "  ".join(f"{name} {metric_text(name, metrics[name])}" for name in names)
        words = (escape(", ".join(each.label.tags)),) if has_tags else ()
        table.add_row(escape(each.name), *words, each.state, str(each.epochs), text, escape(str(each.path)))
    console().print(table)


def evaluate(  # noqa: PLR0913 (one for each option)
    run: Run,
    *,
    part: Annotated[
        Literal["training", "validation", "test"], typer.Option(help="Which samples to use.")
    ] = "validation",
    data: Annotated[
        Path | None, typer.Option(help="New samples with their truth, instead of a part.", show_default=False)
    ] = None,
    threshold: Annotated[
        float | None,
        typer.Option(min=0, max=1, help="Of two classes: predict the second above it. Kept.", show_default=False),
    ] = None,
    report: Annotated[
        Path | None, typer.Option(help="Also write a report to this HTML file.", show_default=False)
    ] = None,
    predictions: Annotated[
        Path | None, typer.Option(help="Also write every answer to this CSV file.", show_default=False)
    ] = None,
    which: Which = "best",
    device: Device = None,
    json: Json = False,
) -> None:
    """Measure a run's network on one part of its data, or on new data that holds the truth."""
    from engine.cli.result_tables import tables
    from engine.runtime.after_training.evaluate import Choice, evaluation, keep_threshold
    from engine.runtime.after_training.report.html import write_report
    from engine.runtime.after_training.results.predictions_table import write_predictions

    choice = Choice(run, part, data, which, device or "auto")
    evaluated = evaluation(choice, threshold, warn)
    keep_threshold(evaluated)
    if report:
        write_report(evaluated, report)
    if predictions:
        write_predictions(evaluated, predictions)
    results = evaluated.results()
    if json:
        put_json(plain(results["metrics"]) | {"results": json_of(results)})
        return
    for table in tables(results):
        console().print(table)


def predict(
    run: Run,
    *,
    input: Annotated[
        Path | None,
        typer.Option("--input", help="An image, a folder of images, a CSV table or an NPZ file.", show_default=False),
    ] = None,
    row: Annotated[
        str | None,
        typer.Option("--row", metavar="NAME=VALUE,...", help="One row of a table, also as a JSON object."),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Write the answers: .csv, .json, .txt, or .png of images."),
    ] = None,
    which: Which = "best",
    device: Device = None,
    json: Json = False,
) -> None:
    """Predict new data with a run's network. Exit code 1 when a sample could not be predicted; the others are."""
    from engine.runtime.after_training.answer_files import check_ending, write_answers
    from engine.runtime.after_training.predict import predict as ask

    samples = input or row
    if samples is None or (input and row):
        raise typer.BadParameter("give the samples either by --input FILE or by --row NAME=VALUE,...")
    if output:
        check_ending(output)
    answers = ask(run, samples, which=which, device=device or "auto", warn=warn)
    if output:
        write_answers(answers, output)
    if json:
        put_json([answer.as_json() for answer in answers])
    for answer in answers:
        if answer.refusal:
            print(answer.text(), file=sys.stderr)
        elif not (json or output):
            print(answer.text(), flush=True)
    if output and not json:
        print(f"{output}: {len(answers):,} answer{'' if len(answers) == 1 else 's'}")
    if count := sum(answer.refusal is not None for answer in answers):
        print(f"torchloom: {count:,} of {len(answers):,} samples could not be predicted.", file=sys.stderr)
        raise typer.Exit(1)


def serve(
    run: Run,
    *,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port of 127.0.0.1; 0 takes any free one.")] = 8321,
) -> None:
    """Answer programs on this machine over HTTP, with a page to try the network. Ctrl+C ends it."""
    from engine.runtime.after_training.serving.server import serve as run_server

    run_server(run, port, lambda text: print(text, flush=True))


def generate(
    run: Run,
    *,
    output: Annotated[
        Path, typer.Option("--output", "-o", help="The file: .png, .npz or .safetensors.", show_default=False)
    ],
    count: Annotated[int, typer.Option(min=1, max=MAX_SAMPLES, help="Number of samples.")] = 64,
    seed: Annotated[int, typer.Option(min=0, max=2**53, help="Seed of the noise.")] = 0,
    which: Which = "best",
    device: Device = None,
) -> None:
    """Generate samples with a run's network: images as a grid, or numbers."""
    from engine.runtime.after_training.generate import generate as make

    make(run, output, count=count, seed=seed, which=which, device=device or "auto", warn=warn)
    print(f"{output}: {count:,} sample{'' if count == 1 else 's'}")
