"""The `.loom` project file: read by a closed schema, and written with the same bytes for the same project."""

import hashlib
from dataclasses import replace
from pathlib import Path

from engine.catalog.expressions import Expression
from engine.catalog.index import did_you_mean, layer
from engine.catalog.params import FromInput, Param, Value, thaw
from engine.errors import FileProblem
from engine.graph.json_form import (
    data_from_json,
    data_to_json,
    generation_from_json,
    generation_to_json,
    graph_to_json,
    graphs_from_json,
    published_from_json,
    published_to_json,
    training_from_json,
    training_to_json,
)
from engine.graph.json_form.prescan import MAX_BYTES, load
from engine.graph.json_form.schema import Fields, Json, name, text
from engine.graph.model import Graph, Node, Project
from engine.project import disk_errors, durable
from engine.project.json_layout import layout_text
from engine.project.regular_file import content
from engine.project.upgrade import VERSION, upgrade, version_of

FORMAT = "torchloom"
SUFFIX = ".loom"


class NewerProject(FileProblem):
    """A file of a later version; `read` with ``allow_newer`` opens the parts that this version knows."""

    code = "F010"
    newer = True


def read(path: Path, *, allow_newer: bool = False) -> Project:
    """The project in a file.

    ``allow_newer``: also one of a later version, to view but not to write; ``version`` is then that version.

    Raises: ``FileProblem`` (`NewerProject` for a later version) that names the file and the place in it.
    """
    return parse(_bytes(path), str(path), allow_newer=allow_newer)


def parse(source: str | bytes, where: str, *, allow_newer: bool = False) -> Project:
    """The project that a file's text holds; ``where`` begins every message.

    Raises: ``FileProblem``, as `read` does.
    """
    raw = load(source.encode(errors="surrogatepass") if isinstance(source, str) else source, where)
    if not isinstance(raw, dict) or raw.get("format") != FORMAT:
        raise FileProblem(f'{where} is not a Torchloom project: it lacks "format": "{FORMAT}".', code="F004")
    if version_of(raw, where) > VERSION and not allow_newer:
        raise NewerProject(
            f"{where} has version {raw['version']}, and this program reads up to version {VERSION}.",
            hint="Open it with a newer Torchloom.",
        )
    return from_any_version(raw, where)


def from_any_version(raw: object, where: str) -> Project:
    """The project in the JSON object of a file of this or an older version; ``where`` begins every message.

    Raises: ``FileProblem``.
    """
    raw = upgrade(raw, where) if isinstance(raw, dict) else raw
    try:
        return from_json(raw)
    except FileProblem as wrong:
        raise FileProblem(f"{where}: {wrong.message}", hint=wrong.hint) from None


def from_json(raw: object) -> Project:
    """The project that `to_json` gave, or that a file of this version holds.

    Raises: ``FileProblem`` with the path of what is wrong (``graphs.Net.nodes.conv1.pos``).
    """
    fields = Fields(raw, "")
    fields.need("format", text)
    version = version_of(fields.need("version", lambda raw, _: {"version": raw}), "The project")
    project = Project(
        name=fields.take("name", text, "untitled"),
        main=fields.need("main", name),
        graphs=fields.need("graphs", graphs_from_json),
        data=fields.read("data", data_from_json, {}),
        training=fields.read("training", training_from_json, {}),
        generation=fields.take("generation", generation_from_json, None),
        published=fields.take("published", published_from_json, None),
        version=version,
        extra=fields.rest(),
    )
    if project.main not in project.graphs:
        hint = did_you_mean(project.main, project.graphs)
        raise FileProblem(f"main names {project.main}, but there is no such graph.", hint=hint)
    return project


def to_json(project: Project) -> Json:
    """The project as a JSON object, keys in the file's order; values that equal their defaults are left out."""
    head: Json = {"format": FORMAT, "version": project.version, "name": project.name, "main": project.main}
    head["graphs"] = {name: graph_to_json(_normal(graph)) for name, graph in project.graphs.items()}
    data = data_to_json(project.data)
    head |= {"data": data} if data else {}
    head |= {"training": training_to_json(project.training)}
    head |= {"generation": generation_to_json(project.generation)} if project.generation else {}
    head |= {"published": published_to_json(project.published)} if project.published else {}
    return head | project.extra


