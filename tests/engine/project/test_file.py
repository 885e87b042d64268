import json
import re
from itertools import pairwise

import pytest
from hypothesis import given

from engine.catalog.index import layer
from engine.catalog.spec import effective
from engine.errors import FileProblem
from engine.graph.model import NO_DATA, Node, Note, Project, Training
from engine.project.file import NewerProject, content_hash, dump, from_json, parse, read, to_json, write
from engine.project.templates import templates
from tests.project_files import ROOT
from tests.strategies import projects

FORMAT = ROOT / "docs" / "file-format.md"
CONV = '{"kind": "Conv2d", "params": {"kernel_size": 3, "out_channels": 32}, "pos": [220, 0]}'
NET = '{"nodes": {"image": {"kind": "Input", "pos": [0, 0]}, "conv1": %s}, "wires": [["image.output", "conv1.input"]]}'


def project_text(
    net: str = NET % CONV, head: str = '"version": 2, "name": "digits", "main": "Net"', tail: str = ""
) -> str:
    return f'{{"format": "torchloom", {head}, "graphs": {{"Net": {net}}}{tail}}}'


def meaning(project: Project) -> object:
    """What a file must keep: everything except values that equal their defaults."""
    graphs = {}
    for name, graph in project.graphs.items():
        nodes = {}
        for node_name, node in graph.nodes.items():
            declared = layer(node.kind)
            values = node.params | (effective(declared.params, node.params) if declared else {})
            own = (node.kind, node.pos, node.bypass, node.shares, node.graph, node.repeat)
            rest = (own, settings_sorted(node.settings), sorted(node.extra.items()))
            nodes[node_name] = (sorted((key, repr(value)) for key, value in values.items()), rest)
        params = [(key, settings_sorted(param)) for key, param in graph.params.items()]
        graphs[name] = (list(nodes.items()), graph.wires, graph.frames, graph.notes, params, graph.extra)
    settings = (project.data, project.training, project.version, project.extra)
    return project.name, project.main, list(graphs.items()), repr(settings_sorted(settings))


def settings_sorted(value: object) -> object:
    """Settings as plain data, without the order of dictionaries."""
    if isinstance(value, dict):
        return sorted((key, settings_sorted(item)) for key, item in value.items())
    if hasattr(value, "__dataclass_fields__"):
        return [settings_sorted(getattr(value, name)) for name in value.__dataclass_fields__]
    return [settings_sorted(item) for item in value] if isinstance(value, tuple | list) else repr(value)


@given(projects(odd=True))
def test_a_project_survives_its_file(project):
    assert meaning(parse(dump(project), "it")) == meaning(project)


@given(projects(odd=True))
def test_reading_and_writing_again_gives_the_same_text(project):
    text = dump(project)
    assert dump(parse(text, "it")) == text


@given(projects(odd=True))
def test_a_project_survives_the_protocol(project):
    assert meaning(from_json(json.loads(json.dumps(to_json(project))))) == meaning(project)


@given(projects())
def test_every_node_and_wire_is_one_line(project):
    lines = dump(project).splitlines()
    for graph in project.graphs.values():
        for name in graph.nodes:
            assert any(line.strip().startswith(f'"{name}": {{"') for line in lines)
        assert sum(line.strip().startswith('["') for line in lines) >= len(graph.wires)


def test_writing_keeps_the_order_that_means_something_and_sorts_the_rest():
    project = Project(extra={"zz": 1, "aa": 2})
    nodes = project.graphs["Net"].nodes
    nodes["z"], nodes["a"] = Node("Linear", {"out_features": 3, "bias": False}), Node("ReLU")
    raw = json.loads(dump(project))
    assert list(raw) == ["format", "version", "name", "main", "graphs", "data", "training", "aa", "zz"]
    assert list(raw["graphs"]["Net"]) == ["nodes", "wires"]
    assert list(raw["graphs"]["Net"]["nodes"]) == ["z", "a"]
    assert list(raw["graphs"]["Net"]["nodes"]["z"]) == ["kind", "params", "pos"]
    assert list(raw["graphs"]["Net"]["nodes"]["z"]["params"]) == ["bias", "out_features"]
    assert all(first < second for first, second in pairwise(raw["training"]))


def test_a_file_holds_required_values_and_those_that_differ_from_their_defaults():
    project = Project()
    project.graphs["Net"].nodes["c"] = Node("Conv2d", {"stride": 1, "padding": 2, "bias": 1, "in_channels": 3})
    params = json.loads(dump(project))["graphs"]["Net"]["nodes"]["c"]["params"]
    required = {param.name: param.default for param in layer("Conv2d").params if param.required}
    assert params == required | {"padding": 2, "bias": 1, "in_channels": 3}  # 1 is not a flag: a problem to keep


def test_what_a_newer_version_added_is_kept():
    text = project_text(
        '{"nodes": {"q": {"kind": "Qubit", "params": {"spin": [1, {"up": null}], "n": 2}, "pos": [1, 2], "tint": 3}},'
        ' "wires": [], "frames": [{"title": "f", "rect": [0, 0, 1, 1], "tint": 1}], "layout": {"zoom": 2}}',
        tail=', "data": {"kind": "Holograms", "params": {"a": {"b": 1}}, "cache": true}, '
        '"training": {"optimizer": {"kind": "Muon", "params": {"lr": 1}, "x": 1}, "clip": {"at": 2, "y": 1}, "z": 1}, '
        '"plugins": ["p"]',
    )
    before, after = json.loads(text), json.loads(dump(parse(text, "it")))
    assert after["graphs"] == before["graphs"]
    assert after["plugins"] == ["p"]
    assert after["data"] | before["data"] == after["data"]
    assert after["training"]["optimizer"] == before["training"]["optimizer"]
    assert after["training"]["clip"] == {"by": "norm", "at": 2.0, "y": 1}
    assert after["training"]["z"] == 1


