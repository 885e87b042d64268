"""Gestures made of the primitive edits: each returns one `Batch` that fits the project, and does not change it.

What cannot be done raises `EditError` with the reason.
"""

from engine.graph.compose.block_members import NoBlockError, block_members
from engine.graph.compose.block_params import add_param, remove_param
from engine.graph.compose.block_ports import add_port, move_port
from engine.graph.compose.blocks import make_block, make_independent, rename_block, set_repeat
from engine.graph.compose.changing import change_kind, rename
from engine.graph.compose.loops import set_rounds, usual_rounds
from engine.graph.compose.naming import free_name, name_problem, new_node, stem, unused_name
from engine.graph.compose.pasting import add_blocks, added_names, duplicate, other_blocks, paste
from engine.graph.compose.promoting import promote
from engine.graph.compose.removing import heal, remove, remove_block
from engine.graph.compose.unpacking import unpack
from engine.graph.compose.wiring import connect, disconnect, insert, replug

__all__ = [
    "NoBlockError",
    "add_blocks",
    "add_param",
    "add_port",
    "added_names",
    "block_members",
    "change_kind",
    "connect",
    "disconnect",
    "duplicate",
    "free_name",
    "heal",
    "insert",
    "make_block",
    "make_independent",
    "move_port",
    "name_problem",
    "new_node",
    "other_blocks",
    "paste",
    "promote",
    "remove",
    "remove_block",
    "remove_param",
    "rename",
    "rename_block",
    "replug",
    "set_repeat",
    "set_rounds",
    "stem",
    "unpack",
    "unused_name",
    "usual_rounds",
]
