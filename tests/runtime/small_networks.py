"""Projects of one or two layers, for tests of data."""

from itertools import pairwise

from engine.graph.model import Data, End, Graph, Node, Project, Training, Wire


def chain(data: Data, target: str, loss: str, **layers: Node) -> Project:
    """A network that reads the field named first, whose last layer a loss compares with ``target``.

    ``layers``: the Input and the layers behind it, in order.
    """
    names = list(layers)
    ends = [(f"{a}.output", f"{b}.input") for a, b in pairwise(names)]
    ends += [
        (f"{names[-1]}.output", "loss.input"),
        (f"{target}.output", "loss.target"),
        (f"{names[-1]}.output", "y.input"),
    ]
    nodes = {**layers, target: Node("Input"), "loss": Node(loss), "y": Node("Output")}
    wires = [Wire(End(*source.split(".")), End(*to.split("."))) for source, to in ends]
    return Project(graphs={"Net": Graph(nodes, wires)}, data=data, training=Training(epochs=1, batch_size=4))
