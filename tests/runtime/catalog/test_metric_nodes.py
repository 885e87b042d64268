"""Metrics that declare every axis: their source, what they measure in a network, and inputs that do not fit."""

from pathlib import Path

import pytest
import torch

from engine.codegen.field_usage import reads
from engine.codegen.model import generate
from engine.codegen.parse.project import parse
from engine.graph.model import Project
from engine.runtime.analysis.analyse import analyse
from engine.runtime.data.field_spec import FieldSpec
from engine.runtime.load import load_model
from resources.snippets.metrics.detection import mean_average_precision
from resources.snippets.metrics.pictures import structural_similarity
from resources.snippets.metrics.sequences import bleu_score, char_error_rate, word_error_rate
from tests.small_projects import node, project

FIELDS = {
    "image": FieldSpec((1, 12, 12), "float32"),
    "small": FieldSpec((1, 8, 12), "float32"),
    "steps": FieldSpec((4, 7), "float32"),
    "ids": FieldSpec((5,), "int64"),
    "count": FieldSpec((), "int64"),
    "found": FieldSpec((3, 6), "float32"),
    "boxes": FieldSpec((2, 5), "float32"),
}


def picture_network(field: str = "image", target: str = "image", **values) -> Project:
    nodes = {
        field: "Input",
        target: "Input",
        "net": node("Conv2d", out_channels=1, kernel_size=1),
        "ssim": node("StructuralSimilarity", **values),
        "loss": "MeanLoss",
        "y": "Output",
    }
    return project(nodes, f"{field} > net", "net > ssim", f"{target} > ssim.target", "net > loss", "net > y")


def id_network(kind: str, **values) -> Project:
    nodes = dict.fromkeys(("steps", "ids", "count"), "Input") | {
        "net": node("Linear", out_features=7),
        "best": node("argmax", dim=1),
        "score": node(kind, **values),
        "loss": "MeanLoss",
        "y": "Output",
    }
    return project(
        nodes,
        "steps > net",
        "net > loss",
        "net > best",
        "best > score",
        "ids > score.target",
        "count > score.target_length",
        "best > y",
    )


def box_network() -> Project:
    nodes = {"found": "Input", "boxes": "Input", "net": node("mul", other=2.0), "map": "MeanAveragePrecision"}
    return project(
        {**nodes, "loss": "MeanLoss", "y": "Output"},
        "found > net",
        "net > map",
        "boxes > map.target",
        "net > loss",
        "net > y",
    )


CASES = {
    "ssim": (picture_network(kernel_size=7), lambda y, batch: structural_similarity(y, batch["image"], kernel_size=7)),
    "cer": (
        id_network("CharErrorRate", blank=0),
        lambda y, batch: char_error_rate(y, batch["ids"], target_length=batch["count"], blank=0),
    ),
    "wer": (
        id_network("WordErrorRate", separator=1),
        lambda y, batch: word_error_rate(y, batch["ids"], target_length=batch["count"], separator=1),
    ),
    "bleu": (
        id_network("BLEUScore", max_n=2),
        lambda y, batch: bleu_score(y, batch["ids"], target_length=batch["count"], max_n=2),
    ),
    "map": (box_network(), lambda y, batch: mean_average_precision(y, batch["boxes"])),
}


@pytest.mark.parametrize("name", CASES)
def test_it_is_written_measured_and_read_back(name: str, tmp_path: Path) -> None:
    it, measure = CASES[name]
    analysis = analyse(it, FIELDS)
    text = generate(it, analysis.derived).text
    model = load_model(text, it, tmp_path / "model.py")
    generator = torch.Generator().manual_seed(0)
    batch = {
        field: torch.randint(4, (6, *spec.shape), generator=generator)
        if spec.dtype == "int64"
        else torch.rand(6, *spec.shape, generator=generator)
        for field, spec in FIELDS.items()
    } | {"count": torch.tensor([5, 1, 2, 3, 4, 5])}
    outputs = model.network()(**{field: batch[field] for field in reads(it).inputs})

    (value,) = model.metrics(outputs, batch).values()

    assert analysis.errors == ()
    assert torch.equal(value, measure(outputs["y"] if isinstance(outputs, dict) else outputs, batch))
    again = parse(text)
    assert generate(again.project, again.derived).text == text


def test_pictures_of_another_size_are_refused() -> None:
    (problem,) = analyse(picture_network(target="small"), FIELDS).errors
    assert (problem.code, problem.node) == ("S009", "ssim")


def test_a_window_larger_than_the_picture_is_refused_and_mended() -> None:
    it = picture_network("small", "small")
    (problem,) = analyse(it, FIELDS).errors
    assert problem.message == "ssim (StructuralSimilarity): kernel_size is 11, but must be at most 8."
    problem.fix.edit.apply(it)
    assert analyse(it, FIELDS).errors == ()


def test_scores_are_no_token_ids() -> None:
    it = id_network("CharErrorRate")
    it.graphs["Net"].nodes["best"].bypass = True
    (problem,) = analyse(it, {**FIELDS, "steps": FieldSpec((5,), "float32")}).errors
    assert (problem.code, problem.node, problem.port) == ("S004", "score", "input")


def test_boxes_without_a_score_are_refused() -> None:
    (problem,) = analyse(box_network(), {**FIELDS, "found": FieldSpec((3, 5), "float32")}).errors
    assert (problem.code, problem.node, problem.port) == ("S009", "map", "input")


@pytest.mark.parametrize("outputs", [1, 3])
def test_a_class_alone_is_one_of_the_scores(outputs: int) -> None:
    nodes = {"x": "Input", "kind": "Input", "net": node("Linear", out_features=outputs), "loss": "MeanLoss"}
    nodes |= {"score": node("Recall", class_index=3)}
    it = project(nodes, "x > net", "net > loss", "net > score", "kind > score.target")
    fields = {"x": FieldSpec((4,), "float32"), "kind": FieldSpec((), "int64", classes=3)}
    (problem,) = analyse(it, fields).errors
    assert problem.message == f"score (Recall): class_index is 3, but must be less than {outputs}."
    problem.fix.edit.apply(it)
    assert analyse(it, fields).errors == ()
