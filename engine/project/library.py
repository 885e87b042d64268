"""Libraries of blocks: folders of files, each a project that offers one block and shows an example of its use."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path

from msgspec import Struct

from engine.errors import EngineError, FileProblem
from engine.graph.compose import free_name, unused_name
from engine.graph.fragment import Fragment, fragment_of
from engine.graph.json_form import graph_to_json
from engine.graph.model import NO_DATA, End, Graph, Node, Project, Published, Wire
from engine.places import user_data_dir
from engine.project.disk_errors import problem
from engine.project.existence import is_folder, is_there
from engine.project.file import SUFFIX, parse, read, write

FOLDER = "resources.blocks"
SHIPPED, OWN = "Torchloom", "My blocks"
EXAMPLE = "Example"
STEP_PX = 240.0
Sample = tuple[tuple[int, ...], str]
"""The shape of one sample, without the samples' axis, and its element: ``float32``, ``int64`` or ``bool``."""


class LibraryBlock(Struct, frozen=True, eq=False):
    """A block of a library. ``graphs``: the block and those that it uses, by name. ``library``: its name."""

    name: str
    summary: str
    version: int
    library: str
    graphs: dict[str, Graph]

    def fragment(self) -> Fragment:
        """One use of the block, with all that it needs, to paste into a project."""
        main = unused_name(self.graphs, EXAMPLE)
        project = Project(main=main, graphs={main: Graph(), **self.graphs})
        use = free_name(project.graphs[main], self.name)
        project.graphs[main].nodes[use] = Node("Block", graph=self.name)
        return fragment_of(project, main, [use])


class Library(Struct, frozen=True):
    """The blocks of a folder by name; ``problems``: why other files cannot be read, by the names of the files."""

    name: str
    blocks: dict[str, LibraryBlock]
    problems: dict[str, FileProblem] = {}


def own_folder() -> Path:
    """The folder of the user's own blocks; it may not exist yet."""
    return user_data_dir() / "blocks"


def project_folder(project_file: Path) -> Path:
    """The folder of blocks that belongs to a project file, beside it; it may not exist."""
    return project_file.parent / "blocks"


def shipped() -> Library:
    """The blocks that ship with the app, in the order of their index."""
    return Library(SHIPPED, {name: shipped_block(name) for name in shipped_names()})


@cache
def shipped_names() -> tuple[str, ...]:
    """The names of the blocks that ship with the app, in the order of their index."""
    return tuple(files(FOLDER).joinpath("index.txt").read_text(encoding="utf-8").split())


@cache
def shipped_block(name: str) -> LibraryBlock:
    """A block that ships with the app."""
    text = files(FOLDER).joinpath(f"{name}{SUFFIX}").read_text(encoding="utf-8")
    return _block(parse(text, name), SHIPPED, name)


def library(folder: Path, name: str) -> Library:
    """The blocks in a folder, in the order of the names of their files; a folder that does not exist has none."""
    results: dict[Path, LibraryBlock | FileProblem] = {}
    for path in block_files(folder):
        try:
            results[path] = read_block(path, name)
        except FileProblem as wrong:
            results[path] = wrong
    return library_of(name, results)


def library_of(name: str, results: Mapping[Path, LibraryBlock | FileProblem]) -> Library:
    """The library of the blocks in these files; the first of two files that offer one block counts."""
    blocks: dict[str, LibraryBlock] = {}
    problems: dict[str, FileProblem] = {}
    places: dict[str, Path] = {}
    for path, result in results.items():
        if isinstance(result, FileProblem):
            problems[path.name] = result
        elif result.name in blocks:
            text = f"{path} offers {result.name}, as {places[result.name].name} does."
            problems[path.name] = FileProblem(text, hint="Remove one of the two files.")
        else:
            blocks[result.name], places[result.name] = result, path
    return Library(name, blocks, problems)


def block_files(folder: Path) -> list[Path]:
    """The files of a library, in the order of their names; a folder that does not exist has none."""
    return sorted(folder.glob(f"*{SUFFIX}")) if is_folder(folder) else []


