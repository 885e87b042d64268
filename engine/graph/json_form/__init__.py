"""The JSON form of projects and edits, which project file, clipboard, journal and protocol share.

Reading follows a closed schema: a value of the wrong form raises `FileProblem` with its path
(``graphs.Net.nodes.conv1.params``); unknown fields are kept in ``extra``, unknown kinds unchanged; no code is run.
Keys are in the model's order; a writer sorts them where order means nothing.
"""

from engine.graph.json_form.edits import edit_from_json, edit_to_json
from engine.graph.json_form.graphs import (
    graph_from_json,
    graph_to_json,
    graphs_from_json,
    node_from_json,
    node_to_json,
    wire_from_json,
    wire_to_json,
)
from engine.graph.json_form.parts import generation_from_json, generation_to_json
from engine.graph.json_form.published import published_from_json, published_to_json
from engine.graph.json_form.settings import data_from_json, data_to_json, training_from_json, training_to_json

__all__ = [
    "data_from_json",
    "data_to_json",
    "edit_from_json",
    "edit_to_json",
    "generation_from_json",
    "generation_to_json",
    "graph_from_json",
    "graph_to_json",
    "graphs_from_json",
    "node_from_json",
    "node_to_json",
    "published_from_json",
    "published_to_json",
    "training_from_json",
    "training_to_json",
    "wire_from_json",
    "wire_to_json",
]
