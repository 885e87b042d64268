"""The export of code: a stand-alone program that trains and predicts."""

from pathlib import Path

from engine.catalog.data.datasets import datasets
from engine.codegen.literals import quote
from engine.codegen.model import generate
from engine.errors import EngineError
from engine.graph.model import Project
from engine.runs.threshold import read_threshold
from engine.runtime.after_training.export_source import ExportSource
from engine.runtime.after_training.readme import network_readme, readme, requirements
from engine.runtime.after_training.weights_export import as_safetensors
from engine.runtime.analysis.analyse import check_project
from engine.runtime.data.load import SHIPPED
from engine.runtime.training_setup.prepare import Prepared
from engine.runtime.training_setup.program import program


def files(source: ExportSource) -> dict[str, bytes]:
    """The files by path: the program, and of a run its weights; without data only the network.

    Raises: ``EngineError``.
    """
    if source.project is not None and source.project.data.is_absent:
        return _network(source.project, source.base)
    prepared = source.prepared
    threshold = read_threshold(source.folder.path) if source.folder else None
    scripts = program(prepared, source.threads, source.length, _places(prepared), threshold)
    suffixes = [Path(each.path).suffix for each in prepared.data.sources]
    texts = {
        "model.py": prepared.source.text,
        **scripts,
        "requirements.txt": requirements("".join(scripts.values()), suffixes),
        "README.md": readme(prepared, tuple(scripts), source.checkpoint),
    }
    contents = {name: text.encode() for name, text in texts.items()}
    contents |= _data(prepared) | _start(prepared)
    return contents | ({"weights.safetensors": as_safetensors(source)} if source.checkpoint else {})


def _network(project: Project, base: Path) -> dict[str, bytes]:
    report = check_project(project, base)
    for wrong in report.errors:
        raise EngineError(wrong.message, hint=wrong.hint, node=wrong.node, code=wrong.code)
    model = (report.source or generate(project, report.derived)).text
    texts = {
        "model.py": model,
        "requirements.txt": requirements(model),
        "README.md": network_readme(project),
    }
    return {name: text.encode() for name, text in texts.items()}


def _start(prepared: Prepared) -> dict[str, bytes]:
    """The files that weights start from."""
    return {name: data for file in prepared.start for name, data in file.files.items()}


def _shipped_file(prepared: Prepared) -> str:
    """The shipped file that the data comes from, or nothing."""
    return datasets()[prepared.project.data.kind].file


def _places(prepared: Prepared) -> tuple[str, ...]:
    """The default paths of an exported script's data; none for a person's own data, which ``--data`` names."""
    name = _shipped_file(prepared)
    return (f'str(Path(__file__).parent / "data" / {quote(name)})',) if name else ()


def _data(prepared: Prepared) -> dict[str, bytes]:
    """A shipped set, with its licence; a person's own data stays where it is."""
    name = _shipped_file(prepared)
    names = (name, f"{Path(name).stem}.LICENSE.txt") if name else ()
    return {f"data/{each}": (SHIPPED / each).read_bytes() for each in names if (SHIPPED / each).is_file()}
