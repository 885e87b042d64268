"""Upgrades of older project files, one version at a time.

A step takes the raw JSON object of version n and returns that of version n + 1; a released step is never changed.
"""

from collections.abc import Callable, Mapping

from engine.errors import FileProblem

VERSION = 2
"""The version that this program writes."""

DATA_OF_VERSION_1 = "Digits"
"""The kind of data that version 1 meant where none was named."""

Raw = dict[str, object]
Step = Callable[[Raw], Raw]


def _from_1(raw: Raw) -> Raw:
    """Version 1 had a default kind of data; in version 2 a project without a kind has no data."""
    data = raw.get("data", {})
    return raw | {"data": {"kind": DATA_OF_VERSION_1} | data} if isinstance(data, dict) else raw


STEPS: Mapping[int, Step] = {1: _from_1}
"""The steps by the version that they start from; version 1 is the first."""


def version_of(raw: Raw, where: str) -> int:
    """The version that a file states. Raises: ``FileProblem``."""
    version = raw.get("version")
    if not isinstance(version, int) or isinstance(version, bool) or version < 0:
        what = "has no version" if "version" not in raw else f"has the version {version!r}, which is not a whole number"
        raise FileProblem(f"{where} {what}.", hint=f'Write "version": {VERSION} if it was made by hand.')
    return version


def upgrade(raw: Raw, where: str, *, steps: Mapping[int, Step] = STEPS, to: int = VERSION) -> Raw:
    """The file in the form of version ``to``; a newer one is returned unchanged.

    Raises: ``FileProblem`` for a version that no step starts from.
    """
    version = version_of(raw, where)
    while version < to:
        if version not in steps:
            raise FileProblem(f"{where} has version {version}, which is too old to be read.")
        raw = steps[version](raw) | {"version": version + 1}
        version += 1
    return raw
