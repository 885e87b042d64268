"""What a build decides: its packages, below one package in a wheel, and the public addresses of the project."""

import ipaddress
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from setuptools import find_namespace_packages, setup

PARTS = ("engine", "gui", "resources")
HERE = Path(__file__).resolve().parent
HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*")
PRIVATE = (".local", ".localhost", ".internal", ".lan", ".home.arpa")
"""Ends of names that only machines of one network know."""


def project_urls(address: str | None) -> dict[str, str]:
    """The addresses that a package index shows; none where the project has no public one."""
    if address is None:
        return {}
    return {
        "Homepage": address,
        "Issues": f"{address}/issues",
        "Changelog": f"{address}/blob/HEAD/CHANGELOG.md",
        "Documentation": f"{address}/blob/HEAD/docs/guide.md",
    }


def address_of(environment: Mapping[str, str], folder: Path) -> str | None:
    """The public address of the project: that which the environment of a CI names, else that of its remote."""
    server, repository = environment.get("GITHUB_SERVER_URL"), environment.get("GITHUB_REPOSITORY")
    if server and repository:
        return public_address(f"{server}/{repository}")
    return public_address(_remote(folder))


def public_address(remote: str) -> str | None:
    """The https address of a remote, without name and password; ``None`` for one that not everyone can open."""
    scp = re.fullmatch(r"(?:[\w.-]+@)?([^/:@\s]+):(?!//)(\S+)", remote)
    if scp:
        remote = f"ssh://{scp[1]}/{scp[2].lstrip('/')}"
    try:
        parts = urlsplit(remote)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return None
    path = parts.path.strip("/").removesuffix(".git").strip("/")
    is_odd = parts.query or parts.fragment or not re.fullmatch(r"[\w.+-]+(/[\w.+-]+)*", path, re.ASCII)
    if parts.scheme not in ("https", "ssh") or is_odd or not _is_public(host):
        return None
    place = f"{host}:{port}" if port and parts.scheme == "https" else host
    return f"https://{place}/{path}"


def _is_public(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return bool(HOST.fullmatch(host)) and not host.endswith(PRIVATE)
    return False


def _remote(folder: Path) -> str:
    """The address of the remote ``origin``; empty where the folder is no repository of its own, or git is missing."""
    if not (folder / ".git").exists():
        return ""
    command = ("git", "-C", str(folder), "remote", "get-url", "origin")
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=20)
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def main() -> None:
    """Build what was asked for."""
    names = find_namespace_packages(include=[f"{name}*" for name in PARTS])
    is_editable = "editable_wheel" in sys.argv  # the command that pip runs for `pip install -e`
    if is_editable:
        folders = {"": "."}  # one path file, which mypy can follow
        packages = names
        start = "gui.__main__:main"
    else:
        folders = {"torchloom": "packaging/wheel"}
        folders |= {f"torchloom.parts.{name}": name for name in PARTS}
        packages = ["torchloom", *(f"torchloom.parts.{name}" for name in names)]
        start = "torchloom:main"
    setup(
        packages=packages,
        package_dir=folders,
        entry_points={"console_scripts": [f"torchloom = {start}"]},
        project_urls=project_urls(address_of(os.environ, HERE)),
    )


if __name__ == "__main__":
    main()
