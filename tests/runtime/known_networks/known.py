"""The known networks among the templates: for each a twin in plain PyTorch, and the same at a small size."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from torch import nn

from engine.catalog.params import Value
from engine.graph.model import Project
from engine.project import file
from engine.project.templates import template
from tests.runtime.known_networks.twins.dqn import DQN
from tests.runtime.known_networks.twins.lenet5 import LeNet5

Values = dict[str, Value]


@dataclass(frozen=True)
class KnownNetwork:
    """A network that has been published.

    ``parameters``: how many numbers it learns. ``changes``: what makes the template small, by the name of a node in
    the main graph; ``repeat`` is that of a block use. ``small``: the twin of that size. ``below``: the whole numbers
    that a field may hold at that size. ``names``: those of the template's weights that differ from the twin's.
    """

    parameters: int
    twin: Callable[[], nn.Module]
    small: Callable[[], nn.Module]
    changes: Mapping[str, Values]
    below: int = 0
    names: Mapping[str, str] = field(default_factory=dict)

    def name_of(self, name: str) -> str:
        """The name in the template of a weight of the twin."""
        return self.names.get(name, name)


def project_of(name: str) -> Project:
    """The project of a template, which the caller may change."""
    return file.parse(template(name).text(), name)


def small_project(name: str) -> Project:
    """The template of a known network at its small size."""
    project = project_of(name)
    nodes = project.graphs[project.main].nodes
    for node, values in NETWORKS[name].changes.items():
        own = dict(values)
        nodes[node].repeat = own.pop("repeat", nodes[node].repeat)  # type: ignore[assignment]  # a whole number
        nodes[node].params |= own
    return project


NETWORKS = {
    "lenet5": KnownNetwork(
        61_706,
        LeNet5,
        lambda: LeNet5((3, 4), (12, 9)),
        {"c1": {"out_channels": 3}, "c3": {"out_channels": 4}, "c5": {"out_features": 12}, "f6": {"out_features": 9}},
    ),
    "dqn": KnownNetwork(
        1_686_180,
        DQN,
        lambda: DQN((3, 4, 5), 11, 3),
        {
            **{f"conv{number}": {"out_channels": number + 2} for number in (1, 2, 3)},
            "fc": {"out_features": 11},
            "values": {"out_features": 3},
        },
    ),
}
