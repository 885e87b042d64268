"""What prevents a window is reported before Qt would end the process."""

import pytest
from PySide6 import QtCore

from gui.shell.app import run
from gui.system import screen


class Unloadable:
    """A plugin of Qt that lacks a library of the system."""

    error_text = (
        "Cannot load library libqxcb.so: libxcb-cursor.so.0: cannot open shared object file: No such file or directory"
    )

    def __init__(self, path):
        assert path.endswith("platforms/libqxcb.so")

    def load(self):
        return False

    def errorString(self):  # noqa: N802 - Qt's name
        return self.error_text


@pytest.fixture
def under_x(monkeypatch):
    monkeypatch.setattr(screen.sys, "platform", "linux")
    monkeypatch.setenv("QT_QPA_PLATFORM", "xcb")
    monkeypatch.setattr(QtCore, "QPluginLoader", Unloadable)


def test_a_missing_library_is_named_with_its_package(under_x, capsys):
    assert run(None) == 1
    error_text = capsys.readouterr().err
    assert "the system library libxcb-cursor.so.0 is missing" in error_text
    assert "apt-get install" in error_text
    assert "libxcb-cursor0" in error_text
    assert error_text.count("\n") == 1


def test_another_reason_is_given_as_qt_words_it(under_x, monkeypatch):
    monkeypatch.setattr(Unloadable, "error_text", "not an ELF file")
    assert "not an ELF file" in screen.obstacle()


def test_a_platform_without_x_has_no_obstacle(under_x, monkeypatch):
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    assert screen.obstacle() == ""
