"""The source in ``step.py`` and ``train.py`` for nodes with settings of their weights."""

from collections.abc import Iterator

from engine.codegen.plan import plan_block, plan_main
from engine.codegen.scripts.data_description import SnippetName
from engine.graph.model import Project
from engine.graph.weights import WeightSettings


class LearningCode:
    """Writes that source. Where no node has settings, it is plain torch.

    ``shares``: whether layers share single weights. ``paths``: those of the files that weights start from, in the order
    of the graphs.
    """

    def __init__(self, project: Project) -> None:
        self._settings = tuple(settings_in_use(project))
        self.scales = any(each.lr_scale is not None for each in self._settings)
        self.decays = any(each.decay is not None for each in self._settings)
        self.follows = any(each.follows is not None for each in self._settings)
        self.leaves_out = self.follows or any(each.frozen is not None for each in self._settings)
        self.is_parametrized = any(each.parametrize for each in self._settings)
        self.shares = any(each.shares for each in self._settings)
        self.paths = start_paths(project)

    def snippet_names(self) -> Iterator[SnippetName]:
        """The snippets that are used."""
        if self.scales or self.decays or self.leaves_out:
            yield "training.learning", "parameter_groups"
        if self.scales:
            yield "training.learning", "scaled_step"
        if self.decays:
            yield "training.learning", "decaying"
        if self.follows:
            yield "training.learning", "follow"
        if self.paths:
            yield "training.start", "start_from"
        if self.shares:
            yield "training.shared_weights", "own_state"

    def groups(self, model: str, weights: str, *, all_learn: bool = False) -> str:
        """The first argument of an optimizer. ``all_learn``: the weights are only those that learn."""
        is_grouped = self.scales or self.decays or (self.leaves_out and not all_learn)
        return f"parameter_groups({model}, {weights})" if is_grouped else weights

    def update(self, optimizer: str) -> str:
        """The statement that updates the weights of an optimizer."""
        return f"scaled_step({optimizer})" if self.scales else f"{optimizer}.step()"

    def decaying_weights(self, model: str, weights: str) -> str:
        """The expression of those of the weights that have penalties."""
        return f"decaying({model}, {weights})" if self.decays else weights


def settings_in_use(project: Project) -> Iterator[WeightSettings]:
    """The settings of the nodes in the classes of the program."""
    todo, graphs = [project.main], {project.main}
    for name in todo:
        plan = plan_main(project) if name == project.main else plan_block(project, name)
        for step in plan.module_steps():
            yield plan.wiring.node(step.name).settings
            if step.block and step.block not in graphs:
                graphs.add(step.block)
                todo.append(step.block)


def loading(project: Project) -> tuple[str, str]:
    """The function of ``safetensors.torch`` that reads weights, and the statement that fills ``model`` with them."""
    if any(each.shares for each in settings_in_use(project)):  # the file has each weight once
        return "load_model", "load_model(model, options.weights)"
    return "load_file", "model.load_state_dict(load_file(options.weights))"


def start_paths(project: Project) -> tuple[str, ...]:
    """The paths of the files that weights start from, each once."""
    return tuple(dict.fromkeys(each.weights.path for each in settings_in_use(project) if each.weights))
