"""The saved project that the tests of journals edit."""

import pytest

from engine.graph.model import Node, Project
from engine.project import file


@pytest.fixture
def saved(tmp_path):
    """A project in a file, with a node to edit."""
    project = Project("net")
    project.graphs["Net"].nodes["conv1"] = Node("Conv2d")
    file.write(tmp_path / "net.loom", project)
    return tmp_path / "net.loom"