def test_what_check_can_report_is_loaded():
    project = parse(
        project_text(
            '{"nodes": {"c": {"kind": "Conv2d", "params": {"out_channels": "many", "zorp": 1, "stride": 1e18}},'
            ' "d": {"kind": "Zorp"}}, "wires": [["ghost.output", "c.input"], ["d.x", "c.nonsense"]]}'
        ),
        "it",
    )
    graph = project.graphs["Net"]
    assert graph.nodes["c"].params == {"out_channels": "many", "zorp": 1, "stride": 1e18}
    assert len(graph.wires) == 2
    assert project.data == NO_DATA
    assert project.training == Training()


def test_the_nearest_name_is_suggested_for_a_missing_file(tmp_path):
    (tmp_path / "digits.loom").write_text("{}")
    with pytest.raises(FileProblem) as caught:
        read(tmp_path / "digit.loom")
    assert caught.value.message == f"There is no file {tmp_path / 'digit.loom'}."
    assert caught.value.hint == "Did you mean digits.loom?"


def test_a_folder_is_no_project(tmp_path):
    (tmp_path / "digits.loom").write_text("{}")
    with pytest.raises(FileProblem, match="is a folder, not a project file") as caught:
        read(tmp_path)
    assert caught.value.hint == "It holds digits.loom."


@pytest.mark.parametrize("name", ["x" * 5000, "a\0b", "digits.loom/more"])
def test_a_name_that_cannot_be_one_is_reported(tmp_path, name):
    (tmp_path / "digits.loom").write_text("{}")
    with pytest.raises(FileProblem):
        read(tmp_path / name)


def test_a_newer_file_is_refused_and_opens_only_to_be_viewed(tmp_path):
    path = tmp_path / "new.loom"
    path.write_text(project_text(head='"version": 7, "main": "Net"'))

    with pytest.raises(NewerProject, match="has version 7, and this program reads up to version 2") as caught:
        read(path)
    assert caught.value.newer

    project = read(path, allow_newer=True)
    assert project.version == 7
    assert list(project.graphs["Net"].nodes) == ["image", "conv1"]
    before = path.read_bytes()
    with pytest.raises(NewerProject, match="is not written"):
        write(path, project)
    assert path.read_bytes() == before


def test_what_could_not_be_read_again_does_not_replace_what_can(tmp_path):
    path = tmp_path / "net.loom"
    write(path, Project("good"))
    for spoiled in (
        Project(graphs={"Net": _net(Node("ReLU", pos=(float("nan"), 0.0)))}),
        Project(graphs={"Net": _net(Node("ReLU", shares="x y"))}),
        Project(main="Elsewhere"),
    ):
        with pytest.raises(FileProblem):
            write(path, spoiled)
        assert read(path).name == "good"
    assert [path.name for path in tmp_path.iterdir()] == ["net.loom"]


def _net(node: Node):
    return Project().graphs["Net"].__class__({"a": node})


def test_half_a_character_becomes_a_question_mark():
    project = Project("half \ud800")
    project.graphs["Net"].notes = (Note("\udfff", (0.0, 0.0, 1.0, 1.0)),)
    again = parse(dump(project), "it")
    assert (again.name, again.graphs["Net"].notes[0].text) == ("half ?", "?")


def test_saving_into_nowhere_says_so(tmp_path):
    with pytest.raises(FileProblem, match="no such file or folder"):
        write(tmp_path / "missing" / "net.loom", Project())


def test_a_whole_number_where_real_ones_belong_is_written_as_it_will_be_read():
    project = Project()
    project.graphs["Net"].nodes["drop"] = Node("Dropout", {"p": 1})
    project.training.optimizer.params["lr"] = 1
    again = parse(dump(project), "x")
    assert repr(again.graphs["Net"].nodes["drop"].params) == "{'p': 1.0}"
    assert content_hash(again) == content_hash(project)  # or a journal would not fit its own file


def test_the_content_hash_distinguishes_projects_but_not_spellings():
    one, other = parse(project_text(), "it"), parse(project_text().replace(" ", ""), "it")
    assert content_hash(one) == content_hash(other)
    other.graphs["Net"].nodes["conv1"].params["stride"] = 1  # its default
    assert content_hash(one) == content_hash(other)
    other.graphs["Net"].nodes["conv1"].params["stride"] = 2
    assert content_hash(one) != content_hash(other)


@pytest.mark.parametrize("template", templates(), ids=lambda each: each.name)
def test_every_template_is_written_as_the_app_writes_it(template):
    assert dump(parse(template.text(), template.name)) == template.text()


def test_reading_executes_nothing(tmp_path):
    mark = tmp_path / "mark"
    code = f"__import__('pathlib').Path({str(mark)!r}).touch()"
    text = project_text(NET % json.dumps({"kind": code, "params": {"kernel_size": code, code: 1}, "note": code}))
    project = parse(text, "it")
    dump(project)
    assert project.graphs["Net"].nodes["conv1"].kind == code
    assert not mark.exists()


def test_the_example_in_the_documentation_is_written_as_the_app_writes_it():
    example = re.search(r"```json\n(.*?)```", FORMAT.read_text(encoding="utf-8"), re.DOTALL)[1]
    assert dump(parse(example, "the example")) == example
