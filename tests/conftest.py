"""The fixtures of every test: a home of its own, one torch thread, and a check of what it leaves behind."""

import gc
import logging
import os
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

os.environ["OMP_NUM_THREADS"] = "1"  # before torch is loaded; child processes inherit it

import hypothesis
import pytest

from tests.cpu_time import CpuTime

PATIENCE_S = 20.0  # a thread or process that is ending may take this long on a busy machine

hypothesis.settings.register_profile("quick", max_examples=30, deadline=None, derandomize=True)
hypothesis.settings.register_profile("full", max_examples=2000, deadline=None, print_blob=True)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--full", action="store_true", help="also the long sweeps, with many more examples")
    parser.addoption(
        "--slowest", type=int, metavar="N", help="print the N slowest tests, and the CPU time of each folder"
    )


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--full"):
        os.environ["TORCHLOOM_FULL"] = "1"
    hypothesis.settings.load_profile("full" if is_full() else "quick")
    if is_full() and config.getoption("timeout") is None:
        config.option.timeout = 3600  # a sweep is long, not stuck
    if (count := config.getoption("--slowest")) is not None:
        config.pluginmanager.register(CpuTime(count))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not is_full():
        long = [item for item in items if item.get_closest_marker("full")]
        items[:] = [item for item in items if item not in long]
        config.hook.pytest_deselected(items=long)


def pytest_collection_finish() -> None:
    """Exclude what is loaded by now from garbage collection."""
    gc.collect()
    gc.freeze()


def is_full() -> bool:
    return os.environ.get("TORCHLOOM_FULL", "0") not in {"", "0"}


@pytest.fixture(scope="session")
def full() -> bool:
    """Whether this is a long sweep: a test may then take more rows, seeds or kills."""
    return is_full()


@pytest.fixture(scope="session", autouse=True)
def shared_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The home of fixtures that outlive one test."""
    with pytest.MonkeyPatch.context() as patch:
        path = tmp_path_factory.mktemp("home")
        patch.setenv("TORCHLOOM_HOME", str(path))
        yield path


@pytest.fixture(autouse=True)
def home(shared_home: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of this test's user data and state."""
    path = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("TORCHLOOM_HOME", str(path))
    return path


@pytest.fixture(scope="session")
def real_worker(shared_home: Path, qapp: object) -> Iterator[object]:
    """The analysis worker, for windows that only send requests to it; one for the session."""
    from tests.shared_worker import SharedWorker  # which loads Qt

    shared = SharedWorker()
    yield shared
    shared.close()


@pytest.fixture(autouse=True)
def one_torch_thread() -> Iterator[None]:
    """Undo the choice of an earlier test: bits depend on the thread count, and two are slow on a busy machine."""
    if torch := sys.modules.get("torch"):
        torch.set_num_threads(1)
    yield
    if torch := sys.modules.get("torch"):
        assert torch.is_grad_enabled(), "gradients were left switched off, so that nothing after this could be trained"


class _Collector(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


@pytest.fixture(autouse=True)
def logs() -> Iterator[list[logging.LogRecord]]:
    """Log records from WARNING up; a test that expects some asserts and clears them, all others have none."""
    collector = _Collector()
    root = logging.getLogger()
    root.addHandler(collector)
    try:
        yield collector.records
    finally:
        root.removeHandler(collector)
    unexpected = [f"{record.name}: {record.getMessage()}" for record in collector.records]
    assert not unexpected, f"unexpected log records: {unexpected}"


@pytest.fixture(autouse=True)
def nothing_left_running() -> Iterator[None]:
    """A test ends its threads and its child processes itself."""
    threads, children = _threads(), _children()
    yield
    deadline = time.monotonic() + PATIENCE_S
    while (left := (_threads() - threads, _children() - children)) != (set(), set()):
        if time.monotonic() > deadline:
            names = [*(thread.name for thread in left[0]), *map(_command, left[1])]
            pytest.fail(f"left running: {names}")
        time.sleep(0.02)


def _threads() -> set[threading.Thread]:
    return {thread for thread in threading.enumerate() if not thread.daemon}


def _children() -> set[int]:
    """The processes that this one started and has not reaped; empty where the system has no /proc."""
    children: set[int] = set()
    for task in Path("/proc/self/task").glob("*/children"):
        try:
            children.update(map(int, task.read_text().split()))
        except (FileNotFoundError, ProcessLookupError):  # that thread is over
            continue
    return children


def _command(pid: int) -> str:
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        words = []
    return f"process {pid} {b' '.join(words).decode(errors='replace')}"
