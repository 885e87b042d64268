"""The places at which each graph is used, and what its expressions read there."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.catalog.expressions import Constant, Expression, ExpressionError, evaluate
from engine.catalog.params import Value
from engine.codegen.plan import Plan
from engine.errors import EngineError
from engine.graph.model import Graph, Node, Project
from engine.graph.repetitions import repetition
from engine.graph.resolved import SizeValues, Values, loop_values
from engine.graph.sizes import size_name, size_reads

Path = tuple[str, ...]
DerivedValues = Mapping[Path, Mapping[str, Value]]
"""The parameter values that were read off the wires, by the path of nodes from the main graph inwards.

A repetition of a block that differs from the first has paths of its own, as in `engine.graph.repetitions`. A use of a
block has the sizes of its inputs, by their names as arguments.
"""

MAX_PLACES = 100_000  # blocks within blocks multiply


@dataclass(frozen=True, slots=True)
class PlaceValues:
    """The values of a block's parameters at a place, and the sizes of its inputs."""

    values: Values = field(default_factory=dict)
    sizes: SizeValues = field(default_factory=dict)

    def of(self, value: Value, more: Values | None = None) -> Constant:
        """The value of an expression, ``None`` where it has none. ``more``: other names that it may read."""
        if not isinstance(value, Expression):
            return value
        try:
            return evaluate(value, {**self.values, **(more or {})}, self.sizes)
        except ExpressionError:
            return None


Places = dict[Path, PlaceValues]
"""What expressions read at each place, by path."""
NOTHING = PlaceValues()


def places_of(project: Project, plans: dict[str, Plan], derived: DerivedValues) -> dict[str, Places]:
    """The places of each graph; of repetitions, those that differ from the first.

    ``plans``: of each graph after those of the blocks that it uses. A block that is bypassed at a place counts there
    if its sizes are known nevertheless.
    """
    beginnings = {path[:depth] for path in derived for depth in range(1, len(path) + 1)}
    different = {path for path in beginnings if path[-1].endswith("]")}
    places: dict[str, Places] = {name: {} for name in plans}
    places[project.main][()] = NOTHING
    for name in reversed(plans):
        for step in plans[name].module_steps():
            if not step.block:
                continue
            block, node = project.graphs[step.block], plans[name].wiring.node(step.name)
            ways = [repetition(step.name, index) for index in range(step.repeat if different else 1)]
            for place, here in places[name].items():
                if isinstance(node.bypass, Expression) and (*place, step.name) not in beginnings:
                    continue
                for index, way in enumerate(ways):
                    path = (*place, way)
                    if not index or path in different:
                        places[step.block][path] = _inside(block, node, here, index, derived.get(path, {}))
            if len(places[step.block]) > MAX_PLACES:
                raise EngineError(f"{step.block} is built more than {MAX_PLACES:,} times.", node=step.name, code="G012")
    return places


def _inside(block: Graph, node: Node, here: PlaceValues, index: int, sizes: Mapping[str, Value]) -> PlaceValues:
    """What a block reads at one repetition of a use. ``here``: what the use reads. ``sizes``: by their names."""
    reads = size_reads(block)
    if not block.params and not reads:
        return NOTHING
    use = {name: node.params.get(name, param.default) for name, param in block.params.items()}
    values = {name: here.of(value, loop_values(node, index)) for name, value in use.items()}
    by_name = {each: sizes.get(size_name(*each)) for each in reads}
    return PlaceValues(values, {each: size for each, size in by_name.items() if isinstance(size, int)})
