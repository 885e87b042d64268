"""The settings of weights as JSON: fields beside the others of a node."""

from engine.catalog.weight_settings.initializers import INITIALIZERS
from engine.catalog.weight_settings.parametrizations import PARAMETRIZATIONS
from engine.errors import FileProblem
from engine.graph.json_form.parts import Declarations, part_from_json, part_to_json
from engine.graph.json_form.schema import (
    MAX_NAME,
    Fields,
    Json,
    an_object,
    described,
    flag,
    inside,
    name,
    number,
    text,
    whole,
)
from engine.graph.model import Part
from engine.graph.weights import NO_SETTINGS, Follows, WeightSettings, WeightsFile

MAX_WEIGHTS = 1_000  # that one node can name


def weights_to_json(settings: WeightSettings) -> Json:
    """The fields that are set."""
    if settings == NO_SETTINGS:
        return {}
    fields: Json = {"shares": dict(settings.shares)} if settings.shares else {}
    fields |= {"init": _parts_to_json(settings.init, INITIALIZERS)} if settings.init else {}
    fields |= {"parametrize": _parts_to_json(settings.parametrize, PARAMETRIZATIONS)} if settings.parametrize else {}
    flags = {"frozen": settings.frozen, "lr_scale": settings.lr_scale, "decay": settings.decay}
    fields |= {key: value for key, value in flags.items() if value is not None}
    file, follows = settings.weights, settings.follows
    if file:
        fields["weights"] = {"path": file.path} | ({"prefix": file.prefix} if file.prefix else {}) | file.extra
    if follows:
        timing = {"decay": follows.decay, "every": follows.every}
        timing_fields = {key: value for key, value in timing.items() if value is not None}
        fields["follows"] = {"node": follows.node} | timing_fields | follows.extra
    return fields


def weights_from_json(fields: Fields) -> WeightSettings:
    """Take the settings from the fields of a node. Raises: `FileProblem` with the path of what is wrong."""
    settings = WeightSettings(
        shares=fields.take("shares", _shares, {}),
        init=fields.take("init", _initializers, {}),
        parametrize=fields.take("parametrize", _parametrizations, {}),
        frozen=fields.take("frozen", flag, None),
        lr_scale=fields.take("lr_scale", number, None),
        decay=fields.take("decay", flag, None),
        weights=fields.take("weights", _file, None),
        follows=fields.take("follows", _follows, None),
    )
    return NO_SETTINGS if settings == NO_SETTINGS else settings


def settings_from_json(raw: object, where: str) -> WeightSettings:
    """An object of these fields alone. Raises: `FileProblem` with the path of what is wrong."""
    fields = Fields(raw, where)
    settings = weights_from_json(fields)
    if unknown := fields.rest():
        raise FileProblem(f"{where} has unknown fields: {', '.join(unknown)}.")
    return settings


def _parts_to_json(parts: dict[str, Part], kinds: Declarations) -> Json:
    return {weight: part_to_json(part, kinds) for weight, part in parts.items()}


def _initializers(raw: object, where: str) -> dict[str, Part]:
    return _parts_from_json(raw, where, INITIALIZERS, expressions=True)


def _parametrizations(raw: object, where: str) -> dict[str, Part]:
    return _parts_from_json(raw, where, PARAMETRIZATIONS)


def _parts_from_json(raw: object, where: str, kinds: Declarations, *, expressions: bool = False) -> dict[str, Part]:
    items = _limited(an_object(raw, where), where)
    return {
        _weight(key, where): part_from_json(item, inside(where, key), kinds, expressions=expressions)
        for key, item in items.items()
    }


def _limited(items: Json, where: str) -> Json:
    if len(items) > MAX_WEIGHTS:
        raise FileProblem(f"{where} names {len(items):,} weights; at most {MAX_WEIGHTS:,} can be.")
    return items


def _weight(key: str, where: str) -> str:
    first, *others = key.split(".")
    are_names = first.isidentifier() and all(part.isidentifier() or part.isdigit() for part in others)
    if len(key) > MAX_NAME or not key.isascii() or not are_names:
        raise FileProblem(f"{where}: {described(key)} is not the name of a weight.", hint="Write conv1.weight.")
    return key


def _shares(raw: object, where: str) -> dict[str, str]:
    items = _limited(an_object(raw, where), where)
    return {_weight(key, where): _weight_of_node(item, inside(where, key)) for key, item in items.items()}


def _weight_of_node(raw: object, where: str) -> str:
    weight = text(raw, where)
    if "." not in weight:
        hint = "Write wte.weight: a node, a dot, and its weight."
        raise FileProblem(f"{where}: {described(raw)} is not a weight of a node.", hint=hint)
    return _weight(weight, where)


def _file(raw: object, where: str) -> WeightsFile:
    fields = Fields(raw, where)
    return WeightsFile(fields.need("path", text), fields.take("prefix", text, ""), fields.rest())


def _follows(raw: object, where: str) -> Follows:
    fields = Fields(raw, where)
    return Follows(
        fields.need("node", name),
        fields.take("decay", number, None),
        fields.take("every", whole, None),
        fields.rest(),
    )
