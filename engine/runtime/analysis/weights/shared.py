"""Single weights that are those of another node, against the weights that both layers have."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from engine.catalog.index import did_you_mean
from engine.check.diagnostics import Diagnostic
from engine.check.shared_weights import own_weight
from engine.check.view import View
from engine.graph.edits import SetWeights
from engine.runtime.analysis.build import shape_text
from engine.runtime.analysis.node_analysis import Sizes


def shared_weights(
    view: View, name: str, sizes: Sizes, sizes_by_owner: Mapping[str, Sizes | None]
) -> Iterator[Diagnostic]:
    """Weights that one of the two nodes does not have, and those of another shape.

    ``sizes``: of the weights of the node. ``sizes_by_owner``: of the nodes whose weights it shares; ``None`` where they
    are not known.
    """
    for key, weight in view.graph.nodes[name].settings.shares.items():
        owner, _, inner = weight.partition(".")
        owner_sizes = sizes_by_owner.get(owner)
        if key not in sizes:
            code, (wrong, hint) = "W001", _missing(name, key, sizes)
        elif owner_sizes is None or owner_sizes.get(inner) == sizes[key]:
            continue
        elif inner not in owner_sizes:
            code, (wrong, hint) = "W001", _missing(owner, inner, owner_sizes)
        else:
            here, there = shape_text(sizes[key]), shape_text(owner_sizes[inner])
            code, wrong = "W013", f"{key} of {name} is {here}, but {weight}, which it is to be, is {there}."
            hint = f"Give {name} a {key} of its own, or both layers the same sizes."
        yield view.problem(code, wrong, hint, node=name, fix=own_weight(view, name, key))
    yield from _without_effect(view, name, sizes)


def _without_effect(view: View, name: str, sizes: Sizes) -> Iterator[Diagnostic]:
    """Settings of how weights learn, for a node whose weights are all those of others."""
    settings = view.unresolved.nodes[name].settings
    rest = replace(settings, lr_scale=None, decay=None)
    if settings.shares and rest != settings and all(weight in settings.shares for weight in sizes):
        owners = " and ".join(settings.owners)
        yield view.problem(
            "W008",
            f"All weights of {name} are those of {owners}, so its lr_scale and decay have no effect.",
            f"Set them for {owners}.",
            node=name,
            severity="warning",
            fix=(f"Remove them from {name}", SetWeights(view.name, name, rest)),
        )


def _missing(name: str, weight: str, sizes: Sizes) -> tuple[str, str]:
    has = f"It has {', '.join(sizes)}." if sizes else "It has none."
    return f"{name} has no weight {weight}.", did_you_mean(weight, sizes) or has
