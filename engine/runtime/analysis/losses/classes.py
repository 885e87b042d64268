"""Whether scores and classes fit: enough of both, and class numbers where a loss needs them."""

from collections.abc import Iterator
from dataclasses import replace

from engine.catalog.data.datasets import NUMBERING, datasets
from engine.catalog.params import find
from engine.catalog.recommended import binary_loss, dense, regression_loss
from engine.check.diagnostics import Diagnostic
from engine.graph.edits import Batch, Edit, SetData, SetParam
from engine.runtime.analysis.losses.comparison import Comparison, size_fix


def too_few(comparison: Comparison) -> Diagnostic | None:
    """The problem of a loss that chooses among too few classes: it is always 0."""
    compares, scores = comparison.layer.compares, comparison.scores.shape
    if compares is None or len(scores) < 2 or scores[1] >= compares.min_classes:
        return None
    classes = comparison.classes or 0
    fix = size_fix(comparison, classes) if classes >= compares.min_classes else None
    hint = f"Use {binary_loss()} for a yes or no, and {regression_loss()} for a number."
    if classes >= compares.min_classes:
        hint = f"{fix[0]}." if fix else f"Give {classes} scores."
    return comparison.problem(
        "S016",
        f"{comparison.title} gets 1 score, so there is no class to choose: it is 0 whatever the network learns.",
        hint,
        port="input",
        fix=fix,
    )


def counts(comparison: Comparison, score_count: int) -> Iterator[Diagnostic]:
    """Problems of the number of scores."""
    weight, k = comparison.value("weight"), comparison.value("k")
    if isinstance(weight, tuple) and len(weight) != score_count:
        yield comparison.problem(
            "S002",
            f"{comparison.title} has {len(weight)} weights for {score_count} classes.",
            "Give one weight per class.",
        )
    if isinstance(k, int) and k > score_count:
        yield comparison.problem(
            "S002",
            f"{comparison.title} looks among the best {k} of {score_count} classes.",
            f"Set k to at most {score_count}.",
        )
    if comparison.classes is None or comparison.classes == score_count or comparison.layer.role != "loss":
        return
    if comparison.classes == 1:
        message = f"{comparison.title} gets labels that are all of one class, so there is nothing to learn."
        yield comparison.view.problem(
            "S010", message, "Check the data.", node=comparison.name, port="target", severity="warning"
        )
        return
    yield (
        _more_classes(comparison, score_count)
        if comparison.classes > score_count
        else _fewer_classes(comparison, score_count)
    )


def class_alone(comparison: Comparison) -> Diagnostic | None:
    """The problem of a class that is to be measured alone, and is none."""
    value, scores = comparison.value("class_index"), comparison.scores.shape
    count = scores[1] if len(scores) > 1 else 1
    if not isinstance(value, int) or value < count:
        return None
    fix = SetParam(comparison.view.name, comparison.name, "class_index", count - 1)
    return comparison.problem(
        "P003",
        f"{comparison.title}: class_index is {value}, but must be less than {count}.",
        f"Set class_index to {count - 1}, for instance.",
        port="input",
        fix=(f"Set class_index to {count - 1}", fix),
    )


def _more_classes(comparison: Comparison, score_count: int) -> Diagnostic:
    gaps = _numbered_with_gaps(comparison, score_count)
    if gaps is not None:
        return gaps
    classes = comparison.classes or 0
    fix = size_fix(comparison, classes)
    hint = f"{fix[0]}." if fix else f"Give {classes} scores."
    message = f"{comparison.title} gets labels of {classes} classes, but only {score_count} scores."
    return comparison.problem("S010", message, hint, port="input", fix=fix)


def _numbered_with_gaps(comparison: Comparison, score_count: int) -> Diagnostic | None:
    """The problem of class numbers with gaps, which need other numbers rather than more scores."""
    data, classes, occurring = comparison.view.project.data, comparison.classes or 0, comparison.occurring
    declaration = datasets().get(data.kind)
    if (
        occurring is None
        or occurring >= classes
        or declaration is None
        or find(declaration.params, NUMBERING.name) is None
    ):
        return None
    label = f"Number the {occurring} classes from 0"
    numbered = replace(data, params={**data.params, NUMBERING.name: "found"})
    return comparison.problem(
        "S010",
        f"{comparison.title} gets {score_count} scores and labels up to {classes - 1}, but only {occurring} of the "
        f"{classes} classes 0 to {classes - 1} have samples.",
        f"{label}: set {NUMBERING.name} of the data to found. If all of these are classes, give {classes} scores.",
        port="input",
        fix=(label, SetData(numbered, label)),
    )


def _fewer_classes(comparison: Comparison, score_count: int) -> Diagnostic:
    """More scores than classes: right where a person's own data lacks some of them."""
    classes = comparison.classes or 0
    fix = size_fix(comparison, classes)
    declaration = datasets().get(comparison.view.project.data.kind)
    hint = f"{fix[0]}." if fix else f"Give {classes} scores."
    if not (declaration and declaration.file):
        hint = f"{hint.removesuffix('.')}, unless the data lacks some classes."
        fix = None
    return comparison.view.problem(
        "S010",
        f"{comparison.title} gets {score_count} scores, but the labels have only {classes} classes.",
        hint,
        node=comparison.name,
        port="input",
        severity="warning",
        fix=fix,
    )


def as_classes(comparison: Comparison) -> tuple[str, tuple[str, Edit] | None]:
    """How a loss of classes gets class numbers from a field of real numbers: a hint, and an edit where one helps."""
    view, data, scores = comparison.view, comparison.view.project.data, comparison.scores.shape
    if len(scores) < 2:
        return f"Let a {dense()} give one score per class.", None
    field = view.field_behind(comparison.name, "target")
    hint = (
        f"It wants the class number of each sample, or a share for each of the {scores[1]} classes. "
        f"For a yes or no use {binary_loss()}, for a quantity {regression_loss()}."
    )
    declaration = datasets().get(data.kind)
    params = {param.name for param in declaration.params} if declaration else set()
    if field is None:
        return hint, None
    if "label" in params:
        label = f"Read {field} as class numbers"
        return f"{hint} If {field} holds class numbers, name it in label.", (
            label,
            SetData(replace(data, params={**data.params, "label": field}), label),
        )
    if "task" in params and field == "target":
        label = "Read the target as classes"
        inputs = [
            name for name, node in view.graph.of_kind("Input").items() if (node.params.get("field") or name) == field
        ]
        edits: tuple[Edit, ...] = (
            SetData(replace(data, params={**data.params, "task": "classification"})),
            *(SetParam(view.name, name, "field", "label") for name in inputs),
        )
        return f"{hint} If the column holds classes, set task to classification.", (label, Batch(label, edits))
    return hint, None
