"""Whether what a loss or metric compares can be compared: sample by sample, class by class, without broadcasting."""

from collections.abc import Iterator

from engine.catalog.recommended import classification_loss, converter, dense
from engine.catalog.spec import Conversion, Layer
from engine.check.diagnostics import Diagnostic
from engine.runtime.analysis.build import has_samples, shape_text
from engine.runtime.analysis.flattening import missing_flatten
from engine.runtime.analysis.losses import classes, input_kinds
from engine.runtime.analysis.losses.comparison import Comparison, size_fix
from engine.runtime.analysis.wire_fixes import Fix, conversion_fix


def problems(comparison: Comparison) -> Iterator[Diagnostic]:
    """Everything that torch would refuse to compare, or compare in a way that is not meant."""
    for port, spec in (("input", comparison.scores), ("target", comparison.target)):
        if not spec.shape or not has_samples(spec.shape[0]):
            yield comparison.problem(
                "S012",
                f"{comparison.title} gets {shape_text(spec.shape)}, in which axis 0 does not hold the samples.",
                "Keep axis 0 for the samples: look at the layers before it.",
                port=port,
            )
            return
    yield from _class_problems(comparison) if takes_classes(comparison) else _pair_problems(comparison)
    if wrong := classes.class_alone(comparison):
        yield wrong
    yield from _weights(comparison)
    yield from input_kinds.problems(comparison.view, comparison.name, comparison.layer)


def _weights(comparison: Comparison) -> Iterator[Diagnostic]:
    """Class weights that are all 0, or whose number differs from that of the scores."""
    weight = comparison.value("weight")
    if isinstance(weight, tuple) and weight and not any(weight):
        yield comparison.problem(
            "S002", f"{comparison.title}: all weights are 0, so nothing counts.", "Raise one of them."
        )
    if is_binary_loss(comparison.layer):
        for name in ("weight", "pos_weight"):
            numbers, last = comparison.value(name), comparison.scores.shape[-1]
            if isinstance(numbers, tuple) and len(numbers) not in (1, last) and not has_samples(last):
                yield comparison.problem(
                    "S002",
                    f"{comparison.title} has {len(numbers)} numbers in {name} for {last} answers per sample.",
                    "Give one number per answer.",
                )


def is_binary_loss(layer: Layer) -> bool:
    """Whether a loss takes each score as a yes or no."""
    return layer.compares is not None and layer.compares.is_binary


def takes_classes(comparison: Comparison) -> bool:
    """Whether the target holds class numbers, and axis 1 of the input a score for each class."""
    port = comparison.layer.input("target")
    scores, target = comparison.scores, comparison.target
    if port is None or port.element == "float":
        return False
    if port.element == "any" and comparison.layer.role == "metric":
        many = len(scores.shape) == len(target.shape) + 1 and scores.shape[1] > 1
        shares = len(scores.shape) > 1 and target.shape == scores.shape
        task = comparison.value("task")
        return many if task == "auto" else task == "multiclass" and not shares
    return port.element != "any" or target.element != "float"


def _class_problems(comparison: Comparison) -> Iterator[Diagnostic]:
    scores, target = comparison.scores.shape, comparison.target.shape
    if len(scores) < 2:
        yield comparison.problem(
            "S003",
            f"{comparison.title} wants scores (N, classes), gets {shape_text(scores)}.",
            f"Let a {dense()} give one score per class.",
            port="input",
        )
    elif target != scores[:1] + scores[2:]:
        yield _class_misfit(comparison)
    elif few := classes.too_few(comparison):
        yield few
    else:
        yield from classes.counts(comparison, scores[1])


def _class_misfit(comparison: Comparison) -> Diagnostic:
    scores, target = comparison.scores.shape, comparison.target.shape
    expected = scores[:1] + scores[2:]
    hint, fix = "A target holds one class number where the scores hold one score per class.", None
    if target == (*expected, 1):
        hint, fix = _convert(comparison, "target", "remove axis", len(expected))
    elif len(scores) == 3 and target == scores[:2]:
        hint = f"The scores of the classes belong on axis 1: add {converter('swap axes').kind}."
        fix = conversion_fix(comparison.view, comparison.name, "input", "swap axes", 1, 2)
    elif target == scores[:1] and (missing := missing_flatten(comparison.view, comparison.name, comparison.shapes)):
        hint, fix = missing.hint, missing.fix
    return comparison.problem(
        "S009",
        f"{comparison.title} wants class numbers {shape_text(expected)} for scores {shape_text(scores)}, "
        f"gets {shape_text(target)}.",
        hint,
        fix=fix,
    )


def _convert(comparison: Comparison, port: str, conversion: Conversion, axis: int) -> tuple[str, Fix | None]:
    """A conversion of what goes into a port: a hint, and the edit."""
    hint = f"Add {converter(conversion).kind} to the {port}."
    return hint, conversion_fix(comparison.view, comparison.name, port, conversion, axis)


def _pair_problems(comparison: Comparison) -> Iterator[Diagnostic]:
    scores, target = comparison.scores.shape, comparison.target.shape
    if comparison.layer.role == "metric":
        if [size for size in scores if size != 1] != [size for size in target if size != 1]:
            yield _pair_misfit(comparison, None)
    elif scores != target:
        yield _pair_misfit(comparison, _broadcast(scores, target))
    elif few := classes.too_few(comparison):
        yield few
    if is_binary_loss(comparison.layer) and (comparison.classes or 0) > 2:
        yield comparison.problem(
            "S010",
            f"{comparison.title} answers yes or no, but the labels have {comparison.classes} classes.",
            f"Use {classification_loss()} with a score for each class.",
        )


def _pair_misfit(comparison: Comparison, broadcast: tuple[int, ...] | None) -> Diagnostic:
    scores, target = comparison.scores.shape, comparison.target.shape
    hint, fix = "Both must have one shape.", None
    if is_classification_loss(comparison):
        if len(scores) == len(target) == 2 and target[1] > 1 and (resize := size_fix(comparison, target[1])):
            hint, fix = f"{resize[0]}.", resize
        else:
            hint, fix = classes.as_classes(comparison)
    elif scores == (*target, 1):
        hint, fix = _convert(comparison, "target", "add axis", len(target))
    elif target == (*scores, 1):
        hint, fix = _convert(comparison, "input", "add axis", len(scores))
    elif len(scores) == len(target) == 2 and (resize := size_fix(comparison, target[1])):
        hint, fix = f"{resize[0]}.", resize
    elif (
        len(scores) > 2
        and target == (scores[0], scores[-1])
        and (missing := missing_flatten(comparison.view, comparison.name, comparison.shapes))
    ):
        hint, fix = missing.hint, missing.fix
    what = f"{comparison.title} compares {shape_text(scores)} with {shape_text(target)}"
    why = (
        f"which torch would silently broadcast to {shape_text(broadcast)}" if broadcast else "which do not fit together"
    )
    return comparison.problem("S009", f"{what}, {why}.", hint, fix=fix)


def is_classification_loss(comparison: Comparison) -> bool:
    """Whether a loss chooses among classes."""
    return comparison.layer.compares is not None and comparison.layer.compares.min_classes > 1


def _broadcast(first: tuple[int, ...], second: tuple[int, ...]) -> tuple[int, ...] | None:
    """What broadcasting would make of two shapes, or ``None`` where it refuses."""
    axes = max(len(first), len(second))
    left, right = ((1,) * (axes - len(shape)) + shape for shape in (first, second))
    if any(a != b and 1 not in (a, b) for a, b in zip(left, right, strict=True)):
        return None
    return tuple(max(a, b) for a, b in zip(left, right, strict=True))
