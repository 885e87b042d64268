"""The addresses of the project that a build writes down, from what names its repository."""

import runpy
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

ROOT = Path(__file__).parents[2]
BUILD = runpy.run_path(str(ROOT / "setup.py"), run_name="setup")
public_address, address_of, project_urls = (BUILD[name] for name in ("public_address", "address_of", "project_urls"))
ADDRESS = "https://code.example.org/loom/torchloom"


@pytest.mark.parametrize(
    "remote",
    [
        "https://code.example.org/loom/torchloom",
        "https://code.example.org/loom/torchloom.git",
        "https://code.example.org/loom/torchloom.git/",
        "https://CODE.example.org/loom/torchloom/",
        "https://someone@code.example.org/loom/torchloom.git",
        "https://someone:secret@code.example.org/loom/torchloom.git",
        "https://:secret@code.example.org/loom/torchloom.git",
        "git@code.example.org:loom/torchloom.git",
        "code.example.org:loom/torchloom.git",
        "git@code.example.org:/loom/torchloom.git",
        "ssh://git@code.example.org/loom/torchloom.git",
        "ssh://git@code.example.org:2222/loom/torchloom.git",
        "ssh://git:secret@code.example.org/loom/torchloom",
    ],
)
def test_a_public_remote_becomes_an_https_address_without_credentials(remote: str) -> None:
    assert public_address(remote) == ADDRESS


@pytest.mark.parametrize(
    "remote",
    [
        "", " ", "/srv/git/torchloom.git", "../torchloom", "torchloom", "C:/code/torchloom", "C:\\code\\torchloom",
        "file:///srv/git/torchloom.git", "git://code.example.org/loom/torchloom", "http://code.example.org/loom/torchloom",
        "https://localhost/loom/torchloom", "https://localhost:8080/loom/torchloom", "git@localhost:loom/torchloom",
        "https://server/loom/torchloom", "git@server:loom/torchloom", "https://127.0.0.1/loom/torchloom",
        "https://[::1]/loom/torchloom", "https://10.1.2.3:3000/loom/torchloom", "git@10.1.2.3:loom/torchloom",
        "https://build.local/loom/torchloom", "https://git.internal/loom/torchloom", "https://code.example.org",
        "https://code.example.org/", "https://code.example.org/.git", "https://code.example.org:port/loom/torchloom",
        "https://code.example.org/loom/torch loom", "https://code.example.org/loom?token=secret",
        "https://code.example.org/loom#secret", "ssh://code.example.org/~someone/torchloom", "https://[broken/loom",
        "https://code.example.org/loom/torchloom\nhttps://other.example.org/a/b", "ext::sh -c whoami",
        "-upload@a.b:c d",
    ],
)  # fmt: skip
def test_what_not_everyone_can_open_gives_no_address(remote: str) -> None:
    assert public_address(remote) is None
    assert project_urls(None) == {}


def test_the_port_of_an_https_address_stays() -> None:
    assert public_address("https://code.example.org:8443/a/b/c.git") == "https://code.example.org:8443/a/b/c"


@given(st.text(max_size=60) | st.from_regex(r"(https|ssh|file)://[a-z:@.]{0,12}/[ -~]{0,12}", fullmatch=True))
def test_any_text_gives_an_https_address_of_a_host_with_a_dot_or_none(remote: str) -> None:
    address = public_address(remote)
    if address is not None:
        assert address.startswith("https://")
        host, _, path = address.removeprefix("https://").partition("/")
        assert "." in host
        assert "@" not in address
        assert path
        assert address.split() == [address]


def repository(folder: Path, remote: str) -> Path:
    subprocess.run(["git", "init", "-q", folder], check=True)
    subprocess.run(["git", "-C", folder, "remote", "add", "origin", remote], check=True)
    return folder


def test_the_environment_comes_before_the_remote(tmp_path: Path) -> None:
    folder = repository(tmp_path / "code", "git@code.example.org:loom/torchloom.git")
    variables = {"GITHUB_SERVER_URL": "https://hub.example.org", "GITHUB_REPOSITORY": "someone/fork"}
    assert address_of({}, folder) == ADDRESS
    assert address_of({"GITHUB_REPOSITORY": "someone/fork"}, folder) == ADDRESS
    assert address_of(variables, folder) == "https://hub.example.org/someone/fork"


def test_a_folder_that_is_no_repository_of_its_own_has_no_address(tmp_path: Path, monkeypatch) -> None:
    inside = repository(tmp_path / "other", "https://code.example.org/other") / "vendored"
    inside.mkdir()
    assert address_of({}, inside) is None
    subprocess.run(["git", "init", "-q", inside], check=True)
    assert address_of({}, inside) is None
    monkeypatch.setenv("PATH", "")
    assert address_of({}, tmp_path / "other") is None


def test_a_package_index_shows_four_addresses() -> None:
    urls = project_urls(ADDRESS)
    assert list(urls) == ["Homepage", "Issues", "Changelog", "Documentation"]
    for name in ("Changelog", "Documentation"):
        assert (ROOT / urls[name].partition("/HEAD/")[2]).is_file()
