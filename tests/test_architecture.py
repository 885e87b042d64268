"""The architecture: what is loaded when, which module writes, how long files are, and what must stay in sync."""

import ast
import re
import subprocess
import sys
from collections import Counter
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from tests.project_files import ROOT, project_files

FILES = sorted([*ROOT.glob("engine/**/*.py"), *ROOT.glob("gui/**/*.py")])
LONG = 300
MANY = 22  # modules in a folder
LONG_SHARE = 0.03

WRITERS = {
    ROOT / "engine/project/durable.py",
    ROOT / "engine/project/lock.py",  # a lock opens a file, and writes nothing
    ROOT / "engine/cli/standby.py",  # leads the process's own output to a log, as a shell does
}
# Ways to write a file without the first. `open` is checked by its mode.
WRITING_CALLS = {"write_text", "write_bytes", "copyfile", "copy2", "copytree", "save_file", "savez", "savez_compressed"}


def in_fresh_python(code: str) -> str:
    """The output of this code in a new interpreter."""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


LOAD_ALL = """
import importlib, pkgutil, sys
top = importlib.import_module({name!r})
for module in pkgutil.walk_packages(getattr(top, "__path__", ()), top.__name__ + "."):
    if not module.name.endswith("__main__"):
        importlib.import_module(module.name)
print(*sorted({{"torch", "networkx", "numpy", "PIL", "PySide6", "pyqtgraph"}} & set(sys.modules)))
"""


@pytest.mark.parametrize(
    "name",
    [
        "engine.catalog",
        "engine.check",
        "engine.cli",
        "engine.codegen",
        "engine.graph",
        "engine.project",
        "engine.protocol",
        "engine.runs",
        "gui.__main__",
    ],
)
def test_importing_loads_nothing_heavy(name):
    assert in_fresh_python(LOAD_ALL.format(name=name)) == ""


def test_files_stay_short():
    lengths = {path.relative_to(ROOT).as_posix(): len(path.read_text().splitlines()) for path in FILES}
    long = {path: length for path, length in lengths.items() if length > LONG}
    assert len(long) <= LONG_SHARE * len(FILES), long


def test_a_folder_of_many_modules_is_more_than_one_package():
    rest = (*ROOT.glob("tests/**/*.py"), *ROOT.glob("resources/**/*.py"))
    files = (path for path in (*FILES, *rest) if path.name != "__init__.py")
    counts = Counter(path.parent.relative_to(ROOT).as_posix() for path in files)
    assert {folder: count for folder, count in counts.items() if count > MANY} == {}


def imported(path: Path) -> set[str]:
    """The modules that a module imports, also within functions, but not for type checking only."""
    names = set[str]()
    rest: list[ast.AST] = [ast.parse(path.read_text())]
    while rest:
        node = rest.pop()
        match node:
            case ast.If(test=ast.Name("TYPE_CHECKING")):
                rest += node.orelse
                continue
            case ast.ImportFrom(module=str(module)):
                names |= {module} | {f"{module}.{name.name}" for name in node.names}
            case ast.Import():
                names |= {name.name for name in node.names}
        rest += ast.iter_child_nodes(node)
    return names


def room_imports(top: str) -> dict[str, set[str]]:
    """The packages below a package, and those from which the modules of each import, without its subpackages."""
    rooms = {}
    for path in FILES:
        names = path.relative_to(ROOT).with_suffix("").parts
        if names[0] == top:
            rooms[".".join(names).removesuffix(".__init__")] = ".".join(names[:-1])
    arrows: dict[str, set[str]] = {room: set() for room in rooms.values()}
    for path in FILES:
        room = ".".join(path.relative_to(ROOT).parts[:-1])
        if room in arrows and path.name != "__main__.py":  # an entry stands beside what it enters
            arrows[room] |= {rooms[module] for module in imported(path) if module in rooms} - {room}
    return arrows


def merged(arrows: dict[str, set[str]], depth: int) -> dict[str, set[str]]:
    """The same between larger packages: deeper ones count as the package at this depth that contains them."""

    def holder(room: str) -> str:
        return ".".join(room.split(".")[:depth])

    whole: dict[str, set[str]] = {}
    for room, others in arrows.items():
        whole.setdefault(holder(room), set()).update(map(holder, others))
    return {room: others - {room} for room, others in whole.items()}


def cycle(arrows: dict[str, set[str]]) -> list[str]:
    """One cycle among these; empty without one."""
    try:
        TopologicalSorter(arrows).prepare()
    except CycleError as error:
        return error.args[1]
    return []


@pytest.mark.parametrize(("top", "depth"), [("engine", 2), ("gui", 2), ("gui", 3), ("gui", 9)])
def test_packages_import_each_other_in_one_direction(top, depth):
    arrows = merged(room_imports(top), depth)
    assert sum(map(len, arrows.values())) > 20, "imports are seen at all"
    assert cycle(arrows) == []


def test_imports_are_found_anywhere(tmp_path: Path):
    module = tmp_path / "module.py"
    module.write_text(
        "from typing import TYPE_CHECKING\nimport a.b\nif TYPE_CHECKING:\n    import never\n"
        "def f():\n    from c import d\n"
    )
    assert imported(module) == {"typing", "typing.TYPE_CHECKING", "a.b", "c", "c.d"}


