"""The node that a project's generation refers to."""

from engine.graph.model import Project


def output_of(project: Project) -> str | None:
    """The Output of the main graph that gives the samples, or ``None`` where there is none or it is ambiguous."""
    graph = project.graphs.get(project.main)
    outputs = list(graph.of_kind("Output")) if graph else []
    name = project.generation.params.get("output") if project.generation else None
    if name:
        return str(name) if name in outputs else None
    return outputs[0] if len(outputs) == 1 else None
