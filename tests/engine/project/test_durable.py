import errno
import os
import stat
from itertools import count
from pathlib import Path

import pytest

from engine.errors import FileProblem
from engine.graph.model import End, Node, Project, Wire
from engine.project import disk_errors, durable, file
from engine.project.durable import Appender
from tests.fault import Crash, Fault, sweep

OLD, NEW = b"old\n" * 50, b"new\n" * 70


@pytest.fixture
def fresh(tmp_path):
    """Makes an empty folder, another one at each call."""
    numbers = count()

    def make() -> Path:
        folder = tmp_path / str(next(numbers))
        folder.mkdir()
        return folder

    return make


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def leftovers(root: Path) -> list[str]:
    return [path.name for path in root.rglob(".torchloom-*")]


def has_cleaned_up(case) -> bool:
    return isinstance(case.error, Crash) or leftovers(case.root) == []


def test_replacing_leaves_the_old_or_the_new_content_whatever_fails(fresh):
    def prepare():
        root = fresh()
        (root / "a").write_bytes(OLD)
        return root

    met = set()
    for case in sweep(prepare, lambda root: durable.replace(root / "a", NEW)):
        content = (case.root / "a").read_bytes()
        assert content in (OLD, NEW), case
        assert has_cleaned_up(case), case
        if case.error is None:
            assert content == NEW, case
        met.add((case.fault, content == NEW))
    assert {(fault, True) for fault in Fault} <= met
    assert {(fault, False) for fault in Fault} <= met


def test_a_project_is_saved_whole_or_not_at_all_whatever_fails(fresh):
    before, after = Project("before"), Project("after")
    after.graphs["Net"].nodes |= {"image": Node("Input", {"field": "image"}), "relu1": Node("ReLU")}
    after.graphs["Net"].wires.append(Wire(End("image", "output"), End("relu1", "input")))

    def prepare():
        root = fresh()
        file.write(root / "net.loom", before)
        return root

    for case in sweep(prepare, lambda root: file.write(root / "net.loom", after)):
        there = file.read(case.root / "net.loom")
        assert there.name in ("before", "after"), case
        assert there == after or there.name == "before", case
        assert has_cleaned_up(case), case
        assert case.error is not None or there == after, case
        if case.fault in (Fault.FULL, Fault.FULL_FOR_GOOD) and case.error is not None:
            assert isinstance(case.error, FileProblem), case
            assert "net.loom: the disk is full" in case.error.message


def test_appended_lines_are_there_whole_or_not_at_all_whatever_fails(fresh):
    def prepare():
        root = fresh()
        (root / "log").write_bytes(OLD)
        return root

    for case in sweep(prepare, lambda root: durable.append(root / "log", NEW)):
        content = (case.root / "log").read_bytes()
        assert content.startswith(OLD), case
        assert (OLD + NEW).startswith(content), case
        if case.error is None:
            assert content == OLD + NEW, case
        if isinstance(case.error, OSError) and case.fault is Fault.FULL:
            assert content in (OLD, OLD + NEW), case  # no partial line that a later one would be joined to
        durable.append(case.root / "log", b"after\n")
        lines = (case.root / "log").read_bytes().splitlines()
        assert set(lines) <= {b"old", b"new", b"after"}, case


def test_the_first_line_of_a_file_survives_a_power_cut(fresh):
    cases = list(sweep(fresh, lambda root: durable.append(root / "log", b"one\n"), (Fault.POWER_CUT,)))
    assert [(case.root / "log").read_bytes() for case in cases if case.error is None] == [b"one\n"]


def fill(folder: Path) -> None:
    durable.replace(folder / "a", NEW)
    (folder / "inner").mkdir()
    fd = os.open(folder / "inner" / "b", os.O_WRONLY | os.O_CREAT)  # a writer that does not sync
    os.write(fd, OLD)
    os.close(fd)


def test_a_new_folder_is_complete_or_absent_whatever_fails(fresh):
    for case in sweep(fresh, lambda root: durable.new_folder(root / "runs" / "one", fill)):
        place = case.root / "runs" / "one"
        if place.exists():
            assert (place / "a").read_bytes() == NEW, case
            assert (place / "inner" / "b").read_bytes() == OLD, case
        else:
            assert case.error is not None, case
        assert has_cleaned_up(case), case


def test_a_new_folder_takes_the_first_free_place(tmp_path):
    places = [tmp_path / name for name in ("file", "full", "empty", "free")]
    places[0].write_text("x")
    places[1].mkdir()
    (places[1] / "x").write_text("x")
    places[2].mkdir()

    assert durable.new_folder(places, fill) == places[2]
    assert durable.new_folder(places, fill) == places[3]
    with pytest.raises(FileExistsError):
        durable.new_folder(places, fill)
    assert leftovers(tmp_path) == []
    assert places[0].read_text() == "x"
    assert names(places[1]) == ["x"]


def test_a_failing_fill_leaves_nothing(tmp_path):
    def fail(folder: Path) -> None:
        fill(folder)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        durable.new_folder(tmp_path / "run", fail)
    assert names(tmp_path) == []


