"""Short names for runs that are told apart beside each other."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

_STAMP = re.compile(r"(?P<day>\d{8}-)?(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d)(?P<number>-\d+)?")


def short_names(runs: Sequence[Path], user_names: Mapping[Path, str] | None = None) -> dict[Path, str]:
    """The name that each run was given, else its folder's without what all of those begin with.

    Where only a moment is left of it, the time of day; where two were given one name, the folder's besides.
    """
    own = {run: name for run, name in (user_names or {}).items() if run in runs and name != run.name}
    common = _common([run.name for run in runs if run not in own])
    count = Counter(own.values())
    names = {run: f"{name} ({run.name})" if count[name] > 1 else name for run, name in own.items()}
    return {run: names.get(run) or _readable(run.name[common:]) for run in runs}


def _common(names: list[str]) -> int:
    """The length of what all names share, up to a dash; nothing of a single name."""
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
