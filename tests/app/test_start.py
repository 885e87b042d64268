"""start.py on a small project of its own, with an installer that notes what it is asked and needs no network."""

import importlib.util
import json
import os
import shutil
import signal
import stat
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

START = Path(__file__).parents[2] / "start.py"

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the stand-in for uv is a shell script")

# Stands in for uv: notes the call, then does what the test put into `uv.behaviour`. The last step of an install makes
# the project importable and lays out the tool that is run as a program.
FAKE_UV = """
import json, os, pathlib, signal, sys
here = pathlib.Path({folder!r})
links, compiled = (os.environ.get(name) for name in ("UV_FIND_LINKS", "UV_COMPILE_BYTECODE"))
asked = {{"arguments": sys.argv[1:], "links": links, "compiled": compiled}}
with (here / "calls").open("a") as calls:
    calls.write(json.dumps(asked) + "\\n")
behaviour = here / "uv.behaviour"
exec(behaviour.read_text() if behaviour.exists() else "")
venv = pathlib.Path(sys.argv[sys.argv.index("--python") + 1]).parents[1]
if "-e" in sys.argv:
    packages, = venv.glob("lib/python*/site-packages")
    (packages / "project.pth").write_text({project!r})
    tool = venv / "bin/lint-imports"
    tool.write_text("#!/bin/sh\\necho lint-imports $*\\n")
    tool.chmod(0o755)
"""

REPORT = "import sys; print({name!r}, *sys.argv[1:]); sys.exit({status})"


@dataclass
class Place:
    """A folder with start.py in a project, and the stand-in installer beside it."""

    project: Path
    folder: Path

    def start(self, *arguments, **environment):
        path = os.pathsep.join((str(self.folder), "/usr/bin", "/bin"))
        return subprocess.run(
            [sys.executable, str(self.project / "start.py"), *arguments],
            cwd=self.folder,
            env={**os.environ, "PATH": path, **environment},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    def calls(self):
        """What the installer was asked since the last look."""
        try:
            lines = (self.folder / "calls").read_text().splitlines()
        except FileNotFoundError:
            return []
        (self.folder / "calls").unlink()
        return [json.loads(line) for line in lines]

    def installer_does(self, code):
        (self.folder / "uv.behaviour").write_text(code)

    def module(self, name, status=0):
        (self.project / name).mkdir(exist_ok=True)
        shutil.rmtree(
            self.project / name / "__pycache__", ignore_errors=True
        )  # a second's clock cannot tell it is stale
        (self.project / name / "__main__.py").write_text(REPORT.format(name=name, status=status))


@pytest.fixture
def place(tmp_path):
    project = tmp_path / "a project"
    project.mkdir()
    shutil.copy(START, project)
    (project / "pyproject.toml").write_text("[project]\n")
    (project / "constraints.txt").write_text("# tested\ntorch==1.2.3\n")
    uv = tmp_path / "uv"
    uv.write_text(f"#!/bin/sh\nexec '{sys.executable}' -IS '{uv}.py' \"$@\"\n")
    uv.with_suffix(".py").write_text(FAKE_UV.format(folder=str(tmp_path), project=str(project)))
    uv.chmod(uv.stat().st_mode | stat.S_IXUSR)
    place = Place(project, tmp_path)
    place.module("gui")
    (project / "gui" / "system").mkdir()
    shutil.copy(START.parent / "gui" / "system" / "screen.py", project / "gui" / "system")
    return place


def test_the_first_start_sets_up_and_hands_the_arguments_over(place):
    done = place.start("train", "a file.loom", "--epochs", "2", PIP_FIND_LINKS="/a /b")

    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "gui train a file.loom --epochs 2"
    torch, project = place.calls()
    constraints = ["-c", str(place.project / "constraints.txt")]
    assert torch["arguments"][-3:] == [*constraints, "torch==1.2.3"]
    assert project["arguments"][-4:] == [*constraints, "-e", str(place.project)]
    assert (torch["links"], torch["compiled"]) == ("/a,/b", "1")


def test_later_starts_install_nothing_and_give_the_exit_status(place):
    place.start()
    place.calls()
    place.module("gui", status=7)

    done = place.start("check")

    assert (done.returncode, done.stdout) == (7, "gui check\n")
    assert place.calls() == []


@pytest.mark.parametrize("name", ["pyproject.toml", "constraints.txt"])
def test_a_changed_requirement_is_installed(place, name):
    place.start()
    place.calls()
    marker = place.project / ".venv/kept"
    marker.touch()
    with (place.project / name).open("a") as file:
        file.write("# changed\n")

    assert place.start().returncode == 0

    assert len(place.calls()) == 2
    assert marker.exists()


def test_a_set_up_that_was_killed_is_made_again(place):
    place.installer_does("os.kill(os.getppid(), signal.SIGKILL); sys.exit(1)")
    assert place.start().returncode == -signal.SIGKILL
    half_done = place.project / ".venv/half-done"
    half_done.touch()
    place.calls()
    place.installer_does("")

    done = place.start("check")

    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "gui check")
    assert not half_done.exists()


