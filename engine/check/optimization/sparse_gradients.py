"""Rules about sparse gradients: which optimizers learn from them, and what they do not go together with."""

from collections.abc import Iterator
from dataclasses import replace

from engine.catalog.expressions import Expression
from engine.catalog.optimizers import OPTIMIZERS
from engine.catalog.spec import effective
from engine.check.diagnostics import Diagnostic, Fix
from engine.check.optimization.changes import optimizers_fix, whose, with_settings
from engine.graph.edits import SetParam, SetTraining, SetWeights
from engine.graph.effective_settings import learns, settings_at
from engine.graph.model import UNSET, Node, OtherOptimizer, Project
from engine.graph.off import OFF
from engine.graph.optimizers import OptimizerShare, node_at, optimizer_shares, sparse_flag, sparse_paths
from engine.graph.phases import EffectivePhase, effective_phases

Path = tuple[str, ...]
DECAY = "weight_decay"
FOR_SPARSE = next(kind for kind, declared in OPTIMIZERS.items() if declared.sparse == "only")


def problems(project: Project) -> Iterator[Diagnostic]:
    """The problems of layers with sparse gradients."""
    if project.main not in project.graphs:
        return
    reported: set[Path] = set()
    for phase in effective_phases(project):
        for share in optimizer_shares(project, phase):
            for path in (path for name in share.nodes for path in sparse_paths(project, name)):
                if learns(project, path):
                    rules = _Rules(project, phase, share, path)
                    yield from rules.problems()
                    if path not in reported:
                        reported.add(path)
                        yield from rules.of_layer()


class _Rules:
    """The rules about a layer with a sparse gradient, and the optimizer that learns it."""

    def __init__(self, project: Project, phase: EffectivePhase, share: OptimizerShare, path: Path) -> None:
        self._project, self._phase, self._share, self._path = project, phase, share, path
        self._name = ".".join(path)
        self._declared = OPTIMIZERS.get(share.part.kind)
        self._graph, self._node = node_at(project, path)

    def problems(self) -> Iterator[Diagnostic]:
        """What the optimizer and the other settings of its phase do not take."""
        phase, training, name = self._phase, self._project.training, self._name
        if self._declared is not None and self._declared.sparse == "no":
            message = f"{whose(phase)}{self._share.part.kind} does not learn from the sparse gradient of {name}."
            hint = f"Let {FOR_SPARSE} learn {self._path[0]}, or switch sparse off."
            yield self._problem("T027", message, hint, self._sparse_optimizer())
        for param in self._dense_params():
            message = (
                f"{whose(phase)}{self._share.part.kind} with {param} does not learn from the sparse gradient of {name}."
            )
            hint = f"Leave {param} out, or switch sparse off."
            yield self._problem("T028", message, hint, self._free() if param == DECAY else self._dense())
        if phase.clip:
            off = Fix(
                "Switch clipping off",
                SetTraining(with_settings(training, phase, clip=OFF if phase.name else None)),
            )
            message = f"{whose(phase)}clipping does not take the sparse gradient of {name}."
            yield self._problem("T028", message, "Switch clipping off, or sparse.", off)
        if (phase.l1 or phase.l2) and settings_at(self._project, self._path).decay is not False:
            message = f"{whose(phase)}l1 and l2 need a gradient for all weights of {name}, not a sparse one."
            yield self._problem("T028", message, "Set decay of the node to false, or switch sparse off.", self._free())
        if phase.accumulate > 1:
            message = (
                f"{whose(phase)}the sparse gradient of {name} does not accumulate over {phase.accumulate} batches."
            )
            one = Fix("Set accumulate to 1", SetTraining(with_settings(training, phase, accumulate=1)))
            yield self._problem("T028", message, "Set accumulate to 1, or switch sparse off.", one)

    def of_layer(self) -> Iterator[Diagnostic]:
        """What the layer itself does not take."""
        flag, excluded = sparse_flag(self._node)
        if excluded:
            message = f"{self._name} ({self._node.kind}): {excluded} has no sparse gradient."
            yield self._problem("P003", message, f"Switch {flag} or {excluded} off.", self._dense())
        if isinstance(self._node.params.get(flag), Expression):
            message = f"{self._name} ({self._node.kind}): {flag} decides which optimizer fits, so it is no expression."
            yield self._problem("P003", message, f"Switch {flag} on or off.", self._dense())
        borrowers = [name for name, node in self._project.graphs[self._graph].nodes.items() if self._lends_to(node)]
        if borrowers:
            message = f"{self._name} ({self._node.kind}) has no sparse gradient: {borrowers[0]} shares its weight."
            yield self._problem("W006", message, f"Switch {flag} off.", self._dense())
        if settings_at(self._project, self._path).parametrize:
            message = f"{self._name} ({self._node.kind}): a parametrized weight has no sparse gradient."
            yield self._problem("W006", message, f"Switch {flag} off, or remove the parametrization.", self._dense())

    def _dense_params(self) -> list[str]:
        """The parameters of the optimizer that are on and need dense gradients."""
        if self._declared is None:
            return []
        values = effective(self._declared.params, self._share.part.params)
        is_free = settings_at(self._project, self._path).decay is False
        return [name for name in self._declared.dense_with if values.get(name) and not (name == DECAY and is_free)]

    def _lends_to(self, node: Node) -> bool:
        return self._path[-1] in node.settings.owners

    def _dense(self) -> Fix:
        flag, _ = sparse_flag(self._node)
        return Fix(f"Switch {flag} off", SetParam(self._graph, self._path[-1], flag, UNSET))

    def _free(self) -> Fix:
        settings = replace(self._node.settings, decay=False)
        return Fix(f"Penalize no weight of {self._path[-1]}", SetWeights(self._graph, self._path[-1], settings))

    def _sparse_optimizer(self) -> Fix:
        """The fix that adds an optimizer for the layer; where it is in a block with others, it makes it dense."""
        phase = self._phase
        if len(self._path) > 1 or not self._share.is_rest:
            return self._dense()
        others = (*phase.other_optimizers, OtherOptimizer(FOR_SPARSE, of=(self._path[0],)))
        label = f"Let {FOR_SPARSE} learn {self._path[0]}"
        return optimizers_fix(label, self._project.training, phase, phase.optimizer, others)

    def _problem(self, code: str, message: str, hint: str, fix: Fix) -> Diagnostic:
        return Diagnostic(code, "error", message, hint, self._name, graph=self._graph, fix=fix)
