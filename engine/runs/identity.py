"""The part of a project that decides the result of its training."""

from dataclasses import replace

from engine.graph.model import Graph, Project, Wire
from engine.project import file as files


def result_hash(project: Project) -> str:
    """The hash of what decides the result of training; the look of the graphs is left out."""
    graphs = {
        name: Graph(
            {each: replace(node, pos=(0.0, 0.0), extra={}) for each, node in graph.nodes.items()},
            [Wire(wire.source, wire.target) for wire in graph.wires],
        )
        for name, graph in project.graphs.items()
    }
    return files.content_hash(replace(project, name="", version=0, graphs=graphs, extra={}))
