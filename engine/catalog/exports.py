"""The exports of a network."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, NamedTuple

from msgspec import Struct

from engine.catalog.params import Param

Preview = Literal["program", "tensors"]
"""What the window shows before the export: the texts of the files, or the names and shapes of the weights."""


class Offer(Struct, frozen=True):
    """The title and summary of an export of a graph or of a run."""

    title: str
    summary: str


class Export(Struct, frozen=True, kw_only=True):
    """A form in which a network can be exported.

    ``name``: as ``--to`` takes it. ``writer``: ``module:function`` below `engine.runtime.after_training`; it takes an
    `ExportSource` and the ``options`` by keyword, and gives the bytes of the file, or of each file by its path.
    ``suffix``: of the file; left out, the export is a folder.
    ``reader``: ``module:function`` that takes what was written, of a folder the text of its first file, and gives what
    it holds.
    ``of_graph``: left out, the export needs a run. ``title``, ``tip`` and ``keys``: those of its menu entry.
    """

    name: str
    title: str
    tip: str
    writer: str
    of_run: Offer
    of_graph: Offer | None = None
    suffix: str = ""
    options: tuple[Param, ...] = ()
    preview: Preview
    reader: str = ""
    keys: tuple[str, ...] = ()

    @property
    def needs_run(self) -> bool:
        """Whether a graph that was never trained cannot be exported."""
        return self.of_graph is None


CODE = Export(
    name="code",
    title="PyTorch code",
    tip="Write the program, model.py to predict.py, to a folder",
    keys=("Ctrl+E",),
    writer="code:files",
    of_graph=Offer("This graph as code", "Python files, to train from the start."),
    of_run=Offer("A trained run as code", "The same files, with the weights that the run has learned."),
    preview="program",
    reader="engine.codegen.parse.project:parse",
)
SAFETENSORS = Export(
    name="safetensors",
    title="Weights",
    tip="Write a run's weights as safetensors",
    writer="weights_export:as_safetensors",
    of_run=Offer("A run's weights", "One safetensors file, with a tensor for each parameter."),
    suffix=".safetensors",
    preview="tensors",
    reader="safetensors.torch:load",
)


class Choice(NamedTuple):
    """A choice in the list of exports: an export of the graph or of a run."""

    export: Export
    of_run: bool

    @property
    def key(self) -> str:
        """Its unique name, such as ``code_of_run``."""
        return f"{self.export.name}_of_{'run' if self.of_run else 'graph'}"

    @property
    def offer(self) -> Offer:
        """Its title and summary."""
        return self.export.of_run if self.of_run or self.export.of_graph is None else self.export.of_graph


_BY_NAME = {one.name: one for one in (CODE, SAFETENSORS)}
EXPORTS: Mapping[str, Export] = MappingProxyType(_BY_NAME)
"""Every export by its name."""


def choices(export: Export) -> tuple[Choice, ...]:
    """The choices for an export, that of the graph first."""
    return (*((Choice(export, of_run=False),) if export.of_graph else ()), Choice(export, of_run=True))
