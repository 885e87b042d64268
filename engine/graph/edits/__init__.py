"""The primitive edits: each is a value that changes a project and returns the edit that changes it back.

Restoring is exact, including the order of nodes, wires and values, because that order decides the generated source.
An edit that does not fit raises `EditError` and changes nothing.
"""

from engine.graph.edits.batch import Batch, Edit, absorb
from engine.graph.edits.block_params import (
    RESERVED_PARAMS,
    AddBlockParam,
    MoveBlockParam,
    RemoveBlockParam,
    RenameBlockParam,
    SetBlockParam,
)
from engine.graph.edits.graphs import AddGraph, RemoveGraph, RenameGraph, SetFrames, SetNotes
from engine.graph.edits.insertion import EditError
from engine.graph.edits.nodes import AddNode, RemoveNode, RenameNode
from engine.graph.edits.settings import SetData, SetGeneration, SetProject, SetTraining
from engine.graph.edits.values import MoveNodes, SetLoop, SetNode, SetParam, SetWeights
from engine.graph.edits.wires import AddWire, RemoveWire, SetPoints

__all__ = [
    "RESERVED_PARAMS",
    "AddBlockParam",
    "AddGraph",
    "AddNode",
    "AddWire",
    "Batch",
    "Edit",
    "EditError",
    "MoveBlockParam",
    "MoveNodes",
    "RemoveBlockParam",
    "RemoveGraph",
    "RemoveNode",
    "RemoveWire",
    "RenameBlockParam",
    "RenameGraph",
    "RenameNode",
    "SetBlockParam",
    "SetData",
    "SetFrames",
    "SetGeneration",
    "SetLoop",
    "SetNode",
    "SetNotes",
    "SetParam",
    "SetPoints",
    "SetProject",
    "SetTraining",
    "SetWeights",
    "absorb",
]
