"""How ``step.py`` makes the optimizers of a phase."""

from collections.abc import Container, Iterator

from engine.catalog.optimizers import OPTIMIZERS
from engine.catalog.spec import effective
from engine.codegen.literals import literal, quote
from engine.codegen.scripts.data_description import SnippetName, keywords
from engine.codegen.scripts.learning import LearningCode
from engine.graph.model import MATRICES, OtherOptimizer, Project
from engine.graph.optimizers import OptimizerShare, optimizer_shares, sparse_paths
from engine.graph.phases import EffectivePhase


class OptimizerCode:
    """Writes the statements that make the optimizers of a phase. ``attributes``: the nodes that the network has."""

    def __init__(
        self, project: Project, phase: EffectivePhase, learning: LearningCode, attributes: Container[str]
    ) -> None:
        self._project, self._learning = project, learning
        self._shares = optimizer_shares(project, phase)
        self._attributes = attributes

    @property
    def is_several(self) -> bool:
        """Whether there is more than one."""
        return len(self._shares) > 1

    @property
    def evaluates(self) -> bool:
        """Whether a step computes the loss several times."""
        return OPTIMIZERS[self._shares[0].part.kind].evaluates

    def update(self, optimizer: str, device: str, computation: list[str], loss: str, result: str) -> list[str]:
        """The statements that compute the gradients, and those that update the weights.

        ``optimizer``: the expression of the optimizer. ``computation``: the statements of the gradients. ``loss``,
        ``result``: the expressions of the loss, and of all that is kept of the step.
        """
        if not self.evaluates:
            return computation
        return [
            f"draws = RepeatedDraws({device})",
            "evaluations = []",
            "",
            "def evaluate() -> Tensor:",
            "    draws.repeat()",
            *(f"    {line}" for line in computation),
            "    if not evaluations:  # later ones try other weights",
            f"        evaluations.append({result})",
            f"    return {loss}",
            "",
            f"{optimizer}.step(evaluate)",
        ]

    def snippet_names(self) -> Iterator[SnippetName]:
        """The snippets that are used."""
        if self.evaluates:
            yield "training.draws", "RepeatedDraws"
        if self.is_several:
            yield "training.optimizers", "Optimizers"
            yield "training.optimizers", "split_weights"
        if any(share.matrices_only for share in self._shares):
            yield "training.optimizers", "matrices"
        if any(not share.is_rest and not _is_of_all(share) for share in self._shares):
            yield "training.phases", "own_weights" if self._learning.shares else "weights_of"

    def statements(self, target: str, model: str, weights: str, *, all_learn: bool = False) -> Iterator[str]:
        """The statements. ``weights``: the expression of all weights; ``all_learn``: none of them are frozen."""
        if not self.is_several:
            groups = self._learning.groups(model, weights, all_learn=all_learn)
            yield f"{target} = {self._call(self._shares[0], groups, model)}"
            return
        names = [_name(share) for share in self._shares]
        parts = [self._part(share, model) for share in self._shares[1:]]
        yield f"{', '.join(names)} = split_weights({', '.join([weights, *parts])})"
        groups_by_share = [self._learning.groups(model, name, all_learn=all_learn) for name in names]
        calls = (self._call(share, groups, model) for share, groups in zip(self._shares, groups_by_share, strict=True))
        yield f"{target} = Optimizers({', '.join(calls)})"

    def _part(self, share: OptimizerShare, model: str) -> str:
        if _is_of_all(share):
            return f"matrices({model}.parameters())"
        nodes = [name for name in share.nodes if name in self._attributes]
        weights = f"weights_of({', '.join(f'{model}.{name}' for name in nodes)})"
        if self._learning.shares:
            weights = f"own_weights({', '.join([model, *map(quote, nodes)])})"
        return f"matrices({weights})" if share.matrices_only else weights

    def _call(self, share: OptimizerShare, groups: str, model: str) -> str:
        part = share.part
        declared = OPTIMIZERS[part.kind]
        lr = effective(declared.params, part.params)["lr"]
        rest = keywords(declared.params, part.params, skip=("lr",))
        parts = [groups, f"lr={literal(lr)}", *([rest] if rest else [])]
        has_sparse = any(True for name in share.nodes for _ in sparse_paths(self._project, name))
        if declared.fused == ("cpu",) and not has_sparse:
            parts.append(f'fused=next({model}.parameters()).device.type == "cpu"')
        elif declared.fused and not has_sparse:  # fused kernels take no sparse gradients
            parts.append("fused=True")
        return f"{declared.target.removeprefix('torch.')}({', '.join(parts)})"


def _is_of_all(share: OptimizerShare) -> bool:
    """Whether it learns the matrices of all nodes that no other names."""
    return isinstance(share.part, OtherOptimizer) and share.part.of == MATRICES


def _name(share: OptimizerShare) -> str:
    """The name of its weights in the source."""
    if share.is_rest:
        return "rest"
    return f"weights_{share.place}"
