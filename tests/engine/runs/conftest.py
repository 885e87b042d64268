"""A run folder."""

import pytest

from engine.runs.folder import RunFolder
from tests.engine.runs.run_folders import fill


@pytest.fixture
def run(tmp_path):
    return RunFolder.create(tmp_path / "runs" / "one", fill)
