"""The parameters of blocks as JSON."""

from typing import get_args

from engine.catalog.expressions import Constant
from engine.errors import FileProblem
from engine.graph.block_params import BlockParam, ParamType
from engine.graph.edits import RESERVED_PARAMS
from engine.graph.json_form.schema import (
    Fields,
    Json,
    an_object,
    inside,
    list_of,
    name,
    number,
    text,
    wrong,
)
from engine.graph.json_form.values import is_literal

MAX_PARAMS = 200  # of one block


def block_params_to_json(params: dict[str, BlockParam]) -> Json:
    """The parameters of one block, in order."""
    return {key: block_param_to_json(param, key) for key, param in params.items()}


def block_param_to_json(param: BlockParam, key: str = "") -> Json:
    """One parameter, without its name; defaults are left out."""
    fields: Json = {"type": param.type, "default": param.declared(key).to_json(param.default)}
    fields |= {"min": param.min} if param.min is not None else {}
    fields |= {"max": param.max} if param.max is not None else {}
    fields |= {"options": list(param.options)} if param.options else {}
    fields |= {"help": param.help} if param.help else {}
    return fields | param.extra


def block_params_from_json(raw: object, where: str) -> dict[str, BlockParam]:
    """What `block_params_to_json` wrote. Raises: `FileProblem` with the path of what is wrong."""
    items = an_object(raw, where)
    if len(items) > MAX_PARAMS:
        raise FileProblem(f"{where} holds {len(items):,} parameters; at most {MAX_PARAMS:,} can be opened.")
    if reserved := next((key for key in items if key in RESERVED_PARAMS), None):
        message = f"{inside(where, reserved)}: {reserved} has another meaning in expressions."
        raise FileProblem(message, hint="Give the parameter another name.")
    return {name(key, where): block_param_from_json(item, inside(where, key)) for key, item in items.items()}


def block_param_from_json(raw: object, where: str = "param") -> BlockParam:
    """One parameter of a block. Raises: `FileProblem` with the path of what is wrong."""
    fields = Fields(raw, where)
    kind = fields.need("type", _type)
    default = fields.need("default", lambda item, place: _default(kind, item, place))
    low, high = fields.take("min", _bound, None), fields.take("max", _bound, None)
    options, help_text = fields.take("options", list_of(text), ()), fields.take("help", text, "")
    return BlockParam(kind, default, low, high, options, help_text, fields.rest())


def _type(raw: object, where: str) -> ParamType:
    for kind in get_args(ParamType):
        if raw == kind:
            return kind  # type: ignore[no-any-return]  # one of the words of ParamType
    raise wrong(where, f"one of {', '.join(get_args(ParamType))}", raw)


def _default(kind: ParamType, raw: object, where: str) -> Constant:
    """The default, legal or not: `engine.check` judges it."""
    if not is_literal(raw):
        raise wrong(where, "a value or a list of values", raw)
    return BlockParam(kind, None).declared("").from_json(raw)


def _bound(raw: object, where: str) -> float:
    """A finite number, whole numbers as they are."""
    real = number(raw, where)
    return raw if isinstance(raw, int) else real
