"""A second implementation of what a network computes, straight from its graphs, to check the generated source."""

import importlib
import operator
from collections.abc import Mapping

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engine.catalog.emit import Function, Infix, Method, Module
from engine.catalog.index import layer
from engine.catalog.params import FromInput, Vector
from engine.catalog.spec import Layer
from engine.graph.model import End, Node
from engine.graph.repetitions import repetition
from tests.strategies.sizes import Network

OPERATORS = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, "@": operator.matmul}


class Interpreter:
    """Computes values on demand, with the weights of ``state``, by the paths of their nodes."""

    def __init__(self, network: Network, state: Mapping[str, Tensor]) -> None:
        self.network = network
        self.state = dict(state)
        self.unused = set(state)

    def score(self, name: str, batch: Mapping[str, Tensor]) -> Tensor:
        """The value of a loss, a metric or an Output of the main graph."""
        main = self.network.project.graphs["Net"]
        inputs = {
            input_name: batch[node.params.get("field") or input_name]
            for input_name, node in main.of_kind("Input").items()
        }
        return self.value("Net", End(name, "output"), inputs, (), {})

    def value(self, graph: str, end: End, inputs: Mapping[str, Tensor], place: tuple, values: dict) -> Tensor:
        """One value of one graph. ``place``: the weights' path so far, repetitions included."""
        block_graph = self.network.project.graphs[graph]
        node = block_graph.nodes[end.node]
        if end in values:
            return values[end]
        if node.kind == "Input":
            return inputs[end.node]
        inputs_by_port = {
            wire.target.port: self.value(graph, wire.source, inputs, place, values)
            for wire in block_graph.into(end.node)
        }
        if node.kind == "Output" or node.bypass:
            return next(iter(inputs_by_port.values()))
        owner_name = node.shares or end.node
        results = self.outputs_of(block_graph.nodes[owner_name], (*place, owner_name), inputs_by_port)
        values |= {End(end.node, port): result for port, result in results.items()}
        return values[end]

    def outputs_of(self, node: Node, place: tuple, inputs: dict[str, Tensor]) -> dict[str, Tensor]:
        """The outputs of a node for these inputs."""
        if node.kind == "Block":
            return self.block(node, place, inputs)
        if node.kind == "Loop":
            return self.loop(node, place, inputs)
        kind = layer(node.kind)
        params = {param.name: node.params.get(param.name, param.default) for param in kind.params if param.is_argument}
        for param in kind.params:
            if isinstance(param, FromInput) and param.name not in node.params:
                params.pop(param.name)
            if isinstance(param, Vector) and params[param.name] is not None:
                params[param.name] = torch.tensor(params[param.name])
        params |= self.network.derived.get(_elements(place), {})
        result = self.compute(kind, params, place, inputs)
        names = [port.name for port in kind.outputs_with(node.params)] or ["output"]
        results = _flat(result)[: len(names)]  # attention without its weights gives None in their place
        return dict(zip(names, results, strict=True))

    def block(self, node: Node, place: tuple, first_inputs: dict[str, Tensor]) -> dict[str, Tensor]:
        """Each repetition has weights of its own, and feeds its outputs to the first inputs of the next."""
        inside = self.network.project.graphs[node.graph]
        inputs = {name: first_inputs[name] for name in inside.of_kind("Input")}
        for number in range(node.repeat):
            here = (*place, number) if node.repeat > 1 else place
            values: dict[End, Tensor] = {}
            fields = {
                name: self.value(node.graph, End(name, "output"), inputs, here, values)
                for name in inside.of_kind("Output")
            }
            inputs |= dict(zip(inputs, fields.values(), strict=False))
        return fields

    def loop(self, node: Node, place: tuple, first_inputs: dict[str, Tensor]) -> dict[str, Tensor]:
        """Each round has the same weights, entries of its own, and what the round before gives."""
        inside, loop = self.network.project.graphs[node.graph], node.loop
        entries = {port: first_inputs[port].unbind(axis) for port, axis in loop.over}
        inputs = {name: first_inputs[name] for name in inside.of_kind("Input")}
        collected = {name: [] for name in loop.collect}
        for number in range(len(next(iter(entries.values()))) if entries else loop.count):
            inputs |= {port: each[number] for port, each in entries.items()}
            values: dict[End, Tensor] = {}
            fields = {
                name: self.value(node.graph, End(name, "output"), inputs, place, values)
                for name in inside.of_kind("Output")
            }
            inputs |= {port: fields[output] for port, output in loop.carry}
            for name, values_of_rounds in collected.items():
                values_of_rounds.append(fields[name])
        return fields | {name: torch.stack(each, loop.axis) for name, each in collected.items()}

    def compute(self, kind: Layer, params: dict, place: tuple, inputs: dict[str, Tensor]) -> Tensor | tuple:
        match kind.emit:
            case Module(target=target, call=call, snippet=snippet):
                home = importlib.import_module(f"resources.snippets.{snippet}") if snippet else nn
                module = getattr(home, target.removeprefix("nn."))(
                    **{name: value for name, value in params.items() if name not in call}
                )
                prefix = ".".join(map(str, place)) + "."
                own = {
                    name.removeprefix(prefix): value for name, value in self.state.items() if name.startswith(prefix)
                }
                self.unused -= {prefix + name for name in own}
                module.load_state_dict(own)
                arguments = [inputs[port.name] for port in kind.inputs if port.name in inputs]
                if kind.kind == "LSTM" and len(arguments) > 1:
                    arguments = [arguments[0], (arguments[1], arguments[2])]
                return module.eval()(*arguments, **{name: params[name] for name in call})
            case Function(snippet=snippet) as emit:
                target = emit.function_for(params)
                takes = emit.takes(target)
                params = {name: value for name, value in params.items() if takes(kind.param(name))}
                home = (
                    importlib.import_module(f"resources.snippets.{snippet}")
                    if snippet
                    else (F, torch)[target[0] == "t"]
                )
                function = getattr(home, target.rpartition(".")[2])
                if kind.inputs[0].variadic:
                    return function([inputs[name] for name in sorted(inputs, key=lambda n: int(n[8:-1]))], **params)
                return (
                    function(*inputs.values(), **params)
                    if next(iter(inputs)) == "input"
                    else function(**inputs, **params)
                )
            case Method(name=name):
                return getattr(inputs["input"], name)(**_arguments(kind, params))
            case Infix(operator=sign):
                first, second = (inputs.get(name, params.get(name)) for name in ("input", "other"))
                return OPERATORS[sign](first, second)
        length = inputs["input"].shape[params["dim"]]
        places = range(length)[slice(params["start"], params["end"], params["step"])]
        return inputs["input"].index_select(params["dim"], torch.tensor(list(places)))


def _arguments(kind: Layer, params: dict) -> dict:
    return {name: value for name, value in params.items() if value is not None}


def _elements(place: tuple) -> tuple[str, ...]:
    """The elements of a path, of a place with the numbers of repetitions."""
    elements: list[str] = []
    for part in place:
        if isinstance(part, int):
            elements[-1] = repetition(elements[-1], part)
        else:
            elements.append(part)
    return tuple(elements)


def _flat(result: object) -> list[Tensor]:
    return [one for part in result for one in _flat(part)] if isinstance(result, tuple) else [result]
