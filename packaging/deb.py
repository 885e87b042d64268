"""Makes a Debian package of the built app: ``python3 packaging/deb.py``, after ``python3 packaging/build.py``.

The result is ``dist/torchloom_VERSION_ARCHITECTURE.deb``. Needs ``dpkg-deb`` and ``objdump``. Its maintainer is read
from ``DEBFULLNAME`` and ``DEBEMAIL``, as Debian's own tools do.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from build import APP, size_bytes
from environment import PACKAGING, ROOT, WORK
from libraries import MissingLibrary, depends, is_elf

LINUX = PACKAGING / "linux"
ICONS = WORK / "icons"
STAGE = WORK / "deb"
RECOMMENDED = ("desktop-file-utils", "hicolor-icon-theme", "shared-mime-info")  # their triggers make `.loom` known
DESCRIPTION = """draw a neural network, train it as readable PyTorch
 Torchloom is a desktop app. A network is drawn as a graph of layers,
 activations and losses; shapes are seen on the wires at once. The app turns
 the graph into PyTorch source that reads well, trains exactly that source on
 the processor or with CUDA while loss and accuracy are plotted live, and
 exports it as a program that runs without Torchloom.
 .
 The package carries the Python, PyTorch and Qt that it was tested with."""


def main() -> int:
    """Lay out the package, then pack it; gives the exit status."""
    start = time.monotonic()
    if not (APP / "torchloom").is_file():
        print(f"deb.py: there is no {APP}; run packaging/build.py first", file=sys.stderr)
        return 1
    version = version_of(ROOT / "engine" / "__init__.py")
    architecture = output_of("dpkg", "--print-architecture")
    try:
        lay_out(STAGE, version)
        write_control(STAGE, version, architecture)
    except (MissingLibrary, OSError) as error:
        print(f"deb.py: {error}", file=sys.stderr)
        return 1
    package = APP.parent / f"torchloom_{version}_{architecture}.deb"
    variables = os.environ | {"SOURCE_DATE_EPOCH": str(changed_s())}
    command = ["dpkg-deb", "--root-owner-group", "-Zzstd", "--build", str(STAGE), str(package)]
    packed = subprocess.run(command, env=variables, check=False).returncode
    if packed == 0:
        print(f"{package}: {package.stat().st_size / 1e6:.0f} MB, {time.monotonic() - start:.0f} s")
    return packed


def version_of(module: Path) -> str:
    """What ``__version__`` is in a module, which is not run."""
    lines = module.read_text(encoding="utf-8").splitlines()
    return next(line.split('"')[1] for line in lines if line.startswith("__version__"))


def lay_out(stage: Path, version: str) -> None:
    """Put every file where it is to lie below the root of a system."""
    if stage.exists():
        shutil.rmtree(stage)
    share, app = stage / "usr/share", stage / "usr/lib/torchloom"
    shutil.copytree(APP, app, symlinks=True, copy_function=os.link, ignore=shutil.ignore_patterns("licences"))
    (stage / "usr/bin").mkdir()
    (stage / "usr/bin/torchloom").symlink_to("../lib/torchloom/torchloom")
    put(LINUX / "torchloom.desktop", share / "applications/torchloom.desktop")
    put(LINUX / "torchloom.xml", share / "mime/packages/torchloom.xml")
    put(LINUX / "lintian-overrides", share / "lintian/overrides/torchloom")
    put(ROOT / "resources/icons/app/torchloom.svg", share / "icons/hicolor/scalable/apps/torchloom.svg")
    for picture in ICONS.glob("*.png"):
        if int(picture.stem) <= 512:  # the largest that the theme has a folder for
            put(picture, share / f"icons/hicolor/{picture.stem}x{picture.stem}/apps/torchloom.png")
    manual = (LINUX / "torchloom.1").read_text(encoding="utf-8").replace("@VERSION@", version)
    compress(manual, share / "man/man1/torchloom.1.gz")
    write_documents(share / "doc/torchloom", version)
    for path in stage.rglob("*"):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or is_program(path) else 0o644)


def is_program(path: Path) -> bool:
    """Whether a file is to be run, not loaded."""
    return os.access(path, os.X_OK) and ".so" not in path.name and is_elf(path)


def write_documents(folder: Path, version: str) -> None:
    """Write the copyright with every licence, and the changelog."""
    shutil.copytree(APP / "licences", folder / "licences")
    index = (APP / "licences" / "INDEX.txt").read_text(encoding="utf-8").splitlines()
    own = (ROOT / "LICENSE").read_text(encoding="utf-8")
    (folder / "copyright").write_text(copyright_text(own, index), encoding="utf-8")
    date = time.strftime("%a, %d %b %Y %H:%M:%S +0000", time.gmtime(changed_s()))
    entry = (
        f"torchloom ({version}) unstable; urgency=medium\n\n  * Torchloom {version}.\n\n -- {maintainer()}  {date}\n"
    )
    compress(entry, folder / "changelog.gz")


def copyright_text(own: str, index: list[str]) -> str:
    """Debian's copyright file: our licence in full, and where each other part's lies. ``index``: a part a line."""
    body = "".join(f" {line}\n" if line else " .\n" for line in own.strip().splitlines()[2:])
    holder = next(line for line in own.splitlines() if line.startswith("Copyright"))
    parts = "".join(f" {line}\n" for line in index)
    return (
        "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n"
        "Upstream-Name: Torchloom\n"
        "Comment: The work of others is carried along unchanged, each part under its own\n"
        " licence; its texts lie in /usr/share/doc/torchloom/licences/NAME-VERSION. Qt and\n"
        " PySide are used under the LGPL, whose text is in /usr/share/common-licenses/LGPL-3;\n"
        " their libraries lie one by one in /usr/lib/torchloom/_internal/PySide6 and may be\n"
        " replaced. THIRD_PARTY.md in that folder names the data and the fonts.\n"
        f" .\n{parts}\n"
        f"Files: *\nCopyright: {holder.removeprefix('Copyright').replace('(c)', '').strip()}\nLicense: MIT\n{body}"
    )


def write_control(stage: Path, version: str, architecture: str) -> None:
    """Write what dpkg reads: the control file and the sums."""
    needs = depends(stage / "usr/lib/torchloom")
    files = sorted(path for path in stage.rglob("*") if path.is_file() and not path.is_symlink())
    folder = stage / "DEBIAN"
    folder.mkdir(mode=0o755)
    fields = {
        "Package": "torchloom",
        "Version": version,
        "Architecture": architecture,
        "Maintainer": maintainer(),
        "Installed-Size": str(-(-size_bytes(stage) // 1024)),
        "Depends": ", ".join(needs),
        "Recommends": ", ".join(RECOMMENDED),
        "Section": "science",
        "Priority": "optional",
        "Description": DESCRIPTION,
    }
    (folder / "control").write_text("".join(f"{name}: {value}\n" for name, value in fields.items()), encoding="utf-8")
    lines = []
    for path in files:
        with path.open("rb") as file:
            lines.append(f"{hashlib.file_digest(file, 'md5').hexdigest()}  {path.relative_to(stage)}\n")
    (folder / "md5sums").write_text("".join(lines), encoding="utf-8")
    for path in folder.iterdir():
        path.chmod(0o644)


def maintainer() -> str:
    """Who answers for the package."""
    name, mail = os.environ.get("DEBFULLNAME"), os.environ.get("DEBEMAIL")
    return f"{name or 'Torchloom contributors'} <{mail or 'nobody@torchloom.invalid'}>"


def changed_s() -> int:
    """When the source was last changed, so that the same source gives the same package."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    return int(epoch or output_of("git", "-C", str(ROOT), "log", "-1", "--format=%ct") or time.time())


def output_of(*command: str) -> str:
    """What a program prints; nothing when it fails or is not installed."""
    if shutil.which(command[0]) is None:
        return ""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout.strip()


def put(source: Path, place: Path) -> None:
    """Copy a file, making its folder."""
    place.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, place)


def compress(text: str, place: Path) -> None:
    """Write a text as Debian keeps it: compressed, without a date."""
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(gzip.compress(text.encode(), 9, mtime=0))


if __name__ == "__main__":
    sys.exit(main())