def test_cycles_are_found():
    assert cycle({"a": {"b"}, "b": {"c"}, "c": set()}) == []
    assert set(cycle({"a": {"b"}, "b": {"c"}, "c": {"a"}})) == {"a", "b", "c"}
    assert cycle(merged({"a.x": {"b.y"}, "b.z": {"a.w"}, "b.y": set(), "a.w": set()}, 1))


def test_every_module_says_what_it_is():
    assert not [path for path in FILES if not ast.get_docstring(ast.parse(path.read_text()))]


def test_only_a_placement_chooses_a_device():
    asking = re.compile(r"\b(is_available|device_count|current_device|set_device)\(|torch\.device\(")
    homes = {ROOT / "engine/runtime/device.py", ROOT / "engine/runtime/placement.py"}
    guilty = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in FILES
        if path.is_relative_to(ROOT / "engine/runtime") and path not in homes
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if asking.search(line) and not line.lstrip().startswith(("#", '"""', "from "))
    ]
    assert not guilty


def test_only_the_durable_writer_writes():
    guilty = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in FILES
        if path.is_relative_to(ROOT / "engine") and path not in WRITERS
        for line in writing_lines(ast.parse(path.read_text()))
    ]
    assert not guilty


def writing_lines(tree: ast.AST) -> list[int]:
    """The lines of calls that write a file."""
    return [node.lineno for node in ast.walk(tree) if isinstance(node, ast.Call) and writes(node)]


def writes(call: ast.Call) -> bool:
    match call:
        case ast.Call(ast.Name(name) | ast.Attribute(attr=name)) if name != "open":
            return name in WRITING_CALLS
        case ast.Call(ast.Name("open") | ast.Attribute(ast.Name("os" | "io" | "gzip" | "bz2" | "lzma"))):
            modes = call.args[1:2]
        case ast.Call(ast.Attribute(attr="open")):  # of a path, or of something else that can be opened
            modes = [first for first in call.args[:1] if isinstance(first, ast.Constant)]
        case _:
            return False
    modes += [word.value for word in call.keywords if word.arg in {"mode", "flags"}]
    return any(not isinstance(mode, ast.Constant) or bool(set(str(mode.value)) & set("wax+")) for mode in modes)


@pytest.mark.parametrize(
    ("source", "guilty"),
    [
        ("open(path)", False),
        ("open(path, 'rb')", False),
        ("path.open()", False),
        ("Folder.open(path)", False),
        ("gzip.open(path, 'rb')", False),
        ("open(path, 'w')", True),
        ("open(path, mode='ab')", True),
        ("path.open('r+b')", True),
        ("open(path, mode)", True),
        ("os.open(path, os.O_RDWR)", True),
        ("Path(name).write_bytes(data)", True),
        ("shutil.copytree(a, b)", True),
    ],
)
def test_writing_is_recognised(source, guilty):
    assert bool(writing_lines(ast.parse(source))) is guilty


def test_the_window_checks_files_without_raising():
    """Methods of `Path` raise in an unreadable folder, which an administrator never notices."""
    asking = re.compile(r"\.(exists|is_file|is_dir)\(\)")
    guilty = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in FILES
        if path.is_relative_to(ROOT / "gui")
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if asking.search(line) and not re.search(r"\bentry\.is_dir", line)
    ]
    assert not guilty


def test_only_one_module_removes_widgets():
    """A widget that has no parent and is not hidden may become a window of its own for a moment."""
    guilty = [path.name for path in FILES if ".setParent(None)" in path.read_text(encoding="utf-8")]
    assert guilty == ["removal.py"]


def test_qt_keeps_its_count_of_none():
    # PySide6 6.12.0 on Python 3.11 takes one reference from None at each void call, and aborts after some thousand.
    code = """
import sys
from PySide6.QtCore import QObject
thing = QObject()
thing.setObjectName("warm")
before = sys.getrefcount(None)
for _ in range(20_000):
    thing.setObjectName("name")
print(before - sys.getrefcount(None))
"""
    assert int(in_fresh_python(code)) < 100


def test_no_file_names_this_machine():
    hosts = [".".join(words) for words in (("pypi", "org"), ("pythonhosted", "org"), ("download", "pytorch", "org"))]
    paths = ["/".join(("", *words)) for words in (("root", ""), ("work", ""), ("opt", "wheels"), ("opt", "pypi"))]
    private = re.compile("|".join([*map(re.escape, hosts), *(rf"(?<![\w.~}}]){re.escape(path)}" for path in paths)]))
    names = []
    for path in (ROOT / name for name in project_files()):
        data = path.read_bytes()
        if b"\0" in data[:8192]:
            continue
        lines = data.decode(errors="replace").splitlines()
        names += [
            f"{path.relative_to(ROOT)}:{at}: {line[:80]}" for at, line in enumerate(lines, 1) if private.search(line)
        ]
    assert not names


def defined(statement: ast.stmt) -> set[str]:
    """The names that a statement at the top of a module defines."""
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return {statement.name}
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    return {name.id for target in targets for name in ast.walk(target) if isinstance(name, ast.Name)}


def test_no_two_snippets_define_the_same_name():
    homes: dict[str, list[str]] = {}
    for path in sorted((ROOT / "resources" / "snippets").rglob("*.py")):
        for statement in ast.parse(path.read_text(encoding="utf-8")).body:
            for name in defined(statement):
                homes.setdefault(name, []).append(path.name)
    twice = {name: files for name, files in homes.items() if len(files) > 1}
    assert twice == {}, "an export that needs both could not hold both"