def dump(project: Project) -> str:
    """The file's text: one node or wire on each line, keys sorted where their order means nothing.

    Raises: ``FileProblem`` when the project holds a number that JSON does not have.
    """
    try:
        lines = layout_text(to_json(project))
    except ValueError as wrong:
        raise FileProblem(f"The project {project.name} cannot be written: {wrong}.") from None
    return lines.encode(errors="replace").decode()  # replaces lone surrogates, which a clipboard may have


def write(path: Path, project: Project) -> None:
    """Save the project; at every moment either the old or the new file is there, complete.

    Raises: ``FileProblem`` when it cannot be written, could not be read again, or is of a later version.
    """
    put(path, encoded(project, path))


def put(path: Path, data: bytes) -> None:
    """Write the bytes of `encoded`. Raises: ``FileProblem`` when they cannot be written."""
    try:
        durable.replace(path, data)
    except OSError as error:
        raise disk_errors.problem("save", path, error) from error


def encoded(project: Project, path: Path, *, is_copy: bool = False) -> bytes:
    """The bytes that `write` writes to ``path``. Raises: ``FileProblem`` when they could not be read again.

    ``is_copy``: they replace no other file, so whether they can be read again is not checked.
    """
    if project.version > VERSION:
        raise NewerProject(
            f"{path} is not written: the project has version {project.version}, which this program knows only in part.",
            hint="Change it with a newer Torchloom.",
        )
    data = dump(project).encode()
    if not is_copy:
        _check_readable(data, path)
    return data


def content_hash(project: Project) -> str:
    """SHA-256 of the file's text: equal exactly if two projects have the same text."""
    return hash_of(dump(project).encode())


def older_hashes(project: Project) -> set[str]:
    """The results of `content_hash` in older versions for the file that this project was read from."""
    return {content_hash(replace(project, version=version)) for version in range(1, VERSION)}


def hash_of(data: bytes) -> str:
    """The content hash of the project with these `encoded` bytes."""
    return hashlib.sha256(data).hexdigest()


def _check_readable(data: bytes, path: Path) -> None:
    """Refuse bytes that could not be opened again, which must not replace a readable file."""
    try:
        parse(data, "it")
    except FileProblem as wrong:
        raise FileProblem(f"{path} is not written, since it could not be read again: {wrong.message}") from wrong


def _bytes(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise FileProblem(f"{path} is a folder, not a project file.", hint=_projects_inside(path))
        return content(path, MAX_BYTES + 1)
    except FileNotFoundError:
        raise FileProblem(f"There is no file {path}.", hint=_similar_name(path), code="F002") from None
    except (OSError, ValueError) as error:
        if isinstance(error, OSError):
            raise disk_errors.problem("read", path, error) from error
        raise FileProblem(f"{str(path)!r} cannot be the name of a file.", code="F002") from None


def _similar_name(path: Path) -> str:
    return did_you_mean(path.name, _projects(path.parent))


def _projects_inside(folder: Path) -> str:
    projects = _projects(folder)
    return f"It holds {', '.join(projects[:5])}." if projects else ""


def _projects(folder: Path) -> list[str]:
    try:
        return sorted(file.name for file in folder.glob(f"*{SUFFIX}"))
    except OSError:
        return []


def _normal(graph: Graph) -> Graph:
    nodes = {name: _normal_node(node) for name, node in graph.nodes.items()}
    return Graph(nodes, graph.wires, graph.frames, graph.notes, graph.params, graph.extra)


def _normal_node(node: Node) -> Node:
    """The node with the values that a file holds: those that differ from their defaults, and the required ones."""
    declared = layer(node.kind)
    params = dict(node.params)
    for param in declared.params if declared else ():
        if param.required:
            if node.shares is None:  # a node that shares weights has no values of its own
                params.setdefault(param.name, param.default)
        elif param.name in params and not isinstance(param, FromInput) and _is_default(param, params[param.name]):
            del params[param.name]
    if params == node.params:
        return node
    return replace(node, params=params)


def _is_default(param: Param, value: Value) -> bool:
    """Whether a value reads as the default; 1 is not true, and nan equals nan."""
    return not isinstance(value, Expression) and repr(param.from_json(thaw(value))) == repr(param.default)
