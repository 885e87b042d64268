"""A second account of what a network computes, straight from the drawing: the judge of the generated source."""

import importlib
from collections.abc import Mapping

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from engine.catalog.emit import Function, Infix, Method, Module
from engine.catalog.index import layer
from engine.catalog.params import FromInput, Vector
from engine.catalog.spec import Layer
from engine.graph.model import End, Node
from tests.strategies.sizes import Network

OPERATORS = {"+": torch.add, "-": torch.sub, "*": torch.mul, "/": torch.div, "@": torch.matmul}


class Interpreter:
    """Computes values on demand, with the weights of ``state``, known by the paths of their nodes."""

    def __init__(self, network: Network, state: Mapping[str, Tensor]) -> None:
        self.network = network
        self.state = dict(state)
        self.unused = set(state)

    def score(self, name: str, batch: Mapping[str, Tensor]) -> Tensor:
        """The value of a loss, a metric or an Output of the main graph."""
        main = self.network.project.graphs["Net"]
        inputs = {given: batch[node.params.get("field") or given] for given, node in main.of_kind("Input").items()}
        return self.value("Net", End(name, "output"), inputs, (), {})

    def value(self, graph: str, end: End, inputs: Mapping[str, Tensor], place: tuple, known: dict) -> Tensor:
        """One value of one graph. ``place``: the weights' path so far, repetitions included."""
        drawn = self.network.project.graphs[graph]
        node = drawn.nodes[end.node]
        if end in known:
            return known[end]
        if node.kind == "Input":
            return inputs[end.node]
        fed = {wire.target.port: self.value(graph, wire.source, inputs, place, known) for wire in drawn.into(end.node)}
        if node.kind == "Output" or node.bypass:
            return next(iter(fed.values()))
        owner_name = node.shares or end.node
        results = self.called(drawn.nodes[owner_name], (*place, owner_name), fed)
        known |= {End(end.node, port): result for port, result in results.items()}
        return known[end]

    def called(self, node: Node, place: tuple, fed: dict[str, Tensor]) -> dict[str, Tensor]:
        """What a node gives for these inputs."""
        if node.kind == "Block":
            return self.block(node, place, fed)
        kind = layer(node.kind)
        params = {param.name: node.params.get(param.name, param.default) for param in kind.params if param.is_argument}
        for param in kind.params:
            if isinstance(param, FromInput) and param.name not in node.params:
                params.pop(param.name)
            if isinstance(param, Vector) and params[param.name] is not None:
                params[param.name] = torch.tensor(params[param.name])
        params |= self.network.derived.get(tuple(part for part in place if isinstance(part, str)), {})
        result = self.computed(kind, params, place, fed)
        names = [port.name for port in kind.outputs] or ["output"]
        return dict(zip(names, _flat(result), strict=len(names) > 1)) if len(names) > 1 else {names[0]: result}

    def block(self, node: Node, place: tuple, fed: dict[str, Tensor]) -> dict[str, Tensor]:
        """Each repetition has weights of its own, and feeds its outputs to the first inputs of the next."""
        inside = self.network.project.graphs[node.graph]
        inputs = {name: fed[name] for name in inside.of_kind("Input")}
        for number in range(node.repeat):
            here = (*place, number) if node.repeat > 1 else place
            known: dict[End, Tensor] = {}
            given = {
                name: self.value(node.graph, End(name, "output"), inputs, here, known)
                for name in inside.of_kind("Output")
            }
            inputs |= dict(zip(inputs, given.values(), strict=False))
        return given

    def computed(self, kind: Layer, params: dict, place: tuple, fed: dict[str, Tensor]) -> Tensor | tuple:
        match kind.emit:
            case Module(target=target, call=call, snippet=snippet):
                home = importlib.import_module(f"resources.snippets.{snippet}") if snippet else nn
                built = getattr(home, target.removeprefix("nn."))(
                    **{name: value for name, value in params.items() if name not in call}
                )
                prefix = ".".join(map(str, place)) + "."
                own = {
                    name.removeprefix(prefix): value for name, value in self.state.items() if name.startswith(prefix)
                }
                self.unused -= {prefix + name for name in own}
                built.load_state_dict(own)
                arguments = [fed[port.name] for port in kind.inputs if port.name in fed]
                if kind.kind == "LSTM" and len(arguments) > 1:
                    arguments = [arguments[0], (arguments[1], arguments[2])]
                return built.eval()(*arguments, **{name: params[name] for name in call})
            case Function(snippet=snippet) as emit:
                target = emit.function_for(params)
                passed = emit.takes(target)
                params = {name: value for name, value in params.items() if passed(kind.param(name))}
                home = (
                    importlib.import_module(f"resources.snippets.{snippet}")
                    if snippet
                    else (F, torch)[target[0] == "t"]
                )
                function = getattr(home, target.rpartition(".")[2])
                if kind.inputs[0].variadic:
                    return function([fed[name] for name in sorted(fed, key=lambda n: int(n[8:-1]))], **params)
                return function(*fed.values(), **params) if next(iter(fed)) == "input" else function(**fed, **params)
            case Method(name=name):
                return getattr(fed["input"], name)(**_given(kind, params))
            case Infix(operator=operator):
                return OPERATORS[operator](fed["input"], fed.get("other", params.get("other")))
        length = fed["input"].shape[params["dim"]]
        places = range(length)[slice(params["start"], params["end"], params["step"])]
        return fed["input"].index_select(params["dim"], torch.tensor(list(places)))


def _given(kind: Layer, params: dict) -> dict:
    return {name: value for name, value in params.items() if value is not None}


def _flat(result: object) -> list[Tensor]:
    return [one for part in result for one in _flat(part)] if isinstance(result, tuple) else [result]
