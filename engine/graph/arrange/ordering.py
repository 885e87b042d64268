"""The order of boxes within each layer, so that few wires cross: barycentre sweeps that respect the order of ports."""

from bisect import bisect_right, insort

from engine.graph.arrange.layered_graph import Link, Net
from engine.graph.stepwise import Steps

MAX_SWEEPS = 24
PATIENCE = 4  # sweeps without progress
MAX_SWAPPED = 4000  # links; beyond, swapping neighbours takes too long


def order_layers(net: Net) -> Steps[None]:
    """Reorder every layer of the net for few crossings; deterministic."""
    sweeper = _Sweeper(net)
    best, best_layers = sweeper.crossings(), [layer.copy() for layer in net.layers]
    without_progress = 0
    for sweep in range(MAX_SWEEPS):
        if best == 0 or without_progress == PATIENCE:
            break
        yield
        sweeper.sweep(rightwards=sweep % 2 == 0)
        count = sweeper.crossings()
        without_progress = 0 if count < best else without_progress + 1
        if count < best:
            best, best_layers = count, [layer.copy() for layer in net.layers]
    net.layers = best_layers
    yield
    if best and sum(map(len, net.after)) <= MAX_SWAPPED:
        sweeper.place_all()
        sweeper.swap_neighbours()


class _Sweeper:
    def __init__(self, net: Net) -> None:
        self._net = net
        self._place = [0.0] * len(net.heights)
        self._tall = [max(height, 1.0) for height in net.heights]
        self.place_all()

    def place_all(self) -> None:
        for layer in self._net.layers:
            self._place_layer(layer)

    def _place_layer(self, layer: list[int]) -> None:
        for position, box in enumerate(layer):
            self._place[box] = position

    def sweep(self, *, rightwards: bool) -> None:
        """Sort each layer by where its neighbours on one side are attached."""
        net, centre = self._net, self._left_centre if rightwards else self._right_centre
        for layer in net.layers[1:] if rightwards else net.layers[-2::-1]:
            keys = {box: centre(box) for box in layer}
            layer.sort(key=keys.__getitem__)
            self._place_layer(layer)

    def _left_centre(self, box: int) -> float:
        links = self._net.before[box]
        if not links:
            return self._place[box]
        return sum(self._place[link.source] + link.leaves / self._tall[link.source] for link in links) / len(links)

    def _right_centre(self, box: int) -> float:
        links = self._net.after[box]
        if not links:
            return self._place[box]
        return sum(self._place[link.target] + link.enters / self._tall[link.target] for link in links) / len(links)

    def crossings(self) -> int:
        """The number of pairs of links between neighbouring layers that cross."""
        total = 0
        for layer in self._net.layers[:-1]:
            ends: list[float] = []
            links = [link for box in layer for link in sorted(self._net.after[box], key=self._by_ports)]
            for link in links:
                end = self._place[link.target] + link.enters / self._tall[link.target]
                total += len(ends) - bisect_right(ends, end)
                insort(ends, end)
        return total

    def _by_ports(self, link: Link) -> tuple[float, float]:
        return link.leaves, self._place[link.target] + link.enters / self._tall[link.target]

    def swap_neighbours(self) -> None:
        """Swap neighbours as long as that removes crossings."""
        for _ in range(PATIENCE):
            if sum(self._swap_in(layer) for layer in self._net.layers) == 0:
                return

    def _swap_in(self, layer: list[int]) -> bool:
        changed = False
        lefts = {
            box: sorted(self._place[a.source] + a.leaves / self._tall[a.source] for a in self._net.before[box])
            for box in layer
        }
        rights = {
            box: sorted(self._place[a.target] + a.enters / self._tall[a.target] for a in self._net.after[box])
            for box in layer
        }
        for position in range(len(layer) - 1):
            upper, lower = layer[position], layer[position + 1]
            now = _above(lefts[upper], lefts[lower]) + _above(rights[upper], rights[lower])
            then = _above(lefts[lower], lefts[upper]) + _above(rights[lower], rights[upper])
            if then < now:
                layer[position], layer[position + 1] = lower, upper
                changed = True
        if changed:
            self._place_layer(layer)
        return changed


def _above(upper: list[float], lower: list[float]) -> int:
    """The number of pairs in which an end of the lower box is above one of the upper box."""
    return sum(len(upper) - bisect_right(upper, end) for end in lower)
