"""A known network without data can be written, checked, read as source and exported; only training is refused."""

import json
from pathlib import Path

import pytest

from engine.cli import main
from engine.project.templates import templates
from tests.runtime.known_networks.known import NETWORKS, project_of

WITHOUT_DATA = [each.name for each in templates() if not each.data]
SMALL = ("dqn",)  # the others run with --full


@pytest.mark.parametrize(
    "name", [name if name in SMALL else pytest.param(name, marks=pytest.mark.full) for name in WITHOUT_DATA]
)
def test_every_verb_but_train_takes_a_network_without_data(name: str, tmp_path: Path, capsys) -> None:
    path, out = tmp_path / "it.loom", tmp_path / "out"
    assert main(["new", name, "-o", str(path)]) == 0
    capsys.readouterr()
    assert main(["check", str(path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["parameters"] == NETWORKS[name].parameters
    assert main(["code", str(path)]) == 0
    source = capsys.readouterr().out
    assert main(["export", str(path), "--to", "code", "-o", str(out)]) == 0
    assert source.endswith((out / "model.py").read_text(encoding="utf-8"))
    assert {each.name for each in out.iterdir()} == {"model.py", "requirements.txt", "README.md"}
    capsys.readouterr()
    assert main(["train", str(path)]) == 1
    project = project_of(name)
    fields = [node.params["field"] for node in project.graphs[project.main].of_kind("Input").values()]
    (sentence,) = [line for line in capsys.readouterr().err.splitlines() if "has no data to train on" in line]
    assert all(str(field) in sentence for field in fields)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["it.loom", "out"]
