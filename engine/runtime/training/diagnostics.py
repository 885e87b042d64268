"""Records gradients, confusion and a few predictions of a network while it learns, without changing it."""

import re
from collections.abc import Sequence

import torch
from torch import Tensor, nn

from engine.codegen.field_usage import Comparison
from engine.graph.model import Project
from engine.runs.events import Confusion, GradientNorms, Predictions
from engine.runtime.load import Outputs
from engine.runtime.worst_samples import Worst
from resources.snippets.units import Units

MAX_NODES = 64  # recorded when no single ones were requested
MAX_CLASSES = 200
MAX_SCORES = 200
SHOWN_SAMPLES = 8  # spread over the part
MAX_WRONG = 16  # beside them; fewer where each has many scores, so that an event stays small


def node_path(project: Project, name: str) -> str:
    """The node that owns a parameter, by its path: ``stem.conv1`` for ``stem.0.conv1.weight``."""
    graph, path = project.graphs.get(project.main), list[str]()
    for part in name.split("."):
        if re.fullmatch(r"\d+", part):  # which repetition of a block
            continue
        node = graph.nodes.get(part) if graph else None
        if node is None:
            break
        path.append(part)
        graph = project.graphs.get(node.graph) if node.graph else None
    return ".".join(path)


class Gradients:
    """The gradients of the parameters of each node."""

    def __init__(self, project: Project, network: nn.Module) -> None:
        self._parameters: dict[str, list[nn.Parameter]] = {}
        for name, parameter in network.named_parameters():
            self._parameters.setdefault(node_path(project, name), []).append(parameter)

    def norms(self, names: Sequence[str], step: int) -> GradientNorms | None:
        """The 2-norm of each node's gradient after a step; of the nodes asked for, or of all when they are few."""
        nodes = [name for name in names if name in self._parameters] or list(self._parameters)[:MAX_NODES]
        norms_by_node: dict[str, list[Tensor]] = {}
        for name in nodes:
            gradients = [_dense(each.grad) for each in self._parameters[name] if each.grad is not None]
            if gradients:
                norms_by_node[name] = list(torch._foreach_norm(gradients))  # noqa: SLF001 (what clip_grad_norm_ uses)
        if not norms_by_node:
            return None
        values = torch.stack([torch.stack(norms).norm() for norms in norms_by_node.values()]).tolist()
        return GradientNorms(dict(zip(norms_by_node, values, strict=True)), step=step)


def _dense(gradient: Tensor) -> Tensor:
    """The values of a gradient, of a sparse one those that are not 0 by nature."""
    return gradient.coalesce().values() if gradient.is_sparse else gradient


