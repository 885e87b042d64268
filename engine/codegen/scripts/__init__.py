"""The generated program: a module for each of its files beside model.py, and what these share."""

FILES = (
    "model.py",
    "cells.py",
    "reading.py",
    "transforms.py",
    "data.py",
    "weights.py",
    "optimization.py",
    "phases.py",
    "metrics.py",
    "step.py",
    "options.py",
    "train.py",
    "answers.py",
    "predict.py",
    "generate.py",
)
"""The Python files of an exported program, in reading order."""
OPTIONAL = (
    "cells.py", "reading.py", "transforms.py", "weights.py", "optimization.py", "phases.py", "metrics.py",
    "answers.py", "generate.py",
)  # fmt: skip
"""The files that a program has only where another file would be too long, it reads files of samples, weights have
settings or averages, optimizers or schedules are several, the network takes data, or the project trains in phases
or generates."""
DATA = ("table.json", "reading.json", "transforms.json")
"""The files with data that is too long for a Python file."""
ASKING = ("answers.py", "predict.py", "generate.py", "transforms.json")
"""The files that training does not need."""
