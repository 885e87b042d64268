"""The settings of a data set: its kind, its files, and the roles of its columns."""

from collections.abc import Mapping
from dataclasses import replace

from engine.catalog.data.datasets import Origin, datasets, missing, origin, path_params
from engine.catalog.data.transforms import transforms
from engine.catalog.params import find
from engine.graph.model import Data, Part

ROLES, TARGET = "roles", "target"  # parameters of a table; the second is also a role
ORIGINS: Mapping[Origin, str] = {
    "shipped": "Included with Torchloom",
    "own": "Your own files",
    "computed": "Generated",
}


def kind_headings() -> dict[str, str]:
    """The heading above each kind of data in the list."""
    return {kind: ORIGINS[origin(declared)] for kind, declared in datasets().items()}


def choice_label(kind: str) -> str:
    """The label of the edit that selects a kind of data; an empty kind for none."""
    return f"Use the data {kind}" if kind else "Use no data"


def with_kind(data: Data, kind: str) -> Data:
    """Data of another kind, with the same split and the transforms of the fields that it has, too."""
    declared = datasets().get(kind)
    fields = {field.name for field in declared.fields} if declared else set()
    valid = tuple(part for part in data.transforms if field_of(part) in fields)
    return Data(kind, split=data.split, transforms=valid)


def path_noun(data: Data) -> str:
    """Whether the data is read from a folder or a file, as a word."""
    declared = datasets().get(data.kind)
    paths = path_params(declared) if declared else ()
    return "folder" if any(param.folder for param in paths) else "file"


def missing_message(data: Data) -> str:
    """A sentence about the settings that are missing before the data can be read; empty if none is."""
    if data.is_absent:
        return "The project has no data: choose what to train on."
    names = [f"{param.name} ({param.placeholder})" for param in missing(data.kind, data.params)]
    return f"Still to choose: {' and '.join(names)}." if names else ""


def is_readable(data: Data) -> bool:
    """Whether the files to read are chosen, even if other settings are missing."""
    return not data.is_absent and not any(param.path for param in missing(data.kind, data.params))


def field_of(part: Part) -> str:
    """The field that a transform changes."""
    declared = transforms().get(part.kind)
    param = find(declared.params, "field") if declared else None
    return str(part.params.get("field", param.default if param else ""))


def roles_of(kind: str) -> tuple[str, ...]:
    """The roles that a column of this kind of data can have; empty if it has no such columns."""
    declared = datasets().get(kind)
    param = find(declared.params, ROLES) if declared else None
    return tuple(getattr(param, "options", ()))


def roles_by_column(data: Data) -> dict[str, str]:
    """The roles that were chosen, by column."""
    pairs = data.params.get(ROLES, ())
    return {str(pair[0]): str(pair[1]) for pair in pairs if isinstance(pair, tuple)} if isinstance(pairs, tuple) else {}


def target_of(data: Data) -> str:
    """The column to predict, set as parameter or as role; empty for none."""
    by_role = (column for column, role in roles_by_column(data).items() if role == TARGET)
    return str(data.params.get(TARGET) or next(by_role, ""))


def with_role(data: Data, column: str, role: str) -> Data:
    """The data with another role of a column; empty for the automatic one."""
    roles = {name: each for name, each in roles_by_column(data).items() if name != column}
    params = dict(data.params)
    if role == TARGET:
        roles = {name: each for name, each in roles.items() if each != TARGET}
        params[TARGET] = column
    elif role:
        roles[column] = role
    params.pop(ROLES, None)
    if roles:
        params[ROLES] = tuple(roles.items())
    return replace(data, params=params)


def with_one_target(data: Data) -> Data:
    """The data with a role of target turned into the parameter of that name, so that there is only one target."""
    targets = [column for column, role in roles_by_column(data).items() if role == TARGET]
    return with_role(data, targets[-1], TARGET) if targets else data
