"""Random projects, graphs, values and edits for the laws.

The graphs have what reveals faults: diamonds, arms of unequal length, fan-out, several inputs and outputs, variadic
ports, shared weights, nested blocks, an insertion order that is not a topological one, and hostile texts.
"""

from tests.strategies.edits import edits
from tests.strategies.graphs import GraphBuilder, graphs, nodes, projects
from tests.strategies.settings import data, trainings, weight_settings
from tests.strategies.values import HOSTILE, hostile_texts, json_extra, literals, names, params_of, points, values_of

__all__ = [
    "HOSTILE",
    "GraphBuilder",
    "data",
    "edits",
    "graphs",
    "hostile_texts",
    "json_extra",
    "literals",
    "names",
    "nodes",
    "params_of",
    "points",
    "projects",
    "trainings",
    "values_of",
    "weight_settings",
]
