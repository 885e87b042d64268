"""Whether a loss gets what it takes: scores, probabilities or log-probabilities, judged by the layer before it."""

from collections.abc import Iterator, Mapping

from engine.catalog.index import layer
from engine.catalog.params import Value
from engine.catalog.spec import Compares, Layer, Range, effective
from engine.check.diagnostics import Diagnostic
from engine.check.value_origin import Origin, is_bounded, is_open, origin, range_text
from engine.check.view import View
from engine.graph.edits import AddWire, Batch, Edit, RemoveWire
from engine.graph.model import Wire
from engine.runtime.analysis.wire_fixes import insertion_fix

CLASS_AXIS = 1
"""Where a loss finds the scores of the classes."""


def problems(view: View, name: str, declaration: Layer) -> Iterator[Diagnostic]:
    """What torch refuses to compute, and as warnings what it computes although the intent was different."""
    compares, source = declaration.compares, origin(view, name, "input")
    if compares is None or source is None:
        return
    match compares.takes:
        case "scores":
            yield from _scores(view, name, compares, source)
        case "probabilities" if not (source.within.low >= 0 and source.within.high <= 1):
            yield _other(view, name, compares, source, is_refused=True)
        case "log-probabilities" if source.gives != "log-probabilities":
            yield _other(view, name, compares, source, is_refused=False)


def port_problems(view: View, name: str, declaration: Layer, params: Mapping[str, Value]) -> Iterator[Diagnostic]:
    """Inputs of a loss that the layer before them may make too small, or that mean something else."""
    for port in declaration.inputs:
        source = origin(view, name, port.name) if port.takes else None
        if port.takes is None or source is None or effective(declaration.params, params).get(port.takes.unless) is True:
            continue
        meaning, low = port.takes.meaning, port.takes.low
        if source.within.low >= low and meaning in ("values", source.gives):
            continue
        what = f"numbers {range_text(Range(low))}" if meaning == "values" else meaning
        usual = layer(port.takes.usual)
        last = {"dim": -1} if usual and usual.param("dim") else {}
        yield view.problem(
            "S014",
            f"{name} ({declaration.kind}) takes {what} in {port.name}, and {source.title} gives others.",
            f"Put {port.takes.usual} before it.",
            node=name,
            port=port.name,
            severity="error" if port.takes.is_refused else "warning",
            fix=insertion_fix(view, name, port.name, port.takes.usual, **last),
        )


def _other(view: View, name: str, compares: Compares, source: Origin, *, is_refused: bool) -> Diagnostic:
    usual = layer(compares.usual)
    of_classes = {"dim": CLASS_AXIS} if usual and usual.param("dim") else {}
    return view.problem(
        "S014",
        f"{name} ({view.graph.nodes[name].kind}) takes {compares.takes}, and {source.title} gives others.",
        f"Put {compares.usual} before it.",
        node=name,
        port="input",
        severity="error" if is_refused else "warning",
        fix=insertion_fix(view, name, "input", compares.usual, **of_classes),
    )


def _scores(view: View, name: str, compares: Compares, source: Origin) -> Iterator[Diagnostic]:
    if source.gives == "log-probabilities" or not is_bounded(source.within):
        return  # a softmax does not change log-probabilities that it is applied to
    if source.is_combined and is_open(source.within) and not compares.is_binary:
        return  # scores of classes compare only with each other, and not all numbers behind one are at the bound
    title = f"{name} ({view.graph.nodes[name].kind})"
    if source.gives == "probabilities":
        message = f"{title} takes raw scores and makes probabilities of them, but {source.title} already does so."
    else:
        message = (
            f"{title} takes raw scores of any size, but {source.title} gives only numbers {range_text(source.within)}."
        )
    yield view.problem(
        "S014",
        message,
        f"Wire what goes into {source.name} into {name}.",
        node=name,
        port="input",
        severity="warning",
        fix=_around(view, name, source),
    )


def _around(view: View, name: str, source: Origin) -> tuple[str, Edit] | None:
    """The edit that wires what a layer reads into a loss; ``None`` where other nodes are between the two."""
    wire = view.into[name]["input"]
    before = next(iter(view.into.get(source.name, {}).values()), None)
    if source.view.name != view.name or wire.source.node != source.name or before is None:
        return None
    label = f"Wire {before.source.node} into it"
    return label, Batch(label, (RemoveWire(view.name, wire), AddWire(view.name, Wire(before.source, wire.target))))
