"""What stays of a data's settings when it becomes another."""

from collections.abc import Mapping
from dataclasses import replace

from engine.catalog.data.datasets import Origin, datasets, missing, origin, path_params
from engine.catalog.data.transforms import transforms
from engine.catalog.params import find
from engine.graph.model import Data, Part

ROLES, TARGET = "roles", "target"  # parameters of a table; the second is a role as well
ORIGINS: Mapping[Origin, str] = {
    "shipped": "Included with Torchloom",
    "own": "Your own files",
    "computed": "Generated",
}


def headings() -> dict[str, str]:
    """What each kind of data is listed under."""
    return {kind: ORIGINS[origin(declared)] for kind, declared in datasets().items()}


def choice_label(kind: str) -> str:
    """What the step is called that chooses a kind of data; empty for none."""
    return f"Use the data {kind}" if kind else "Use no data"


def with_kind(data: Data, kind: str) -> Data:
    """Data of another kind: the split stays, and the transforms of fields that it has as well."""
    declared = datasets().get(kind)
    fields = {field.name for field in declared.fields} if declared else set()
    kept = tuple(part for part in data.transforms if field_of(part) in fields)
    return Data(kind, split=data.split, transforms=kept)


def path_word(data: Data) -> str:
    """What the files to read are chosen as: a folder or a file."""
    declared = datasets().get(data.kind)
    paths = path_params(declared) if declared else ()
    return "folder" if any(param.folder for param in paths) else "file"


def missing_words(data: Data) -> str:
    """What is still to be given before there is anything to read, in a sentence; nothing where that is nothing."""
    if data.is_absent:
        return "The project has no data: choose what to train on."
    asked = [f"{param.name} ({param.placeholder})" for param in missing(data.kind, data.params)]
    return f"Still to choose: {' and '.join(asked)}." if asked else ""


def is_readable(data: Data) -> bool:
    """Whether there are files to read, even if something else is still to be given."""
    return not data.is_absent and not any(param.path for param in missing(data.kind, data.params))


def field_of(part: Part) -> str:
    """The field that a transform changes."""
    declared = transforms().get(part.kind)
    param = find(declared.params, "field") if declared else None
    return str(part.params.get("field", param.default if param else ""))


def roles_of(kind: str) -> tuple[str, ...]:
    """The roles that a column of this kind of data can be given; none where its columns are not chosen."""
    declared = datasets().get(kind)
    param = find(declared.params, ROLES) if declared else None
    return tuple(getattr(param, "options", ()))


def given_roles(data: Data) -> dict[str, str]:
    """The roles that columns were given."""
    pairs = data.params.get(ROLES, ())
    return {str(pair[0]): str(pair[1]) for pair in pairs if isinstance(pair, tuple)} if isinstance(pairs, tuple) else {}


def target_of(data: Data) -> str:
    """The column that is to be predicted, however it was chosen; empty where none is."""
    by_role = (column for column, role in given_roles(data).items() if role == TARGET)
    return str(data.params.get(TARGET) or next(by_role, ""))


def with_role(data: Data, column: str, role: str) -> Data:
    """The data with another role of a column; an empty one: what its cells say."""
    roles = {name: each for name, each in given_roles(data).items() if name != column}
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
    """The data with a role that names the target as the parameter of that name, so that there is only one."""
    named = [column for column, role in given_roles(data).items() if role == TARGET]
    return with_role(data, named[-1], TARGET) if named else data
