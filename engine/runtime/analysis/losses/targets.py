"""Whether what a loss or metric compares can be compared: sample by sample, class by class, and nothing stretched."""

from collections.abc import Iterator

from engine.catalog.spec import Conversion, Layer
from engine.catalog.usual import classification_loss, converter, dense
from engine.check.diagnostics import Diagnostic
from engine.runtime.analysis.build import has_rows, shape_text
from engine.runtime.analysis.flattening import missing_flatten
from engine.runtime.analysis.losses import classes, expected
from engine.runtime.analysis.losses.comparison import Comparison, resized
from engine.runtime.analysis.mending import Fix, converted


def problems(compared: Comparison) -> Iterator[Diagnostic]:
    """Everything that torch would refuse to compare, or worse, would compare."""
    for port, spec in (("input", compared.scores), ("target", compared.target)):
        if not spec.shape or not has_rows(spec.shape[0]):
            yield compared.problem(
                "S012",
                f"{compared.title} gets {shape_text(spec.shape)}, in which axis 0 does not hold the samples.",
                "Keep axis 0 for the samples: look at the layers before it.",
                port=port,
            )
            return
    yield from _indexed(compared) if takes_classes(compared) else _paired(compared)
    yield from _weights(compared)
    yield from expected.problems(compared.view, compared.name, compared.layer)


def _weights(compared: Comparison) -> Iterator[Diagnostic]:
    """Class weights that are all 0, or whose number differs from that of the yes-or-no questions."""
    weight = compared.value("weight")
    if isinstance(weight, tuple) and weight and not any(weight):
        yield compared.problem("S002", f"{compared.title}: all weights are 0, so nothing counts.", "Raise one of them.")
    if asks_questions(compared.layer):
        for name in ("weight", "pos_weight"):
            given, last = compared.value(name), compared.scores.shape[-1]
            if isinstance(given, tuple) and len(given) not in (1, last) and not has_rows(last):
                yield compared.problem(
                    "S002",
                    f"{compared.title} has {len(given)} numbers in {name} for {last} answers per sample.",
                    "Give one number per answer.",
                )


def asks_questions(layer: Layer) -> bool:
    """Whether each score answers a question of its own with yes or no."""
    return layer.compares is not None and layer.compares.is_binary


def takes_classes(compared: Comparison) -> bool:
    """Whether the target holds class numbers, and axis 1 of the input a score for each class."""
    port = compared.layer.input("target")
    scores, target = compared.scores, compared.target
    if port is None or port.element == "float":
        return False
    if port.element == "any" and compared.layer.role == "metric":
        many = len(scores.shape) == len(target.shape) + 1 and scores.shape[1] > 1
        shares = len(scores.shape) > 1 and target.shape == scores.shape
        task = compared.value("task")
        return many if task == "auto" else task == "multiclass" and not shares
    return port.element != "any" or target.element != "float"


def _indexed(compared: Comparison) -> Iterator[Diagnostic]:
    scores, target = compared.scores.shape, compared.target.shape
    if len(scores) < 2:
        yield compared.problem(
            "S003",
            f"{compared.title} wants scores (N, classes), gets {shape_text(scores)}.",
            f"Let a {dense()} give one score a class.",
            port="input",
        )
    elif target != scores[:1] + scores[2:]:
        yield _unmatched(compared)
    elif few := classes.too_few(compared):
        yield few
    else:
        yield from classes.counts(compared, scores[1])


def _unmatched(compared: Comparison) -> Diagnostic:
    scores, target = compared.scores.shape, compared.target.shape
    wanted = scores[:1] + scores[2:]
    hint, fix = "A target holds one class number where the scores hold one score a class.", None
    if target == (*wanted, 1):
        hint, fix = _convert(compared, "target", "remove axis", len(wanted))
    elif len(scores) == 3 and target == scores[:2]:
        hint = f"The scores of the classes belong on axis 1: add {converter('swap axes').kind}."
        fix = converted(compared.view, compared.name, "input", "swap axes", 1, 2)
    elif target == scores[:1] and (missing := missing_flatten(compared.view, compared.name, compared.shapes)):
        hint, fix = missing.hint, missing.fix
    return compared.problem(
        "S009",
        f"{compared.title} wants class numbers {shape_text(wanted)} for scores {shape_text(scores)}, "
        f"gets {shape_text(target)}.",
        hint,
        fix=fix,
    )


def _convert(compared: Comparison, port: str, conversion: Conversion, axis: int) -> tuple[str, Fix | None]:
    """A conversion of what goes into a port: a hint, and the edit."""
    hint = f"Add {converter(conversion).kind} to the {port}."
    return hint, converted(compared.view, compared.name, port, conversion, axis)


def _paired(compared: Comparison) -> Iterator[Diagnostic]:
    scores, target = compared.scores.shape, compared.target.shape
    if compared.layer.role == "metric":
        if [size for size in scores if size != 1] != [size for size in target if size != 1]:
            yield _unequal(compared, None)
    elif scores != target:
        yield _unequal(compared, _stretched(scores, target))
    elif few := classes.too_few(compared):
        yield few
    if asks_questions(compared.layer) and (compared.classes or 0) > 2:
        yield compared.problem(
            "S010",
            f"{compared.title} answers yes or no, but the labels have {compared.classes} classes.",
            f"Use {classification_loss()} with a score for each class.",
        )


def _unequal(compared: Comparison, stretched: tuple[int, ...] | None) -> Diagnostic:
    scores, target = compared.scores.shape, compared.target.shape
    hint, fix = "Both must have one shape.", None
    if is_choice(compared):
        if len(scores) == len(target) == 2 and target[1] > 1 and (resize := resized(compared, target[1])):
            hint, fix = f"{resize[0]}.", resize
        else:
            hint, fix = classes.as_classes(compared)
    elif scores == (*target, 1):
        hint, fix = _convert(compared, "target", "add axis", len(target))
    elif target == (*scores, 1):
        hint, fix = _convert(compared, "input", "add axis", len(scores))
    elif len(scores) == len(target) == 2 and (resize := resized(compared, target[1])):
        hint, fix = f"{resize[0]}.", resize
    elif (
        len(scores) > 2
        and target == (scores[0], scores[-1])
        and (missing := missing_flatten(compared.view, compared.name, compared.shapes))
    ):
        hint, fix = missing.hint, missing.fix
    what = f"{compared.title} compares {shape_text(scores)} with {shape_text(target)}"
    why = f"which would silently be stretched to {shape_text(stretched)}" if stretched else "which do not fit together"
    return compared.problem("S009", f"{what}, {why}.", hint, fix=fix)


def is_choice(compared: Comparison) -> bool:
    """Whether a loss chooses among classes."""
    return compared.layer.compares is not None and compared.layer.compares.fewest > 1


def _stretched(first: tuple[int, ...], second: tuple[int, ...]) -> tuple[int, ...] | None:
    """What broadcasting would make of two shapes, or ``None`` where it refuses."""
    axes = max(len(first), len(second))
    left, right = ((1,) * (axes - len(shape)) + shape for shape in (first, second))
    if any(a != b and 1 not in (a, b) for a, b in zip(left, right, strict=True)):
        return None
    return tuple(max(a, b) for a, b in zip(left, right, strict=True))
