"""Questions to a loaded network: what it wants, its answers, its nodes, and bad questions."""

import base64
import io
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from engine.errors import DataProblem, EngineError, RunProblem
from engine.graph.model import Data
from engine.protocol.answers import Failed, Replied, RunDescribed
from engine.protocol.asking import Pixels
from engine.protocol.requests import Ask, DescribeRun
from engine.runtime.after_training.asking.asker import MAX_NETWORKS, Asker
from engine.runtime.after_training.asking.node_outputs import node_output
from engine.runtime.after_training.asking.question import Question
from engine.runtime.after_training.predict import predict
from engine.runtime.handlers import RequestHandler
from engine.runtime.training.create import create_run
from engine.runtime.training_setup.prepare import prepare
from tests.training import template, train

CSV = "size;colour;born;state\n"


@pytest.fixture(scope="module")
def digits(tmp_path_factory) -> Path:
    return train(template("digits-cnn", epochs=2), tmp_path_factory.mktemp("digits") / "run").folder


@pytest.fixture(scope="module")
def table(tmp_path_factory) -> Path:
    """A run on a table with decimal commas, a category and dates."""
    place = tmp_path_factory.mktemp("table")
    lines = [
        f"{at % 7},5;{'red' if at % 2 else 'blue'};{1 + at % 28:02}.05.2024;{'ripe' if at % 2 else 'raw'}"
        for at in range(60)
    ]
    (place / "own.csv").write_text(CSV + "\n".join(lines) + "\n")
    project = template("iris-mlp", epochs=6)
    project.graphs["Net"].nodes["head"].params["out_features"] = 2
    project.data = Data("Csv", {"path": str(place / "own.csv"), "target": "state"}, transforms=project.data.transforms)
    return train(project, place / "run").folder


@pytest.fixture
def asker() -> Asker:
    return Asker()


def png(array: np.ndarray) -> str:
    file = io.BytesIO()
    Image.fromarray(array).save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()


def pixels(raw: Pixels) -> np.ndarray:
    data = np.frombuffer(base64.b64decode(raw["bytes"]), np.uint8)
    return data.reshape(raw["height"], raw["width"], raw["channels"])


def test_a_network_of_images_says_what_it_wants(asker: Asker, digits: Path) -> None:
    form = asker.form(digits)
    (image,) = form["inputs"]
    assert (image["field"], image["kind"], image["way"], image["shape"]) == ("image", "image", "picture", [1, 8, 8])
    assert (image["min"], image["max"]) == (0, 1)
    assert form["classes"] == [str(digit) for digit in range(10)]
    assert form["parts"] == {"training": 1438, "validation": 359}
    assert form["explanations"] == ["grad_cam", "gradients", "occlusion"]
    assert form["convolutions"] == ["conv1"]


def test_a_network_of_tables_names_columns_with_hints(asker: Asker, table: Path) -> None:
    form = asker.form(table)
    (rows,) = form["inputs"]
    assert (rows["kind"], rows["way"]) == ("table", "row")
    size, colour, born = rows["columns"]
    assert (size["min"], size["max"]) == pytest.approx((0.5, 6.5))
    assert size["example"].endswith(",5")
    assert colour["categories"] == ["blue", "red"]
    assert born["date"]
    assert born["example"].endswith(".05.2024")
    assert "min" not in born
    assert form["explanations"] == ["importance"]


@pytest.mark.parametrize("part", ["training", "validation"])
def test_a_sample_of_the_data_is_answered_as_when_it_is_typed(asker: Asker, table: Path, part: str) -> None:
    of_data = asker.ask(table, Question(part=part, row=4))
    (sample,) = of_data["given"]
    assert sample["cells"]["born"].endswith(".05.2024")
    assert of_data["truth"] in ("ripe", "raw")
    by_hand = asker.ask(table, Question(fields={"features": sample["cells"]}))
    assert by_hand["truth"] == ""
    for name, share in by_hand["answers"][0]["scores"].items():
        assert share == pytest.approx(of_data["answers"][0]["scores"][name], abs=1e-5)


def test_a_picture_is_answered_as_from_its_file(asker: Asker, digits: Path, tmp_path: Path) -> None:
    array = np.zeros((80, 80), np.uint8)
    array[10:70, 35:45] = 255
    Image.fromarray(array).save(tmp_path / "one.png")
    (by_file,) = predict(digits, tmp_path / "one.png", device="cpu")
    pasted = asker.ask(digits, Question(fields={"image": png(array)}))
    assert pasted["answers"][0]["scores"] == dict(by_file.scores)
    assert asker.ask(digits, Question(file=str(tmp_path / "one.png")))["answers"] == [by_file.as_json()]
    picture = pixels(pasted["given"][0]["picture"])
    assert picture.shape == (8, 8, 1)
    assert picture[4, 4] > 100 > picture[4, 0]


