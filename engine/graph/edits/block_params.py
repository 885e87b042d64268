"""Edits of the parameters of a block."""

from typing import Self

from msgspec import Struct
from msgspec.structs import replace

from engine.catalog.expressions import FUNCTIONS, names, rename
from engine.graph.block_params import BlockParam
from engine.graph.edits.insertion import EditError, check_new, find, graph_of, insert, place_of, rekey
from engine.graph.model import Project
from engine.graph.node_expressions import LOOP_NAMES, change_expressions, expressions_in

RESERVED_PARAMS = (*FUNCTIONS, *LOOP_NAMES)
"""The names that no parameter can have, since they mean something else in expressions."""


class AddBlockParam(Struct, frozen=True):
    """Give a block one more parameter; ``index`` is its place, the end by default."""

    graph: str
    name: str
    param: BlockParam
    index: int | None = None

    @property
    def label(self) -> str:
        return f"Add parameter {self.name}"

    def apply(self, project: Project) -> "RemoveBlockParam":
        """Change the project; return the edit that changes it back."""
        params = graph_of(project, self.graph).params
        check_param_name(params, self.name)
        insert(params, self.name, self.param, self.index)
        return RemoveBlockParam(self.graph, self.name)


class RemoveBlockParam(Struct, frozen=True):
    """Remove a parameter; what reads or sets it stays (`compose.remove_param` replaces that)."""

    graph: str
    name: str

    @property
    def label(self) -> str:
        return f"Remove parameter {self.name}"

    def apply(self, project: Project) -> AddBlockParam:
        """Change the project; return the edit that changes it back."""
        params = graph_of(project, self.graph).params
        param = find(params, self.name, "parameter")
        index = place_of(params, self.name)
        del params[self.name]
        return AddBlockParam(self.graph, self.name, param, index)


class SetBlockParam(Struct, frozen=True):
    """Give a parameter another declaration: type, default, range, help."""

    graph: str
    name: str
    param: BlockParam

    @property
    def label(self) -> str:
        return f"Change parameter {self.name}"

    def apply(self, project: Project) -> Self:
        """Change the project; return the edit that changes it back."""
        params = graph_of(project, self.graph).params
        before, params[self.name] = find(params, self.name, "parameter"), self.param
        return replace(self, param=before)


class MoveBlockParam(Struct, frozen=True):
    """Put a parameter at another place among the parameters, counted from 0."""

    graph: str
    name: str
    index: int

    @property
    def label(self) -> str:
        return f"Move parameter {self.name}"

    def apply(self, project: Project) -> Self:
        """Change the project; return the edit that changes it back."""
        params = graph_of(project, self.graph).params
        param = find(params, self.name, "parameter")
        if not 0 <= self.index < len(params):
            raise EditError(f"{self.name} cannot be moved further")
        before = place_of(params, self.name)
        del params[self.name]
        insert(params, self.name, param, self.index)
        return replace(self, index=before)


class RenameBlockParam(Struct, frozen=True):
    """Give a parameter another name; expressions in the block and the values of its uses follow."""

    graph: str
    old: str
    new: str

    @property
    def label(self) -> str:
        return f"Rename parameter {self.old} to {self.new}"

    def apply(self, project: Project) -> Self:
        """Change the project; return the edit that changes it back."""
        graph = graph_of(project, self.graph)
        find(graph.params, self.old, "parameter")
        if self.old == self.new:
            return self
        check_param_name(graph.params, self.new)
        uses = [project.graphs[owner].nodes[use] for owner, use in project.uses(self.graph)]
        if any(self.new in use.params for use in uses) or any(
            self.new in names(each) for each in expressions_in(graph)
        ):
            raise EditError(f"something else already refers to {self.new}, which does not exist: remove that first")
        rekey(graph.params, self.old, self.new)
        for use in uses:
            if self.old in use.params:
                rekey(use.params, self.old, self.new)
        change_expressions(graph, lambda expression: rename(expression, {self.old: self.new}))
        return replace(self, old=self.new, new=self.old)


def check_param_name(params: dict[str, BlockParam], name: str) -> None:
    """Raises: `EditError` when a new parameter cannot have this name."""
    check_new(params, name)
    if name in RESERVED_PARAMS:
        raise EditError(f"{name} has another meaning in expressions: use another name")