@pytest.mark.parametrize("damage", ["python", "stamp", "moved"])
def test_a_broken_environment_is_made_again(place, damage):
    place.start()
    stamp = place.project / ".venv/set-up.json"
    match damage:
        case "python":
            (place.project / ".venv/bin/python").unlink()
        case "stamp":
            stamp.write_text("{")
        case "moved":
            stamp.write_text(stamp.read_text().replace("a project", "another"))
    (place.project / ".venv/old").touch()

    assert place.start().returncode == 0

    assert not (place.project / ".venv/old").exists()


def test_an_environment_of_the_persons_own_is_kept(place):
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", place.project / ".venv"], check=True)
    (place.project / ".venv/mine").touch()

    assert place.start().returncode == 0

    assert (place.project / ".venv/mine").exists()


@pytest.mark.parametrize(
    ("output", "message"),
    [
        ("error sending request: dns error: failed to lookup address information", "there is no network"),
        ("Could not fetch URL: [Errno -3] Temporary failure in name resolution", "there is no network"),
        ("failed to write to file: No space left on device (os error 28)", "the disk is full"),
        ("OSError: [Errno 13] Permission denied", "a file may not be written"),
    ],
)
def test_a_failed_install_is_one_line_and_can_be_tried_again(place, output, message):
    place.installer_does(f"sys.exit({output!r})")

    done = place.start()

    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith(f"start.py: could not install: {message}")

    place.installer_does("")
    assert place.start().returncode == 0


def test_an_unknown_failure_shows_the_output_of_the_installer(place):
    place.installer_does("sys.exit('no such version of torch')")

    done = place.start()

    assert done.stderr.splitlines() == [
        "no such version of torch",
        "start.py: could not install: see the output of the installer above",
    ]


def test_a_failed_update_leaves_what_worked(place):
    place.start()
    requirements = place.project / "pyproject.toml"
    before = requirements.read_text()
    requirements.write_text("[project]\n# asks for more\n")
    place.installer_does("sys.exit('dns error')")
    assert place.start().returncode == 1
    requirements.write_text(before)
    place.calls()

    done = place.start("check")

    assert (done.returncode, done.stdout) == (0, "gui check\n")
    assert place.calls() == []


def test_every_check_runs_and_the_first_failure_is_the_status(place):
    for name, status in {"ruff": 0, "mypy": 3, "pytest": 5}.items():
        place.module(name, status=status)

    done = place.start("test", "-k", "some thing")

    assert done.returncode == 3
    assert place.calls()[1]["arguments"][-1] == f"{place.project}[tests]"
    lines = done.stdout.splitlines()
    ran = ["ruff check", "ruff format --check", "mypy", "lint-imports --no-logo"]
    ran.append("pytest -n=2 --dist=loadfile --slowest=20 -k some thing")
    assert [line for line in lines if line in ran] == ran
    verdicts = [line.split()[-3] for line in lines[-5:]]
    assert verdicts == ["passed", "passed", "FAILED", "passed", "FAILED"]


def test_the_test_tools_come_when_they_are_first_needed(place):
    place.start()
    place.calls()
    for name in ("ruff", "mypy", "pytest"):
        place.module(name)

    assert place.start("test").returncode == 0
    assert len(place.calls()) == 2
    assert place.start("test").returncode == 0
    assert place.start().returncode == 0
    assert place.calls() == []


@pytest.fixture
def program(tmp_path, monkeypatch):
    """start.py as a module, for what a whole run cannot bring about here."""
    spec = importlib.util.spec_from_file_location("start", START)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for name in ("ROOT", "VENV", "PROGRAMS", "PYTHON", "STAMP"):
        monkeypatch.setattr(module, name, tmp_path / Path(getattr(module, name)).relative_to(START.parent))
    return module


def test_an_old_python_names_a_newer_one(program, monkeypatch, capsys):
    monkeypatch.setattr(program.shutil, "which", lambda name: f"/usr/bin/{name}" if name == "python3.12" else None)
    monkeypatch.setattr(program.sys, "version_info", (3, 9, 2))

    assert program.main([]) == 1

    errors = capsys.readouterr().err
    assert errors == "start.py: Torchloom needs Python 3.11 or newer, this is 3.9. Try: python3.12 start.py\n"


def test_a_full_disk_is_reported_before_anything_is_made(program, monkeypatch):
    monkeypatch.setattr(program.shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10**12, 10**12, 3 * 10**8))

    with pytest.raises(program.SetUpError, match=r"about 2 GB are needed .* 0.3 GB are free"):
        program.make_venv(program.VENV, with_pip=True)

    assert not program.VENV.exists()


NO_PIP = "The virtual environment was not created successfully because ensurepip is not available."


