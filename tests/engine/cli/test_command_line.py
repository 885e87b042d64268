"""The verbs that need no torch, and what every command line has in common."""

import json
from pathlib import Path

import pytest

from engine import __version__
from engine.catalog.expressions import parse
from engine.cli import main
from engine.cli.overrides import with_settings
from engine.errors import FileProblem
from engine.graph.block_params import BlockParam
from engine.graph.model import Clip, OtherOptimizer, Part
from engine.graph.weights import WeightsFile
from engine.project import file
from engine.project.templates import template, templates
from tests.gestures import small


def test_templates_are_one_line_each_with_the_name_first(capsys):
    assert main(["templates"]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == [each.name for each in templates()]
    assert all(each.summary in line for each, line in zip(templates(), lines, strict=True))


def test_templates_as_json(capsys):
    assert main(["templates", "--json"]) == 0

    rows = json.loads(capsys.readouterr().out)
    assert [row["name"] for row in rows] == [each.name for each in templates()]
    for row in rows:
        assert list(row) == ["name", "summary", "topic", "data", "minutes"]
        project = file.parse(template(row["name"]).text(), row["name"])
        assert row["data"] == (project.data.kind or None)
        assert row["topic"]
        assert 0.1 <= row["minutes"] < 10 if row["data"] else row["minutes"] == 0


@pytest.mark.parametrize("each", templates(), ids=lambda each: each.name)
def test_a_template_is_written_as_the_app_writes_it(each):
    assert file.dump(file.parse(each.text(), each.name)) == each.text()


def test_new_writes_a_project_with_the_name_of_its_file(tmp_path, capsys):
    path = tmp_path / "my.loom"

    assert main(["new", "digits-cnn", "-o", str(path)]) == 0

    project = file.read(path)
    assert project.name == "my"
    assert project.graphs == file.parse(template("digits-cnn").text(), "digits-cnn").graphs
    assert str(path) in capsys.readouterr().out


def test_new_never_overwrites(tmp_path, capsys):
    path = tmp_path / "my.loom"
    path.write_text("precious", encoding="utf-8")

    assert main(["new", "digits-cnn", "-o", str(path)]) == 1

    assert path.read_text(encoding="utf-8") == "precious"
    assert "exists already" in capsys.readouterr().err


def test_the_nearest_template_is_suggested_for_an_unknown_one(tmp_path, capsys):
    assert main(["new", "digit-cnn", "-o", str(tmp_path / "my.loom")]) == 1

    message = capsys.readouterr().err
    assert "Did you mean digits-cnn?" in message
    assert message.count("\n") == 1


def test_layers_lists_every_parameter(capsys):
    assert main(["layers", "--json"]) == 0

    conv = next(layer for layer in json.loads(capsys.readouterr().out) if layer["kind"] == "Conv2d")
    by_name = {param["name"]: param for param in conv["params"]}
    assert by_name["out_channels"]["required"]
    assert by_name["in_channels"]["type"] == "from input"
    assert by_name["padding_mode"]["default"] == "zeros"
    assert "reflect" in by_name["padding_mode"]["range"]
    assert all(param["help"] for param in conv["params"])


def test_layers_as_text_never_wraps(capsys):
    assert main(["layers"]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert any(line.startswith("Conv2d  (convolution)  input -> output  ") for line in lines)
    assert all(line.startswith("    ") or "->" in line for line in lines)


def test_the_version(capsys):
    assert main(["--version"]) == 0

    assert capsys.readouterr().out == f"torchloom {__version__}\n"


@pytest.mark.parametrize(
    "arguments",
    [["trian"], ["train"], ["train", "a", "--epochs", "none"], ["train", "a", "--epochs", "0"], ["--no-such"]],
    ids=" ".join,
)
def test_wrong_usage_is_exit_2(arguments, capsys):
    assert main(arguments) == 2

    assert "Traceback" not in capsys.readouterr().err


def test_help_never_wraps_in_a_pipe(capsys):
    assert main(["train", "--help"]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert any("--batch-size" in line and "Samples per step." in line for line in lines)
    assert any("--threads" in line and "a short trial decides." in line for line in lines)


def test_a_file_comes_before_a_verb_of_the_same_name(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    Path("templates").write_text("no project", encoding="utf-8")

    assert main(["templates"]) == 1

    assert "templates" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("setting", "read"),
    [
        ("training.epochs=3", lambda project: project.training.epochs == 3),
        ("training.clip.at=2", lambda project: project.training.clip == Clip(at=2.0)),
        ("training.schedule=null", lambda project: project.training.schedule is None),
        ("training.optimizer.params.lr=0.5", lambda project: project.training.optimizer.params["lr"] == 0.5),
        ("data.split.validation=0.3", lambda project: project.data.split.validation == 0.3),
        (
            "graphs.Net.nodes.conv1.params.bias=false",
            lambda p: p.graphs["Net"].nodes["conv1"].params.get("bias") is False,
        ),
        ("graphs.Net.nodes.drop.bypass=true", lambda project: project.graphs["Net"].nodes["drop"].bypass),
        ("graphs.Net.nodes.fc1.frozen=true", lambda p: p.graphs["Net"].nodes["fc1"].settings.frozen),
        (
            "graphs.Net.nodes.fc1.init.weight.kind=eye_",
            lambda p: p.graphs["Net"].nodes["fc1"].settings.init == {"weight": Part("eye_")},
        ),
        (
            "graphs.Net.nodes.fc1.weights.path=a",
            lambda p: p.graphs["Net"].nodes["fc1"].settings.weights == WeightsFile("a"),
        ),
        ("name=a=b", lambda project: project.name == "a=b"),
    ],
)
def test_set_changes_what_its_path_names(setting, read):
    project = file.parse(template("digits-cnn").text(), "digits-cnn")

    assert not read(project)
    assert read(with_settings(project, [setting]))


@pytest.mark.parametrize(
    ("setting", "read"),
    [
        ("graphs.Stem.params.depth.default=4", lambda p: p.graphs["Stem"].params["depth"].default == 4),
        ("graphs.Stem.params.depth.help=Deep", lambda p: p.graphs["Stem"].params["depth"].help == "Deep"),
        (
            'graphs.Stem.params.new={"type": "flag", "default": true}',
            lambda p: p.graphs["Stem"].params["new"] == BlockParam("flag", True),
        ),
        (
            'graphs.Net.params.width={"type": "int", "default": 1}',
            lambda p: p.graphs["Net"].params == {"width": BlockParam("int", 1)},
        ),
        ("graphs.Net.nodes.stem.params.depth=9", lambda p: p.graphs["Net"].nodes["stem"].params["depth"] == 9),
        (
            'graphs.Stem.nodes.relu.params.inplace={"=":"depth>3"}',
            lambda p: p.graphs["Stem"].nodes["relu"].params["inplace"] == parse("depth > 3"),
        ),
        (
            'graphs.Stem.nodes.relu.bypass={"=": "depth > 3"}',
            lambda p: p.graphs["Stem"].nodes["relu"].bypass == parse("depth > 3"),
        ),
    ],
)
def test_set_changes_parameters_of_blocks(setting, read):
    assert not read_or_missing(small(), read)
    assert read(with_settings(small(), [setting]))


def read_or_missing(project, read):
    try:
        return read(project)
    except KeyError:
        return False


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("graphs.Stem.param.depth.default=4", "Did you mean params?"),
        ("graphs.Stem.params.depth.defalt=4", "Did you mean default?"),
        ("graphs.Stem.params.new.default=4", "graphs.Stem.params.new has no type."),
        ("graphs.Stem.params.depth.type=whole", "graphs.Stem.params.depth.type must be one of int, float"),
        ('graphs.Stem.params.index={"type": "int", "default": 1}', "index has another meaning in expressions"),
        ('graphs.Stem.nodes.relu.params.inplace={"=": 3}', "An expression is a text alone"),
        ('graphs.Stem.nodes.relu.bypass={"=": "a", "b": 1}', "graphs.Stem.nodes.relu.bypass must be an expression"),
        ('training.optimizer.params.lr={"=": "0.1 * 2"}', "only nodes of a graph have one"),
        ('graphs.Net.nodes.conv1.params.padding=[{"=": "a"}, 1]', "Write the whole list as one expression"),
    ],
)
def test_set_says_what_is_wrong_with_a_parameter_of_a_block(setting, message):
    with pytest.raises(FileProblem) as wrong:
        with_settings(small(), [setting])
    assert message in str(wrong.value)


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("training.epoch=3", "Did you mean epochs?"),
        ("training.epochs=ten", "training.epochs"),
        ("graphs.Net.nodes.conv9.params.bias=false", "Did you mean conv1?"),
        ("graphs.Net.nodes.conv1.bypas=true", "Did you mean bypass?"),
        ("graphs.Net.nodes.conv1.frosen=true", "Did you mean frozen?"),
        ("graphs.Net.nodes.conv1.follows.nodes=a", "Did you mean node?"),
        ("graphs.Net.nodes.conv1.settings={}", "There are bypass"),
        ("graphs.Net.wires.900=1", "all of graphs.Net.wires at once"),
        ("training.phases.0.times=2", "training.phases is an empty list, so there is no entry 0"),
        ("data.transforms.first.kind=Scale", "data.transforms is an empty list, so there is no entry first"),
        ("graphs.Net.nodes.conv1.pos.2=1", "pos has the entries 0 to 1, so there is no entry 2"),
        ("graphs.Net.nodes.conv1.pos.-1=1", "so there is no entry -1"),
        ("graphs.Net.nodes.conv1.pos.0.0=1", "has no graphs.Net.nodes.conv1.pos.0.0"),
        ("training.optimizer.params.betas.0=0.8", "Set all of training.optimizer.params.betas at once"),
        ("format=foo", "format is not a setting"),
        ("version=9", "version is not a setting"),
        ("epochs", "PATH=VALUE"),
        ("=3", "PATH=VALUE"),
    ],
)
def test_set_says_what_is_wrong_with_its_path(setting, message):
    project = file.parse(template("digits-cnn").text(), "digits-cnn")

    with pytest.raises(FileProblem) as wrong:
        with_settings(project, [setting])

    assert message in str(wrong.value)


