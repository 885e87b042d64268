"""Projects without data: drawn, checked as far as shapes are known, and exported; only training is refused."""

import json
from pathlib import Path

import pytest
import torch

from engine.cli import main
from engine.errors import DataProblem, EngineError
from engine.graph.model import NO_DATA, Data, Node, Project, Split
from engine.project import file
from engine.project.templates import templates
from engine.runtime.analysis.analyse import check_project
from engine.runtime.data.prepared_samples import load_data
from engine.runtime.training_setup.prepare import prepare
from tests.small_projects import graph, node


def example(shape: object = (1, 8, 8), element: str = "float32", data: Data = NO_DATA, **fc: object) -> Project:
    image = node("Input", **({} if shape is None else {"shape": shape, "element": element}))
    label = node("Input", **({} if shape is None else {"shape": (), "element": "int64"}))
    nodes = {
        "image": image, "label": label, "flat": "Flatten", "fc": node("Linear", out_features=10, **fc),
        "loss": "CrossEntropyLoss", "y": "Output",
    }  # fmt: skip
    wires = ("image > flat", "flat > fc", "fc > loss", "label > loss.target", "fc > y")
    return Project("drawn", graphs={"Net": graph(nodes, *wires)}, data=data)


def saved(project: Project, folder: Path) -> Path:
    file.write(folder / "drawn.loom", project)
    return folder / "drawn.loom"


def codes(project: Project) -> list[str]:
    return [problem.code for problem in check_project(project, Path()).problems]


def test_an_input_with_a_shape_is_measured_without_data(tmp_path: Path, capsys) -> None:
    assert main(["check", str(saved(example(), tmp_path)), "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["ok"]
    assert printed["nodes"]["fc"] == {"outputs": {"output": ["N", 10]}, "parameters": 650, "macs": 640}
    assert printed["nodes"]["label"]["outputs"] == {"output": ["N"]}
    assert printed["data"] is None


def test_what_is_not_known_is_not_guessed() -> None:
    assert codes(example(None)) == ["S019"]
    assert codes(example(None, in_features=64)) == ["S020"]


@pytest.mark.parametrize("template", [each for each in templates() if each.data], ids=lambda each: each.name)
def test_the_count_of_weights_is_that_of_the_same_network_with_data_or_names_an_input(template) -> None:
    project = file.parse(template.text(), template.name)
    weights = check_project(project, Path()).parameters
    project.data = NO_DATA
    report = check_project(project, Path())
    if report.parameters == weights:
        assert report.ok
    else:
        (problem,) = (each for each in report.problems if each.code in ("S019", "S020"))
        assert project.graphs[project.main].nodes[problem.node].kind == "Input"
        assert problem.node in problem.message


def test_weights_that_only_a_borrower_uses_are_counted_there() -> None:
    project = example()
    nodes, wires = project.graphs["Net"].nodes, project.graphs["Net"].wires
    nodes |= {"other": Node("Input"), "lent": node("Linear", out_features=10), "end": Node("Output")}
    wires += graph({}, "other > lent", "lent > end").wires
    nodes["fc"] = Node("Linear", shares="lent")
    report = check_project(project, Path())
    assert [(each.code, each.node) for each in report.problems] == []
    assert report.parameters == report.nodes["fc"].parameters == 650


def test_a_type_that_the_layer_cannot_take_is_reported_without_data() -> None:
    assert "S004" in codes(example(element="bool"))
    assert "S004" in codes(example(element="int64"))


def test_training_names_the_fields_that_are_wanted(tmp_path: Path, capsys) -> None:
    path = saved(example(), tmp_path)
    assert main(["train", str(path)]) == 1
    output = capsys.readouterr().err
    assert "The project has no data to train on; Net reads the fields image and label." in output
    assert [each.name for each in tmp_path.iterdir()] == [path.name]
    with pytest.raises(EngineError, match="has no data to train on"):
        prepare(example(), tmp_path)
    with pytest.raises(DataProblem, match="The project has no data"):
        load_data(example(), tmp_path)


def test_the_code_of_a_project_without_data_is_its_network(tmp_path: Path, capsys) -> None:
    out = tmp_path / "out"
    assert main(["export", str(saved(example(), tmp_path)), "--to", "code", "-o", str(out)]) == 0
    assert {each.name for each in out.iterdir()} == {"model.py", "requirements.txt", "README.md"}
    names: dict[str, object] = {"__name__": "model"}
    exec(compile((out / "model.py").read_text(), "model.py", "exec"), names)  # noqa: S102 (as a reader of it would)
    assert names["Net"]()(image=torch.zeros(2, 1, 8, 8)).shape == (2, 10)
    assert (out / "requirements.txt").read_text() == "torch>=2.6\n"
    assert "outputs = network(image=...)" in (out / "README.md").read_text()
    assert main(["code", str(tmp_path / "drawn.loom")]) == 0
    assert capsys.readouterr().out.endswith((out / "model.py").read_text())


def test_an_export_that_cannot_be_generated_leaves_nothing(tmp_path: Path, capsys) -> None:
    out = tmp_path / "out"
    assert main(["export", str(saved(example(None), tmp_path)), "--to", "code", "-o", str(out)]) == 1
    assert "Give the shape of a sample on this Input, or choose data." in capsys.readouterr().err
    assert not out.exists()


@pytest.mark.parametrize(
    ("shape", "element", "problems"),
    [((1, 8, 8), "float32", []), ((3, 8, 8), "float32", ["D114"]), ((1, 8, 8), "int64", ["D114"])],
)
def test_data_that_gives_something_else_is_reported(shape, element: str, problems: list[str]) -> None:
    project = example(shape, element, Data("Digits"))
    project.graphs["Net"].nodes["label"].params = {}
    assert codes(project) == problems
    for problem in check_project(project, Path()).problems:
        problem.fix.edit.apply(project)
    assert codes(project) == []


def test_a_split_by_a_field_that_the_data_lacks_is_reported() -> None:
    project = example((1, 8, 8), "float32", Data("Digits", split=Split(group="voice")))
    project.graphs["Net"].nodes["label"].params = {}
    (problem,) = check_project(project, Path()).problems
    assert (problem.code, problem.severity) == ("D115", "error")
    problem.fix.edit.apply(project)
    assert codes(project) == []


def test_two_inputs_of_one_field_agree() -> None:
    project = example()
    project.graphs["Net"].nodes["again"] = node("Input", field="image", shape=(2, 8, 8))
    assert "D114" in codes(project)


def test_an_axis_of_variable_length_is_kept(tmp_path: Path) -> None:
    project = example(("T", 64))
    assert file.read(saved(project, tmp_path)).graphs["Net"].nodes["image"].params["shape"] == ("T", 64)
    for shape, wrong in ((("T", 0), "must be >= 1"), (("t", 64), "must be a tuple of whole numbers")):
        assert wrong in check_project(example(shape), Path()).problems[0].message


def test_the_shape_of_an_input_of_a_block_has_no_effect() -> None:
    project = example()
    x = node("Input", shape=(5,), element="int64")
    project.graphs["Body"] = graph({"x": x, "fc": node("Linear", out_features=3), "y": "Output"}, "x > fc", "fc > y")
    project.graphs["Net"].nodes["body"] = Node("Block", graph="Body")
    project.graphs["Net"].wires += graph({}, "flat > body.x").wires
    problems = [each for each in check_project(project, Path()).problems if each.code == "P005"]
    assert [each.node for each in problems] == ["body.x", "body.x"]
    for problem in problems:
        problem.fix.edit.apply(project)
    assert "P005" not in codes(project)
