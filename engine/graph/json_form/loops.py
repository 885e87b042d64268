"""The rounds of a loop as JSON: fields beside the others of a node."""

from engine.catalog.params import Value, thaw
from engine.graph.json_form.schema import Fields, Json, an_object, inside, list_of, name, whole
from engine.graph.json_form.values import expression_from_json
from engine.graph.loops import LoopSettings


def loop_to_json(loop: LoopSettings | None) -> Json:
    """The fields that are set."""
    if loop is None:
        return {}
    fields: Json = {"over": dict(loop.over)} if loop.over else {}
    fields |= {"count": thaw(loop.count)} if loop.count is not None else {}
    fields |= {"carry": dict(loop.carry)} if loop.carry else {}
    return fields | ({"collect": list(loop.collect)} if loop.collect else {})


def loop_from_json(fields: Fields) -> LoopSettings:
    """Take the rounds from the fields of a node. Raises: `FileProblem` with the path of what is wrong."""
    return LoopSettings(
        over=fields.take("over", _axes, ()),
        count=fields.take("count", _count, None),
        carry=fields.take("carry", _outputs, ()),
        collect=fields.take("collect", list_of(name), ()),
    )


def settings_from_json(raw: object, where: str) -> LoopSettings:
    """An object of these fields alone. Raises: `FileProblem` with the path of what is wrong."""
    return loop_from_json(Fields(raw, where))


def _axes(raw: object, where: str) -> tuple[tuple[str, int], ...]:
    return tuple((name(key, where), whole(axis, inside(where, key))) for key, axis in an_object(raw, where).items())


def _outputs(raw: object, where: str) -> tuple[tuple[str, str], ...]:
    return tuple((name(key, where), name(out, inside(where, key))) for key, out in an_object(raw, where).items())


def _count(raw: object, where: str) -> Value:
    return expression_from_json(raw, where) if isinstance(raw, dict) else whole(raw, where)
