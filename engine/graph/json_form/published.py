"""The block that a file of a library offers, as JSON."""

from engine.graph.json_form.schema import Fields, Json, inside, name, text, whole, wrong
from engine.graph.model import Published


def published_to_json(published: Published) -> Json:
    """Its fields; the summary is left out where it is empty."""
    fields: Json = {"block": published.block, "version": published.version}
    return fields | ({"summary": published.summary} if published.summary else {}) | published.extra


def published_from_json(raw: object, where: str) -> Published:
    """Its fields. Raises: `FileProblem` with the path of what is wrong."""
    fields = Fields(raw, where)
    block, version = fields.need("block", name), fields.take("version", whole, 1)
    if version < 1:
        raise wrong(inside(where, "version"), "a whole number from 1", version)
    return Published(block, fields.take("summary", text, ""), version, fields.rest())
