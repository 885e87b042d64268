"""Short names for runs that are told apart beside each other."""

import re
from collections.abc import Sequence
from pathlib import Path

_STAMP = re.compile(r"(?P<day>\d{8}-)?(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d)(?P<number>-\d+)?")


def short_names(runs: Sequence[Path]) -> dict[Path, str]:
    """Each run's name without what all of them begin with; the time of day where only that is left."""
    common = _common([run.name for run in runs])
    return {run: _readable(run.name[common:]) for run in runs}


def _common(names: list[str]) -> int:
    """The length of what all names share, up to a dash; nothing of a single name."""
    if len(names) < 2:
        return 0
    first, last = min(names), max(names)
    alike = next((place for place, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), len(first))
    return first.rfind("-", 0, alike) + 1


def _readable(text: str) -> str:
    found = _STAMP.fullmatch(text)
    if not found:
        return text
    number = found["number"] or ""
    return f"{found['hour']}:{found['minute']}:{found['second']}{number}"
