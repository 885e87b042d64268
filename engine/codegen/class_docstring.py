"""The docstring of a generated class: what it computes, and from what."""

from engine.codegen.expression import COUNT
from engine.codegen.uses import GraphClass
from engine.codegen.variables import Variables

MAX_SENTENCE = 60


def sentence(graph: GraphClass, variables: Variables) -> str:
    """The sentence that names the values of a class and the inputs that they are computed from."""
    plan = graph.plan
    if not plan.returns:
        return "Computes what the losses of a phase compare."
    inputs = _enumeration([variables.parameters[name] for name in plan.inputs], "inputs")
    origin = f" from {inputs}" if inputs else ""
    count = f" for `{COUNT}` samples" if graph.needs.count else ""
    return f"Computes {_enumeration(list(plan.returns), 'values')}{origin}{count}."


def _enumeration(names: list[str], what: str) -> str:
    names = [f"`{name}`" for name in dict.fromkeys(names)]
    text = " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))
    return text if len(names) < 2 or len(text) <= MAX_SENTENCE else f"{len(names)} {what}"
