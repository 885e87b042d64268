"""The use of a block as a loop, and back."""

from engine.graph.compose.draft import Draft
from engine.graph.edits import Batch, EditError, SetLoop, SetNode
from engine.graph.edits.insertion import node_of
from engine.graph.loops import LoopSettings
from engine.graph.model import Project


def set_rounds(project: Project, graph: str, use: str, loop: LoopSettings | None) -> Batch:
    """Let the use of a block be a loop of these rounds, or with ``None`` call the block once.

    Raises: `EditError` when the node is no use of a block.
    """
    draft = Draft(project, graph)
    node = node_of(project, graph, use)
    if not node.uses_block:
        raise EditError(f"{use} is not the use of a block")
    if loop is None:
        draft.do(SetLoop(graph, use, None))  # before the kind: only a Loop has rounds
    kind = "Loop" if loop else "Block"
    if node.kind != kind:
        draft.do(SetNode(graph, use, "kind", kind))
    if loop and node.repeat != 1:
        draft.do(SetNode(graph, use, "repeat", 1))
    if loop:
        draft.do(SetLoop(graph, use, loop))
    return draft.batch(f"Set the rounds of {use}")


def usual_rounds(project: Project, block: str) -> LoopSettings:
    """The rounds of a loop at first: over axis 1 of the first input, and all outputs collected."""
    graph = project.graphs[block]
    inputs, outputs = list(graph.of_kind("Input")), tuple(graph.of_kind("Output"))
    return LoopSettings(over=((inputs[0], 1),), collect=outputs) if inputs else LoopSettings(count=1)
