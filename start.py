"""Sets Torchloom up in a virtual environment beside this file, then starts it.

``python3 start.py [ARGUMENTS]`` hands the arguments to ``torchloom``; ``python3 start.py test [PYTEST ARGUMENTS]``
adds the test tools and runs every check. Needs nothing but Python's standard library.
"""

from __future__ import annotations  # an older Python must get as far as the message that it is too old

import ctypes
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PROGRAMS = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = PROGRAMS / ("python.exe" if os.name == "nt" else "python")
STAMP = VENV / "set-up.json"  # says "begun" from before the first file to after the last, then what was installed

OLDEST_PYTHON = (3, 11)
FREE_GB = 2.0  # torch and Qt take 1.2 without CUDA, their downloads the rest

SYSTEM_WHEELS = Path("/usr/share/python-wheels")  # where Debian puts the wheels that environments begin with
VENV_PACKAGE = f"python3.{sys.version_info[1]}-venv"
NO_VENV = f"this Python has no venv module. On Debian: sudo apt-get install {VENV_PACKAGE}"

TWO_PROCESSES = ["-n=2", "--dist=loadfile"]  # what a file's tests share is made once; -n 0 after it takes it back
CHECKS = {
    "ruff check": [str(PYTHON), "-m", "ruff", "check"],
    "ruff format": [str(PYTHON), "-m", "ruff", "format", "--check"],
    "mypy": [str(PYTHON), "-m", "mypy"],
    "import-linter": [str(PROGRAMS / "lint-imports"), "--no-logo"],
    "pytest": [str(PYTHON), "-m", "pytest", *TWO_PROCESSES, "--slowest=20"],
}

# What an installer says when the world, not the project, stopped it; the first match is the cause.
CAUSES = {
    "the disk is full. Free some space and run this again": ("no space left on device", "errno 28", "os error 28"),
    "there is no network. Connect and run this again": (
        "name resolution",
        "failed to establish a new connection",
        "failed to lookup address",
        "dns error",
        "network is unreachable",
        "connection refused",
        "connection reset",
        "timed out",
        "error sending request",
        "client error (connect)",
    ),
    "a file may not be written. Is this folder yours?": ("permission denied", "errno 13", "os error 13"),
}


class SetUpError(Exception):
    """What stops the set-up, as one line for a person."""


