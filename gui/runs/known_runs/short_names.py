"""Short names that distinguish runs shown together."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

_STAMP = re.compile(r"(?P<day>\d{8}-)?(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d)(?P<number>-\d+)?")


def short_names(runs: Sequence[Path], user_names: Mapping[Path, str] | None = None) -> dict[Path, str]:
    """The name that the user gave to each run, else that of its folder without the common prefix.

    If only a time stamp is left, the time of day; if two runs have the same name, the folder name is added.
    """
    own = {run: name for run, name in (user_names or {}).items() if run in runs and name != run.name}
    common = _common([run.name for run in runs if run not in own])
    count = Counter(own.values())
    names = {run: f"{name} ({run.name})" if count[name] > 1 else name for run, name in own.items()}
    return {run: names.get(run) or _readable(run.name[common:]) for run in runs}


def _common(names: list[str]) -> int:
    """The length of the common prefix, up to a dash; 0 for a single name."""
    if len(names) < 2:
        return 0
    first, last = min(names), max(names)
    alike = next((place for place, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), len(first))
    return first.rfind("-", 0, alike) + 1


def _readable(text: str) -> str:
    match = _STAMP.fullmatch(text)
    if not match:
        return text
    number = match["number"] or ""
    return f"{match['hour']}:{match['minute']}:{match['second']}{number}"