def test_nodes_give_what_torch_computes_for_the_sample(asker: Asker, digits: Path) -> None:
    reply = asker.ask(digits, Question(part="validation", row=0, nodes=True))
    nodes = reply["nodes"]
    graph = ("image", "conv1", "bn1", "act1", "pool1", "flat", "fc1", "drop", "head")
    assert set(nodes) == set(graph)
    network = asker._network(digits)
    batch = asker._loaded(network).validation.fields["image"][:1]
    with torch.no_grad():
        conv = network.network.conv1(batch)
        act = network.network.act1(network.network.bn1(conv))
    assert nodes["conv1"]["mean"] == pytest.approx(float(conv.mean()), abs=1e-5)
    assert nodes["act1"]["zero_share"] == pytest.approx(float((act == 0).float().mean()), abs=1e-6)
    assert (nodes["act1"]["form"], nodes["act1"]["shape"]) == ("maps", [32, 8, 8])
    assert (nodes["fc1"]["form"], nodes["fc1"]["shape"]) == ("strip", [64])
    assert asker.ask(digits, Question(part="validation", row=0))["nodes"] == {}


def test_nodes_inside_of_blocks_are_named_by_their_path(tmp_path: Path, asker: Asker) -> None:
    run = train(template("digits-transformer", epochs=1), tmp_path / "run").folder
    nodes = asker.ask(run, Question(part="validation", row=0, nodes=True))["nodes"]
    assert {"rows", "embed", "position", "encoder", "encoder.layer", "pool", "head"} <= set(nodes)
    assert nodes["encoder"] == nodes["encoder.layer"]
    assert (nodes["embed"]["form"], nodes["embed"]["shape"]) == ("matrix", [8, 64])


def test_explanations_come_with_their_words(asker: Asker, digits: Path, table: Path) -> None:
    for name, title in (("grad_cam", "Grad-CAM for"), ("gradients", "Input gradients for"), ("occlusion", "Occlusion")):
        explanation = asker.ask(digits, Question(part="validation", row=1, explain=name))["explanation"]
        assert explanation["text"].startswith(title)
        heat = pixels(explanation["heat"])
        assert heat.shape == (8, 8, 1)
        assert (heat.max() == 255) is not explanation["text"].endswith("nothing in it speaks for that")
    columns = asker.ask(table, Question(part="training", row=1, explain="importance"))["explanation"]["columns"]
    assert columns[0]["name"] == "colour"  # it decides the state alone
    assert columns[0]["drop"] > 0.2


def test_an_answer_that_is_an_image_comes_as_a_picture(tmp_path: Path, asker: Asker) -> None:
    run = train(template("digits-autoencoder", epochs=1), tmp_path / "run").folder
    reply = asker.ask(run, Question(part="validation", row=0))
    (picture,) = reply["pictures"].values()
    assert pixels(picture).shape == (8, 8, 1)


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        (Question(), "has no values"),
        (Question(fields={"image": "?"}), "not base64"),
        (Question(fields={"image": base64.b64encode(b"text").decode()}), "cannot be decoded as an image"),
        (Question(fields={"image": [0.5]}), "1 × 8 × 8"),
        (Question(fields={"image": {"a": 1}}), "another kind"),
        (Question(fields={"image": ["a"] * 64}), "other than numbers"),
        (Question(fields={"image": [float("nan")] * 64}), "no number"),
        (Question(fields={"picture": "?"}), "does not take"),
        (Question(part="test"), "no sample 0"),
        (Question(part="validation", row=359), "no sample 359"),
        (Question(file="nothing.png"), "nothing.png"),
        (Question(part="validation", explain="grad_cam", convolution="x"), "no convolution 'x'"),
    ],
)
def test_a_bad_question_is_refused_in_a_sentence(asker: Asker, digits: Path, question: Question, reason: str) -> None:
    with pytest.raises(DataProblem, match=reason) as refusal:
        asker.ask(digits, question)
    assert refusal.value.hint


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"size": "1,5", "colour": "red"}, "lacks born"),
        ({"size": "", "colour": "red", "born": "01.05.2024"}, "missing"),
        ({"size": "1,5", "colour": "green", "born": "01.05.2024"}, "blue, red"),
        ({"size": "1,5", "colour": "red", "born": "someday"}, "born"),
    ],
)
def test_a_bad_row_has_no_answer_and_a_reason(asker: Asker, table: Path, cells: dict, reason: str) -> None:
    try:
        (answer,) = asker.ask(table, Question(fields={"features": cells}))["answers"]
        message = answer["problem"]["message"] + answer["problem"]["hint"]
    except EngineError as error:
        message = error.message
    assert reason in message


def test_a_run_whose_weights_are_damaged_is_refused(tmp_path: Path, digits: Path, asker: Asker) -> None:
    run = tmp_path / "run"
    shutil.copytree(digits, run)
    for weights in run.glob("checkpoints/*/*.safetensors"):
        weights.write_bytes(b"broken")
    with pytest.raises(RunProblem):
        asker.form(run)


def test_a_network_that_takes_no_data_names_generate(tmp_path: Path, asker: Asker) -> None:
    run = train(template("digits-gan", epochs=1), tmp_path / "run").folder
    with pytest.raises(RunProblem, match="nothing to ask it about") as refusal:
        asker.form(run)
    assert "torchloom generate" in refusal.value.hint


