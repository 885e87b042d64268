"""The generated program: one module of this package writes one file."""

FILES = ("model.py", "reading.py", "data.py", "step.py", "train.py", "predict.py")
"""The Python files of an exported program, in the order in which a person reads them."""
