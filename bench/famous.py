"""Well-known architectures as drawings: what a picture of a network has to cope with."""

from collections.abc import Callable
from random import Random

from engine.graph.model import End, Graph, Node, Project, Wire
from engine.graph.ports import ports


class Sketch:
    """A graph that grows by nodes wired to earlier ones."""

    def __init__(self) -> None:
        self.graph = Graph()

    def add(self, kind: str, *sources: str, **params: object) -> str:
        """Add a node whose inputs come from these nodes' first outputs; its name."""
        stem = kind.lower()
        name = next(f"{stem}{n}" for n in range(1, 9999) if f"{stem}{n}" not in self.graph.nodes)
        self.graph.nodes[name] = Node(kind, dict(params))  # type: ignore[arg-type]  # plain values
        inputs = ports(Project(graphs={}), self.graph.nodes[name]).inputs
        for place, source in enumerate(sources):
            port = inputs[0].name + f"[{place}]" if inputs[0].variadic else inputs[place].name
            output = ports(Project(graphs={}), self.graph.nodes[source]).outputs[0].name
            self.graph.wires.append(Wire(End(source, output), End(name, port)))
        return name

    def chain(self, last: str, *kinds: str) -> str:
        """One node after the other."""
        for kind in kinds:
            last = self.add(kind, last)
        return last

    def finish(self, last: str) -> Graph:
        """A head, a loss and its target."""
        head = self.chain(last, "Flatten", "Linear")
        label = self.add("Input", field="label")
        self.add("CrossEntropyLoss", head, label)
        return self.graph


def resnet(blocks: int = 8) -> Graph:
    """Two convolutions a block, a shortcut around them, every third one through a convolution."""
    it = Sketch()
    last = it.chain(it.add("Input", field="image"), "Conv2d", "BatchNorm2d", "ReLU", "MaxPool2d")
    for number in range(blocks):
        deep = it.chain(last, "Conv2d", "BatchNorm2d", "ReLU", "Conv2d", "BatchNorm2d")
        short = it.chain(last, "Conv2d", "BatchNorm2d") if number % 3 == 2 else last
        last = it.chain(it.add("add", deep, short), "ReLU")
    return it.finish(it.add("AdaptiveAvgPool2d", last))


def unet(depth: int = 4) -> Graph:
    """Down and up again, with a skip at every size."""
    it = Sketch()
    last, skips = it.add("Input", field="image"), []
    for _ in range(depth):
        last = it.chain(last, "Conv2d", "ReLU")
        skips.append(last)
        last = it.add("MaxPool2d", last)
    last = it.chain(last, "Conv2d", "ReLU")
    for skip in reversed(skips):
        last = it.add("cat", it.add("ConvTranspose2d", last), skip)
        last = it.chain(last, "Conv2d", "ReLU")
    it.add("Output", it.add("Conv2d", last))
    return it.graph


def inception(modules: int = 3) -> Graph:
    """Four branches a module, joined again."""
    it = Sketch()
    last = it.chain(it.add("Input", field="image"), "Conv2d", "ReLU", "MaxPool2d")
    for _ in range(modules):
        one = it.add("Conv2d", last)
        three = it.chain(last, "Conv2d", "Conv2d")
        five = it.chain(last, "Conv2d", "Conv2d", "Conv2d")
        pool = it.chain(last, "MaxPool2d", "Conv2d")
        last = it.add("cat", one, three, five, pool)
    return it.finish(it.add("AdaptiveAvgPool2d", last))


def transformer(layers: int = 3) -> Graph:
    """Self-attention and a feed-forward part a layer, each with a shortcut."""
    it = Sketch()
    last = it.chain(it.add("Input", field="tokens"), "Embedding", "LearnedPositionEncoding")
    for _ in range(layers):
        norm = it.add("LayerNorm", last)
        last = it.add("add", it.add("MultiheadAttention", norm, norm, norm), last)
        deep = it.chain(last, "LayerNorm", "Linear", "GELU", "Linear")
        last = it.add("add", deep, last)
    return it.finish(last)


def encoder_decoder(layers: int = 2) -> Graph:
    """A transformer's two halves: what the encoder found goes into every layer of the decoder."""
    it = Sketch()
    source = it.chain(it.add("Input", field="source"), "Embedding")
    for _ in range(layers):
        source = it.add("LayerNorm", it.add("add", it.add("MultiheadAttention", source, source, source), source))
        source = it.add("LayerNorm", it.add("add", it.chain(source, "Linear", "ReLU", "Linear"), source))
    last = it.chain(it.add("Input", field="target"), "Embedding")
    for _ in range(layers):
        last = it.add("LayerNorm", it.add("add", it.add("MultiheadAttention", last, last, last), last))
        last = it.add("LayerNorm", it.add("add", it.add("MultiheadAttention", last, source, source), last))
        last = it.add("LayerNorm", it.add("add", it.chain(last, "Linear", "ReLU", "Linear"), last))
    return it.finish(last)


def scattered(seed: int, count: int = 60) -> Graph:
    """Nodes that take what any of those before them give: joins, sums, layers of one input, recurrent ones."""
    dice, it = Random(seed), Sketch()  # noqa: S311 (nothing here is secret)
    names = [it.add("Input", field="image")]
    for _ in range(count - 1):
        kind = dice.choice(("Linear", "ReLU", "Conv2d", "add", "cat", "LSTM", "Dropout", "CrossEntropyLoss"))
        count = {"add": 2, "cat": dice.randint(2, 5), "CrossEntropyLoss": 2}.get(kind, 1)
        recent = names[-dice.choice((3, 8, 60)) :]
        sources = [dice.choice(recent) for _ in range(count)]
        name = it.add(kind, *sources)
        if kind != "CrossEntropyLoss":
            names.append(name)
    return it.graph


FAMOUS: dict[str, Callable[[], Graph]] = {
    "ResNet": resnet,
    "U-Net": unet,
    "Inception": inception,
    "transformer": transformer,
    "encoder-decoder": encoder_decoder,
}
"""The named networks."""
