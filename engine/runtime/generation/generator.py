"""The generator of a project, and the function that its declaration names."""

from collections.abc import Callable
from importlib import import_module

from torch import nn

from engine.catalog.generation_kinds import GENERATORS, Generator
from engine.graph.model import Project
from engine.runtime.load import Model

Draw = Callable[[Project, Model, nn.Module, int, int, str], bytes]


def generator_of(project: Project) -> Generator | None:
    """The declaration of how a project generates, if it does."""
    return GENERATORS.get(project.generation.kind) if project.generation else None


def draw_function(generator: Generator) -> Draw:
    """The function that gives the bytes of a file for a project, its model, a network, a count, a seed and a suffix."""
    module, _, function = generator.draw.partition(":")
    draw: Draw = getattr(import_module(f"engine.runtime.generation.{module}"), function)
    return draw