def test_replacing_keeps_permissions_and_links(tmp_path):
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_bytes(OLD)
    target.chmod(0o600)
    link.symlink_to("target")

    durable.replace(link, NEW)

    assert link.is_symlink()
    assert target.read_bytes() == NEW
    assert stat.S_IMODE(target.stat().st_mode) == 0o600


def test_a_write_protected_file_is_left_alone(tmp_path):
    target = tmp_path / "target"
    target.write_bytes(OLD)
    for mode in (0o444, 0):
        target.chmod(mode)
        with pytest.raises(PermissionError, match="write-protected"):
            durable.replace(target, NEW)
        assert stat.S_IMODE(target.stat().st_mode) == mode
    target.chmod(0o600)
    assert target.read_bytes() == OLD
    assert names(tmp_path) == ["target"]


def test_a_file_that_somebody_else_may_write_to_is_left_alone(tmp_path, monkeypatch):
    target = tmp_path / "target"
    target.write_bytes(OLD)
    monkeypatch.setattr(os, "access", lambda path, how: (Path(path), how) != (target, os.W_OK))
    with pytest.raises(PermissionError, match="write-protected"):
        durable.replace(target, NEW)
    assert target.read_bytes() == OLD


@pytest.mark.skipif(os.name == "nt", reason="there are no pipes among files there")
def test_what_is_no_file_is_not_replaced_by_one(tmp_path):
    pipe, link = tmp_path / "pipe", tmp_path / "link"
    os.mkfifo(pipe)
    link.symlink_to("pipe")
    for path, what in ((pipe, "a pipe"), (link, "a pipe"), (Path("/dev/null"), "a device"), (tmp_path, "a folder")):
        with pytest.raises(OSError, match=f"it is {what}, not a file"):
            durable.replace(path, NEW)
    assert pipe.is_fifo()
    assert Path("/dev/null").is_char_device()
    assert names(tmp_path) == ["link", "pipe"]


def test_a_system_that_takes_few_bytes_at_once_gets_them_all(tmp_path, monkeypatch):
    write = os.write
    monkeypatch.setattr(os, "write", lambda fd, data: write(fd, bytes(data)[:3]))

    durable.replace(tmp_path / "a", NEW)
    durable.append(tmp_path / "a", b"and more\n")

    assert (tmp_path / "a").read_bytes() == NEW + b"and more\n"


def test_windows_sharing_errors_are_tried_again(tmp_path, monkeypatch):
    replace, failures = Path.replace, iter([32, 5, 32])

    def busy(source, target):
        if winerror := next(failures, None):
            error = PermissionError(errno.EACCES, "used by another program")
            error.winerror = winerror
            raise error
        return replace(source, target)

    monkeypatch.setattr(Path, "replace", busy)
    durable.replace(tmp_path / "a", NEW)
    assert (tmp_path / "a").read_bytes() == NEW


def test_other_denials_are_not_tried_again(tmp_path, monkeypatch):
    tries = []

    def denied(source, target):
        tries.append(source)
        raise PermissionError(errno.EACCES, "no")

    monkeypatch.setattr(Path, "replace", denied)
    with pytest.raises(PermissionError):
        durable.replace(tmp_path / "a", NEW)
    assert len(tries) == 1
    assert names(tmp_path) == []


def test_an_appender_cuts_off_a_partial_line_and_knows_its_offset(tmp_path):
    path = tmp_path / "log"
    path.write_bytes(b"one\ntwo\nthr" + b"e" * 200_000)

    with Appender(path) as log:
        assert log.offset == 8
        log.write(b"three\n")
        log.write(b"")
        assert log.offset == 14 == path.stat().st_size
    log.close()

    assert path.read_bytes() == b"one\ntwo\nthree\n"


def test_a_file_of_one_partial_line_starts_empty(tmp_path):
    (tmp_path / "log").write_bytes(b"x" * 100_000)
    durable.append(tmp_path / "log", b"one\n")
    assert (tmp_path / "log").read_bytes() == b"one\n"


def test_half_a_line_is_refused(tmp_path):
    with Appender(tmp_path / "log") as log, pytest.raises(ValueError, match="line"):
        log.write(b"half")


def test_cutting_never_makes_a_file_longer(tmp_path):
    path = tmp_path / "log"
    path.write_bytes(b"one\ntwo\n")
    durable.cut(path, 4)
    durable.cut(path, 100)
    assert path.read_bytes() == b"one\n"


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "the disk is full"),
        (errno.EROFS, "read-only"),
        (errno.EACCES, "permission denied"),
        (errno.EXDEV, os.strerror(errno.EXDEV)),
    ],
)
def test_a_disks_error_names_the_file_and_the_reason(number, words):
    problem = disk_errors.problem("save", Path("net.loom"), OSError(number, os.strerror(number)))
    assert problem.message.startswith("Cannot save net.loom: ")
    assert words in problem.message


def test_put_writes_the_whole_file_and_replaces_what_was_there(tmp_path):
    path = tmp_path / "weights"

    durable.put(path, b"longer than the next")
    durable.put(path, b"short")

    assert path.read_bytes() == b"short"