def test_a_run_without_its_data_still_answers_what_is_given(tmp_path: Path, asker: Asker) -> None:
    table = tmp_path / "own.csv"
    table.write_text("a,b,kind\n" + "".join(f"{at % 5},{at % 3},{'xy'[at % 2]}\n" for at in range(60)))
    project = template("iris-mlp", epochs=1)
    project.graphs["Net"].nodes["head"].params["out_features"] = 2
    project.data = Data("Csv", {"path": str(table), "target": "kind"}, transforms=project.data.transforms)
    run = train(project, tmp_path / "run").folder
    table.unlink()
    form = asker.form(run)
    assert form["parts"] == {}
    assert "own.csv" in form["data_problem"]
    assert form["explanations"] == []
    assert asker.ask(run, Question(fields={"features": {"a": 1, "b": 2}}))["answers"][0]["label"] in ("x", "y")


def test_newer_weights_of_a_run_are_used(tmp_path: Path, digits: Path, asker: Asker) -> None:
    run = tmp_path / "run"
    shutil.copytree(digits, run)
    before = asker._network(run)
    assert asker._network(run) is before
    shutil.copytree(next(run.glob("checkpoints/*")), run / "checkpoints" / "999999")
    assert asker._network(run) is not before


@pytest.mark.parametrize(
    "shape", [(1,), (1, 1), (1, 700), (1, 5, 9), (1, 1, 7), (1, 40, 5, 6), (1, 2, 3, 4, 5), (1, 3, 99, 7)]
)
def test_the_output_of_a_node_of_any_shape_is_a_picture(shape: tuple[int, ...]) -> None:
    values = torch.randn(shape)
    values.view(-1)[0] = float("nan")
    output = node_output(values)
    assert 1 <= output["picture"]["width"] <= 400
    assert len(pixels(output["picture"])) == output["picture"]["height"]
    assert output["min"] <= output["mean"] <= output["max"]


def test_the_worker_describes_a_run_and_answers_about_it(digits: Path) -> None:
    handler = RequestHandler()
    described = handler.answer(DescribeRun(1, str(digits)))
    assert isinstance(described, RunDescribed)
    assert described.form["run"] == str(digits)
    replied = handler.answer(Ask(2, str(digits), {"part": "validation", "row": 3}))
    assert isinstance(replied, Replied)
    assert replied.reply["answers"][0]["label"]
    for question in ({"part": "all"}, {"sample": 1}, {"row": "x"}, {}):
        refusal = handler.answer(Ask(3, str(digits), question))
        assert isinstance(refusal, Failed)
        assert not refusal.fault
    lost = handler.answer(DescribeRun(4, str(digits / "nothing")))
    assert isinstance(lost, Failed)
    assert not lost.fault


def test_a_run_of_which_no_epoch_is_over_answers_with_its_last_weights(tmp_path: Path, asker: Asker) -> None:
    prepared = prepare(template("iris-mlp"), tmp_path)
    run = create_run(tmp_path / "run", prepared, torch.device("cpu"), or_next=False).path
    assert asker.form(run)["epoch"] == 1
    assert asker.ask(run, Question(part="validation"))["answers"][0]["label"]


def test_the_importance_of_columns_for_a_number_is_the_error_gained(tmp_path: Path, asker: Asker) -> None:
    run = train(template("diabetes-mlp", epochs=30), tmp_path / "run").folder
    explanation = asker.ask(run, Question(part="validation", explain="importance"))["explanation"]
    assert explanation["text"].startswith("mean absolute error gained")
    drops = {each["name"]: each["drop"] for each in explanation["columns"]}
    assert max(drops, key=lambda name: drops[name]) in ("bmi", "s5", "bp")  # what the statistics of this table name
    assert len(drops) == 10


def test_newer_weights_do_not_load_the_data_again(tmp_path: Path, digits: Path, asker: Asker) -> None:
    run = tmp_path / "run"
    shutil.copytree(digits, run)
    asker.form(run)
    before = asker._data[run]
    shutil.copytree(next(run.glob("checkpoints/*")), run / "checkpoints" / "999999")
    asker.form(run)
    assert asker._data[run] is before


def test_the_networks_and_data_of_a_few_runs_are_kept(tmp_path: Path, digits: Path, asker: Asker) -> None:
    for number in range(MAX_NETWORKS + 2):
        shutil.copytree(digits, tmp_path / str(number))
        asker.form(tmp_path / str(number))
    assert len(asker._networks) == len(asker._data) == MAX_NETWORKS


def test_the_single_score_of_a_decision_has_two_classes(tmp_path: Path, asker: Asker) -> None:
    run = train(template("gate-and", epochs=200), tmp_path / "run").folder
    assert asker.form(run)["classes"] == ["false", "true"]
    for both in ([0, 0], [1, 1]):
        (answer,) = asker.ask(run, Question(fields={"features": both}))["answers"]
        assert sum(answer["scores"].values()) == pytest.approx(1)
        assert (answer["scores"]["true"] > answer["scores"]["false"]) is (both == [1, 1])