class BareDebian:
    """Commands on a Debian whose Python came without pip, as far as start.py runs them; ``ran`` has what was run."""

    def __init__(self, program, monkeypatch, tmp_path, *, root, has_wheel=False, has_network=True):
        self.ran, self._wheels, self._has_network = [], tmp_path / "wheels", has_network
        self._has_pip = False
        monkeypatch.setattr(program, "SYSTEM_WHEELS", self._wheels)
        monkeypatch.setattr(program.os, "geteuid", lambda: 0 if root else 1000)
        monkeypatch.setattr(program.shutil, "which", lambda name: f"/usr/bin/{name}")
        monkeypatch.setattr(program.subprocess, "run", self.run)
        monkeypatch.setattr(program, "run_installer", lambda command, _: self.ran.append(command[1:]))
        if has_wheel:
            self._put_wheel(self._wheels)

    def _put_wheel(self, folder):
        folder.mkdir(parents=True)
        (folder / "pip-1.whl").touch()

    def run(self, command, cwd=None, **_):
        self.ran.append(command)
        status = 0
        match command:
            case ["apt-get", "install", *_]:
                self._has_pip = self._has_network
            case ["apt-get", "download", name] if self._has_network:
                (cwd / f"{name}_1_all.deb").touch()
            case ["dpkg-deb", "-x", _, folder]:
                self._put_wheel(Path(f"{folder}{self._wheels}"))
            case [_, "-m", "venv", *options]:
                status = int("--without-pip" not in options and not self._has_pip)
        return subprocess.CompletedProcess(command, status, stdout=NO_PIP if status else "", stderr="")


def test_root_gets_the_venv_package_of_debian(program, monkeypatch, tmp_path):
    debian = BareDebian(program, monkeypatch, tmp_path, root=True)

    program.make_venv(program.VENV, with_pip=True)

    package = f"python3.{sys.version_info[1]}-venv"
    assert ["apt-get", "install", "-y", "--no-install-recommends", package] in debian.ran
    assert debian.ran[-1][-1] == str(program.VENV)
    assert json.loads(program.STAMP.read_text()) == {"begun": True}


@pytest.mark.parametrize("has_wheel", [True, False])
def test_others_get_pip_from_the_wheel_that_debian_packages(program, monkeypatch, tmp_path, has_wheel):
    debian = BareDebian(program, monkeypatch, tmp_path, root=False, has_wheel=has_wheel)

    program.make_venv(program.VENV, with_pip=True)

    assert (["apt-get", "download", "python3-pip-whl"] in debian.ran) is not has_wheel
    pip, install, from_nowhere, wheel = debian.ran[-1]
    assert (install, from_nowhere, pip) == ("install", "--no-index", f"{wheel}/pip")
    assert wheel.endswith("/pip-1.whl")


@pytest.mark.parametrize("root", [True, False])
def test_without_a_network_a_python_without_venv_names_the_package(program, monkeypatch, tmp_path, root):
    BareDebian(program, monkeypatch, tmp_path, root=root, has_network=False)

    with pytest.raises(program.SetUpError, match=rf"apt-get install python3\.{sys.version_info[1]}-venv"):
        program.make_venv(program.VENV, with_pip=True)


def test_missing_libraries_are_installed_by_root_and_named_to_others(program, monkeypatch, capsys):
    commands = []
    monkeypatch.setattr(program.sys, "platform", "linux")
    monkeypatch.setattr(program.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(program.subprocess, "run", lambda command, **_: commands.append(command))
    libraries = {"libnot-there.so.9": "libnot-there9"}

    monkeypatch.setattr(program.os, "geteuid", lambda: 1000)
    program.provide_libraries(libraries)
    assert commands == []
    line = "apt-get install -y --no-install-recommends libnot-there9"
    assert f"sudo {line}" in capsys.readouterr().err

    monkeypatch.setattr(program.os, "geteuid", lambda: 0)
    program.provide_libraries(libraries)
    assert commands == [["apt-get", "update"], line.split()]


@pytest.mark.parametrize(
    ("arguments", "environment", "libraries"),
    [
        (["test"], {"DISPLAY": ":0"}, {"libEGL.so.1"}),
        (["train", "a.loom"], {"DISPLAY": ":0"}, set()),
        (["--version"], {"DISPLAY": ":0"}, set()),
        ([], {}, set()),
        ([], {"QT_QPA_PLATFORM": "offscreen"}, {"libEGL.so.1"}),
        ([], {"WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":0"}, {"libEGL.so.1"}),
        (["a.loom"], {"DISPLAY": ":0"}, {"libEGL.so.1", "libxcb-cursor.so.0"}),
        ([], {"DISPLAY": ":0"}, {"libEGL.so.1", "libxcb-cursor.so.0"}),
    ],
)
def test_a_window_is_given_the_libraries_of_its_screen(program, monkeypatch, arguments, environment, libraries):
    monkeypatch.setattr(program.sys, "platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    assert program.needed_libraries(arguments).keys() & {"libEGL.so.1", "libxcb-cursor.so.0"} == libraries


def test_the_checks_may_keep_compiled_modules(program, monkeypatch):
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setenv("LC_ALL", "C")

    environment = program.check_environment()

    assert "PYTHONDONTWRITEBYTECODE" not in environment
    assert environment["LC_ALL"] == "C"
