"""Walks a project in the order of its values, and infers the outputs of every node of every block use."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from engine.catalog.expressions import Expression
from engine.catalog.params import Value
from engine.catalog.spec import Layer
from engine.check.diagnostics import Diagnostic, errors
from engine.errors import EngineError
from engine.graph.loops import LoopSettings
from engine.graph.model import End, Node, Project
from engine.graph.repetitions import repetition
from engine.graph.resolved import SizeValues, Values, use_values
from engine.graph.sizes import size_name
from engine.runtime.analysis import loops, repeated
from engine.runtime.analysis.batches import SensitiveLayer, is_sensitive
from engine.runtime.analysis.block_values import has_wrong_defaults, read_sizes, use_problems
from engine.runtime.analysis.build import DTYPES, Refusal, Spec, trial
from engine.runtime.analysis.input_rules import derived_sizes, misfits
from engine.runtime.analysis.layer_cache import LayerCache, set_values
from engine.runtime.analysis.losses.agreement import disagreements, has_declared_sizes
from engine.runtime.analysis.losses.comparison import Comparison, compares_samples
from engine.runtime.analysis.losses.input_kinds import port_problems
from engine.runtime.analysis.losses.targets import problems
from engine.runtime.analysis.node_analysis import Path, Results, Sizes
from engine.runtime.analysis.places import Place, Places
from engine.runtime.analysis.refusals import explanation
from engine.runtime.analysis.repeated import Repetition, Specs, analysis_of
from engine.runtime.analysis.result_rules import unreadable_output, useless
from engine.runtime.analysis.weights import settings, uncounted_weights
from engine.runtime.data.field_spec import FieldSpec


@dataclass(slots=True)
class Walk:
    """Collects the results of all nodes. ``rule_problems``: those of the rules that need no torch.

    ``blocked``: (graph, node) pairs with errors among them.
    """

    project: Project
    fields: Mapping[str, FieldSpec]
    rule_problems: Sequence[Diagnostic]
    blocked: set[tuple[str, str]]
    cache: LayerCache
    lengths: Mapping[str, int] = field(default_factory=dict)  # those to try, by the letter of the axis
    results: Results = field(default_factory=Results)
    problems: list[Diagnostic] = field(default_factory=list)
    sensitive: list[SensitiveLayer] = field(default_factory=list)
    _places: Places = field(init=False)
    _read: dict[Path, dict[str, Value]] = field(default_factory=dict)  # sizes by home, read once for all borrowers
    _sizes: dict[Path, SizeValues] = field(default_factory=dict)  # of the inputs of blocks by home, as those of layers
    _firsts: dict[Path, dict[int, int]] = field(default_factory=dict)  # by home: the equal repetition before each
    _first_borrowers: dict[Path, tuple[Path, int]] = field(default_factory=dict)  # first borrower and weights, by home

    def __post_init__(self) -> None:
        self._places = Places(self.project, self.rule_problems)

    def main(self, rows: int) -> None:
        """Walk the whole project with this number of samples."""
        place = self._places.at(self.project.main, (), (), {}, {}, borrows=False, counts=True)
        inputs: Specs = {}
        for name, node in place.view.graph.of_kind("Input").items():
            spec = self.fields.get(str(node.params.get("field") or name))
            sizes = [size if isinstance(size, int) else self.lengths[size] for size in spec.shape] if spec else []
            inputs[name] = Spec((rows, *sizes), DTYPES[spec.dtype]) if spec else None
        with trial():
            self._graph(place, inputs)
        uncounted_weights.count_at_borrowers(self.results, self._first_borrowers)
        self.problems += settings.problems(self.project, self.results.nodes, self._places.views, self.blocked)
        self.problems = repeated.once_a_node(self.problems)

    def _graph(self, place: Place, inputs: Specs) -> Specs:
        """The outputs of a graph for these inputs."""
        values: dict[tuple[str, str], Spec | None] = {}
        results: Specs = {}
        for name in place.graph.order:
            node = place.view.graph.nodes[name]
            if place.view.layers[name] is None or (place.view.name, name) in self.blocked:
                continue
            incoming = {wire.target.port: values.get(wire.source) for wire in place.wires_into(name)}
            if node.kind == "Input":
                outputs: Specs = {"output": inputs.get(name), **place.lengths(name)}
                self._note(place, name, outputs)
            else:
                outputs = self._visit(place, name, node, incoming)
            if node.kind == "Output":
                results[name] = incoming.get("input")
            for port, spec in outputs.items():
                values[name, port] = spec
        return results

    def _visit(self, place: Place, name: str, node: Node, incoming: Specs) -> Specs:
        """The outputs of a node; problems of one that the network does not contain are only warnings."""
        if place.view.missing_inputs(name):
            return {}
        before, wrong = len(self.problems), place.problems_of(name)
        self.problems += wrong
        outputs = {} if errors(wrong) else self._node(place, name, node, incoming)
        if name not in place.graph.live:
            self.problems[before:] = [replace(problem, severity="warning") for problem in self.problems[before:]]
        return outputs

    def _node(self, place: Place, name: str, node: Node, incoming: Specs) -> Specs:
        """The outputs of a node by port; empty when its inputs are unknown or torch refuses it."""
        layer = place.view.layers[name]
        inputs = {port: spec for port, spec in incoming.items() if spec is not None}
        if layer is None or len(inputs) < len(incoming):
            return {}
        outputs: Specs = {}
        if node.kind == "Output":
            if not place.path:
                self._add(unreadable_output(place.view, name, inputs))
        elif node.is_bypassed:
            ports = place.view.ports[name]
            outputs = {ports.outputs[0].name: next(iter(inputs.values()), None)}
            self._note_sizes(place, name, node, layer, inputs)
        elif node.kind == "Block":
            return self.block(place, name, node, inputs)
        elif node.loop:
            return self._loop(place, name, node, node.loop, inputs)
        else:
            return self._layer(place, name, node, layer, inputs)
        self._note(place, name, outputs)
        return outputs

    def _layer(self, place: Place, name: str, node: Node, layer: Layer, inputs: Mapping[str, Spec]) -> Specs:
        owner = place.view.graph.nodes[node.shares] if node.shares else node
        home = (*place.home, node.shares or name)
        wrong = list(misfits(place.view, name, layer, inputs, owner.params))
        if compares_samples(layer) and not wrong:
            wrong = list(problems(self._comparison(place, name, layer, node, inputs)))
        if has_declared_sizes(layer) and not wrong:
            wrong = list(disagreements(place.view, name, layer, inputs, owner.params))
        wrong = wrong or list(port_problems(place.view, name, layer, owner.params))
        self.problems += wrong
        if any(problem.severity == "error" for problem in wrong):
            return {}
        if layer.role == "metric":
            self._note(place, name, {})
            return {}
        read, unreadable = self._read.get(home), None
        if read is None:
            read, unreadable = derived_sizes(place.view, name, layer, inputs, owner.params)
        if self._add(unreadable):
            return {}
        return self._run_layer(place, name, layer, inputs, {**set_values(layer, owner), **read}, home, read)

    def _run_layer(
        self,
        place: Place,
        name: str,
        layer: Layer,
        inputs: Mapping[str, Spec],
        values: dict[str, Value],
        home: Path,
        read: dict[str, Value],
    ) -> Specs:
        try:
            result = self.cache.of(layer, values, inputs)
        except EngineError as wrong:
            self.problems.append(place.view.problem("S001", wrong.message, wrong.hint, node=name))
            return {}
        if isinstance(result, Refusal):
            params = values if home in self._read else set_values(layer, place.view.graph.nodes[home[-1]])
            self.problems.append(explanation(place.view, name, layer, params, inputs, result))
            return {}
        if self._add(useless(place.view, name, inputs, result)):
            return {}
        if name in place.total_nodes and is_sensitive(layer, values):
            self.sensitive.append(SensitiveLayer(place.view, name, layer, values, inputs))
        self._read[home] = read
        if layer.derived:
            self.results.derived[home] = read
        outputs = dict(zip((port.name for port in layer.outputs_with(values)), result.outputs, strict=False))
        weights = dict(result.weights)
        learned = settings.own_parameters(self.project, home, weights)
        borrows = place.borrows or place.view.graph.nodes[name].shares is not None
        if borrows and name in place.total_nodes:
            self._first_borrowers.setdefault(home, ((*place.path, name), learned))
        self._note(place, name, outputs, 0 if borrows else learned, result.macs, weights)
        return outputs

    def _comparison(self, place: Place, name: str, layer: Layer, node: Node, inputs: Mapping[str, Spec]) -> Comparison:
        spec = self.fields.get(place.view.field_behind(name, "target") or "")
        classes, occurring = (spec.classes, spec.occurring) if spec else (None, None)

        def shapes(end: End) -> tuple[int | str, ...] | None:
            node_analysis = self.results.nodes.get((*place.path, end.node))
            return node_analysis.outputs.get(end.port) if node_analysis else None

        return Comparison(
            place.view, name, layer, node.params, inputs["input"], inputs["target"], classes, occurring, shapes
        )

    def _note_sizes(self, place: Place, name: str, node: Node, layer: Layer, inputs: Mapping[str, Spec]) -> None:
        """Note what a layer would read that is bypassed here, but not everywhere: its class has arguments for it."""
        if node.shares or not isinstance(self.project.graphs[place.view.name].nodes[name].bypass, Expression):
            return
        if node.kind == "Block":
            aside = replace(self, results=Results(), problems=[], sensitive=[], _first_borrowers={})
            aside.block(place, name, node, inputs)
            self.results.derived |= aside.results.derived
            return
        read, unreadable = derived_sizes(place.view, name, layer, inputs, node.params)
        if read and not unreadable:
            self.results.derived[*place.home, name] = read

    def block(self, place: Place, name: str, node: Node, inputs: Mapping[str, Spec]) -> Specs:
        """The outputs of a use of a block: each repetition takes those of the one before."""
        ports, home = place.view.ports[name], (*place.home, node.shares or name)
        firsts = self._firsts.setdefault(home, {})
        different: dict[object, Repetition] = {}
        takes, repetitions = dict(inputs), list[Repetition]()
        while len(repetitions) < node.repeat:
            index = len(repetitions)
            values = use_values(self.project.graphs[node.graph or ""], place.view.graph.nodes[home[-1]], index)
            key = (tuple(takes.values()), tuple(values.items()), firsts.get(index))
            if key not in different:
                before = repetitions[-1] if repetitions else None
                different[key] = self._repetition(place, name, home, index, values, takes, before)
            repetitions.append(different[key])
            firsts.setdefault(index, different[key].home_index)
            gives = [repetitions[-1].outputs.get(port.name) for port in ports.outputs]
            if None in gives:
                repetitions += repetitions[-1:] * (node.repeat - len(repetitions))
            takes |= {port.name: spec for port, spec in zip(ports.inputs, gives, strict=False) if spec}
        results, weights, times = repeated.all_results(repetitions)
        repeated.spread(results.derived, home, firsts)
        outputs = repetitions[-1].outputs
        of_all = analysis_of(outputs, results.parameters, results.macs, times=times, weights=weights)
        results.nodes[*place.path, name] = of_all
        self.results.add(results)
        return outputs

    def _loop(self, place: Place, name: str, node: Node, loop: LoopSettings, inputs: Mapping[str, Spec]) -> Specs:
        """The outputs of a loop: the block runs once, with what it takes in one round."""
        home = (*place.home, node.shares or name)
        self._firsts.setdefault(home, {})
        values = use_values(self.project.graphs[node.graph or ""], place.view.graph.nodes[home[-1]])
        wrong = list(loops.input_problems(place.view, name, loop, inputs))
        if not wrong:
            takes = loops.round_inputs(loop, inputs)
            one = self._repetition(place, name, home, 0, values, takes, None)
            wrong = list(loops.output_problems(place.view, name, loop, takes, one.outputs))
        self.problems += wrong
        if wrong:
            return {}
        results, outputs = loops.all_rounds((*place.path, name), loop, inputs, one)
        self.results.add(results)
        return outputs

    def _repetition(
        self,
        place: Place,
        name: str,
        home: Path,
        index: int,
        values: Values,
        inputs: Mapping[str, Spec],
        before: Repetition | None,
    ) -> Repetition:
        """Walk one repetition of a block, with these values of its parameters."""
        outer, count = self.results, len(self.problems)
        node, home_index = place.view.graph.nodes[name], self._firsts[home].get(index, index)
        self.results, outputs, weights = Results(), Specs(), None
        owner, block = place.view.graph.nodes[home[-1]], self.project.graphs[node.graph or ""]
        self.problems += use_problems(place.view, name, owner, values, index)
        if len(self.problems) == count and not has_wrong_defaults(block, owner):
            inside_home = (*home[:-1], repetition(home[-1], home_index))
            sizes = self._sizes.setdefault(inside_home, read_sizes(block, inputs))
            path = (*place.path, repetition(name, index))
            is_copy, counts = place.borrows or node.shares is not None, name in place.total_nodes
            inside = self._places.at(node.graph or "", path, inside_home, values, sizes, borrows=is_copy, counts=counts)
            outputs = self._graph(inside, dict(inputs))
            weights = settings.block_weights(self.results.nodes, path, inside.view, inside.graph.live)
            if sizes:
                self.results.derived[inside_home] = {size_name(*each): size for each, size in sizes.items()}
        one = Repetition(home_index, values, dict(inputs), outputs, self.results, weights)
        self.results = outer
        if before is not None:
            self.problems[count:] = repeated.later_problems(place.view, name, index, before, one, self.problems, count)
        return one

    def _add(self, problem: Diagnostic | None) -> bool:
        """Add a problem; returns whether there is one."""
        if problem is not None:
            self.problems.append(problem)
        return problem is not None

    def _note(
        self, place: Place, name: str, outputs: Specs, parameters: int = 0, macs: int = 0, weights: Sizes | None = None
    ) -> None:
        self.results.nodes[*place.path, name] = analysis_of(outputs, parameters, macs, weights=weights)
        if name in place.total_nodes:
            self.results.parameters += parameters
            self.results.macs += macs