def main(arguments: list[str]) -> int:
    """Set up what is missing, then run the checks or become ``torchloom``; gives the exit status."""
    try:
        require_python(sys.version_info[:2])
        if arguments[:1] == ["test"]:
            set_up(tools=True)
            provide_libraries(needed_libraries(arguments))
            return run_checks(arguments[1:])
        set_up(tools=False)
        provide_libraries(needed_libraries(arguments))
        return hand_over(arguments)
    except SetUpError as error:
        print(f"start.py: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("start.py: interrupted", file=sys.stderr)
        return 130


def require_python(version: tuple[int, ...]) -> None:
    """Refuse a Python that is too old, naming a newer one where this machine has it."""
    if version < OLDEST_PYTHON:
        newer = next(filter(shutil.which, (f"python3.{minor}" for minor in range(14, 10, -1))), "python3.11")
        have = ".".join(map(str, version))
        raise SetUpError(f"Torchloom needs Python 3.11 or newer, this is {have}. Try: {newer} start.py")


def set_up(*, tools: bool) -> None:
    """Make ``.venv`` hold what pyproject.toml and constraints.txt ask for, and the test tools when ``tools``."""
    stamp = read_stamp()
    if PYTHON.exists() and stamp == finished_stamp(tools=stamp.get("tools") is True) and (stamp["tools"] or not tools):
        return
    uv = shutil.which("uv")
    usable = not stamp.get("begun") and stamp.get("root", str(ROOT)) == str(ROOT) and runs(need_pip=uv is None)
    print(f"{'Updating' if usable else 'Setting up'} Torchloom in {VENV}; this takes a minute or so", flush=True)
    try:
        if not usable:
            make_venv(VENV, with_pip=uv is None)
        STAMP.write_text(json.dumps({"begun": True}))
        install(uv, tools=tools)
        STAMP.write_text(json.dumps(finished_stamp(tools=tools)))
    except OSError as error:
        raise SetUpError(f"could not set up: {cause_of(str(error)) or error}") from None
    except SetUpError:
        if usable and stamp:  # the installer gave up by itself, so what was there still is
            STAMP.write_text(json.dumps(stamp))
        raise


def read_stamp() -> dict[str, object]:
    """What the last set-up left in its stamp; empty when there was none."""
    try:
        stamp = json.loads(STAMP.read_text())
    except FileNotFoundError:
        return {}
    except (OSError, ValueError):
        return {"begun": True}
    return stamp if isinstance(stamp, dict) else {"begun": True}


def finished_stamp(*, tools: bool) -> dict[str, object]:
    """The stamp of a finished set-up: where it is and what it was made from."""
    requirements = b"\0".join((ROOT / name).read_bytes() for name in ("pyproject.toml", "constraints.txt"))
    return {"root": str(ROOT), "asked": hashlib.sha256(requirements).hexdigest(), "tools": tools}


def runs(*, need_pip: bool) -> bool:
    """Whether the environment's Python starts and is not too old, and has pip where pip is to install."""
    probe = f"import sys{', pip' if need_pip else ''}; sys.exit(sys.version_info < {OLDEST_PYTHON})"
    try:
        started = subprocess.run([str(PYTHON), "-c", probe], capture_output=True, check=False)
    except OSError:
        return False
    return started.returncode == 0


def make_venv(venv: Path, *, with_pip: bool) -> None:
    """Replace an environment by an empty one that is marked as begun."""
    free_gb = shutil.disk_usage(ROOT).free / 1e9
    if free_gb < FREE_GB:
        raise SetUpError(f"about {FREE_GB:.0f} GB are needed on the disk of {ROOT}, {free_gb:.1f} GB are free")
    failed = create_venv(venv, with_pip=with_pip)
    if has_no_pip(failed) and install_packages([VENV_PACKAGE]):
        failed = create_venv(venv, with_pip=with_pip)
    if with_pip and has_no_pip(failed):
        failed = create_venv(venv, with_pip=False)
        if not failed:
            add_pip(PYTHON)
    if has_no_pip(failed):
        raise SetUpError(NO_VENV)
    if failed:
        raise SetUpError(f"could not make {venv}: {cause_of(failed) or failed[-300:]}")


def create_venv(venv: Path, *, with_pip: bool) -> str:
    """Create an empty environment in place of what is there; gives the error output, empty when it worked."""
    if venv.exists():
        shutil.rmtree(venv)
    venv.mkdir(parents=True)
    (venv / STAMP.name).write_text(json.dumps({"begun": True}))
    python = os.path.realpath(sys.executable)  # not one inside the environment that is being replaced
    command = [python, "-m", "venv", str(venv), *([] if with_pip else ["--without-pip"])]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    return (result.stdout + result.stderr).strip() if result.returncode else ""


def has_no_pip(failed: str) -> bool:
    """Whether an environment could not be created because this Python came without parts, as Debian's does."""
    return "ensurepip" in failed or "No module named venv" in failed


def add_pip(python: Path) -> None:
    """Install pip into an environment from the wheel that Debian packages."""
    with tempfile.TemporaryDirectory() as folder:
        wheel = next(SYSTEM_WHEELS.glob("pip-*.whl"), None) or downloaded_pip(Path(folder))
        if wheel is None:
            raise SetUpError(NO_VENV)
        run_installer([str(python), f"{wheel}/pip", "install", "--no-index", str(wheel)], dict(os.environ))


def downloaded_pip(folder: Path) -> Path | None:
    """Debian's wheel of pip, unpacked into the folder; needs no root. ``None`` without a network."""
    if not (shutil.which("apt-get") and shutil.which("dpkg-deb")):
        return None
    subprocess.run(["apt-get", "download", "python3-pip-whl"], cwd=folder, capture_output=True, check=False)
    for package in folder.glob("python3-pip-whl*.deb"):
        subprocess.run(["dpkg-deb", "-x", str(package), str(folder)], capture_output=True, check=False)
    return next(folder.glob(f"{str(SYSTEM_WHEELS).lstrip('/')}/pip-*.whl"), None)


def install(uv: str | None, *, tools: bool) -> None:
    """Install torch, then the project in place, every version as in constraints.txt."""
    command, environment = installer(uv, PYTHON)
    # torch by its exact version first: an index may hold a newer build with gigabytes of CUDA beside it.
    for what in ([pinned_torch()], ["-e", f"{ROOT}[tests]" if tools else str(ROOT)]):
        print(f"  Installing {what[-1]}", flush=True)
        run_installer([*command, *what], environment)


def installer(uv: str | None, python: Path) -> tuple[list[str], dict[str, str]]:
    """The command that installs for that Python what constraints.txt allows, and the variables it runs with."""
    constraints = ["-c", str(ROOT / "constraints.txt")]
    environment = dict(os.environ)
    if uv is None:
        return [str(python), "-m", "pip", "install", "--disable-pip-version-check", *constraints], environment
    environment["UV_COMPILE_BYTECODE"] = "1"  # else torch starts three times slower
    if links := environment.get("PIP_FIND_LINKS"):  # uv reads none of pip's settings
        environment.setdefault("UV_FIND_LINKS", ",".join(links.split()))
    return [uv, "pip", "install", "--python", str(python), *constraints], environment


def pinned_torch() -> str:
    """The requirement that names torch's tested version."""
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    return next(line for line in lines if line.startswith("torch=="))


def run_installer(command: list[str], environment: dict[str, str]) -> None:
    """Run an installer, showing what it downloads; say why when it fails."""
    output: list[str] = []
    pipe = subprocess.PIPE
    with subprocess.Popen(command, env=environment, stdout=pipe, stderr=subprocess.STDOUT, text=True) as running:
        for line in running.stdout or ():
            output.append(line)
            if line.lstrip().startswith(("Downloading ", "Prepared ", "Installed ", "Successfully installed ")):
                print(f"  {line.strip()[:100]}", flush=True)
    if running.returncode:
        cause = cause_of("".join(output))
        if cause is None:
            print("".join(output[-20:]), end="", file=sys.stderr)
        raise SetUpError(f"could not install: {cause or 'see the output of the installer above'}")


def cause_of(output: str) -> str | None:
    """The likely cause behind an installer's words, with what to do; ``None`` when they tell of none."""
    output = output.lower()
    return next((cause for cause, signs in CAUSES.items() if any(sign in output for sign in signs)), None)


def needed_libraries(arguments: list[str]) -> dict[str, str]:
    """What Qt needs of the system for this command line, shared object -> Debian's package; a verb needs nothing."""
    from gui.system.screen import LIBRARIES, X_LIBRARIES, has_screen, uses_x, wants_window

    if arguments[:1] == ["test"]:
        return LIBRARIES
    if not (wants_window(arguments) and has_screen()):
        return {}
    return LIBRARIES | (X_LIBRARIES if uses_x() else {})


def provide_libraries(libraries: dict[str, str]) -> None:
    """Install system libraries that are missing when this may (Debian, as root), else say how."""
    missing = missing_packages(libraries)
    if missing and install_packages(missing):
        missing = missing_packages(libraries)
    if missing:
        print(
            f"System libraries are missing, on Debian: sudo {' '.join(apt_line(missing))}", file=sys.stderr, flush=True
        )


def install_packages(packages: list[str]) -> bool:
    """Install Debian's packages; gives whether this user may, not whether it worked."""
    if os.name == "nt" or os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    print(f"Installing system packages: {' '.join(packages)} ...", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update"], apt_line(packages)):
        subprocess.run(command, env=environment, capture_output=True, check=False)
    return True


def apt_line(packages: list[str]) -> list[str]:
    """The command that installs Debian's packages and nothing beside."""
    return ["apt-get", "install", "-y", "--no-install-recommends", *packages]


def missing_packages(libraries: dict[str, str]) -> list[str]:
    """The packages of those libraries that this Linux does not find; none on other systems, where Qt brings all."""
    missing = []
    for library, package in libraries.items() if sys.platform.startswith("linux") else ():
        try:
            ctypes.CDLL(library)
        except OSError:
            missing.append(package)
    return missing


def run_checks(pytest_arguments: list[str]) -> int:
    """Run every check, whatever the others report; gives the status of the first that failed, 0 when none did."""
    results: dict[str, int] = {}
    seconds: dict[str, float] = {}
    for name, command in CHECKS.items():
        print(f"\n== {name}", flush=True)
        start_s = time.monotonic()
        more = pytest_arguments if name == "pytest" else []
        results[name] = subprocess.run([*command, *more], cwd=ROOT, env=check_environment(), check=False).returncode
        seconds[name] = time.monotonic() - start_s
    print()
    for name, status in results.items():
        print(f"{name:14} {'FAILED' if status else 'passed'} {seconds[name]:6.1f} s")
    return next((status for status in results.values() if status), 0)


def check_environment() -> dict[str, str]:
    """The environment of the checks: modules may be compiled once, instead of in each program that a test starts."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def hand_over(arguments: list[str]) -> int:
    """Run ``torchloom`` with these arguments in place of this program."""
    command = [str(PYTHON), "-P", "-m", "gui", *arguments]  # -P: a folder named gui here is not ours
    if os.name != "nt":
        os.execv(PYTHON, command)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for torchloom, which says how it ended
    return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
