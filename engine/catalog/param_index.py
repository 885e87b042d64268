"""What is asked of a declaration's parameters again and again, worked out once."""

from collections.abc import Mapping

from msgspec import Struct

from engine.catalog.params import FromInput, Param


class Known(Struct, frozen=True):
    """The parameters of one declaration. ``params`` is kept so that its id stays its own.

    ``unset``: those that a person must choose, for the default is not legal; and why. ``derived``: read off wires.
    """

    params: tuple[Param, ...]
    by_name: Mapping[str, Param]
    unset: tuple[tuple[Param, str], ...]
    derived: tuple[FromInput, ...]


_KNOWN: dict[int, Known] = {}


def known(params: tuple[Param, ...]) -> Known:
    """What is known of the parameters of a declaration."""
    found = _KNOWN.get(id(params))
    if found is None:
        wrong = ((param, param.problem(param.default)) for param in params if param.required)
        unset = tuple((param, why) for param, why in wrong if why is not None)
        derived = tuple(param for param in params if isinstance(param, FromInput))
        found = _KNOWN[id(params)] = Known(params, {param.name: param for param in params}, unset, derived)
    return found
