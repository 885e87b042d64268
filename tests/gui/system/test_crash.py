"""The log of the window."""

import logging
import sys
from pathlib import Path

import pytest

from gui.system.crash import FaultWatch, RotatingLog


@pytest.fixture
def log(tmp_path: Path):
    log = RotatingLog(tmp_path / "window.log", encoding="utf-8")
    yield log
    log.close()


def record(text: str, *arguments: object) -> logging.LogRecord:
    return logging.LogRecord("gui", logging.INFO, __file__, 1, text, arguments, None)


def test_a_full_disk_is_not_reported_at_every_record(log: RotatingLog, monkeypatch, capsys) -> None:
    def full() -> bool:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("gui.system.crash._LOG_BYTES", 0)
        patch.setattr(log, "_turn_over", full)
        log.emit(record("is let go"))
    log.emit(record("is kept"))
    assert capsys.readouterr().err == ""
    assert Path(log.baseFilename).read_text() == "is kept\n"


def test_a_log_turns_over_and_the_oldest_makes_way(log: RotatingLog, monkeypatch) -> None:
    monkeypatch.setattr("gui.system.crash._LOG_BYTES", 6)
    for number in range(10, 22):
        log.emit(record(str(number)))
    folder = Path(log.baseFilename).parent
    texts = [(folder / f"window.log{end}").read_text().split() for end in ("", ".1", ".2", ".3")]
    assert texts == [["20", "21"], ["18", "19"], ["16", "17"], ["14", "15"]]
    assert len(list(folder.iterdir())) == 4


def test_a_log_that_cannot_turn_over_goes_on(log: RotatingLog, monkeypatch, capsys) -> None:
    def raise_error(*_: object) -> Path:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("gui.system.crash._LOG_BYTES", 6)
    log.emit(record("longer than that"))
    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", raise_error)
        log.emit(record("in the same file"))
    with monkeypatch.context() as patch:
        patch.setattr(log, "_open", raise_error)
        log.emit(record("is let go"))
    log.emit(record("is kept"))
    assert capsys.readouterr().err == ""
    assert Path(log.baseFilename).read_text() == "is kept\n"
    assert Path(f"{log.baseFilename}.1").read_text() == "longer than that\nin the same file\n"


def test_a_fault_of_ours_in_a_record_is_reported(log: RotatingLog, capsys) -> None:
    log.emit(record("%d", "no number"))
    assert "Logging error" in capsys.readouterr().err


def test_a_fault_while_a_fault_is_reported_is_logged_and_ends_there(qapp, tmp_path, monkeypatch, logs, capfd) -> None:
    watch, reports = FaultWatch(tmp_path), []
    monkeypatch.setattr(sys, "excepthook", watch.fault)

    def fails(report: str) -> None:
        reports.append(report)
        raise RuntimeError("the sheet is gone")

    watch.fault_reported.connect(fails)
    for text in ("first", "second"):
        error = ValueError(text)
        watch.fault(type(error), error, None)
    logged = [record.getMessage() for record in logs]
    logs.clear()
    assert ["first" in reports[0], "second" in reports[1], len(reports)] == [True, True, 2]  # one report each
    assert len(logged) == 4
    assert sum("the sheet is gone" in text for text in logged) == 2
    capfd.readouterr()
