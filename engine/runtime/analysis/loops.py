"""The rounds of a loop: what its block takes in one, and what all of them give."""

from collections.abc import Iterator, Mapping

from engine.check.diagnostics import Diagnostic
from engine.check.loops import count_problem
from engine.check.view import View
from engine.graph.loops import MAX_ROUNDS, LoopSettings
from engine.runtime.analysis.build import Spec, has_samples, shape_text
from engine.runtime.analysis.node_analysis import Path, Results
from engine.runtime.analysis.repeated import Repetition, Specs, analysis_of


def _count(loop: LoopSettings, inputs: Mapping[str, Spec]) -> int:
    """The number of rounds; the settings and the inputs must have no problem."""
    for port, axis in loop.over:
        return inputs[port].shape[axis]
    return loop.count if isinstance(loop.count, int) else 1


def round_inputs(loop: LoopSettings, inputs: Mapping[str, Spec]) -> dict[str, Spec]:
    """What the block takes in one round: of the inputs that are run over, one entry of the axis."""
    specs = dict(inputs)
    for port, axis in loop.over:
        shape = list(inputs[port].shape)
        del shape[axis]
        specs[port] = Spec(tuple(shape), inputs[port].dtype)
    return specs


def input_problems(view: View, name: str, loop: LoopSettings, inputs: Mapping[str, Spec]) -> Iterator[Diagnostic]:
    """The problems of the axes that a loop runs over, and of a count that an expression gives."""
    if wrong := count_problem(loop):
        yield view.problem("G028", f"The count of the loop {name} {wrong}.", "Change the expression.", node=name)
    sizes = {}
    for port, axis in loop.over:
        shape = inputs[port].shape
        if not -len(shape) <= axis < len(shape):
            message = f"{name} runs over axis {axis} of {port}, but {port} is {shape_text(shape)}"
            yield view.problem("S003", f"{message}, without that axis.",
                               "Choose an axis that it has.", node=name, port=port)  # fmt: skip
        elif has_samples(shape[axis]):
            message = f"{name} runs over axis {axis} of {port}, which holds the samples."
            yield view.problem("S008", message, "Choose another axis.", node=name, port=port)
        else:
            sizes[port] = shape[axis]
    if len(set(sizes.values())) > 1:
        texts = " and ".join(f"{size} of {port}" for port, size in sizes.items())
        yield view.problem("S005", f"{name} runs over axes of different sizes: {texts}.", "Make them equal.", node=name)
    most = max(sizes.values(), default=0)
    if most > MAX_ROUNDS:
        message = f"{name} would run {most:,} rounds; the limit is {MAX_ROUNDS:,}."
        yield view.problem("S007", message, "Shorten the axis that it runs over.", node=name)


def output_problems(
    view: View, name: str, loop: LoopSettings, inputs: Mapping[str, Spec], outputs: Specs
) -> Iterator[Diagnostic]:
    """The problems of what a round gives: it must be what the next one takes, and have the axis to be stacked along."""
    for port, output in loop.carry:
        gives = outputs.get(output)
        if gives and gives != inputs[port]:
            takes, output_text = (f"{shape_text(spec.shape)} ({spec.element})" for spec in (inputs[port], gives))
            message = f"{name} carries {output} to {port}, but {port} takes {takes} and {output} is {output_text}."
            yield view.problem("S011", message, f"Make both the same, or wire another first value into {port}.",
                               node=name, port=port)  # fmt: skip
    for output in loop.collect:
        gives, axis = outputs.get(output), loop.axis
        if gives and not -len(gives.shape) - 1 <= axis <= len(gives.shape):
            message = f"{name} cannot stack {output} along axis {axis}: in each round it is {shape_text(gives.shape)}."
            yield view.problem("S003", message, "Run over an axis nearer to the front.", node=name)


def all_rounds(path: Path, loop: LoopSettings, inputs: Mapping[str, Spec], one: Repetition) -> tuple[Results, Specs]:
    """The results and the outputs of a loop, of which one round was analysed. ``path``: of the loop."""
    rounds = _count(loop, inputs)
    results, outputs = one.results.in_rounds(rounds), _all_outputs(loop, rounds, one.outputs)
    results.nodes[path] = analysis_of(outputs, results.parameters, results.macs, weights=one.weights)
    return results, outputs


def _all_outputs(loop: LoopSettings, rounds: int, outputs: Specs) -> Specs:
    """The outputs of the loop: collected ones have one axis more, of the size of the rounds."""
    results = dict(outputs)
    for output in loop.collect:
        spec = outputs.get(output)
        if spec is not None:
            shape = list(spec.shape)
            axis = loop.axis if loop.axis >= 0 else len(shape) + 1 + loop.axis
            shape.insert(axis, rounds)
            results[output] = Spec(tuple(shape), spec.dtype)
    return results
