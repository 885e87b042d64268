"""Verbs that start and control a run: train, resume, pause, go, stop; and ``torchloom`` without a verb."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from engine.cli.options import BatchSize, Device, Epochs, File, Json, Losses, Run, RunToMake, Seed, Settings, Threads
from engine.cli.report import console, problem_line, refuse, say

if TYPE_CHECKING:
    from engine.runs.events import Event
    from engine.runtime.training.job import Job, Outcome

DEMO = "digits-cnn"  # the template that `torchloom` without a verb trains


def register(app: typer.Typer) -> None:
    """Add these verbs to the application."""
    for verb in (train, resume, pause, go, stop):
        app.command()(verb)
    app.command("open", hidden=True)(open_)


def train(  # noqa: PLR0913 - one argument an option
    file: File,
    *,
    run: RunToMake = None,
    epochs: Epochs = None,
    batch_size: BatchSize = None,
    device: Device = None,
    seed: Seed = None,
    threads: Threads = None,
    settings: Settings = None,
    losses: Losses = None,
    json: Json = False,
) -> None:
    """Train a project in a new run folder."""
    from engine.cli.overrides import with_options, with_settings
    from engine.project import file as files
    from engine.runs.folder import new_name, refuse_used
    from engine.runtime.training.job import Job

    project = with_settings(files.read(file), settings or ())
    if run is not None:
        refuse_used(run)  # before torch is loaded, which takes seconds
    project.training = with_options(
        project.training, epochs=epochs, batch_size=batch_size, device=device, seed=seed, threads=threads
    )
    base = file.absolute().parent
    folder = run or new_name(base / "runs", file.stem)
    _start(Job(project, base, folder, losses, or_next=run is None), json=json)


def _start(job: "Job", *, json: bool) -> Path:
    """Train, and return the run folder."""
    from engine.runtime.analysis.analyse import check_project
    from engine.runtime.training.train import start

    report = check_project(job.project, job.base, training=True)
    if not report.ok:
        refuse(report.errors, as_json=json)
    for line in report.reading.lines() if report.reading else ():
        say(line, as_json=json)
    for warning in report.problems:
        print(problem_line(warning), file=sys.stderr)
    return _follow(lambda emit: start(job, emit), json=json)


def resume(
    run: Run,
    *,
    epochs: Epochs = None,
    schedule: Annotated[
        Literal["restart", "stretch"] | None,
        typer.Option(
            help="With more epochs than planned: a schedule that covers the whole run begins again for the added ones "
            "(restart, the default), or continues as if that many had been planned (stretch).",
            show_default=False,
        ),
    ] = None,
    device: Device = None,
    losses: Losses = None,
    json: Json = False,
) -> None:
    """Continue a run exactly where it stopped."""
    from engine.runtime.training.train import resume as go_on

    _follow(lambda emit: go_on(run, emit, epochs=epochs, schedule=schedule, device=device, losses=losses), json=json)


def _follow(training: "Callable[[Callable[[Event], None]], Outcome]", *, json: bool) -> Path:
    from engine.cli.progress import JsonLines, RunView, metrics_table

    with JsonLines() if json else RunView() as view:
        outcome = training(_until_nobody_reads(view))
    count = f"{outcome.epochs} whole epoch{'' if outcome.epochs == 1 else 's'}"
    say(f"{outcome.reason.capitalize()} after {count}: {outcome.folder}", as_json=json)
    if outcome.reason == "stopped":
        say(f"Continue with: torchloom resume {outcome.folder}", as_json=json)
    if outcome.note:
        say(f"{outcome.note} To continue nevertheless: torchloom resume {outcome.folder} --epochs N", as_json=json)
    if not json and outcome.metrics:
        console().print(metrics_table(outcome.metrics, outcome.best, outcome.best_epoch))
    if outcome.exit_code:
        raise typer.Exit(outcome.exit_code)
    return outcome.folder


def _until_nobody_reads(view: "Callable[[Event], None]") -> "Callable[[Event], None]":
    """The view, until its output is closed or full: training continues, and the run folder has all events."""
    is_closed = False

    def tell(event: "Event") -> None:
        nonlocal is_closed
        if is_closed:
            return
        try:
            view(event)
        except (OSError, UnicodeError, SystemExit):  # rich ends the program when its pipe breaks
            is_closed = True

    return tell


def pause(run: Run) -> None:
    """Ask a run to pause at its next step."""
    _ask(run, "pause")


def go(run: Run) -> None:
    """Ask a paused run to continue."""
    _ask(run, "run")


def stop(run: Run) -> None:
    """Ask a run to save a checkpoint and stop."""
    _ask(run, "stop")


def _ask(run: Path, state: Literal["run", "pause", "stop"]) -> None:
    from dataclasses import replace

    from engine.errors import RunProblem
    from engine.runs.desired import read_desired, write_desired
    from engine.runs.folder import RunFolder

    folder = RunFolder.open(run)
    if not folder.is_alive:
        raise RunProblem(f"{run} is not being trained now.", hint=f"Continue it: torchloom resume {run}", code="R030")
    write_desired(folder.desired, replace(read_desired(folder.desired), state=state))
    sentences = {"run": "Asked to continue.", "pause": "Asked to pause.", "stop": "Asked to save and stop."}
    say(sentences[state])


def open_(file: Annotated[Path | None, typer.Argument(show_default=False)] = None) -> None:
    """Train the project, or the digits network, in the terminal, where there is no screen."""
    from engine.places import user_data_dir
    from engine.project import file as files
    from engine.project.templates import template
    from engine.runs.folder import new_name
    from engine.runtime.training.job import Job

    if file is not None:
        train(file)
        return
    name = DEMO
    say("There is no screen for the window. A small network, the one that it would open, learns to read digits:")
    project = files.parse(template(name).text(), name)
    folder = _start(Job(project, Path.cwd(), new_name(user_data_dir() / "runs", name), or_next=True), json=False)
    say(
        "\nNext (python3 start.py in place of torchloom, where it is not on the PATH):\n"
        "  torchloom templates\n"
        f"  torchloom new {name} -o my.loom\n"
        "  torchloom train my.loom\n"
        f"  torchloom export {folder} --to code -o out"
    )
