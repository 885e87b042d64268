"""The ``step.py`` of a project, with phases or without."""

from engine.codegen.field_usage import Reads
from engine.codegen.scripts.phased_step import PhasedStepCode
from engine.codegen.scripts.step import StepCode
from engine.graph.model import Project


def step_code(project: Project, reads: Reads) -> StepCode | PhasedStepCode:
    """The writer of the file. ``reads``: what the main graph of the project reads."""
    if project.training.phases:
        return PhasedStepCode(project, reads)
    return StepCode(project, reads)
