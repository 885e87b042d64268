"""Expressions over the parameters of a block, such as ``channels * 2``: read as a tree, never run.

A closed part of Python's grammar: numbers, names, texts and flags, ``+ - * / // % **``, comparisons, ``and or not``,
``a if c else b``, tuples, ``min``, ``max``, and ``size(port, axis)``.
"""

from engine.catalog.expressions.division import with_whole_division
from engine.catalog.expressions.evaluation import evaluate
from engine.catalog.expressions.expression import MAX_NUMBER, Constant, Expression, ExpressionError
from engine.catalog.expressions.grammar import FUNCTIONS, parse, read
from engine.catalog.expressions.names import names, rename, rename_ports, sizes
from engine.catalog.expressions.spelling import shortened
from engine.catalog.expressions.substitution import substitute

__all__ = [
    "FUNCTIONS",
    "MAX_NUMBER",
    "Constant",
    "Expression",
    "ExpressionError",
    "evaluate",
    "names",
    "parse",
    "read",
    "rename",
    "rename_ports",
    "shortened",
    "sizes",
    "substitute",
    "with_whole_division",
]
