"""The generated program: a module for each of its files beside model.py, and what these share."""

FILES = (
    "model.py",
    "cells.py",
    "reading.py",
    "transforms.py",
    "data.py",
    "weights.py",
    "phases.py",
    "metrics.py",
    "step.py",
    "options.py",
    "train.py",
    "predict.py",
    "generate.py",
)
"""The Python files of an exported program, in the order in which a person reads them."""
OPTIONAL = ("cells.py", "transforms.py", "weights.py", "phases.py", "metrics.py", "generate.py")
"""Those which a program has only where another file would be too long, where weights have settings, where it trains in
phases or generates."""
DATA = ("table.json", "transforms.json")
"""What is too long for a file that a person reads."""
ASKING = ("predict.py", "generate.py", "transforms.json")
"""The files that training does not need."""