@pytest.mark.parametrize(
    ("setting", "read"),
    [
        ("training.phases.0.times=2", lambda project: project.training.phases[0].times == 2),
        ("training.phases.1.clip.at=3", lambda project: project.training.phases[1].clip == Clip(at=3.0)),
        ("training.phases.1.optimizer.kind=SGD", lambda p: p.training.phases[1].optimizer == Part("SGD")),
        ("training.phases.0.losses.0=fool_loss", lambda p: p.training.phases[0].losses[0] == "fool_loss"),
        ("graphs.Net.nodes.gen.pos.1=7", lambda project: project.graphs["Net"].nodes["gen"].pos[1] == 7.0),
    ],
)
def test_set_changes_an_entry_of_a_list(setting, read):
    project = file.parse(template("digits-gan").text(), "digits-gan")
    assert not read(project)
    assert read(with_settings(project, [setting]))


def test_set_makes_lists_of_optimizers_and_schedules_and_changes_their_entries():
    settings = [
        'training.optimizer=[{"kind": "AdamW"}, {"kind": "Muon", "for": "matrices"}]',
        "training.optimizer.1.params.lr=0.02",
        'training.optimizer.1.for=["conv1"]',
        'training.schedule=[{"kind": "LinearLR", "steps": 9}, {"kind": "CosineAnnealingLR"}]',
        "training.schedule.0.steps=5",
        "training.average.kind=EMA",
        "training.average.params.decay=0.5",
    ]
    training = with_settings(file.parse(template("digits-cnn").text(), "digits-cnn"), settings).training
    assert training.other_optimizers == (OtherOptimizer("Muon", {"lr": 0.02}, of=("conv1",)),)
    assert [(part.kind, part.steps) for part in training.schedule.parts] == [
        ("LinearLR", 5),
        ("CosineAnnealingLR", None),
    ]
    assert training.average == Part("EMA", {"decay": 0.5})


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("training.optimizer=[]", "training.optimizer is an empty list"),
        ("training.schedule=[]", "training.schedule is an empty list"),
        ('training.optimizer=[{"kind": "SGD", "for": "matrices"}]', "must not say for which weights"),
        ('training.optimizer=[{"kind": "SGD"}, {"kind": "SGD"}]', "has no for"),
        ('training.optimizer=[{"kind": "SGD"}, {"kind": "SGD", "for": "all"}]', 'a list of nodes or "matrices"'),
        ('training.schedule=[{"kind": "StepLR", "steps": 1.5}]', "must be a whole number"),
        ('training.average=["EMA"]', "training.average must be an object"),
        ("training.optimizer.1.params.lr=2", "has no training.optimizer.1"),
    ],
)
def test_a_list_of_optimizers_or_schedules_with_another_form_is_refused(setting, message):
    project = file.parse(template("digits-cnn").text(), "digits-cnn")
    with pytest.raises(FileProblem) as wrong:
        with_settings(project, [setting])
    assert message in str(wrong.value)


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("training.phases.2.times=2", "training.phases has the entries 0 to 1, so there is no entry 2"),
        ("training.phases.generator.times=2", "so there is no entry generator"),
        ("training.phases.0.time=2", "Did you mean times?"),
        ("training.phases.0.optimizer.kinds=Adam", "Did you mean kind?"),
    ],
)
def test_set_reports_an_entry_that_a_list_does_not_have(setting, message):
    project = file.parse(template("digits-gan").text(), "digits-gan")
    with pytest.raises(FileProblem) as caught:
        with_settings(project, [setting])
    assert message in str(caught.value)
