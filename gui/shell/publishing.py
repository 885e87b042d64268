"""The block that is selected or open, and what is known of its inputs, to publish it."""

from typing import NamedTuple

from engine.graph.model import Project
from engine.project.library import Sample
from gui.state.analysis_results import AnalysisResults
from gui.state.selection import Selection

ELEMENTS = {"float": "float32", "int": "int64", "bool": "bool"}


class OneUse(NamedTuple):
    """A block, and the dotted path from the main graph of one of its uses."""

    block: str
    path: str


def use_to_publish(project: Project, selection: Selection) -> OneUse | None:
    """The use that is selected, or else the one that is open; ``None`` if there is neither."""
    if selection.single is None:
        return OneUse(selection.graph, ".".join(selection.path)) if selection.path else None
    node = project.graphs[selection.graph].nodes[selection.single]
    if not node.uses_block or node.graph is None:
        return None
    return OneUse(node.graph, ".".join((*selection.path, selection.single)))


def samples_of(project: Project, results: AnalysisResults, use: OneUse) -> dict[str, Sample]:
    """The shape and element of one sample of each input, by port, as far as the analysis knows them."""
    samples: dict[str, Sample] = {}
    for port in project.graphs[use.block].of_kind("Input"):
        inside = results.node(f"{use.path}.{port}")
        axes = inside.outputs.get("output") if inside else None
        element = ELEMENTS.get(inside.elements.get("output", "float")) if inside else None
        if not axes or element is None:
            continue
        sizes = tuple(size for size in axes[1:] if isinstance(size, int))
        if len(sizes) == len(axes) - 1:
            samples[port] = sizes, element
    return samples
