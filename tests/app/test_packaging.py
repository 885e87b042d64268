"""What can be known of the built app without building it: its entry, its contents, and what a desktop knows of it."""

import configparser
import importlib.util
import os
import plistlib
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
import zipfile
from pathlib import Path

import pytest

import engine
from engine import program
from engine.cli.app import app as command_line
from engine.project import file
from engine.project.templates import templates
from engine.protocol.answers import Ready
from engine.protocol.client import Client
from gui.workers.launch import spawn
from tests.project_files import project_files

ROOT = Path(__file__).parents[2]
PACKAGING = ROOT / "packaging"
ENTRY = PACKAGING / "program.py"
LINUX = PACKAGING / "linux"
MIME = "{http://www.freedesktop.org/standards/shared-mime-info}"

needs_shell = pytest.mark.skipif(os.name == "nt", reason="the stand-in for the built app is a shell script")


@pytest.fixture
def part(monkeypatch):
    """A module of ``packaging``, by name; they import each other as scripts do, by the folder they lie in."""
    monkeypatch.syspath_prepend(str(PACKAGING))
    names = {path.stem for path in PACKAGING.glob("*.py")} | {"start"}
    for name in names & sys.modules.keys():
        monkeypatch.delitem(sys.modules, name)
    yield importlib.import_module
    for name in names & sys.modules.keys():
        del sys.modules[name]


@pytest.fixture
def built_app(tmp_path, monkeypatch) -> Path:
    """This process believes that it is the built app, whose program stands where a built one would."""
    app = tmp_path / "with space" / "torchloom"
    app.parent.mkdir()
    app.write_text(f"#!/bin/sh\nexec '{sys.executable}' '{ENTRY}' \"$@\"\n")
    app.chmod(0o755)
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(app))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))  # the built app finds its modules inside itself
    return app


