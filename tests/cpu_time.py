"""CPU seconds of every test and of every folder, including those of the processes that a test starts and awaits.

On a busy machine they vary by far less than the time that passes, which ``--durations`` prints.
"""

import os
from collections import defaultdict
from collections.abc import Generator
from pathlib import PurePosixPath

import pytest


def cpu_s() -> float:
    """The CPU time of this process so far, and of those of its children that have ended and were awaited."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


class CpuTime:
    """Measures from the end of one phase of a test to the end of the next, and prints the ``count`` slowest tests."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._until_s = 0.0
        self._tests: defaultdict[str, float] = defaultdict(float)

    def pytest_runtest_logstart(self) -> None:
        self._until_s = cpu_s()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        report = yield
        now_s = cpu_s()
        report.cpu_s = now_s - self._until_s  # type: ignore[attr-defined] # travels from worker to controller
        self._until_s = now_s
        return report

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._tests[report.nodeid] += getattr(report, "cpu_s", 0.0)  # the report of a crash has none

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        folders: defaultdict[str, float] = defaultdict(float)
        for test, used_s in self._tests.items():
            folders[str(PurePosixPath(test.partition("::")[0]).parent)] += used_s
        of_tests_s, whole_s = sum(folders.values()), cpu_s()
        folders["collecting, and what is shared"] = max(0.0, whole_s - of_tests_s)
        terminalreporter.section(f"CPU time, {whole_s:.0f} s in all")
        for name, used_s in sorted(folders.items()):
            terminalreporter.line(f"{used_s:8.2f} s  {name}")
        slowest = sorted(self._tests.items(), key=lambda entry: -entry[1])[: self._count]
        terminalreporter.section(f"{len(slowest)} slowest tests, CPU time")
        for test, used_s in slowest:
            terminalreporter.line(f"{used_s:8.2f} s  {test}")
