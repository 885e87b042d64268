"""What a project's way to generate refers to in its graph."""

from engine.graph.model import Project


def output_of(project: Project) -> str | None:
    """The Output of the main graph that gives the samples, or ``None`` where none or several may be meant."""
    graph = project.graphs.get(project.main)
    outputs = list(graph.of_kind("Output")) if graph else []
    named = project.generation.params.get("output") if project.generation else None
    if named:
        return str(named) if named in outputs else None
    return outputs[0] if len(outputs) == 1 else None
