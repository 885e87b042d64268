"""Problems that depend on the number of samples: an empty part of the split, a batch too small for a layer."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from engine.catalog.index import layer as declaration
from engine.catalog.params import Value
from engine.catalog.spec import Layer
from engine.check.diagnostics import Diagnostic, Fix
from engine.check.view import View
from engine.graph.edits import SetData, SetTraining
from engine.graph.model import Data, Project, Training
from engine.runtime.analysis.build import SAMPLES, Refusal, Spec, try_exact
from engine.runtime.data.fields import Counts
from engine.runtime.data.prepared_samples import empty_part
from engine.runtime.data.survey import sizes

SHARES = (0.1, 0.2, 0.25, 0.3, 0.4, 0.5)
NEARBY = 32  # batch sizes that are searched for a better one


@dataclass(frozen=True, slots=True)
class SensitiveLayer:
    """A layer of the network that depends on the number of samples in a batch."""

    view: View
    name: str
    layer: Layer
    values: Mapping[str, Value]
    inputs: Mapping[str, Spec]

    def refuses(self, *, training: bool) -> str:
        """Torch's message when it refuses a single sample, or nothing."""
        values = tuple(sorted(self.values.items(), key=lambda pair: pair[0]))
        return _refusal(self.layer.kind, values, tuple(self.inputs.items()), training=training)


def is_sensitive(layer: Layer, values: Mapping[str, Value]) -> bool:
    """Whether a batch of one sample may be too small for the layer."""
    return layer.traits.scales or (layer.drops != "" and values.get(layer.drops) is None)


@lru_cache(maxsize=512)
def _refusal(
    kind: str, values: tuple[tuple[str, Value], ...], inputs: tuple[tuple[str, Spec], ...], *, training: bool
) -> str:
    layer = declaration(kind)
    if layer is None:
        raise LookupError(kind)
    one = {
        port: Spec(tuple(size // SAMPLES if size % SAMPLES == 0 else size for size in spec.shape), spec.dtype)
        for port, spec in inputs
    }
    result = try_exact(layer, dict(values), one, training=training)
    if isinstance(result, Refusal):
        return result.message
    shape = result.outputs[0].shape if result.outputs[0] else ()
    return "" if shape[:1] == next(iter(one.values())).shape[:1] else "the axis of samples goes away"


def problems(project: Project, counts: Counts, sensitive: tuple[SensitiveLayer, ...]) -> Iterator[Diagnostic]:
    """Everything that training would refuse because of the number of samples."""
    parts = sizes(project.data, counts)
    if name := empty_part(project.data.split, parts):
        yield _empty(project.data, counts, name)
        return
    size, training = project.training.batch_size, project.training
    if training.drop_last and parts[0] < size:
        yield Diagnostic(
            "T009",
            "error",
            f"The training part has {parts[0]} samples, fewer than one batch of {size}, and drop_last leaves it out.",
            "Use a smaller batch, or keep the last one.",
            fix=Fix("Keep the last batch", SetTraining(replace(training, drop_last=False))),
        )
        return
    yield from _single_samples(training, parts, sensitive)


def _empty(data: Data, counts: Counts, part: str) -> Diagnostic:
    split = data.split
    options = {
        "validation": (replace(split, validation=share) for share in SHARES),
        "test": (replace(split, test=share) for share in SHARES),
    }.get(part, iter(()))
    candidates = [replace(data, split=each) for each in options if each.validation + each.test < 1]
    better = next((each for each in candidates if _is_filled(each, counts)), None)
    unstratified = replace(data, split=replace(split, stratify=False))
    if better is not None:
        share = getattr(better.split, part)
        fix = Fix(f"Hold out {share:g} for {part}", SetData(better))
    elif _is_filled(unstratified, counts):  # every class keeps a sample to train on, and these have but one
        fix = Fix("Switch stratify off", SetData(unstratified))
    else:
        fix = Fix("Hold out no samples", SetData(replace(data, split=replace(split, validation=0.0, test=0.0))))
    return Diagnostic(
        "D110",
        "error",
        f"The {part} part would have none of the {counts.samples} sample{'' if counts.samples == 1 else 's'}.",
        f"{fix.label}, or use more samples.",
        fix=fix,
    )


def _is_filled(data: Data, counts: Counts) -> bool:
    return empty_part(data.split, sizes(data, counts)) is None


def _has_single(rows: int, size: int, *, drop_last: bool = False) -> bool:
    """Whether batches of that size leave one of a single sample."""
    return rows > 0 and (size == 1 or (rows % size == 1 and not drop_last))


def _single_samples(
    training: Training, parts: tuple[int, int, int], sensitive: tuple[SensitiveLayer, ...]
) -> Iterator[Diagnostic]:
    train_size, others = parts[0], parts[1:]
    in_training = _has_single(train_size, training.batch_size, drop_last=training.drop_last)
    in_others = any(_has_single(rows, training.batch_size) for rows in others)
    if not in_training and not in_others:
        return
    for each in sensitive:
        while_training = in_training and each.refuses(training=True)
        if while_training or (in_others and each.refuses(training=False)):
            yield _too_small(training, parts, each, while_training=bool(while_training))


def _too_small(
    training: Training, parts: tuple[int, int, int], each: SensitiveLayer, *, while_training: bool
) -> Diagnostic:
    size, rows = training.batch_size, parts[0]
    candidates = [replace(training, drop_last=True)] if while_training and 1 < size <= rows else []
    candidates += [replace(training, batch_size=size + more) for more in range(1, NEARBY)]
    good = next((one for one in candidates if not _singles(one, parts)), None)
    fix = None
    if good is not None:
        is_dropped = good.drop_last != training.drop_last
        label = "Drop the last batch" if is_dropped else f"Set batch_size to {good.batch_size}"
        fix = (label, SetTraining(good))
    held_out = " and ".join(str(count) for count in parts[1:] if count)
    what = f"{rows} samples to train on" if while_training else f"{held_out} samples held out"
    return each.view.problem(
        "S013",
        f"{each.name} ({each.layer.kind}) cannot take a single sample, and {what} leave one in batches of {size}.",
        "Let the last batch be dropped, or use another batch size." if while_training else "Use another batch size.",
        node=each.name,
        fix=fix,
    )


def _singles(training: Training, parts: tuple[int, int, int]) -> bool:
    size = training.batch_size
    alone = _has_single(parts[0], size, drop_last=training.drop_last)
    return alone or any(_has_single(rows, size) for rows in parts[1:])
