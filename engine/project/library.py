"""Libraries of blocks: folders of files, each a project that offers one block and shows an example of its use."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path

from msgspec import Struct

from engine.errors import EngineError, FileProblem
from engine.graph.compose import unused_name
from engine.graph.fragment import Fragment, fragment_of
from engine.graph.json_form import graph_to_json
from engine.graph.model import NO_DATA, End, Graph, Node, Project, Published, Wire
from engine.places import user_data_dir
from engine.project.disk_errors import problem
from engine.project.file import SUFFIX, parse, read, write

FOLDER = "resources.blocks"
SHIPPED, OWN = "Torchloom", "mine"
EXAMPLE = "Example"
STEP_PX = 240.0
Sample = tuple[tuple[int, ...], str]
"""The shape of one sample, without the samples' axis, and its element: ``float32``, ``int64`` or ``bool``."""


class LibraryBlock(Struct, frozen=True):
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
        use = self.name.lower()
        project.graphs[main].nodes[use] = Node("Block", graph=self.name)
        return fragment_of(project, main, [use])


class Library(Struct, frozen=True):
    """The blocks of a folder by name; ``problems``: why others cannot be read."""

    blocks: dict[str, LibraryBlock]
    problems: tuple[FileProblem, ...] = ()


def own_folder() -> Path:
    """The folder of the user's own blocks; it may not exist yet."""
    return user_data_dir() / "blocks"


@cache
def shipped() -> Library:
    """The blocks that ship with the app, in the order of their index."""
    folder = files(FOLDER)
    names = folder.joinpath("index.txt").read_text(encoding="utf-8").split()
    texts = {name: folder.joinpath(f"{name}{SUFFIX}").read_text(encoding="utf-8") for name in names}
    return Library({name: _block(parse(text, name), SHIPPED, name) for name, text in texts.items()})


def library(folder: Path, name: str) -> Library:
    """The blocks in a folder, in the order of their names; a folder that does not exist has none."""
    blocks: dict[str, LibraryBlock] = {}
    problems: list[FileProblem] = []
    for path in sorted(folder.glob(f"*{SUFFIX}")) if folder.is_dir() else ():
        try:
            block = _block(read(path), name, str(path))
        except FileProblem as wrong:
            problems.append(wrong)
        else:
            blocks[block.name] = block
    return Library(blocks, tuple(problems))


def _block(project: Project, library_name: str, where: str) -> LibraryBlock:
    published = project.published
    if published is None or published.block not in project.graphs or published.block == project.main:
        raise FileProblem(f"{where} offers no block.", hint="Publish one from the page of a block.")
    graphs = {name: graph for name, graph in project.graphs.items() if name != project.main}
    return LibraryBlock(published.block, published.summary, published.version, library_name, graphs)


def publish(
    project: Project, block: str, folder: Path, summary: str, samples: Mapping[str, Sample] | None = None
) -> Path:
    """Write a block with all that it uses into a library; one that is there already gets the next version.

    ``samples``: what its inputs take in an example, by port, as far as it is known. Nothing is written where an equal
    block is there. Raises: `EngineError` when there is no such block, the file there is no block, or it cannot be
    written.
    """
    if block not in project.graphs or block == project.main:
        raise EngineError(f"There is no block {block}.")
    example = _example(project, block, samples or {})
    path = folder / f"{block}{SUFFIX}"
    version = 1
    if path.exists():
        before = _block(read(path), OWN, str(path))
        if before.summary == summary and _texts(before.graphs) == _texts(_without_main(example)):
            return path
        version = before.version + 1
    example.published = Published(block, summary, version)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise problem("create", folder, error) from error
    write(path, example)
    return path


def _texts(graphs: Mapping[str, Graph]) -> dict[str, object]:
    return {name: graph_to_json(graph) for name, graph in graphs.items()}


def _without_main(project: Project) -> dict[str, Graph]:
    return {name: graph for name, graph in project.graphs.items() if name != project.main}


def _example(project: Project, block: str, samples: Mapping[str, Sample]) -> Project:
    """A project whose main graph uses the block once, between an Input and an Output for each port."""
    names = _used(project, block)
    main = unused_name(names, EXAMPLE)
    inside = project.graphs[block]
    graph, use = Graph(), unused_name(inside.nodes, block.lower())
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
