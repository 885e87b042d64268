"""What is wrong with the project, where, and what mends it."""

from gui.problems.panel import ProblemsPanel

__all__ = ["ProblemsPanel"]