def entered(*arguments, **environment):
    return subprocess.run(
        [sys.executable, str(ENTRY), *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


# The entry


@pytest.mark.parametrize("arguments", [("--version",), ("-m", "engine", "--version")])
def test_the_program_is_the_command_line(arguments):
    done = entered(*arguments)

    assert (done.returncode, done.stdout) == (0, f"torchloom {engine.__version__}\n"), done.stderr


@pytest.mark.parametrize("arguments", [("-m",), ("-m", "http.server"), ("-m", "engine.cli")])
def test_the_program_runs_no_module_but_its_own(arguments):
    done = entered(*arguments)

    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1


def test_processes_of_multiprocessing_are_served_before_anything_is_loaded():
    lines = ENTRY.read_text(encoding="utf-8").splitlines()
    first = next(line for line in lines if re.match(r"multiprocessing\.|from |def ", line))

    assert first.startswith("multiprocessing.freeze_support()")


@needs_shell
def test_a_built_app_starts_its_worker_by_its_own_program(built_app):
    command = program.command("engine.runtime.worker")
    assert command[0] == str(built_app)

    with Client(command) as client:
        ready = client.receive(120)

    assert isinstance(ready, Ready)
    assert "torch" in ready.versions


@needs_shell
def test_a_built_app_starts_its_trainer_by_its_own_program(built_app, tmp_path):
    log = tmp_path / "log.txt"

    trainer = spawn(["train", str(tmp_path / "nothing.loom")], log)

    assert trainer.wait(120) == 1
    assert "nothing.loom" in log.read_text()
    assert "Traceback" not in log.read_text()


def test_on_windows_workers_are_started_by_the_program_that_can_write(monkeypatch):
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", "/app/torchloomw.exe")

    assert Path(program.executable()) == Path("/app/torchloom.exe")


# Its contents


def test_the_wheel_carries_the_whole_program_in_one_package_and_starts_it(tmp_path, monkeypatch):
    sources = project_files("engine", "gui", "resources")
    start = project_files("packaging/wheel")
    for path in (*sources, *start, "pyproject.toml", "setup.py", "README.md", "LICENSE", "THIRD_PARTY.md"):
        (tmp_path / "source" / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / path, tmp_path / "source" / path)
    for command in (("init", "-q"), ("remote", "add", "origin", "git@code.example.org:loom/torchloom.git")):
        subprocess.run(["git", *command], cwd=tmp_path / "source", check=True)
    monkeypatch.delenv("GITHUB_REPOSITORY", raising=False)
    build = "from setuptools.build_meta import build_wheel as b; b('..')"
    subprocess.run([sys.executable, "-c", build], cwd=tmp_path / "source", capture_output=True, check=True)
    (wheel,) = tmp_path.glob("torchloom-*.whl")
    with zipfile.ZipFile(wheel) as packed:
        names = packed.namelist()
        packed.extractall(tmp_path / "installed")

    contents = {name for name in names if "dist-info" not in name}
    assert contents == {f"torchloom/parts/{name}" for name in sources} | {
        f"torchloom/{Path(name).name}" for name in start
    }
    variables = {**os.environ, "PYTHONPATH": str(tmp_path / "installed")}
    done = subprocess.run(
        [sys.executable, "-P", "-c", "import sys, torchloom; sys.exit(torchloom.main())", "templates"],
        cwd=tmp_path,
        env=variables,
        capture_output=True,
        text=True,
        check=True,
    )
    assert [line.split()[0] for line in done.stdout.splitlines()] == [template.name for template in templates()]
    (scripts,) = (tmp_path / "installed").glob("torchloom-*.dist-info/entry_points.txt")
    assert "torchloom = torchloom:main" in scripts.read_text()
    lines = scripts.with_name("METADATA").read_text(encoding="utf-8").splitlines()
    assert sorted(line for line in lines if line.startswith("Project-URL")) == [
        "Project-URL: Changelog, https://code.example.org/loom/torchloom/blob/HEAD/CHANGELOG.md",
        "Project-URL: Documentation, https://code.example.org/loom/torchloom/blob/HEAD/docs/guide.md",
        "Project-URL: Homepage, https://code.example.org/loom/torchloom",
        "Project-URL: Issues, https://code.example.org/loom/torchloom/issues",
    ]


def test_every_resource_of_the_source_goes_into_the_app_and_nothing_that_tools_left_there(part):
    source = project_files("resources")

    packed = [f"{folder}/{Path(source).name}" for source, folder in part("contents").resources()]

    assert {"resources/datasets/digits.npz", "resources/snippets/load_result.py"} <= set(packed)
    assert sorted(packed) == sorted(source)


def test_the_app_takes_the_packages_that_the_wheel_takes(part):
    assert f"PARTS = {part('contents').OWN!r}" in (ROOT / "setup.py").read_text(encoding="utf-8").replace('"', "'")


@pytest.mark.parametrize(
    ("place", "is_wanted"),
    [
        ("torch/lib/libtorch_cpu.so", True),
        ("torch/bin/torch_shm_manager", True),
        ("torch/bin/protoc", False),
        ("torch/include/ATen/ATen.h", False),
        ("torch\\include\\ATen\\ATen.h", False),
        ("PySide6/Qt/plugins/platforms/libqxcb.so", True),
        ("PySide6/Qt/plugins/platforms/libqoffscreen.so", True),
        ("PySide6/plugins/platforms/qwindows.dll", True),
        ("PySide6/Qt/plugins/platforms/libqvnc.so", False),
        ("PySide6/Qt/plugins/platformthemes/libqgtk3.so", False),
        ("PySide6/Qt/translations/qt_de.qm", False),
        ("resources/datasets/digits.npz", True),
    ],
)
def test_what_goes_in(part, place, is_wanted):
    assert part("contents").is_wanted(place) is is_wanted


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux has libraries for all programs")
@pytest.mark.parametrize("name", ["libstdc++.so.6", "libGL.so.1", "libc.so.6"])
def test_libraries_that_belong_to_the_system_stay_out(part, name):
    assert not part("contents").is_wanted(name)


def test_a_library_that_nothing_asks_for_stays_out_with_its_links(part):
    module, plugin = ("PySide6/QtGui.so", "gui", "EXTENSION"), ("PySide6/Qt/plugins/a/liba.so", "a", "BINARY")
    used, deep = ("PySide6/Qt/lib/libused.so.6", "used", "BINARY"), ("libdeep.so.1", "deep", "BINARY")
    unused, python = ("libunused.so.2", "unused", "BINARY"), ("libpython3.11.so.1.0", "python", "BINARY")
    link, dead = ("libused.so.6", used[0], "SYMLINK"), ("libgone.so", unused[0], "SYMLINK")
    asks = {"gui": ["libused.so.6", "libc.so.6"], "used": ["libdeep.so.1"], "a": []}
    rows = [module, plugin, used, deep, unused, python, link, dead]

    rows_left = part("contents").reached(rows, lambda source: asks.get(source, []))

    assert rows_left == [module, plugin, used, deep, python, link]


def test_the_tools_of_the_build_are_pinned_and_agree_with_the_app(part):
    def pins(path):
        return dict(line.split("==") for line in path.read_text().splitlines() if line and line[0] != "#")

    tools, all_ = pins(PACKAGING / "constraints.txt"), pins(ROOT / "constraints.txt")

    assert "pyinstaller" in tools
    assert not tools.keys() & all_.keys()


# The Debian package


def test_the_version_is_read_without_running_anything(part):
    assert part("deb").version_of(ROOT / "engine/__init__.py") == engine.__version__


def test_a_package_depends_on_what_its_files_ask_for(part, tmp_path, monkeypatch):
    libraries = part("libraries")
    for name in ("torchloom", "libinside.so.1"):
        (tmp_path / name).write_bytes(b"\x7fELF")
    heads = {
        "torchloom": "  NEEDED    libinside.so.1\n  NEEDED   libc.so.6\n 0x0 0x00 02 GLIBC_2.34\n",
        "libinside.so.1": "  NEEDED    libstdc++.so.6\n 0x0 0x00 02 GLIBC_2.4\n 0x0 0x00 03 GLIBCXX_3.4.30\n",
    }
    monkeypatch.setattr(libraries, "head", lambda path: heads[path.name])

    needs = libraries.depends(tmp_path)

    assert {"libc6 (>= 2.34)", "libstdc++6 (>= 12)", "libegl1", "libdbus-1-3"} <= set(needs)

    heads["torchloom"] += "  NEEDED    libstranger.so.7\n"
    with pytest.raises(libraries.MissingLibrary, match=r"libstranger\.so\.7 for torchloom"):
        libraries.depends(tmp_path)


def test_libraries_are_looked_for_where_they_lie_and_not_where_they_were_made(part, tmp_path, monkeypatch):
    libraries = part("libraries")
    foreign, own = tmp_path / "libmade.so", tmp_path / "libown.so"
    foreign.write_bytes(b"\x7fELF libc.so.6\0/home/somebody/lib\0rest")
    own.write_bytes(b"\x7fELF $ORIGIN/../lib\0rest")
    heads = {"libmade.so": "  RUNPATH  /home/somebody/lib\n", "libown.so": "  RUNPATH   $ORIGIN/../lib\n"}
    monkeypatch.setattr(libraries, "head", lambda path: heads[path.name])

    libraries.keep_search_inside(tmp_path)

    assert foreign.read_bytes() == b"\x7fELF libc.so.6\0$ORIGIN\0mebody/lib\0rest"
    assert own.read_bytes() == b"\x7fELF $ORIGIN/../lib\0rest"


def test_the_copyright_is_in_debians_format_and_names_every_part(part):
    text = part("deb").copyright_text((ROOT / "LICENSE").read_text(), ["numpy 2: BSD", "torch 2: BSD"])

    first, files = text.strip().split("\n\n")
    assert first.startswith("Format: ")
    assert {" numpy 2: BSD", " torch 2: BSD"} <= set(first.splitlines())
    assert "License: MIT" in files.splitlines()
    assert all(re.match(r"[A-Z][A-Za-z-]*: |[ ]\S", line) for line in text.splitlines() if line)
    assert "Permission is hereby granted" in files


# What a desktop knows


def declared_type() -> ET.Element:
    root = ET.parse(LINUX / "torchloom.xml").getroot()  # noqa: S314 - our own file
    return root.find(f"{MIME}mime-type")


def test_the_desktop_entry_opens_the_files_of_the_type_that_is_declared():
    entry = configparser.ConfigParser(interpolation=None)
    entry.optionxform = str
    entry.read(LINUX / "torchloom.desktop", encoding="utf-8")
    values = dict(entry["Desktop Entry"])
    declared = declared_type()

    assert values["Exec"] == "torchloom %f"
    assert values["MimeType"] == f"{declared.get('type')};"
    assert declared.find(f"{MIME}glob").get("pattern") == f"*{file.SUFFIX}"
    assert values["Icon"] == declared.find(f"{MIME}icon").get("name") == "torchloom"
    # the name by which a desktop knows whose window it is
    assert f'setDesktopFileName("{values["StartupWMClass"]}")' in (ROOT / "gui/shell/app.py").read_text(
        encoding="utf-8"
    )


@pytest.mark.skipif(not shutil.which("desktop-file-validate"), reason="needs desktop-file-utils")
def test_the_desktop_entry_is_valid():
    done = subprocess.run(
        ["desktop-file-validate", "--warn-kde", LINUX / "torchloom.desktop"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_a_project_is_known_by_its_first_bytes(tmp_path):
    (outer,) = declared_type().iter(f"{MIME}magic")
    first = outer.find(f"{MIME}match")
    second = first.find(f"{MIME}match")
    begin, end = map(int, second.get("offset").split(":"))
    texts = [template.text() for template in templates()]
    texts.append(file.dump(file.parse(texts[0], "saved")))

    for text in texts:
        assert text.startswith(first.get("value"))
        assert begin <= text.index(second.get("value")) <= end


def test_the_manual_names_every_verb():
    verbs = {
        command.name or command.callback.__name__ for command in command_line.registered_commands if not command.hidden
    }
    manual = (LINUX / "torchloom.1").read_text(encoding="utf-8")

    assert {verb for verb in verbs if not re.search(rf"\b{verb}\b", manual)} == set()


def test_other_systems_declare_the_same_type():
    setup = (PACKAGING / "windows/torchloom.iss").read_text(encoding="utf-8")
    spec = (PACKAGING / "torchloom.spec").read_text(encoding="utf-8")

    assert f"Software\\Classes\\{file.SUFFIX}\\OpenWithProgids" in setup
    assert f'"public.filename-extension": ["{file.SUFFIX.removeprefix(".")}"]' in spec
    plistlib.loads((PACKAGING / "macos/entitlements.plist").read_bytes())
