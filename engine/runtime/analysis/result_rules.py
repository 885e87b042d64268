"""Results that torch gives, but that are of no use: empty ones, and ones whose axes cannot be those of samples."""

from collections.abc import Mapping

from engine.check.diagnostics import Diagnostic
from engine.check.view import View
from engine.runtime.analysis.build import Result, Spec, has_samples, shape_text


def useless(view: View, name: str, inputs: Mapping[str, Spec], result: Result) -> Diagnostic | None:
    """The problem of a result without numbers, or of one that does not keep the samples apart."""
    empty = next((spec for spec in result.outputs if spec and 0 in spec.shape), None)
    if not empty and not result.uneven:
        return None
    gets, kind = " and ".join(shape_text(spec.shape) for spec in inputs.values()), view.graph.nodes[name].kind
    if empty:
        message = f"{name} ({kind}) makes of {gets} a result without any number, {shape_text(empty.shape)}."
        return view.problem("S007", message, "Look at its values: they take more than there is.", node=name)
    return view.problem(
        "S012",
        f"{name} ({kind}) turns {gets} into a value whose size depends on the number of samples, "
        "but is not a multiple of it.",
        "Every sample must be treated in the same way: choose another axis.",
        node=name,
    )


def between_samples(view: View, name: str, inputs: Mapping[str, Spec]) -> Diagnostic | None:
    """The problem of a loss, metric or output of the network that reads a number for each pair of samples.

    The results of several batches are joined for validation and predictions, which such values do not allow.
    """
    for port, spec in inputs.items():
        if sum(map(has_samples, spec.shape)) > 1:
            return view.problem(
                "S012",
                f"{name} ({view.graph.nodes[name].kind}) gets {shape_text(spec.shape)}, numbers for each pair of "
                "samples of a batch, so the results of several batches cannot be joined.",
                "Give it one value per sample: a mean over axis 1, for instance.",
                node=name,
                port=port,
            )
    return None


def unreadable_output(view: View, name: str, inputs: Mapping[str, Spec]) -> Diagnostic | None:
    """The problem of an output of the network whose axis 0, and no other, should be that of the samples."""
    spec, pairs = inputs["input"], between_samples(view, name, inputs)
    if pairs or (spec.shape and has_samples(spec.shape[0])):
        return pairs
    return view.problem(
        "S012",
        f"{name} gives {shape_text(spec.shape)}, in which axis 0 does not hold the samples.",
        "Predictions are read sample by sample: keep axis 0 for the samples.",
        node=name,
        port="input",
        severity="warning",
    )
