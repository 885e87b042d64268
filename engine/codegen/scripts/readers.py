"""How an exported program reads each kind of data: with which snippets, constants and call."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from engine.catalog.data.datasets import datasets, path_params
from engine.catalog.data.spec import Dataset
from engine.codegen.literals import nested_literal
from engine.codegen.scripts import table
from engine.codegen.scripts.data_description import DataDescription, SnippetName, keywords
from engine.codegen.snippets import Import
from engine.graph.model import Data

ARRAYS: tuple[SnippetName, ...] = (("known_format.arrays", "load_arrays"), ("known_format.arrays", "field_from_array"))
IDX: tuple[SnippetName, ...] = (("known_format.idx", "idx_array"), ("known_format.idx", "idx_images"))
IMAGES: tuple[SnippetName, ...] = (
    ("image.decode", "read_image"),
    ("image.files", "list_images"),
    ("image.files", "file_counts"),
)
READING = "READING"
"""The name of the constant with the values by which the app read the files."""
LONGEST = 10_000  # characters of a constant; a longer one gets a file


@dataclass(frozen=True, slots=True)
class Constant:
    """A constant of ``data.py``."""

    name: str
    value: str  # an expression
    comment: str


@dataclass(frozen=True, slots=True)
class Reader:
    """``call``: an expression of the fields, which uses ``snippets``.

    ``reading_snippets``: those that reading new files needs, too; ``cell_snippets``: of those, the readers of a table's
    cells. ``imports``: those of the constants. ``files``: texts that go beside the scripts.
    """

    call: str
    snippets: tuple[SnippetName, ...]
    reading_snippets: tuple[SnippetName, ...] = ()
    constants: tuple[Constant, ...] = ()
    imports: tuple[Import, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)
    cell_snippets: tuple[SnippetName, ...] = ()


def reader_of(data: Data, description: DataDescription) -> Reader:
    """The reader of a project's data. ``description.form``: how its files are read."""
    dataset = datasets()[data.kind]
    if dataset.storage:
        return _STORED[dataset.storage](description)
    if dataset.file:
        return Reader("read_shipped(paths[0])", (("shipped", "read_shipped"),))
    if dataset.reader:
        return _of_known(dataset, description)
    module, _, name = dataset.loader.partition(":")
    paths = tuple(param.name for param in path_params(dataset))
    values = keywords(dataset.params, data.params, skip=paths)
    arguments = [*(f"{path}=str(paths[{place}])" for place, path in enumerate(paths)), *([values] if values else [])]
    return Reader(f"{name}({', '.join(arguments)}).fields", ((module, name),))


def _of_known(dataset: Dataset, description: DataDescription) -> Reader:
    """A reader that takes the values by which the app read the files as keywords."""
    module, _, name = dataset.reader.partition(":")
    paths = ", ".join(f"paths[{place}]" for place in range(len(path_params(dataset))))
    text, files, imports = nested_literal(description.form), dict[str, str](), tuple[Import, ...]()
    if len(text) > LONGEST:
        files = {"reading.json": f"{json.dumps(description.form, ensure_ascii=False, indent=1)}\n"}
        text = 'json.loads(Path(__file__).with_name("reading.json").read_text(encoding="utf-8"))'
        imports = (("json", "", "json"), ("pathlib", "Path", "Path"))
    constant = Constant(READING, text, "how the files of --data are read")
    new_module, _, new_name = dataset.new.partition(":")
    new: tuple[SnippetName, ...] = ((new_module, new_name),) if dataset.new else ()
    return Reader(f"{name}({paths}, **{READING})", ((module, name),), new, (constant,), imports, files)


def _of_table(description: DataDescription) -> Reader:
    text, files, imports = table.form_text(description.form), dict[str, str](), tuple[Import, ...]()
    if len(text) > LONGEST:
        files = {"table.json": f"{json.dumps(description.form, ensure_ascii=False, indent=1)}\n"}
        text = 'json.loads(Path(__file__).with_name("table.json").read_text(encoding="utf-8"))'
        imports = (("json", "", "json"), ("pathlib", "Path", "Path"))
    form = Constant(table.NAME, text, "the format of the file of --data")
    call = table.call(description.form, "read_known_table", "paths[0]", table.NAME)
    shared, cells = tuple(table.reading_snippets(description.form)), tuple(table.cell_snippets(description.form))
    names: tuple[SnippetName, ...] = (("known_format.table", "read_known_table"),)
    return Reader(call, names, shared, (form,), imports, files, cells)


def _of_arrays(description: DataDescription) -> Reader:
    read = {*description.fields, description.stratify, description.group}
    arrays, labels = (
        {name: entry for name, entry in _entries(description, key) if name in read} for key in ("arrays", "labels")
    )
    constants = (
        Constant("ARRAYS", nested_literal(arrays), "axis of channels, value of white, whether a number, stored type"),
        Constant("LABELS", nested_literal(labels), "the label of each class"),
    )
    call = "read_known_arrays(paths[0], ARRAYS, LABELS)"
    return Reader(call, (("known_format.arrays", "read_known_arrays"),), ARRAYS, constants)


def _of_idx(description: DataDescription) -> Reader:
    form = description.form
    arguments = f"is_last={nested_literal(form['is_last'])}, levels={nested_literal(form['levels'])}"
    call = f"read_known_idx(paths[0], paths[1], LABELS, {arguments})"
    labels = Constant("LABELS", nested_literal(form["classes"]), "the label of each class")
    return Reader(call, (("known_format.idx", "read_known_idx"),), IDX, (labels,))


def _of_folder(description: DataDescription) -> Reader:
    form = description.form
    arguments = [nested_literal(form[key]) for key in ("size", "background", "levels")]
    arguments += ["skip_broken=True"] if form["skip_broken"] else []
    classes = Constant("CLASSES", nested_literal(form["classes"]), "the folders, one a class")
    call = f"read_known_folder(paths[0], CLASSES, {', '.join(arguments)})"
    return Reader(call, (("image.known_folder", "read_known_folder"),), IMAGES, (classes,))


_STORED: Mapping[str, Callable[[DataDescription], Reader]] = {
    "table": _of_table,
    "arrays": _of_arrays,
    "idx": _of_idx,
    "images": _of_folder,
}


def _entries(description: DataDescription, key: str) -> list[tuple[str, object]]:
    entries = description.form.get(key)
    return list(entries.items()) if isinstance(entries, Mapping) else []
