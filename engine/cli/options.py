"""The arguments and options that several verbs share."""

from pathlib import Path
from typing import Annotated, Literal

import typer


def _option(*names: str, help: str, metavar: str | None = None, min: int | None = None) -> object:
    return typer.Option(*names, help=help, metavar=metavar, min=min, show_default=False)


File = Annotated[Path, typer.Argument(help="A project file (.loom).", show_default=False)]
Run = Annotated[Path, typer.Argument(help="A run folder.", show_default=False)]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for a program.")]
Device = Annotated[str | None, _option(help="auto, cpu, cuda or cuda:1.")]
Epochs = Annotated[int | None, _option(min=1, help="Passes over the training samples.")]
BatchSize = Annotated[int | None, _option(min=1, help="Samples per step.")]
Seed = Annotated[int | None, _option(min=0, help="Seed of initial weights, order and dropout.")]
Threads = Annotated[int | None, _option(min=1, help="Processor threads; left out: a short trial decides.")]
Settings = Annotated[
    list[str] | None, _option("--set", metavar="PATH=VALUE", help="Change a value of the file for this run.")
]
Losses = Annotated[Path | None, _option(help="Also write every step's loss to this file, one float.hex() a line.")]
RunToMake = Annotated[Path | None, _option("--run", help="The run folder to create.")]
Which = Annotated[Literal["best", "last"], typer.Option(help="Which weights to use.")]
