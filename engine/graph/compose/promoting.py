"""The gesture that makes a value inside a block one of its parameters."""

from dataclasses import replace

from engine.catalog.expressions import Constant, Expression
from engine.catalog.index import layer
from engine.catalog.params import Choice, Flag, Float, FromInput, Int, Param, Sizes, Value
from engine.graph.block_params import BlockParam
from engine.graph.compose.block_params import add_param
from engine.graph.edits import AddBlockParam, Batch, EditError, SetParam
from engine.graph.edits.insertion import node_of
from engine.graph.model import Project


def promote(project: Project, block: str, node: str, name: str) -> Batch:
    """Make a value of a node a parameter of the block, with the present value as default.

    Raises: `EditError` in the main graph, and for a value that no parameter of a block can have.
    """
    if block == project.main:
        raise EditError("the main graph has no parameters: make a block first")
    value_node = node_of(project, block, node)
    if value_node.shares:
        raise EditError(f"{node} uses the weights of {value_node.shares}, and its values: make those a parameter")
    param = _declared(project, value_node.kind, value_node.graph, name)
    usual = None if param is None or isinstance(param, FromInput) else param.default  # a size is read off the wire
    value = value_node.params.get(name, usual)
    declaration = _declaration(param, value) if param else None
    if declaration is None:
        raise EditError(f"{name} of {node} cannot be a parameter of a block")
    added = add_param(project, block, declaration, name)
    new_name = next(edit.name for edit in added.edits if isinstance(edit, AddBlockParam))
    return Batch(
        f"Make {name} of {node} a parameter", (*added.edits, SetParam(block, node, name, Expression(new_name)))
    )


def _declared(project: Project, kind: str, graph: str | None, name: str) -> Param | None:
    block = project.graphs.get(graph or "")
    if block is not None:
        own = block.params.get(name)
        return own.declared(name) if own else None
    declared = layer(kind)
    return declared.param(name) if declared else None


def _declaration(param: Param, value: Value) -> BlockParam | None:
    """A parameter of a block with that default and the same range; ``None`` if there is no such kind."""
    declared: BlockParam | None = None
    match param, value:
        case Flag(), bool():
            declared = BlockParam("flag", value)
        case Choice(options=options), str():
            declared = BlockParam("choice", value, options=options)
        case ((Int() | FromInput() | Sizes()), int()):
            declared = BlockParam("int", value, min=param.min, max=getattr(param, "max", None))
        case Float(min=least, max=most), int() | float():
            declared = BlockParam("float", float(value), min=least, max=most)
        case ((Sizes() | FromInput()), tuple()) if _are_whole(value):
            declared = BlockParam("tuple", value, min=param.min)
    if declared is None or declared.declared(param.name).problem(declared.default):
        return None
    return replace(declared, help=param.help)


def _are_whole(value: tuple[Constant, ...]) -> bool:
    return all(isinstance(each, int) and not isinstance(each, bool) for each in value)