class Views:
    """The answers of the network for the validation part, batch by batch: the confusion, and some samples' scores.

    These are the samples with the worst answers, and some that are spread over all: a folder of images has its classes
    one after the other. ``units``: of the answers.
    """

    def __init__(
        self,
        comparison: Comparison,
        class_names: Sequence[str],
        index: Sequence[int],
        units: Units | None = None,
    ) -> None:
        self._comparison, self._class_names, self._units = comparison, tuple(class_names), units
        spread = (len(index) * each // SHOWN_SAMPLES for each in range(SHOWN_SAMPLES)) if len(index) else ()
        self._places = tuple(dict.fromkeys(spread))
        self._index = index
        self._counts: Tensor | None = None
        self._count_so_far = 0
        self._scores: list[Tensor] = []
        self._truth: list[Tensor] = []
        self._worst: Worst | None = None

    def add(self, outputs: Outputs, batch: dict[str, Tensor]) -> None:
        """Record one batch."""
        key = self._comparison.output
        scores = outputs[key] if isinstance(outputs, dict) and key is not None else outputs
        if not isinstance(scores, Tensor):
            return
        truth = batch[self._comparison.field]
        if self._comparison.is_class and truth.is_floating_point():  # shares of all classes
            truth = truth.argmax(1)
        self._pick(scores, truth)
        if self._comparison.is_class and scores.dim() > 1 and scores.shape[1] <= MAX_CLASSES:
            self._count(scores, truth)

    def _pick(self, scores: Tensor, truth: Tensor) -> None:
        rows = min(len(scores), len(truth))
        self._note_worst(scores[:rows], truth[:rows])
        indices = [
            place - self._count_so_far
            for place in self._places
            if self._count_so_far <= place < self._count_so_far + rows
        ]
        self._count_so_far += rows
        if indices:
            self._scores.append(scores[indices])
            self._truth.append(truth[indices])

    def _note_worst(self, scores: Tensor, truth: Tensor) -> None:
        size, is_class = scores[0].numel() if len(scores) else 0, self._comparison.is_class
        fits = (scores.dim(), truth.dim()) == (2, 1) if is_class else size and truth[0].numel() == size
        if not fits or not 0 < size <= MAX_SCORES:
            return
        if self._worst is None:
            count = min(MAX_WRONG, max(0, MAX_SCORES * SHOWN_SAMPLES // size - SHOWN_SAMPLES))
            self._worst = Worst(count, is_class=is_class)
        self._worst.add(self._count_so_far, scores, truth)

    def _count(self, scores: Tensor, truth: Tensor) -> None:
        classes = scores.shape[1]
        predicted, true = scores.argmax(1).flatten(), truth.flatten()
        is_valid = (true >= 0) & (true < classes)  # a padding class does not count
        pairs = true[is_valid] * classes + predicted[is_valid]
        counts = torch.bincount(pairs, minlength=classes * classes)
        self._counts = counts if self._counts is None else self._counts + counts

    def _in_unit(self, scores: Tensor, truth: Tensor) -> tuple[Tensor, Tensor]:
        """Both in the unit of the data, unless that of the scores is not known."""
        output, units = self._comparison.output or "", self._units
        if units is None or output not in units.outputs:
            return scores, truth
        return units.of_output(output, scores), units.of_field(self._comparison.field, truth)

    def confusion(self, epoch: int) -> Confusion | None:
        """How often each true class was predicted as each class; ``None`` without classes."""
        if self._counts is None:
            return None
        classes = round(len(self._counts) ** 0.5)
        matrix = tuple(map(tuple, self._counts.reshape(classes, classes).tolist()))
        names = self._class_names if len(self._class_names) == classes else tuple(map(str, range(classes)))
        return Confusion(matrix, names, epoch=epoch, node=self._comparison.node)

    def predictions(self, epoch: int) -> Predictions | None:
        """A few samples: truth and scores, probabilities where the scores are of classes."""
        if not self._scores:
            return None
        places, scores, truth = self._samples_to_show()
        scores, truth = self._in_unit(scores, truth)
        if not 0 < scores[0].numel() <= MAX_SCORES:
            return None
        if self._comparison.is_class:
            if scores.dim() != 2:
                return None
            scores = scores.softmax(1)
        values = tuple(tuple(row.flatten().tolist()) for row in scores)
        true = tuple(row.item() if row.dim() == 0 else tuple(row.flatten().tolist()) for row in truth)
        index = tuple(self._index[place] for place in places)
        return Predictions(index, true, values, epoch=epoch, node=self._comparison.node)

    def _samples_to_show(self) -> tuple[list[int], Tensor, Tensor]:
        """The samples to show, those that are wrong first: their places in the part, scores and truths."""
        scores, truth = torch.cat(self._scores), torch.cat(self._truth)
        places = list(self._places[: len(scores)])
        worst = self._worst.result() if self._worst else None
        if worst is None or not worst[0]:
            return places, scores, truth
        others = [at for at, place in enumerate(places) if place not in worst[0]]
        return (
            [*worst[0], *(places[at] for at in others)],
            torch.cat([worst[1], scores[others]]),
            torch.cat([worst[2], truth[others]]),
        )
