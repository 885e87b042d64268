"""How much memory is available, so that data too large for it is refused before it is read."""

import math
from pathlib import Path


def memory_left() -> float:
    """Bytes of memory that this process can still get; infinite where that is not known (on all systems but Linux)."""
    try:
        entries = dict(
            line.split(":", 1) for line in Path("/proc/meminfo").read_text().splitlines()
        )
        left: float = int(entries["MemAvailable"].split()[0]) * 1024
    except (OSError, KeyError, ValueError):
        return math.inf
    try:
        limit = Path("/sys/fs/cgroup/memory.max").read_text().strip()  # "max" without a limit
        used = Path("/sys/fs/cgroup/memory.current").read_text()
        return min(left, int(limit) - int(used))
    except (OSError, ValueError):
        return left


def size_text(size: float) -> str:
    """A number of bytes for a person, such as ``1.5 GiB``."""
    for power, unit in ((4, "TiB"), (3, "GiB"), (2, "MiB"), (1, "KiB")):
        if size >= 1024**power:
            return f"{size / 1024**power:.1f} {unit}"
    return f"{size:.0f} bytes"
