"""How exported code reads each kind of data: by which snippets, with which constants, in which call."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from engine.catalog.data.datasets import datasets, path_params
from engine.codegen.literals import nested
from engine.codegen.scripts import table
from engine.codegen.scripts.data_description import DataDescription, SnippetName, keywords
from engine.codegen.snippets import Import
from engine.graph.model import Data

ARRAYS: tuple[SnippetName, ...] = (("plain.arrays", "stored_arrays"), ("plain.arrays", "stored_field"))
IDX: tuple[SnippetName, ...] = (("plain.idx", "idx_array"), ("plain.idx", "idx_images"))
IMAGES: tuple[SnippetName, ...] = (
    ("image.decode", "read_image"),
    ("image.files", "list_images"),
    ("image.files", "by_ending"),
)
LONGEST = 10_000  # letters of a constant; a longer one has a file of its own


@dataclass(frozen=True, slots=True)
class Constant:
    """A constant of ``data.py``."""

    name: str
    value: str  # an expression
    comment: str


@dataclass(frozen=True, slots=True)
class Reader:
    """``call``: an expression that gives the fields, by ``wanted`` snippets. ``shared``: what new files need, too.

    ``cells``: of that, what reads the cells of a table. ``imports``: what the constants need. ``files``: texts that go
    beside the scripts.
    """

    call: str
    wanted: tuple[SnippetName, ...]
    shared: tuple[SnippetName, ...] = ()
    constants: tuple[Constant, ...] = ()
    imports: tuple[Import, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)
    cells: tuple[SnippetName, ...] = ()


def reader_of(data: Data, facts: DataDescription) -> Reader:
    """The reader of a project's data. ``facts.form``: what was decided about the files."""
    dataset = datasets()[data.kind]
    if dataset.storage:
        return _STORED[dataset.storage](facts)
    if dataset.file:
        return Reader("read_shipped(paths[0])", (("shipped", "read_shipped"),))
    module, _, name = dataset.loader.partition(":")
    paths = tuple(param.name for param in path_params(dataset))
    values = keywords(dataset.params, data.params, skip=paths)
    given = [*(f"{path}=str(paths[{place}])" for place, path in enumerate(paths)), *([values] if values else [])]
    return Reader(f"{name}({', '.join(given)}).fields", ((module, name),))


def _of_table(facts: DataDescription) -> Reader:
    text, files, imports = table.form_text(facts.form), dict[str, str](), tuple[Import, ...]()
    if len(text) > LONGEST:
        files = {"table.json": f"{json.dumps(facts.form, ensure_ascii=False, indent=1)}\n"}
        text = 'json.loads(Path(__file__).with_name("table.json").read_text(encoding="utf-8"))'
        imports = (("json", "", "json"), ("pathlib", "Path", "Path"))
    form = Constant(table.NAME, text, "how the file of --data is written")
    call = table.call(facts.form, "read_known_table", "paths[0]", table.NAME)
    shared, cells = tuple(table.shared(facts.form)), tuple(table.cells(facts.form))
    wanted: tuple[SnippetName, ...] = (("plain.table", "read_known_table"),)
    return Reader(call, wanted, shared, (form,), imports, files, cells)


def _of_arrays(facts: DataDescription) -> Reader:
    read = {*facts.fields, facts.stratify}
    arrays, labels = (
        {name: held for name, held in _entries(facts, key) if name in read} for key in ("arrays", "labels")
    )
    constants = (
        Constant("ARRAYS", nested(arrays), "where channels are, what is white, whether a number, type as stored"),
        Constant("LABELS", nested(labels), "the label of each class"),
    )
    call = "read_known_arrays(paths[0], ARRAYS, LABELS)"
    return Reader(call, (("plain.arrays", "read_known_arrays"),), ARRAYS, constants)


def _of_idx(facts: DataDescription) -> Reader:
    form = facts.form
    how = f"is_last={nested(form['is_last'])}, levels={nested(form['levels'])}"
    call = f"read_known_idx(paths[0], paths[1], LABELS, {how})"
    labels = Constant("LABELS", nested(form["classes"]), "the label of each class")
    return Reader(call, (("plain.idx", "read_known_idx"),), IDX, (labels,))


def _of_folder(facts: DataDescription) -> Reader:
    form = facts.form
    how = [nested(form[key]) for key in ("size", "background", "levels")]
    how += ["skip_broken=True"] if form["skip_broken"] else []
    classes = Constant("CLASSES", nested(form["classes"]), "the folders, one a class")
    call = f"read_known_folder(paths[0], CLASSES, {', '.join(how)})"
    return Reader(call, (("image.known", "read_known_folder"),), IMAGES, (classes,))


_STORED: Mapping[str, Callable[[DataDescription], Reader]] = {
    "table": _of_table,
    "arrays": _of_arrays,
    "idx": _of_idx,
    "images": _of_folder,
}


def _entries(facts: DataDescription, key: str) -> list[tuple[str, object]]:
    found = facts.form.get(key)
    return list(found.items()) if isinstance(found, Mapping) else []
