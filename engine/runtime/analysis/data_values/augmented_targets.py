"""Whether a transform moves what an image shows while a target that goes with the image stays where it was."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from engine.catalog.data.transforms import moved_along, transforms
from engine.check.diagnostics import Diagnostic, Fix
from engine.check.view import View
from engine.graph.edits import SetData
from engine.graph.model import Part, Project
from engine.runtime.data.field_spec import FieldSpec
from engine.runtime.data.fields import kinds_and_shapes

PLACES = re.compile(
    r"box|point|mark|corner|coord|centre|center|pos(e|ition)?s?\b|xy|mask|offset|gaze|angle|direction", re.IGNORECASE
)
"""Names of fields that hold positions in an image."""


def problems(project: Project, fields: Mapping[str, FieldSpec]) -> Iterator[Diagnostic]:
    """Problems of transforms that move an image, but not the mask, boxes or points that a loss compares with."""
    if project.main not in project.graphs:
        return
    view = View(project, project.main, project.graphs[project.main])
    losses = [name for name in view.graph.nodes if view.role(name) == "loss"]
    loss_of_field = {field: name for name in losses if (field := view.field_behind(name, "target")) and field in fields}
    for part in project.data.transforms:
        declaration = transforms().get(part.kind)
        image = str(part.params.get("field"))
        if declaration is None or not declaration.moves or image not in fields:
            continue
        also = part.params.get("also")
        names = [str(name) for name in also] if isinstance(also, tuple) else []
        moved = {image, *moved_along(declaration, image, names, kinds_and_shapes(fields))}
        stays = next(
            (field for field in loss_of_field if field not in moved and _goes_with(fields, image, field)), None
        )
        if stays is not None:
            yield _apart(project, part, image, stays, loss_of_field[stays])


def _goes_with(fields: Mapping[str, FieldSpec], image: str, target: str) -> bool:
    """Whether a target labels places of the image, or holds positions in it."""
    size, shape = fields[image].shape[-2:], fields[target].shape
    if len(shape) >= 2 and shape[-2:] == size:
        return True
    return bool(PLACES.search(target)) and fields[target].dtype == "float32" and bool(shape)


def _apart(project: Project, part: Part, image: str, stays: str, loss: str) -> Diagnostic:
    left = tuple(each for each in project.data.transforms if each is not part)
    own = any(each.kind == part.kind and each.params.get("field") == stays for each in project.data.transforms)
    what = f"{stays} by its own random numbers" if own else f"not {stays}"
    still = next(one.kind for one in transforms().values() if one.random and not one.moves)
    return Diagnostic(
        "D135",
        "warning",
        f"{part.kind} changes where things are in {image}, and {what}, which {loss} compares with: they no longer fit.",
        f"Name it in also where it is an image, remove {part.kind}, or use one that moves nothing, such as {still}.",
        fix=Fix(f"Remove {part.kind}", SetData(replace(project.data, transforms=left), f"Remove {part.kind}")),
    )
