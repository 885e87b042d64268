"""The files that belong to the project, in a git checkout or an unpacked source archive."""

import os
import shutil
import subprocess
from fnmatch import fnmatch
from pathlib import Path

ROOT = Path(__file__).parents[1]


def project_files(*folders: str) -> list[str]:
    """The paths of files in git or new to it, below these folders, or all.

    Without git, or outside of a checkout, every file that .gitignore does not name.
    """
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *folders]
    if shutil.which("git"):
        result = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
        if not result.returncode:
            return sorted(name for name in result.stdout.decode().split("\0") if name and (ROOT / name).is_file())
    return paths_on_disk(*folders)


def paths_on_disk(*folders: str) -> list[str]:
    """The same from the folders on the disk."""
    lines = [line.rstrip("/") for line in (ROOT / ".gitignore").read_text().splitlines() if line.strip()]

    def is_included(path: Path) -> bool:
        parts = path.relative_to(ROOT).parts
        ignored = any(
            fnmatch(parts[0], line[1:]) if line.startswith("/") else any(fnmatch(part, line) for part in parts)
            for line in lines
        )
        return parts[0] != ".git" and not ignored

    paths: list[str] = []
    for folder in folders or (".",):
        for place, names, files in os.walk(ROOT / folder):
            names[:] = [name for name in names if is_included(Path(place, name))]
            paths += [
                Path(place, name).relative_to(ROOT).as_posix() for name in files if is_included(Path(place, name))
            ]
    return sorted(paths)