def read_block(path: Path, library_name: str) -> LibraryBlock:
    """The block that a file offers. Raises: `FileProblem` when it offers none or cannot be read."""
    return _block(read(path), library_name, str(path))


def _block(project: Project, library_name: str, where: str) -> LibraryBlock:
    published = project.published
    if published is None or published.block not in project.graphs or published.block == project.main:
        raise FileProblem(f"{where} offers no block.", hint="Publish one from the page of a block.")
    graphs = {name: graph for name, graph in project.graphs.items() if name != project.main}
    return LibraryBlock(published.block, published.summary, published.version, library_name, graphs)


class Publication(Struct, frozen=True):
    """What publishing a block would do. ``before``: the block that is there already, if there is one.

    ``is_equal``: it is the same, so that nothing is to be written; ``version``: the one that is there then.
    """

    path: Path
    version: int
    before: LibraryBlock | None = None
    is_equal: bool = False


def publication(project: Project, block: str, folder: Path, summary: str) -> Publication:
    """What `publish` would do. Raises: `EngineError` when there is no such block, or the file there is another."""
    if block not in project.graphs or block == project.main:
        raise EngineError(f"There is no block {block}.")
    path = folder / f"{block}{SUFFIX}"
    if not is_there(path):
        return Publication(path, 1)
    before = read_block(path, OWN)
    if before.name != block:
        raise FileProblem(f"{path} offers the block {before.name}.", hint="Choose another folder, or rename the block.")
    graphs = {name: project.graphs[name] for name in _used(project, block)}
    is_equal = before.summary == summary and _texts(before.graphs) == _texts(graphs)
    return Publication(path, before.version + (not is_equal), before, is_equal)


def publish(
    project: Project, block: str, folder: Path, summary: str, samples: Mapping[str, Sample] | None = None
) -> Publication:
    """Write a block with all that it uses into a library; one that is there already gets the next version.

    ``samples``: what its inputs take in an example, by port, as far as it is known. Nothing is written where an equal
    block is there. Raises: `EngineError` as `publication`, and when the file cannot be written.
    """
    result = publication(project, block, folder, summary)
    if result.is_equal:
        return result
    example = _example(project, block, samples or {})
    example.published = Published(block, summary, result.version)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise problem("create", folder, error) from error
    write(result.path, example)
    return result


def _texts(graphs: Mapping[str, Graph]) -> dict[str, object]:
    return {name: graph_to_json(graph) for name, graph in graphs.items()}


def _example(project: Project, block: str, samples: Mapping[str, Sample]) -> Project:
    """A project whose main graph uses the block once, between an Input and an Output for each port."""
    names = _used(project, block)
    main = unused_name(names, EXAMPLE)
    inside = project.graphs[block]
    graph, use = Graph(), free_name(inside, block)
    for place, port in enumerate(inside.of_kind("Input")):
        shape, element = samples.get(port, (None, "float32"))
        params = {} if shape is None else {"shape": shape} | ({"element": element} if element != "float32" else {})
        graph.nodes[port] = Node("Input", dict(params), (0.0, place * STEP_PX / 2))
        graph.wires.append(Wire(End(port, "output"), End(use, port)))
    graph.nodes[use] = Node("Block", graph=block, pos=(STEP_PX, 0.0))
    for place, port in enumerate(inside.of_kind("Output")):
        graph.nodes[port] = Node("Output", pos=(2 * STEP_PX, place * STEP_PX / 2))
        graph.wires.append(Wire(End(use, port), End(port, "input")))
    return Project(block, main, {main: graph, **{name: project.graphs[name] for name in names}}, NO_DATA)


def _used(project: Project, block: str) -> list[str]:
    """The block and the blocks that it uses, in the project's order."""
    names, todo = set[str](), [block]
    while todo:
        name = todo.pop()
        if name in project.graphs and name not in names:
            names.add(name)
            todo += [node.graph for node in project.graphs[name].nodes.values() if node.uses_block and node.graph]
    return [name for name in project.graphs if name in names]
