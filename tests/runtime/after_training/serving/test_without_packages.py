"""What `torchloom serve` says where its packages are not installed."""

import sys
from pathlib import Path

import pytest

from engine.cli import main


@pytest.mark.parametrize("package", ["fastapi", "uvicorn"])
def test_absent_packages_are_named_with_their_command(package: str, tmp_path: Path, monkeypatch, capfd) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    assert main(["serve", str(tmp_path)]) == 1
    assert "pip install fastapi uvicorn" in capfd.readouterr().err
