"""Torchloom without its window: graph, catalogue, source, projects, runs, and the command line."""

__version__ = "0.1.0"
