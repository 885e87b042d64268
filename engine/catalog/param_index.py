"""The parameters of a declaration by name, and other lookups that are made often, computed once."""

from collections.abc import Mapping

from msgspec import Struct

from engine.catalog.params import FromInput, Param


class ParamIndex(Struct, frozen=True):
    """The parameters of one declaration. ``params`` is kept so that its id stays its own.

    ``unset``: those that the user must set, since the default is illegal, with the reason. ``derived``: read off wires.
    """

    params: tuple[Param, ...]
    by_name: Mapping[str, Param]
    unset: tuple[tuple[Param, str], ...]
    derived: tuple[FromInput, ...]


_INDEXES: dict[int, ParamIndex] = {}


def index_of(params: tuple[Param, ...]) -> ParamIndex:
    """The index of the parameters of a declaration."""
    index = _INDEXES.get(id(params))
    if index is None:
        wrong = ((param, param.problem(param.default)) for param in params if param.required)
        unset = tuple((param, why) for param, why in wrong if why is not None)
        derived = tuple(param for param in params if isinstance(param, FromInput))
        index = _INDEXES[id(params)] = ParamIndex(params, {param.name: param for param in params}, unset, derived)
    return index
